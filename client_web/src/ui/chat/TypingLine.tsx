import { useEffect, useState } from 'react'
import { type Conversation, typingAt } from '../../chat/conversation.ts'
import { t } from '../../i18n/translate.ts'

/** Who is writing at this moment. Keeps its place, so that nothing jumps. */
export function TypingLine({ conversation, nameOf }: { conversation: Conversation; nameOf: (userId: string) => string | null }) {
  const [now, setNow] = useState(() => Date.now())
  const { typing } = conversation
  useEffect(() => {
    setNow(Date.now())
    if (typing.size === 0) return undefined
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [typing])
  const names = typingAt(conversation, now)
    .map((userId) => nameOf(userId))
    .filter((name) => name !== null)
  const [name, other] = names
  const words =
    name === undefined ? '' : names.length > 2 ? t('chat.typing.many') : other === undefined ? t('chat.typing.one', { name }) : t('chat.typing.two', { name, other })
  return (
    <p className="h-5 truncate px-2 text-xs text-ink-faint" aria-live="off">
      {words !== '' && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className="inline-flex gap-0.5">
            {[0, 1, 2].map((dot) => (
              <span key={dot} className="size-1 animate-pulse-soft rounded-full bg-current" style={{ animationDelay: `${dot * 180}ms` }} />
            ))}
          </span>
          {words}
        </span>
      )}
    </p>
  )
}
