import { Smile } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { EMOJI, findEmoji } from '../../chat/emoji.ts'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'

/** A button that opens our own small set of emoji; nothing is fetched from elsewhere. */
export function EmojiPicker({ disabled, onPick }: { disabled: boolean; onPick: (emoji: string) => void }) {
  const [at, setAt] = useState<{ bottom: number; right: number } | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const sheet = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (at === null) return undefined
    // The top layer: no panel cuts it off.
    sheet.current?.showPopover()
    sheet.current?.querySelector('input')?.focus()
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setAt(null)
    }
    document.addEventListener('pointerdown', closeOutside)
    window.addEventListener('resize', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      window.removeEventListener('resize', closeOutside)
    }
  }, [at])

  const open = () => {
    const box = root.current?.getBoundingClientRect()
    if (box !== undefined) setAt({ bottom: window.innerHeight - box.top + 6, right: Math.max(8, document.documentElement.clientWidth - box.right - 44) })
  }
  const close = () => {
    setAt(null)
    root.current?.querySelector('button')?.focus()
  }
  return (
    <div ref={root} className="shrink-0">
      <IconButton label={t('chat.emoji')} icon={<Smile size={20} aria-hidden="true" />} disabled={disabled} aria-haspopup="dialog" aria-expanded={at !== null} onClick={() => (at === null ? open() : close())} />
      {at !== null && (
        // Escape is one more way out for those inside; the button is there for all.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <div
          ref={sheet}
          popover="manual"
          role="dialog"
          aria-label={t('chat.emoji')}
          style={at}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Escape') close()
          }}
          className="fixed inset-auto m-0 w-76 max-w-[calc(100vw-1rem)] animate-fade rounded-xl border border-line bg-raised p-2 text-ink shadow-far"
        >
          <Choices
            onPick={(emoji) => {
              close()
              onPick(emoji)
            }}
          />
        </div>
      )}
    </div>
  )
}

function Choices({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState('')
  const found = findEmoji(query)
  return (
    <>
      <input
        type="search"
        aria-label={t('chat.emoji.search')}
        placeholder={t('chat.emoji.search')}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        className="mb-1 h-9 w-full rounded-md border border-line bg-surface px-3 text-sm focus-visible:outline-offset-0"
      />
      {/* Names of groups and a scroll of their own: some sixty pictures are too many for one look. */}
      <div className="max-h-60 overflow-y-auto overscroll-contain">
        {query.trim() === '' ? (
          EMOJI.map(({ id, emoji }) => (
            <section key={id}>
              <h3 className="px-1 pt-2 pb-1 font-sans text-xs font-semibold tracking-normal text-ink-faint">{t(`chat.emoji.${id}`)}</h3>
              <Grid emoji={emoji.map(([letter]) => letter)} names={emoji.map(([, name]) => name.replaceAll('_', ' '))} onPick={onPick} />
            </section>
          ))
        ) : found.length > 0 ? (
          <Grid emoji={found} names={found} onPick={onPick} />
        ) : (
          <p className="px-2 py-6 text-center text-sm text-ink-faint">{t('chat.emoji.none')}</p>
        )}
      </div>
    </>
  )
}

function Grid({ emoji, names, onPick }: { emoji: readonly string[]; names: readonly string[]; onPick: (emoji: string) => void }) {
  return (
    <div className="grid grid-cols-8">
      {emoji.map((letter, at) => (
        <button key={letter} type="button" aria-label={names[at]} title={names[at]} onClick={() => onPick(letter)} className="grid aspect-square place-items-center rounded-md text-xl transition-colors hover:bg-sunken focus-visible:-outline-offset-2">
          {letter}
        </button>
      ))}
    </div>
  )
}
