import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { modalOpened } from '../../state/modals.ts'
import { changeSettings } from '../../state/settings.ts'
import { Button } from '../components/Button.tsx'
import type { Hud } from '../room/hud.ts'

interface Step {
  readonly title: string
  readonly body: string
  /** `data-tour` of what it is about; the first that is on the screen. */
  readonly about: readonly string[]
}

const stepsFor = (touch: boolean): readonly Step[] => [
  { title: t('tour.walk.title'), body: t(touch ? 'tour.walk.touch' : 'tour.walk.desk'), about: touch ? ['stick'] : ['self'] },
  { title: t('tour.talk.title'), body: t('tour.talk.body'), about: ['media'] },
  { title: t('tour.people.title'), body: t('tour.people.body'), about: ['panels'] },
  { title: t('tour.find.title'), body: t(touch ? 'tour.find.touch' : 'tour.find.desk'), about: ['view', 'panels'] },
]

/** So often it is looked where that is which moves, ms. */
const FIND_MS = 250
/** Room around the thing that is pointed out, px. */
const AROUND_PX = 6
/** The avatar with its name, around its feet, px of the map. */
const AVATAR_PX = { half: 26, above: 64, below: 12 }

const boxOf = (name: string) => document.querySelector(`[data-tour="${name}"]`)?.getBoundingClientRect()

/** Around the own avatar as it is drawn. */
function avatarBox({ game }: Hud): DOMRect | undefined {
  const seen = game.seen()
  const place = game.line.placeOf(game.line.self)
  if (seen === null || place === null) return undefined
  const zoom = window.innerWidth / seen.w
  return new DOMRect((place.x - seen.x - AVATAR_PX.half) * zoom, (place.y - seen.y - AVATAR_PX.above) * zoom, 2 * AVATAR_PX.half * zoom, (AVATAR_PX.above + AVATAR_PX.below) * zoom)
}

/** A short walk through what one needs first: shown to newcomers once, left at any time. */
export function Tour({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [at, setAt] = useState(0)
  const [hole, setHole] = useState<DOMRect | null>(null)
  const steps = stepsFor(hud.touch)
  const step = steps[at]!
  const isLast = at === steps.length - 1

  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    const closed = opened === null ? undefined : modalOpened(opened)
    return () => {
      closed?.()
      opened?.close()
    }
  }, [])

  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined
    const find = () => {
      const found = step.about.map((name) => (name === 'self' ? avatarBox(hud) : boxOf(name))).find((box) => box !== undefined && box.width > 0)
      setHole(found ?? null)
      // The tour may be there before the room is drawn; and the picture settles for a moment.
      clearTimeout(again)
      if (found === undefined || step.about.includes('self')) again = setTimeout(find, FIND_MS)
    }
    find()
    dialog.current?.querySelector('h2')?.focus()
    window.addEventListener('resize', find)
    return () => {
      clearTimeout(again)
      window.removeEventListener('resize', find)
    }
    // Steps are made anew for each drawing; what they are about depends on these two.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [at, hud])

  const finish = () => {
    changeSettings({ helpSeen: true })
    onClose()
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby="tour-title"
      onCancel={(event) => {
        event.preventDefault()
        finish()
      }}
      onKeyDown={(event) => event.stopPropagation()}
      className="m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden bg-transparent text-ink backdrop:bg-transparent"
    >
      <div
        aria-hidden="true"
        className="pointer-events-none fixed rounded-xl transition-[inset] duration-300 ease-settle"
        style={
          hole === null
            ? { inset: '50%', boxShadow: '0 0 0 9999px var(--scrim)' }
            : {
                top: hole.top - AROUND_PX,
                left: hole.left - AROUND_PX,
                width: hole.width + 2 * AROUND_PX,
                height: hole.height + 2 * AROUND_PX,
                boxShadow: '0 0 0 3px var(--light), 0 0 0 9999px var(--scrim)',
              }
        }
      />
      <div className="fixed inset-x-4 bottom-52 mx-auto flex max-w-sm animate-rise flex-col gap-3 rounded-2xl border border-line bg-surface p-5 shadow-far sm:bottom-32" key={at}>
        <p className="tabular text-xs font-semibold text-ink-faint">{t('tour.step', { step: at + 1, count: steps.length })}</p>
        <h2 id="tour-title" tabIndex={-1} className="text-xl outline-none">
          {step.title}
        </h2>
        <p className="text-pretty text-ink-soft">{step.body}</p>
        <div className="mt-2 flex items-center gap-2">
          {!isLast && (
            <Button look="quiet" className="-ml-3" onClick={finish}>
              {t('tour.skip')}
            </Button>
          )}
          <span className="flex-1" />
          {at > 0 && (
            <Button look="quiet" onClick={() => setAt(at - 1)}>
              {t('tour.back')}
            </Button>
          )}
          <Button look="primary" onClick={isLast ? finish : () => setAt(at + 1)}>
            {isLast ? t('help.done') : t('tour.next')}
          </Button>
        </div>
      </div>
    </dialog>
  )
}
