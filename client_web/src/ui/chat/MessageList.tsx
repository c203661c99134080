import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { type Conversation, rowsOf } from '../../chat/conversation.ts'
import { dayWords } from './day_words.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'
import { Spinner } from '../components/Spinner.tsx'
import { MessageRow, type MessageDeeds } from './MessageRow.tsx'

interface MessageListProps extends MessageDeeds {
  conversation: Conversation
  selfUserId: string
  mayDeleteOthers: boolean
  /** Says what stands where no message is. */
  empty: ReactNode
  /** Fetches what is older; null: nothing is kept. */
  onOlder: (() => void) | null
  /** The words that say where it begins. */
  beginning?: string
}

/** So many rows are in the page at first, and so many more with each look back. */
const WINDOW = 80
const NEAR_PX = 40

/** Messages from the oldest to the newest. Only a window of them is in the page; the browser leaves out what is not in view. */
export function MessageList({ conversation, selfUserId, mayDeleteOthers, empty, onOlder, beginning, ...deeds }: MessageListProps) {
  const { messages, next, loading, problem } = conversation
  const rows = useMemo(() => rowsOf(messages), [messages])
  const [count, setCount] = useState(WINDOW)
  const [isAtEnd, setAtEnd] = useState(true)
  const box = useRef<HTMLDivElement>(null)
  /** Height below the view, to stay in place when older rows come in above. */
  const below = useRef(0)
  const shown = rows.slice(-count)
  const hasMore = count < rows.length || (onOlder !== null && next !== null && next !== undefined)
  const newest = messages.at(-1)?.id
  const isOwnNewest = messages.at(-1)?.userId === selfUserId

  const measure = useCallback(() => {
    const view = box.current
    if (view === null) return
    below.current = view.scrollHeight - view.scrollTop
    setAtEnd(below.current - view.clientHeight < NEAR_PX)
  }, [])

  const toEnd = useCallback(() => {
    const view = box.current
    if (view !== null) view.scrollTop = view.scrollHeight
    measure()
  }, [measure])

  const oldest = shown[0]?.key
  useLayoutEffect(() => {
    const view = box.current
    if (view === null) return
    // Older rows came in above: what was read stays where it was.
    if (!isAtEnd) view.scrollTop = view.scrollHeight - below.current
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the first row is another one
  }, [oldest])

  useLayoutEffect(() => {
    if (isAtEnd || isOwnNewest) toEnd()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when something new arrived
  }, [newest, toEnd])

  useEffect(() => {
    const view = box.current
    if (view === null) return undefined
    const resized = new ResizeObserver(() => isAtEnd && toEnd())
    resized.observe(view)
    return () => resized.disconnect()
  }, [isAtEnd, toEnd])

  const older = () => {
    measure()
    if (count < rows.length) setCount(count + WINDOW)
    else if (!loading) {
      setCount(count + WINDOW)
      onOlder?.()
    }
  }

  if (rows.length === 0 && !loading && problem === null) return <div className="flex min-h-0 flex-1 flex-col justify-center overflow-y-auto px-6 py-4 text-center">{empty}</div>
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard, too */}
      <div ref={box} role="group" tabIndex={0} aria-label={t('chat.title')} className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-2 focus-visible:-outline-offset-2" onScroll={measure}>
        <div className="flex flex-col items-center gap-2 px-4 py-3 text-center text-xs text-ink-faint">
          {loading && <Spinner />}
          {problem !== null && (
            <>
              <p>{problem}</p>
              <Button onClick={() => onOlder?.()}>{t('chat.historyRetry')}</Button>
            </>
          )}
          {!loading && problem === null && hasMore && (
            <Button look="quiet" onClick={older}>
              {t('chat.older')}
            </Button>
          )}
          {!hasMore && !loading && beginning !== undefined && <p>{beginning}</p>}
        </div>
        {shown.map((row) =>
          row.kind === 'day' ? (
            <h3 key={row.key} className="pointer-events-none sticky top-1 z-[1] my-2 text-center font-sans text-xs font-semibold tracking-normal text-ink-faint">
              <span className="inline-block rounded-full border border-line bg-surface px-2.5 py-0.5 shadow-near">{dayWords(row.at, Date.now())}</span>
            </h3>
          ) : (
            <div key={row.key} className="[contain-intrinsic-size:auto_2.5rem] [content-visibility:auto] [overflow-clip-margin:1rem]">
              <MessageRow message={row.message} isFirst={row.isFirst} isOwn={row.message.userId === selfUserId} mayDeleteOthers={mayDeleteOthers} {...deeds} />
            </div>
          ),
        )}
      </div>
      {!isAtEnd && (
        <button
          type="button"
          onClick={toEnd}
          className="absolute bottom-3 left-1/2 inline-flex -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 py-1.5 text-xs font-semibold shadow-mid transition-colors hover:bg-sunken"
        >
          <ArrowDown size={14} aria-hidden="true" />
          {conversation.unread > 0 ? t('chat.newest') : t('chat.toNewest')}
        </button>
      )}
    </div>
  )
}
