import { t } from '../../i18n/translate.ts'
import { Dialog } from '../components/Dialog.tsx'
import type { Hud } from '../room/hud.ts'
import { Plan } from './Plan.tsx'

const COLOURS = { 'map.you': 'bg-[#f5b83d]', 'map.near': 'bg-[#2fb27c]', 'map.others': 'bg-[#fffdf8]' }

/** The whole plan, large; on a phone the only one. */
export function MapDialog({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const most = { width: Math.min(window.innerWidth - 48, 640), height: window.innerHeight * 0.6 }
  return (
    <Dialog title={t('map.title')} onClose={onClose} width="wide">
      <div className="grid place-items-center">
        <div className="overflow-hidden rounded-lg border border-line">
          <Plan hud={hud} most={most} onGo={onClose} />
        </div>
      </div>
      <ul className="mt-4 flex flex-wrap justify-center gap-5 text-sm text-ink-soft">
        {(['map.you', 'map.near', 'map.others'] as const).map((key) => (
          <li key={key} className="flex items-center gap-2">
            <span aria-hidden="true" className={`size-3 rounded-full border border-line-strong ${COLOURS[key]}`} />
            {t(key)}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
