import { CircleStop, Volume2 } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/components/Button.tsx'
import { Dialog } from '../../ui/components/Dialog.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { nameOf } from '../kinds.ts'
import { actOn } from '../store.ts'
import { LOOPS, loopLabel, loopOf } from './loops.ts'

/** Chooses what everybody around hears. */
export function JukeboxDialog({ object, onClose }: ObjectDialogProps) {
  const playing = object.state.playing === true ? loopOf(object.state.loop) : null
  return (
    <Dialog
      title={nameOf(object)}
      onClose={onClose}
      footer={
        playing !== null && (
          <Button icon={<CircleStop size={17} />} onClick={() => actOn(object.id, 'stop')}>
            {t('jukebox.stop')}
          </Button>
        )
      }
    >
      <p role="status" className="mb-3 text-ink-soft">
        {playing === null ? t('jukebox.silent') : t('jukebox.playing', { loop: t(loopLabel(playing)) })}
      </p>
      <fieldset>
        <legend className="sr-only">{t('jukebox.choose')}</legend>
        <div className="grid gap-2">
          {LOOPS.map((loop) => (
            <button
              key={loop}
              type="button"
              aria-pressed={loop === playing}
              onClick={() => actOn(object.id, 'play', { loop })}
              className={`flex h-12 items-center gap-3 rounded-lg border px-4 text-left text-base font-semibold transition-colors ${
                loop === playing ? 'border-brand bg-brand-wash text-brand-ink' : 'border-line bg-raised hover:border-line-strong'
              }`}
            >
              <Volume2 size={18} aria-hidden="true" className={loop === playing ? '' : 'text-ink-faint'} />
              {t(loopLabel(loop))}
            </button>
          ))}
        </div>
      </fieldset>
    </Dialog>
  )
}
