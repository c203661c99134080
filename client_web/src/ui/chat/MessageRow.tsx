import { Clock, Copy, Megaphone, MessageSquareText, RotateCcw, Trash2, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import type { ChatMessage } from '../../chat/conversation.ts'
import { useGameStore } from '../../game/store.ts'
import { clockTime, dateTime } from '../../i18n/times.ts'
import { t } from '../../i18n/translate.ts'
import { usePresence } from '../../state/presence.ts'
import { Initials } from '../components/Initials.tsx'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import { Portrait } from '../look/Portrait.tsx'
import { copyText } from '../room/copy_text.ts'
import { MessageText } from './MessageText.tsx'
import { SYSTEM } from './useComings.ts'

export interface MessageDeeds {
  /** null: the person may not. */
  readonly onDelete: ((message: ChatMessage) => void) | null
  readonly onRetry: (message: ChatMessage) => void
  readonly onDiscard: (message: ChatMessage) => void
  /** null: there is nobody to write to. */
  readonly onWriteTo: ((message: ChatMessage) => void) | null
}

interface MessageRowProps extends MessageDeeds {
  message: ChatMessage
  /** The first in one breath: has the person's picture and name. */
  isFirst: boolean
  isOwn: boolean
  mayDeleteOthers: boolean
  /** With its date: a thing found by searching. */
  isFound?: boolean
}

/** One message: who, when, what, and how it stands with it. */
export const MessageRow = memo((props: MessageRowProps) => {
  const { message, isFirst, isOwn, isFound = false } = props
  if (message.userId === SYSTEM) return <p className="px-5 py-1 text-center text-xs text-ink-faint">{message.text}</p>
  const isAnnouncement = message.channel === 'announcement'
  const iso = new Date(message.at).toISOString()
  return (
    <div
      data-message={message.id}
      className={`group relative flex gap-2.5 pr-3 pl-4 pointer-coarse:pr-11 transition-colors focus-within:bg-sunken/60 hover:bg-sunken/60 ${isFirst ? 'pt-2.5' : 'pt-0.5'} pb-0.5 ${
        isAnnouncement ? 'bg-light-wash/60' : ''
      }`}
    >
      <span className="w-8 shrink-0 pt-0.5">
        {isFirst ? (
          <Picture userId={message.userId} name={message.name} />
        ) : (
          <time dateTime={iso} className="tabular block pt-0.5 text-right text-[0.65rem] text-ink-faint opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
            {clockTime(message.at).replace(/\s?[AP]M/i, '')}
          </time>
        )}
      </span>
      <div className="min-w-0 flex-1">
        {isFirst && (
          <p className="flex items-baseline gap-2">
            <bdi className={`truncate text-sm font-semibold ${isOwn ? 'text-brand-ink' : ''}`}>{isOwn ? t('chat.you') : message.name}</bdi>
            {isAnnouncement && (
              <span className="inline-flex items-center gap-1 text-xs font-semibold text-light-ink">
                <Megaphone size={12} aria-hidden="true" />
                {t('chat.announcement')}
              </span>
            )}
            <time dateTime={iso} title={dateTime(iso)} className="tabular shrink-0 text-xs text-ink-faint">
              {isFound ? dateTime(iso) : clockTime(message.at)}
            </time>
          </p>
        )}
        <MessageText text={message.text} />
        <Standing {...props} />
      </div>
      <div className={`absolute -top-1 right-2 rounded-md bg-raised opacity-0 shadow-near transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:top-0 pointer-coarse:bg-transparent pointer-coarse:opacity-55 pointer-coarse:shadow-none ${isFirst ? 'pointer-coarse:top-2' : ''} [&_button]:size-8`}>
        <RowMenu label={t('chat.actions')} actions={actionsOf(props)} />
      </div>
    </div>
  )
})

function Standing({ message, isOwn, onRetry, onDiscard }: MessageRowProps) {
  if (message.state === 'pending') {
    return (
      <p className="flex items-center gap-1 text-xs text-ink-faint">
        <Clock size={12} aria-hidden="true" />
        {t('chat.sending')}
      </p>
    )
  }
  if (message.state === 'failed') {
    return (
      <div className="mt-1 rounded-md bg-danger-wash px-2.5 py-1.5 text-xs text-danger-ink">
        <p className="flex items-start gap-1.5">
          <TriangleAlert size={13} aria-hidden="true" className="mt-0.5 shrink-0" />
          <span>
            <strong>{t('chat.failed')}</strong> {message.problem}
          </span>
        </p>
        <p className="mt-1 flex gap-3">
          <button type="button" className="inline-flex items-center gap-1 font-semibold underline underline-offset-2" onClick={() => onRetry(message)}>
            <RotateCcw size={12} aria-hidden="true" />
            {t('chat.retry')}
          </button>
          <button type="button" className="font-semibold underline underline-offset-2" onClick={() => onDiscard(message)}>
            {t('chat.discard')}
          </button>
        </p>
      </div>
    )
  }
  if (isOwn && message.channel === 'nearby' && message.heard === 0) return <p className="text-xs text-ink-faint">{t('chat.heardNobody')}</p>
  return null
}

function Picture({ userId, name }: { userId: string; name: string }) {
  const look = useGameStore(({ people }) => {
    for (const person of people.values()) if (person.userId === userId) return person.look
    return null
  })
  const known = usePresence(({ people }) => people.get(userId)?.look ?? null)
  const shown = look ?? known
  return shown === null ? <Initials id={userId} name={name} size={32} /> : <Portrait look={shown} size={32} />
}

function actionsOf({ message, isOwn, mayDeleteOthers, onDelete, onWriteTo }: MessageRowProps): RowAction[] {
  const actions: RowAction[] = [{ label: t('chat.copy'), icon: <Copy size={16} />, act: () => void copyText(message.text) }]
  if (!isOwn && onWriteTo !== null) actions.push({ label: t('chat.writeTo'), icon: <MessageSquareText size={16} />, act: () => onWriteTo(message) })
  if (onDelete !== null && message.state === 'sent' && (isOwn || mayDeleteOthers)) {
    actions.push({ label: t('chat.delete'), icon: <Trash2 size={16} />, danger: true, act: () => onDelete(message) })
  }
  return actions
}
