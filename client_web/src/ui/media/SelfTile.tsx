import { MicOff } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { VideoPicture } from './VideoPicture.tsx'

/** One's own picture, while the camera is on. */
export function SelfTile({ stream, fills }: { stream: MediaStream; fills: boolean }) {
  const speaking = useMediaStore((state) => state.ownSpeaking)
  const muted = useMediaStore((state) => state.own.microphone !== 'on')
  return (
    <li
      className={`pointer-events-auto relative aspect-video shrink-0 animate-rise overflow-hidden rounded-lg bg-sunken shadow-mid ring-2 transition-shadow duration-500 ${
        speaking ? 'ring-light' : 'ring-line'
      } ${fills ? 'w-full' : 'w-22 sm:w-28'}`}
    >
      <VideoPicture stream={stream} mirrored />
      <span className="absolute bottom-1.5 left-1.5 flex items-center gap-1 rounded-full bg-scrim py-0.5 pr-2 pl-1.5 text-xs font-semibold text-[#fdf8ea]">
        {muted && <MicOff size={12} aria-hidden="true" />}
        {t('media.you')}
      </span>
    </li>
  )
}
