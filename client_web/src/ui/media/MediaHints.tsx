import type { ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { problemWords } from './problem_words.ts'
import { ReachHint } from './ReachHint.tsx'
import { WayHint } from './WayHint.tsx'

/** What stands between this person and being heard, each with what helps. Nothing, most of the time. */
export function MediaHints({ onDevices }: { onDevices: () => void }) {
  const { own, controls, linked, problem, silentMicrophone, soundBlocked } = useMediaStore()
  return (
    <div className="flex flex-col items-center gap-2" role="status">
      <ReachHint />
      <WayHint />
      {soundBlocked && linked.length > 0 && (
        <Hint act={t('media.blocked.act')} onAct={() => controls?.resumeSound()}>
          {t('media.blocked')}
        </Hint>
      )}
      {problem !== null && (
        <Hint act={t('media.devices')} onAct={onDevices}>
          {problemWords(problem)}
        </Hint>
      )}
      {silentMicrophone && (
        <Hint act={t('media.silent.act')} onAct={onDevices}>
          {t('media.silent')}
        </Hint>
      )}
      {own.screen === 'on' && (
        <Hint act={t('media.sharing.stop')} onAct={() => controls?.toggleScreen()}>
          {t('media.sharing')}
        </Hint>
      )}
    </div>
  )
}

function Hint({ act, onAct, children }: { act: string; onAct: () => void; children: ReactNode }) {
  return (
    <p className="pointer-events-auto flex max-w-[34rem] animate-rise items-center gap-3 rounded-xl bg-light-wash py-2 pr-2 pl-4 text-sm font-medium text-pretty text-light-ink shadow-mid">
      {children}
      <button type="button" onClick={onAct} className="shrink-0 rounded-md bg-light-ink px-3 py-1.5 font-semibold text-light-wash transition-opacity hover:opacity-85">
        {act}
      </button>
    </p>
  )
}
