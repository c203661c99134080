import { CornerDownLeft, Search } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useGameStore } from '../../game/store.ts'
import { counted, t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { modalOpened } from '../../state/modals.ts'
import { usePresence } from '../../state/presence.ts'
import { COMMAND_GROUPS, type Command, type Hud } from '../room/hud.ts'
import { baseCommands } from './base_commands.ts'
import { rank } from './ranking.ts'

/** More would only be scrolled past; another letter finds the rest. */
const MOST = 60

/** Every command of every part, found by name. Opened by Ctrl and K; the arrow keys choose, Enter does it. */
export function CommandPalette({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const before = useRef<Element | null>(null)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  // What can be done depends on these; commands read them from their stores.
  useGameStore((state) => state.people)
  useMediaStore((state) => state.own)
  usePresence((state) => state.me)

  useEffect(() => {
    before.current = document.activeElement
    const opened = dialog.current
    opened?.showModal()
    const closed = opened === null ? undefined : modalOpened(opened)
    opened?.querySelector('input')?.focus()
    return () => {
      closed?.()
      opened?.close()
    }
  }, [])

  const found = rank([...baseCommands(hud), ...hud.parts.commands(hud)], query, MOST)
  // Best first while searching; by group while looking around.
  const groups = query.trim() === '' ? COMMAND_GROUPS.map((group) => ({ group, commands: found.filter((command) => command.group === group) })).filter(({ commands }) => commands.length > 0) : [{ group: null, commands: found }]
  const inOrder = groups.flatMap(({ commands }) => commands)
  const at = Math.min(chosen, inOrder.length - 1)

  const close = () => {
    onClose()
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  const run = (command: Command | undefined) => {
    if (command === undefined) return
    close()
    command.run(hud)
  }
  const press = (event: KeyboardEvent) => {
    event.stopPropagation()
    const count = inOrder.length
    const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(count - 1, at + 8), PageUp: Math.max(0, at - 8) }
    const target = targets[event.key]
    if (target !== undefined && count > 0) {
      event.preventDefault()
      setChosen((target + count) % count)
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(inOrder[at])
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      close()
    }
  }

  return (
    // Escape is the keyboard's way out; the click on the backdrop only mirrors it for the mouse.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      aria-label={t('palette.title')}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClick={(event) => event.target === dialog.current && close()}
      onKeyDown={press}
      className="mx-auto mt-[12dvh] mb-auto w-[min(36rem,calc(100vw-1.5rem))] max-w-none flex-col overflow-hidden rounded-2xl border border-line bg-surface text-ink shadow-far backdrop:animate-fade backdrop:bg-scrim open:flex open:animate-rise max-sm:mt-3"
    >
      <div className="relative border-b border-line">
        <Search size={19} aria-hidden="true" className="pointer-events-none absolute top-1/2 left-5 -translate-y-1/2 text-ink-faint" />
        <input
          type="text"
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(at >= 0 && { 'aria-activedescendant': `${id}-${at}` })}
          placeholder={t('palette.placeholder')}
          value={query}
          autoComplete="off"
          spellCheck={false}
          maxLength={80}
          onChange={(event) => {
            setQuery(event.target.value)
            setChosen(0)
          }}
          className="h-14 w-full bg-transparent pr-5 pl-13 text-lg outline-none"
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t('palette.title')} className="max-h-[min(24rem,62dvh)] overflow-y-auto overscroll-contain p-2">
        {groups.map(({ group, commands }) => (
          <div key={group ?? 'found'} role="group" aria-label={group === null ? t('palette.title') : t(`palette.group.${group}`)}>
            {group !== null && (
              <p aria-hidden="true" className="px-3 pt-2.5 pb-1 text-xs font-semibold text-ink-faint">
                {t(`palette.group.${group}`)}
              </p>
            )}
            {commands.map((command) => (
              <Option key={command.id} id={`${id}-${inOrder.indexOf(command)}`} command={command} isChosen={inOrder[at] === command} onPoint={() => setChosen(inOrder.indexOf(command))} onRun={() => run(command)} />
            ))}
          </div>
        ))}
        {inOrder.length === 0 && <p className="px-3 py-6 text-center text-sm text-ink-faint">{t('palette.none')}</p>}
      </div>
      <p role="status" className="sr-only">
        {counted('palette.results', inOrder.length)}
      </p>
    </dialog>
  )
}

interface OptionProps {
  id: string
  command: Command
  isChosen: boolean
  onPoint: () => void
  onRun: () => void
}

function Option({ id, command, isChosen, onPoint, onRun }: OptionProps) {
  const { icon: Icon, title, hint } = command
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isChosen])
  return (
    // The text field keeps the focus and moves the choice, as listboxes of a combobox do.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={onPoint}
      onClick={onRun}
      className={`flex h-11 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm font-medium ${isChosen ? 'bg-brand-wash text-brand-ink' : 'text-ink-soft'}`}
    >
      <Icon size={18} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{title}</span>
      {hint !== undefined && <span className="truncate text-xs font-normal text-ink-faint">{hint}</span>}
      {isChosen && <CornerDownLeft size={15} aria-hidden="true" className="shrink-0 opacity-70" />}
    </div>
  )
}
