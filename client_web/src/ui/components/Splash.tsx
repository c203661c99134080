import { t } from '../../i18n/translate.ts'
import { Logo } from './Logo.tsx'

/** While something is on its way that takes longer than a blink. */
export function Splash({ text = t('app.loading') }: { text?: string }) {
  return (
    <main className="grid min-h-dvh place-items-center" aria-busy="true">
      {/* Shown late: a quick start should not flash. */}
      <div className="flex animate-fade flex-col items-center gap-5 [animation-delay:250ms]">
        <span className="animate-pulse-soft">
          <Logo size={56} markOnly />
        </span>
        <p role="status" className="text-ink-soft">
          {text}
        </p>
      </div>
    </main>
  )
}
