import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import { buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { useTitle } from '../useTitle.ts'

export function NotFoundPage() {
  useTitle(t('app.missing.title'))
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <EmptyState level={1} title={t('app.missing.title')} body={t('app.missing.body')} scene="wall">
        <Link to="/rooms" className={buttonClass('primary', true)}>
          {t('app.back')}
        </Link>
      </EmptyState>
    </main>
  )
}
