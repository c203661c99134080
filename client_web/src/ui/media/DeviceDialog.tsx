import { t } from '../../i18n/translate.ts'
import { NOISE_SUPPRESSIONS } from '../../media/microphone.ts'
import { changePreferences, usePreferences } from '../../media/preferences.ts'
import { QUALITIES } from '../../media/quality.ts'
import { useMediaStore } from '../../media/store.ts'
import { Dialog } from '../components/Dialog.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { Select } from '../components/Select.tsx'
import { Switch } from '../components/Switch.tsx'
import { CameraCheck } from './check/CameraCheck.tsx'
import { ConnectionCheck } from './check/ConnectionCheck.tsx'
import { LinkTable } from './check/LinkTable.tsx'
import { MicrophoneCheck } from './check/MicrophoneCheck.tsx'
import { SpeakerCheck } from './check/SpeakerCheck.tsx'
import { useDevices } from './useDevices.ts'
import { VolumeSlider } from './VolumeSlider.tsx'

function choices(devices: readonly MediaDeviceInfo[]) {
  const named = devices.map(({ deviceId, label }, index) => ({ value: deviceId, label: label || t('media.setup.nameless', { number: index + 1 }) }))
  return [{ value: '', label: t('media.setup.default') }, ...named]
}

/**
 * Sound and picture: which devices, whether they work, how they are used, and whether the network lets them through.
 * Before entering a room and inside it; it needs no room.
 */
export function DeviceDialog({ onClose }: { onClose: () => void }) {
  const preferences = usePreferences()
  const isOn = useMediaStore((state) => state.own.microphone === 'on')
  const controls = useMediaStore((state) => state.controls)
  const devices = useDevices()
  const canChooseSpeaker = typeof AudioContext !== 'undefined' && 'setSinkId' in AudioContext.prototype
  return (
    <Dialog title={t('media.setup.title')} width="wide" onClose={onClose}>
      <div className="grid gap-x-7 gap-y-6 sm:grid-cols-2">
        <div className="space-y-4">
          <CameraCheck />
          <Select label={t('media.setup.camera')} value={preferences.cameraId} options={choices(devices.videoinput)} onChange={(cameraId) => changePreferences({ cameraId })} />
          <Switch label={t('media.setup.blur')} hint={t('media.setup.blur.hint')} on={preferences.blur} onChange={(blur) => changePreferences({ blur })} />
          <div>
            <p className="mb-1.5 text-sm font-semibold">{t('media.setup.quality')}</p>
            <Segmented
              label={t('media.setup.quality')}
              value={preferences.quality}
              options={QUALITIES.map((value) => ({ value, label: t(`media.setup.quality.${value}`) }))}
              onChange={(quality) => changePreferences({ quality })}
            />
            <p className="mt-1.5 text-sm text-ink-faint">{t(`media.setup.quality.${preferences.quality}.hint`)}</p>
          </div>
        </div>
        <div className="space-y-4">
          <Select
            label={t('media.setup.microphone')}
            value={preferences.microphoneId}
            options={choices(devices.audioinput)}
            onChange={(microphoneId) => changePreferences({ microphoneId })}
          />
          <MicrophoneCheck />
          <div>
            <p className="mb-1.5 text-sm font-semibold">{t('media.setup.noise')}</p>
            <Segmented
              label={t('media.setup.noise')}
              value={preferences.noise}
              options={NOISE_SUPPRESSIONS.map((value) => ({ value, label: t(`media.setup.noise.${value}`) }))}
              onChange={(noise) => changePreferences({ noise })}
            />
            <p className="mt-1.5 text-sm text-ink-faint">{t(`media.setup.noise.${preferences.noise}.hint`)}</p>
          </div>
          {canChooseSpeaker && (
            <Select
              label={t('media.setup.speaker')}
              value={preferences.speakerId}
              options={choices(devices.audiooutput)}
              onChange={(speakerId) => changePreferences({ speakerId })}
            />
          )}
          <SpeakerCheck />
          <div>
            <p className="mb-1.5 text-sm font-semibold">{t('media.setup.volume')}</p>
            <VolumeSlider label={t('media.setup.volume')} volume={preferences.masterVolume} onChange={(masterVolume) => changePreferences({ masterVolume })} />
          </div>
        </div>
        <div className="space-y-4 border-t border-line pt-5 sm:col-span-2 sm:grid sm:grid-cols-2 sm:gap-x-7 sm:space-y-0">
          <Switch
            label={t('media.setup.pushToTalk')}
            hint={t('media.setup.pushToTalk.hint')}
            on={preferences.pushToTalk}
            onChange={(pushToTalk) => {
              changePreferences({ pushToTalk })
              if (pushToTalk && isOn) controls?.toggleMicrophone()
            }}
          />
          <Switch
            label={t('media.setup.hideSelf')}
            hint={t('media.setup.hideSelf.hint')}
            on={preferences.hideSelf}
            onChange={(hideSelf) => changePreferences({ hideSelf })}
          />
        </div>
        <div className="min-w-0 space-y-6 border-t border-line pt-5 sm:col-span-2">
          <ConnectionCheck />
          <LinkTable />
        </div>
      </div>
    </Dialog>
  )
}

export default DeviceDialog
