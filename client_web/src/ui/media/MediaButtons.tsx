import { Mic, MicOff, ScreenShare, ScreenShareOff, SlidersHorizontal, Video, VideoOff } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { usePreferences } from '../../media/preferences.ts'
import { useMediaStore } from '../../media/store.ts'
import { IconButton } from '../components/IconButton.tsx'
import { nameList } from '../room/names.ts'
import { Spinner } from '../components/Spinner.tsx'
import { listenersOf } from './listeners.ts'

const OFF = '!text-danger-ink hover:!bg-danger-wash'

/** Microphone, camera, screen: what the others get of this person, at a glance and by one click. */
export function MediaButtons({ onDevices }: { onDevices: () => void }) {
  const own = useMediaStore((state) => state.own)
  const speaking = useMediaStore((state) => state.ownSpeaking)
  const names = useMediaStore((state) => nameList(listenersOf(state.linked)))
  const listeners = useMediaStore((state) => listenersOf(state.linked).length)
  const controls = useMediaStore((state) => state.controls)
  const pushToTalk = usePreferences((preferences) => preferences.pushToTalk)
  const heard = listeners === 0 ? t('media.heard.nobody') : t('media.heard.names', { names })
  const microphone = own.microphone === 'on' ? `${t('media.mic.on')}. ${heard}` : t(own.microphone === 'starting' ? 'media.mic.starting' : pushToTalk ? 'media.mic.talk' : 'media.mic.off')
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function'
  return (
    <>
      <span className="relative inline-grid">
        <IconButton
          label={microphone}
          icon={own.microphone === 'starting' ? <Spinner /> : own.microphone === 'on' ? <Mic size={20} /> : <MicOff size={20} />}
          pressed={own.microphone === 'on'}
          className={`${own.microphone === 'off' ? OFF : ''} ${speaking ? 'ring-2 ring-light' : ''}`}
          onClick={() => controls?.toggleMicrophone()}
        />
        {own.microphone === 'on' && (
          <span aria-hidden="true" className="tabular pointer-events-none absolute -top-1 -right-1 grid h-4.5 min-w-4.5 place-items-center rounded-full bg-light px-1 text-xs font-semibold text-on-light">
            {listeners}
          </span>
        )}
      </span>
      <IconButton
        label={t(`media.camera.${own.camera}`)}
        icon={own.camera === 'starting' ? <Spinner /> : own.camera === 'on' ? <Video size={20} /> : <VideoOff size={20} />}
        pressed={own.camera === 'on'}
        className={own.camera === 'off' ? OFF : ''}
        onClick={() => controls?.toggleCamera()}
      />
      {canShare && (
        <IconButton
          label={t(own.screen === 'on' ? 'media.screen.on' : 'media.screen.off')}
          icon={own.screen === 'on' ? <ScreenShareOff size={20} /> : <ScreenShare size={20} />}
          pressed={own.screen === 'on'}
          className="max-sm:hidden"
          onClick={() => controls?.toggleScreen()}
        />
      )}
      <IconButton label={t('media.devices')} icon={<SlidersHorizontal size={20} />} onClick={onDevices} />
    </>
  )
}
