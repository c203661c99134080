import { Eye } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { changeSettings } from '../../state/settings.ts'
import { Button } from '../components/Button.tsx'
import type { Hud } from '../room/hud.ts'
import { OutlineContent } from './OutlineContent.tsx'

/** What stands where the room would be while it is not drawn: the room as a list, and the way back. */
export function AudioOnly({ hud }: { hud: Hud }) {
  const isSlow = useGameStore((state) => state.detailReason === 'slow')
  const showAgain = () => {
    changeSettings({ detail: 'auto' })
    hud.game.showAgain()
  }
  return (
    <section aria-labelledby="audio-only" className="absolute inset-0 overflow-y-auto bg-canvas px-4 pt-20 pb-40">
      <div className="mx-auto flex max-w-xl flex-col gap-5">
        <header className="flex flex-wrap items-center gap-4">
          <div className="min-w-60 flex-1">
            <h2 id="audio-only" className="text-xl">
              {t('detail.audio.title')}
            </h2>
            <p className="mt-1 text-sm text-pretty text-ink-soft">{t(isSlow ? 'detail.audio.slow' : 'detail.audio.chosen')}</p>
          </div>
          <Button icon={<Eye size={16} aria-hidden="true" />} onClick={showAgain}>
            {t('detail.show')}
          </Button>
        </header>
        {hud.panel !== 'outline' && (
          <div className="rounded-2xl border border-line bg-surface p-2 pt-4 shadow-near">
            <OutlineContent hud={hud} />
          </div>
        )}
      </div>
    </section>
  )
}
