import { MessageCircle, Users } from 'lucide-react'
import { type ChatState, conversationOf, directKey, useChat } from '../../chat/store.ts'
import type { Partner } from '../../chat/store.ts'
import { t } from '../../i18n/translate.ts'
import { usePresence } from '../../state/presence.ts'
import { Button } from '../components/Button.tsx'
import { Initials } from '../components/Initials.tsx'
import { Time } from '../components/Time.tsx'
import { StatusPortrait } from '../presence/StatusPortrait.tsx'

/** With whom one wrote, the newest first. */
function inOrder(state: ChatState): Partner[] {
  const newest = ({ userId }: Partner) => conversationOf(state, directKey(userId)).messages.at(-1)?.at ?? 0
  return [...state.partners.values()].toSorted((a, b) => newest(b) - newest(a))
}

export function DirectList({ selfUserId, onOpen, onPeople }: { selfUserId: string; onOpen: (userId: string) => void; onPeople: () => void }) {
  const state = useChat()
  const partners = inOrder(state)
  if (partners.length === 0) {
    return (
      <div className="flex flex-1 flex-col items-center justify-center gap-3 px-6 py-8 text-center">
        <MessageCircle size={30} aria-hidden="true" className="text-ink-faint" />
        <p className="font-display text-lg font-semibold">{t('chat.direct.empty.title')}</p>
        <p className="text-sm text-pretty text-ink-faint">{t('chat.direct.empty')}</p>
        <Button icon={<Users size={16} aria-hidden="true" />} onClick={onPeople}>
          {t('chat.direct.people')}
        </Button>
      </div>
    )
  }
  return (
    <ul className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2">
      {partners.map((partner) => (
        <DirectRow key={partner.userId} partner={partner} state={state} selfUserId={selfUserId} onOpen={() => onOpen(partner.userId)} />
      ))}
    </ul>
  )
}

function DirectRow({ partner: { userId, name }, state, selfUserId, onOpen }: { partner: Partner; state: ChatState; selfUserId: string; onOpen: () => void }) {
  const known = usePresence(({ people }) => people.get(userId) ?? null)
  const { messages, unread } = conversationOf(state, directKey(userId))
  const newest = messages.at(-1)
  const text = newest?.text.replace(/\s+/g, ' ') ?? ''
  return (
    <li>
      <button type="button" onClick={onOpen} className="flex w-full min-w-0 items-center gap-3 rounded-lg px-3 py-2.5 text-left transition-colors hover:bg-sunken focus-visible:-outline-offset-2">
        {known === null ? <Initials id={userId} name={name} size={38} /> : <StatusPortrait look={known.look} status={known.status} size={38} />}
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <bdi className={`min-w-0 flex-1 truncate text-sm ${unread > 0 ? 'font-bold' : 'font-semibold'}`}>{known?.name ?? name}</bdi>
            {newest !== undefined && (
              <span className="shrink-0 text-xs text-ink-faint">
                <Time key={newest.id} at={new Date(newest.at).toISOString()} />
              </span>
            )}
          </span>
          <span className="flex items-center gap-2">
            <span dir="auto" className={`min-w-0 flex-1 truncate text-xs ${unread > 0 ? 'font-semibold text-ink' : 'text-ink-faint'}`}>
              {newest?.userId === selfUserId ? t('chat.direct.you', { text }) : text}
            </span>
            {unread > 0 && (
              <span className="tabular grid h-4.5 min-w-4.5 shrink-0 place-items-center rounded-full bg-light px-1 text-xs font-semibold text-on-light">
                <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
                <span className="sr-only">{t('chat.direct.unread', { count: unread })}</span>
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  )
}
