import { useEffect, useState } from 'react'
import type { ChatMessage } from '../../chat/conversation.ts'
import { messageOfKept } from '../../chat/room_chat.ts'
import { t } from '../../i18n/translate.ts'
import type { MessagePage } from '../../net/chat_api.ts'
import { wordsFor } from '../../net/problem.ts'
import { Button } from '../components/Button.tsx'
import { Spinner } from '../components/Spinner.tsx'
import { MessageRow, type MessageDeeds } from './MessageRow.tsx'

interface SearchResultsProps extends MessageDeeds {
  query: string
  find: (query: string, before: number | null, signal?: AbortSignal) => Promise<MessagePage>
  selfUserId: string
  mayDeleteOthers: boolean
}

interface Found {
  readonly messages: readonly ChatMessage[]
  readonly next: number | null
}

const PAUSE_MS = 250

/** What the history has for some words, newest first. */
export function SearchResults({ query, find, selfUserId, mayDeleteOthers, ...deeds }: SearchResultsProps) {
  const [found, setFound] = useState<Found | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const wanted = query.trim()

  useEffect(() => {
    setFound(null)
    setProblem(null)
    if (wanted === '') return undefined
    const abort = new AbortController()
    // Not for each letter of a word.
    const timer = setTimeout(() => {
      find(wanted, null, abort.signal).then(
        (page) => setFound({ messages: page.messages.map(messageOfKept), next: page.next }),
        (error: unknown) => !abort.signal.aborted && setProblem(wordsFor(error)),
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [wanted, find])

  const more = async () => {
    const next = found?.next ?? null
    if (found === null || next === null) return
    try {
      const page = await find(wanted, next)
      setFound({ messages: [...found.messages, ...page.messages.map(messageOfKept)], next: page.next })
    } catch (error) {
      setProblem(wordsFor(error))
    }
  }

  return (
    <div role="region" aria-label={t('chat.search.results')} className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-2">
      {problem !== null && <p className="px-5 py-4 text-center text-sm text-danger-ink">{problem}</p>}
      {wanted !== '' && found === null && problem === null && (
        <p className="grid place-items-center py-6">
          <Spinner />
        </p>
      )}
      {found !== null && found.messages.length === 0 && (
        <p role="status" className="px-5 py-6 text-center text-sm text-ink-faint">
          {t('chat.search.none')}
        </p>
      )}
      {found?.messages.map((message) => (
        <MessageRow key={message.id} message={message} isFirst isFound isOwn={message.userId === selfUserId} mayDeleteOthers={mayDeleteOthers} {...deeds} />
      ))}
      {(found?.next ?? null) !== null && (
        <p className="grid place-items-center py-3">
          <Button look="quiet" onClick={() => void more()}>
            {t('chat.search.more')}
          </Button>
        </p>
      )}
    </div>
  )
}
