import { ExternalLink, Expand, Minimize, PictureInPicture2 } from 'lucide-react'
import { type PlainKey, t } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'
import { IconButton } from '../components/IconButton.tsx'
import type { PictureWays } from './usePictureWays.ts'

/** Float, pop out, full screen. What this browser cannot do says so, instead of doing nothing. `isMoving`: a video. */
export function PictureButtons({ ways, isMoving }: { ways: PictureWays; isMoving: boolean }) {
  const { isFull, isFloating } = ways
  return (
    <>
      {isMoving && !isFull && (
        <>
          <IconButton
            label={t('media.float')}
            icon={<PictureInPicture2 size={17} />}
            pressed={isFloating}
            onClick={ways.float}
            {...unlessAbsent(ways.canFloat, 'media.float.absent')}
          />
          <IconButton label={t('media.popOut')} icon={<ExternalLink size={17} />} onClick={ways.popOut} className="max-sm:hidden" />
        </>
      )}
      <IconButton
        label={isFull ? t('media.fullScreen.leave') : t('media.fullScreen')}
        icon={isFull ? <Minimize size={17} /> : <Expand size={17} />}
        onClick={ways.fillScreen}
        {...unlessAbsent(ways.canFillScreen, 'media.fullScreen.absent')}
      />
    </>
  )
}

/** Such a button can still be reached by the keyboard, and says why when it is pressed. */
function unlessAbsent(possible: boolean, reason: PlainKey): { 'aria-disabled'?: true; title?: string; className?: string } {
  return possible ? {} : { 'aria-disabled': true, title: t(reason), className: 'opacity-40' }
}

/** Why the last button did nothing, over the picture. */
export function PictureTrouble({ ways }: { ways: PictureWays }) {
  return (
    <p role="status" className={ways.trouble === null ? 'sr-only' : 'absolute inset-x-3 top-3 z-10 mx-auto w-fit max-w-[30rem] animate-rise rounded-lg bg-light-wash px-3.5 py-2 text-center text-sm font-medium text-pretty text-light-ink shadow-mid'}>
      {ways.trouble !== null && t(ways.trouble)}
    </p>
  )
}

/** Over the picture's place, while it is above other windows or in one of its own. */
export function ElsewhereNote({ ways }: { ways: PictureWays }) {
  if (!ways.isOut && !ways.isFloating) return null
  return (
    <div className="absolute inset-0 flex animate-fade flex-col items-center justify-center gap-3 bg-sunken p-4 text-center text-sm text-ink-soft">
      {ways.isOut ? t('media.popOut.there') : t('media.float.there')}
      <Button onClick={ways.isOut ? ways.bringBack : ways.float}>{t('media.popOut.back')}</Button>
    </div>
  )
}

/** For the line above a picture: on a whole screen it lies over the picture, and goes away until one points there. */
export const overWhenFull = (isFull: boolean): string =>
  isFull
    ? 'absolute inset-x-0 top-0 z-20 bg-surface animate-[fade_400ms_ease-in_2600ms_reverse_both] hover:animate-none has-focus-visible:animate-none'
    : ''
