import { Megaphone, SendHorizontal } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { withEmoji } from '../../chat/emoji.ts'
import { type ConversationKey, keepDraft, useChat } from '../../chat/store.ts'
import { t } from '../../i18n/translate.ts'
import { CHAT_LETTERS, lettersOf } from '../../net/chat_messages.ts'
import { IconButton } from '../components/IconButton.tsx'
import { EmojiPicker } from './EmojiPicker.tsx'

interface ComposerProps {
  conversation: ConversationKey
  /** Says to whom it goes. */
  label: string
  /** Why nothing can be written; null: it can. */
  barred: string | null
  /** What is worth knowing while writing; null: nothing. */
  hint: string | null
  /** Whether its person may announce; then `onSend` hears if this is one. */
  mayAnnounce: boolean
  onSend: (text: string, isAnnouncement: boolean) => void
  onType: () => void
}

const COUNT_FROM = CHAT_LETTERS - 200
const MOST_PX = 160

/** As high as what is in it, up to a few lines. */
function fit(area: HTMLTextAreaElement | null): void {
  if (area === null) return
  area.style.height = 'auto'
  area.style.height = `${Math.min(MOST_PX, area.scrollHeight)}px`
}

/** Where one writes: Enter sends, Shift and Enter begins a new line. */
export function Composer({ conversation, label, barred, hint, mayAnnounce, onSend, onType }: ComposerProps) {
  const text = useChat(({ drafts }) => drafts.get(conversation) ?? '')
  const [isAnnouncement, setAnnouncement] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const left = CHAT_LETTERS - lettersOf(text.trim())
  const canSend = barred === null && text.trim() !== '' && left >= 0
  const announces = mayAnnounce && isAnnouncement

  useEffect(() => {
    fit(box.current)
    // On a touch screen the keyboard would jump up before anybody wanted it.
    if (!matchMedia('(pointer: coarse)').matches) box.current?.focus({ preventScroll: true })
  }, [])

  const send = () => {
    if (!canSend) return
    onSend(withEmoji(text.trim()), announces)
    keepDraft(conversation, '')
    setAnnouncement(false)
    requestAnimationFrame(() => fit(box.current))
    box.current?.focus()
  }
  const insert = (emoji: string) => {
    const area = box.current
    const at = area?.selectionStart ?? text.length
    keepDraft(conversation, text.slice(0, at) + emoji + text.slice(area?.selectionEnd ?? at))
    requestAnimationFrame(() => {
      fit(area)
      area?.focus()
      area?.setSelectionRange(at + emoji.length, at + emoji.length)
    })
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {(barred ?? hint) !== null && <p className={`px-2 pb-1.5 text-xs ${barred === null ? 'text-ink-faint' : 'text-danger-ink'}`}>{barred ?? hint}</p>}
      <div className={`flex items-end gap-0.5 rounded-lg border bg-raised p-0.5 shadow-near transition-colors focus-within:border-line-strong ${announces ? 'border-light' : 'border-line'}`}>
        {mayAnnounce && (
          <IconButton
            label={t('chat.announce')}
            icon={<Megaphone size={19} aria-hidden="true" />}
            pressed={isAnnouncement}
            className={announces ? '!bg-light !text-on-light' : ''}
            onClick={() => {
              setAnnouncement(!isAnnouncement)
              box.current?.focus()
            }}
          />
        )}
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={announces ? t('chat.write.announcement') : label}
          placeholder={announces ? t('chat.write.announcement') : label}
          value={text}
          disabled={barred !== null}
          className={`max-h-40 min-h-10 min-w-0 flex-1 resize-none bg-transparent py-2.5 text-sm leading-5 outline-none disabled:opacity-50 ${mayAnnounce ? '' : 'pl-3'}`}
          onChange={(event) => {
            keepDraft(conversation, event.target.value)
            fit(event.target)
            if (event.target.value.trim() !== '' && !announces) onType()
          }}
          onKeyDown={(event) => {
            // While a word is being composed, Enter takes the suggestion.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <EmojiPicker disabled={barred !== null} onPick={insert} />
        <button
          type="submit"
          aria-label={t('chat.send')}
          title={t('chat.send')}
          disabled={!canSend}
          className="inline-grid size-10 shrink-0 place-items-center rounded-md text-brand-ink transition-colors enabled:bg-brand enabled:text-on-brand enabled:hover:bg-brand-hover disabled:opacity-35"
        >
          <SendHorizontal size={19} aria-hidden="true" />
        </button>
      </div>
      {left <= CHAT_LETTERS - COUNT_FROM && (
        <p role="status" className={`tabular px-2 pt-1 text-right text-xs ${left < 0 ? 'font-semibold text-danger-ink' : 'text-ink-faint'}`}>
          {left < 0 ? t('chat.tooLong', { count: -left }) : t('chat.lettersLeft', { count: left })}
        </p>
      )}
    </form>
  )
}
