import { MicOff, VideoOff } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { setVolume, usePreferences, volumeOf } from '../../media/preferences.ts'
import type { Linked } from '../../media/store.ts'
import { Portrait } from '../look/Portrait.tsx'
import { MovingPicture } from './MovingPicture.tsx'
import { QualityMark } from './QualityMark.tsx'
import { tileWidth } from './stage.ts'
import { VolumeSlider } from './VolumeSlider.tsx'

interface PersonTileProps {
  linked: Linked
  /** Fills its cell of a grid instead of telling the distance by its size. */
  fills: boolean
  onEnlarge: () => void
}

/** Somebody who can be heard: picture or avatar, name, whether they are muted, and how well they arrive. */
export function PersonTile({ linked, fills, onEnlarge }: PersonTileProps) {
  const { person, camera, closeness, health, microphone, speaking } = linked
  const volume = usePreferences((preferences) => volumeOf(preferences, person.userId))
  const { name, userId } = person
  const portrait = <Portrait look={person.look} size={fills ? 84 : 48} faded={person.away} />
  return (
    <li
      style={fills ? undefined : ({ '--tile': `${tileWidth(closeness, speaking)}rem` } as React.CSSProperties)}
      className={`group pointer-events-auto relative aspect-video shrink-0 animate-rise overflow-hidden rounded-lg bg-brand-wash shadow-mid ring-2 transition-[width,opacity,box-shadow] duration-500 ease-settle ${
        speaking ? 'ring-light' : 'ring-line'
      } ${fills ? 'w-full' : 'w-[calc(var(--tile)*0.78)] sm:w-(--tile)'} ${closeness === 0 && !fills ? 'opacity-75' : ''}`}
    >
      <button type="button" onClick={onEnlarge} aria-label={t('media.enlarge', { name })} className="absolute inset-0 grid place-items-center focus-visible:-outline-offset-4">
        {camera === null ? (
          portrait
        ) : (
          <MovingPicture stream={camera}>
            {(flow) => (
              <>
                {portrait}
                {flow === 'paused' && (
                  <span className="absolute top-1.5 left-1.5 flex items-center gap-1 rounded-full bg-scrim py-0.5 pr-2 pl-1.5 text-xs font-medium text-[#fdf8ea]" title={t('media.paused.hint')}>
                    <VideoOff size={12} aria-hidden="true" />
                    {t('media.paused')}
                  </span>
                )}
              </>
            )}
          </MovingPicture>
        )}
      </button>
      {person.away && (
        <span role="status" className="pointer-events-none absolute inset-0 grid animate-fade place-items-center bg-scrim p-2 text-center text-xs font-semibold text-[#fdf8ea]">
          {t('media.lost')}
        </span>
      )}
      <span className="pointer-events-none absolute inset-x-1.5 bottom-1.5 flex items-center gap-1">
        <span className="flex min-w-0 items-center gap-1 rounded-full bg-scrim py-0.5 pr-2 pl-1.5 text-xs font-semibold text-[#fdf8ea]">
          {!microphone && <MicOff size={12} role="img" aria-label={t('media.muted', { name })} className="shrink-0" />}
          <span className="truncate">{name}</span>
        </span>
      </span>
      <QualityMark health={health} />
      <VolumeSlider
        label={t('media.volume', { name })}
        volume={volume}
        onChange={(loud) => setVolume(userId, loud)}
        className="absolute top-1.5 left-1.5 w-[calc(100%-2.75rem)] rounded-full bg-scrim px-1.5 py-1 text-[#fdf8ea] opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100"
      />
    </li>
  )
}
