import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { promptWords } from './prompt_words.ts'

interface PromptHintProps {
  /** On a phone the hint is the button. */
  touch: boolean
  onAct: () => void
}

/** What the interact key would do here. Also a button, for those without that key. */
export function PromptHint({ touch, onAct }: PromptHintProps) {
  const prompt = useGameStore((state) => state.prompt)
  if (prompt === null) return null
  return (
    <button
      type="button"
      onClick={onAct}
      className={`glass pointer-events-auto flex animate-rise items-center gap-2.5 rounded-full text-sm font-semibold transition-transform active:scale-95 ${touch ? 'h-14 px-5' : 'h-11 pr-4 pl-2.5'}`}
    >
      {!touch && <kbd className="grid size-6 place-items-center rounded-sm bg-light font-sans text-xs font-bold text-on-light">{t('prompt.key')}</kbd>}
      {promptWords(prompt)}
    </button>
  )
}
