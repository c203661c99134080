import { Component, type ErrorInfo, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { Button } from './Button.tsx'
import { EmptyState } from './EmptyState.tsx'

/** Catches what a page throws while drawing and offers a way on, instead of a white screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    // The browser's console is the only log a client has.
    console.error('a page failed to draw', error, info.componentStack)
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('app.crashed.title')} body={t('app.crashed.body')} scene="fallen">
          <Button look="primary" large onClick={() => location.reload()}>
            {t('app.crashed.reload')}
          </Button>
        </EmptyState>
      </main>
    )
  }
}
