import { t } from '../../i18n/translate.ts'
import { showPanel } from './hud_store.ts'

const LINK = 'rounded-md bg-brand px-4 py-2 text-sm font-semibold text-on-brand shadow-far'

/** The first two stops of the tab key, unseen until they have it: for those who do not use the picture. */
export function SkipLinks() {
  return (
    <nav aria-label={t('list.title')} className="sr-only focus-within:not-sr-only focus-within:absolute focus-within:top-3 focus-within:left-1/2 focus-within:z-30 focus-within:flex focus-within:-translate-x-1/2 focus-within:gap-2">
      <button type="button" className={LINK} onClick={() => showPanel('outline')}>
        {t('list.skip')}
      </button>
      <button type="button" className={LINK} onClick={() => document.querySelector<HTMLElement>('#room-tools button')?.focus()}>
        {t('list.skipTools')}
      </button>
    </nav>
  )
}
