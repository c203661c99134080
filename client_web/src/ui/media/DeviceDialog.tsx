import { t } from '../../i18n/translate.ts'
import { changePreferences, type Preferences, usePreferences } from '../../media/preferences.ts'
import { useMediaStore } from '../../media/store.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Select } from '../components/Select.tsx'
import { Switch } from '../components/Switch.tsx'
import { LevelMeter } from './LevelMeter.tsx'
import { useDevices } from './useDevices.ts'
import { VolumeSlider } from './VolumeSlider.tsx'

function choices(devices: readonly MediaDeviceInfo[]) {
  const named = devices.map(({ deviceId, label }, index) => ({ value: deviceId, label: label || t('media.setup.nameless', { number: index + 1 }) }))
  return [{ value: '', label: t('media.setup.default') }, ...named]
}

/** Which devices to use, how loud it all is, and whether the microphone gives anything. */
export function DeviceDialog({ onClose }: { onClose: () => void }) {
  const preferences = usePreferences()
  const own = useMediaStore((state) => state.own)
  const controls = useMediaStore((state) => state.controls)
  const devices = useDevices()
  const change = (chosen: Partial<Preferences>) => {
    changePreferences(chosen)
    controls?.changeDevices()
  }
  const canChooseSpeaker = 'setSinkId' in AudioContext.prototype
  return (
    <Dialog title={t('media.setup.title')} onClose={onClose}>
      <div className="space-y-5">
        <Select label={t('media.setup.microphone')} value={preferences.microphoneId} options={choices(devices.audioinput)} onChange={(microphoneId) => change({ microphoneId })} />
        <div className="space-y-2.5">
          <LevelMeter />
          {own.microphone !== 'on' && (
            <div className="flex items-center gap-3">
              <Button busy={own.microphone === 'starting'} onClick={() => controls?.tryMicrophone()}>
                {t('media.setup.try')}
              </Button>
              <p className="text-sm text-ink-faint">{t('media.setup.try.hint')}</p>
            </div>
          )}
        </div>
        <Select label={t('media.setup.camera')} value={preferences.cameraId} options={choices(devices.videoinput)} onChange={(cameraId) => change({ cameraId })} />
        {canChooseSpeaker && (
          <Select
            label={t('media.setup.speaker')}
            value={preferences.speakerId}
            options={choices(devices.audiooutput)}
            onChange={(speakerId) => changePreferences({ speakerId })}
          />
        )}
        <div>
          <p className="mb-1.5 text-sm font-semibold">{t('media.setup.volume')}</p>
          <VolumeSlider label={t('media.setup.volume')} volume={preferences.masterVolume} onChange={(masterVolume) => changePreferences({ masterVolume })} />
        </div>
        <Switch
          label={t('media.setup.pushToTalk')}
          hint={t('media.setup.pushToTalk.hint')}
          on={preferences.pushToTalk}
          onChange={(pushToTalk) => {
            changePreferences({ pushToTalk })
            if (pushToTalk && own.microphone === 'on') controls?.toggleMicrophone()
          }}
        />
        <Switch
          label={t('media.setup.hideSelf')}
          hint={t('media.setup.hideSelf.hint')}
          on={preferences.hideSelf}
          onChange={(hideSelf) => changePreferences({ hideSelf })}
        />
      </div>
    </Dialog>
  )
}
