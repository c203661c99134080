import { useEffect } from 'react'
import { t } from '../i18n/translate.ts'

/** Names the page in the tab; null: the product's name alone. */
export function useTitle(title: string | null): void {
  useEffect(() => {
    document.title = title === null ? t('app.name') : `${title} · ${t('app.name')}`
  }, [title])
}
