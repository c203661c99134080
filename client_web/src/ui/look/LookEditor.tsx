import { Shuffle } from 'lucide-react'
import { useId, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'
import { Figure } from './Figure.tsx'
import { LookPreview } from './LookPreview.tsx'
import { LOOK_EDITOR_PARTS, randomLook, withValue, type LookPart } from './parts.ts'

interface LookEditorProps {
  look: readonly number[]
  onChange: (look: number[]) => void
  /** With room to spare: a bigger person, and all parts in view. */
  large?: boolean
}

/** Chooses the six values of a look: one part at a time, the person always in view. */
export function LookEditor({ look, onChange, large = false }: LookEditorProps) {
  const [open, setOpen] = useState(0)
  const part = LOOK_EDITOR_PARTS[open] ?? LOOK_EDITOR_PARTS[0]!
  const group = useId()
  return (
    <div className={`flex gap-4 ${large ? 'flex-col items-center sm:flex-row sm:items-stretch sm:gap-6' : ''}`}>
      <div className="flex shrink-0 flex-col items-center justify-between gap-3">
        <div className={`grid flex-1 place-items-center rounded-xl bg-brand-wash px-3 pt-1 pb-2 ${large ? 'w-44' : 'w-28'}`}>
          <Figure look={look} size={large ? 128 : 84} label={t('look.preview')} />
        </div>
        <Button look="quiet" className="!h-9 w-full !px-2" icon={<Shuffle size={15} aria-hidden="true" />} onClick={() => onChange(randomLook())}>
          {t('look.shuffle')}
        </Button>
      </div>
      <div className={`min-w-0 flex-1 ${large ? 'w-full' : ''}`}>
        {large ? (
          <div className="space-y-4">
            {LOOK_EDITOR_PARTS.map((each) => (
              <div key={each.index}>
                <p className="text-xs font-semibold text-ink-soft">{t(each.label)}</p>
                <LookOptions part={each} look={look} onChange={onChange} dense />
              </div>
            ))}
          </div>
        ) : (
          <>
            <div role="radiogroup" aria-label={t('look.title')} className="flex flex-wrap gap-1">
              {LOOK_EDITOR_PARTS.map((candidate, at) => (
                <label
                  key={candidate.label}
                  className="cursor-pointer rounded-full px-2.5 py-1 text-xs font-semibold text-ink-soft transition-colors hover:bg-sunken has-checked:bg-ink has-checked:text-canvas has-focus-visible:outline-[2.5px] has-focus-visible:outline-focus"
                >
                  <input type="radio" name={group} className="sr-only" checked={at === open} onChange={() => setOpen(at)} />
                  {t(candidate.label)}
                </label>
              ))}
            </div>
            <LookOptions key={part.index} part={part} look={look} onChange={onChange} />
          </>
        )}
      </div>
    </div>
  )
}

function LookOptions({ part, look, onChange, dense = false }: { part: LookPart; dense?: boolean } & Pick<LookEditorProps, 'look' | 'onChange'>) {
  const group = useId()
  return (
    <div role="radiogroup" aria-label={t(part.label)} className={dense ? 'mt-1 flex flex-wrap gap-1' : 'mt-3 grid min-h-26 animate-fade grid-cols-[repeat(auto-fill,minmax(2.75rem,1fr))] content-start gap-2'}>
      {part.options.map((option, value) => (
        <label
          key={option.name}
          title={option.name}
          className="relative grid aspect-square min-w-11 cursor-pointer place-items-center rounded-lg border-2 border-transparent transition-[border-color,background-color] hover:bg-sunken has-checked:border-brand has-focus-visible:outline-[2.5px] has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={group}
            className="sr-only"
            aria-label={option.name}
            checked={look[part.index] === value}
            onChange={() => onChange(withValue(look, part.index, value))}
          />
          {option.colour === null ? (
            <LookPreview look={withValue(look, part.index, value)} size={38} />
          ) : (
            <span className="size-7 rounded-full border border-ink/15" style={{ background: option.colour }} />
          )}
        </label>
      ))}
    </div>
  )
}
