import { Check, CloudOff, Download, Eye, LoaderCircle } from 'lucide-react'
import { Excalidraw, exportToBlob, exportToSvg } from '@excalidraw/excalidraw'
import '@excalidraw/excalidraw/index.css'
import './board.css'
import type { Collaborator, ExcalidrawImperativeAPI, SocketId } from '@excalidraw/excalidraw/types'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import type { DocumentEditor } from '../../net/document_wire.ts'
import { DocumentLink, type LinkStatus } from '../../net/document_link.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../../ui/components/Button.tsx'
import { Spinner } from '../../ui/components/Spinner.tsx'
import { Binding, type Scene } from './binding.ts'
import { colourFor } from './cursor_colours.ts'
import { EXCALIDRAW_RULES, elementsOf } from './elements.ts'
import { saveBlob } from './save_blob.ts'

// Fonts come with the client; nothing is fetched from elsewhere.
Object.assign(window, { EXCALIDRAW_ASSET_PATH: '/assets/excalidraw/' })

const UI_OPTIONS = {
  canvasActions: { loadScene: false, saveToActiveFile: false, export: false, saveAsImage: false, toggleTheme: false, changeViewBackgroundColor: false },
  tools: { image: false },
} as const

interface BoardProps {
  roomId: string
  objectId: string
  name: string
  via: 'object' | 'page'
  /** At the end of the bar. */
  children?: ReactNode
}

interface Shown {
  readonly status: LinkStatus
  readonly reason: string
  readonly opened: boolean
  /** The own number among the editors. */
  readonly self: number
  readonly mayEdit: boolean
  readonly saved: boolean
  readonly editors: readonly DocumentEditor[]
}

const FIRST: Shown = { status: 'connecting', reason: '', opened: false, self: 0, mayEdit: false, saved: true, editors: [] }

/** A whiteboard with everybody who draws on it, and a line that says whether what was drawn is safe. */
export function Board(props: BoardProps) {
  const [{ attempt, notice }, setAttempt] = useState({ attempt: 0, notice: '' })
  const again = useCallback((why: string) => setAttempt((before) => ({ attempt: before.attempt + 1, notice: why })), [])
  return <OneBoard key={attempt} {...props} notice={notice} onAgain={again} />
}

function OneBoard({ roomId, objectId, name, via, children, notice, onAgain }: BoardProps & { notice: string; onAgain: (why: string) => void }) {
  const [shown, setShown] = useState<Shown>(FIRST)
  const [scene, setScene] = useState<ExcalidrawImperativeAPI | null>(null)
  const [link, setLink] = useState<DocumentLink | null>(null)
  const binding = useRef<Binding | null>(null)
  const collaborators = useRef(new Map<SocketId, Collaborator>())
  const moved = useRef(false)
  const self = useRef(0)
  const theme = useTheme()

  useEffect(() => {
    const change = (next: Partial<Shown>) => setShown((before) => ({ ...before, ...next }))
    const made = new DocumentLink(() => api.openDocument(roomId, objectId, via), {
      onStatus: (status, reason) => change({ status, reason }),
      onSaved: (saved) => setShown((before) => (before.saved === saved ? before : { ...before, saved })),
      onOpened: (mayEdit, editor) => {
        self.current = editor
        change({ opened: true, self: editor, mayEdit })
      },
      onEditors: (editors) => {
        for (const id of collaborators.current.keys()) {
          if (!editors.some(({ editor }) => String(editor) === id)) collaborators.current.delete(id)
        }
        moved.current = true
        for (const entry of editors) {
          if (entry.editor !== self.current) put(entry.editor, { username: entry.name, id: entry.userId })
        }
        change({ editors })
      },
      onCursor: (editor, state) => put(editor, cursorOf(state)),
      // What the server does not take is taken back: the board as it is safe comes anew.
      onRefused: (code) => {
        onAgain(code === 'document_full' ? t('board.full') : t('board.refused'))
      },
    })
    const put = (editor: number, more: Partial<Collaborator>) => {
      const id = String(editor) as SocketId
      moved.current = true
      collaborators.current.set(id, { ...collaborators.current.get(id), ...more })
    }
    setLink(made)
    return () => {
      binding.current?.destroy()
      binding.current = null
      made.destroy()
    }
  }, [roomId, objectId, via, onAgain])

  useEffect(() => {
    if (scene === null || link === null) return undefined
    const bound = new Binding(link.doc.getMap('elements'), scene as unknown as Scene, EXCALIDRAW_RULES)
    binding.current = bound
    return () => {
      bound.destroy()
      if (binding.current === bound) binding.current = null
    }
  }, [scene, link])

  useEffect(() => {
    if (scene === null) return undefined
    const timer = setInterval(() => {
      // A board on which nothing moves costs nothing.
      if (moved.current) scene.updateScene({ collaborators: new Map(collaborators.current) })
      moved.current = false
    }, 80)
    return () => clearInterval(timer)
  }, [scene])

  async function save(kind: 'png' | 'svg') {
    if (scene === null) return
    const what = { elements: scene.getSceneElements(), appState: { ...scene.getAppState(), exportBackground: true, exportWithDarkMode: false }, files: null, exportPadding: 24 }
    const file = `${name.replace(/[^\p{L}\p{N} _-]/gu, '').trim() || 'whiteboard'}.${kind}`
    if (kind === 'png') saveBlob(await exportToBlob({ ...what, mimeType: 'image/png', getDimensions: (width: number, height: number) => ({ width: width * 2, height: height * 2, scale: 2 }) }), file)
    else saveBlob(new Blob([(await exportToSvg(what)).outerHTML], { type: 'image/svg+xml' }), file)
  }

  if (shown.status === 'gone') {
    return (
      <Middle>
        <p className="text-lg font-semibold">{t('board.gone')}</p>
        <p className="max-w-sm text-center text-pretty text-ink-soft">{shown.reason}</p>
        <div className="flex gap-2.5">
          <Button look="primary" onClick={() => onAgain('')}>
            {t('board.again')}
          </Button>
          {children}
        </div>
      </Middle>
    )
  }
  return (
    <div className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex min-h-13 items-center gap-3 border-b border-line px-3 sm:px-4">
        <h1 className="min-w-0 flex-1 truncate text-lg" id="board-title">
          {name}
        </h1>
        <People editors={shown.editors} self={shown.self} />
        <SavedMark shown={shown} />
        <span className="flex items-center max-sm:hidden">
          <Button look="quiet" icon={<Download size={16} />} aria-label={t('board.export.png')} title={t('board.export.png')} onClick={() => void save('png')}>
            PNG
          </Button>
          <Button look="quiet" icon={<Download size={16} />} aria-label={t('board.export.svg')} title={t('board.export.svg')} onClick={() => void save('svg')}>
            SVG
          </Button>
        </span>
        {children}
      </header>
      {shown.opened && !shown.mayEdit && (
        <p className="flex items-center gap-2 bg-light-wash px-4 py-2 text-sm font-medium text-light-ink">
          <Eye size={16} aria-hidden="true" />
          {t('board.readOnly')}
        </p>
      )}
      {notice !== '' && (
        <p role="alert" className="bg-danger-wash px-4 py-2 text-sm font-medium text-danger-ink">
          {notice}
        </p>
      )}
      <div className="relative min-h-0 flex-1" data-board={shown.opened ? 'open' : 'opening'}>
        {shown.opened && link !== null ? (
          <Excalidraw
            excalidrawAPI={setScene}
            initialData={() => ({ elements: [...elementsOf(link.doc.getMap('elements'))], appState: { currentItemFontFamily: 5 }, scrollToContent: true })}
            theme={theme}
            langCode="en"
            name={name}
            isCollaborating
            viewModeEnabled={!shown.mayEdit}
            UIOptions={UI_OPTIONS}
            aiEnabled={false}
            validateEmbeddable={false}
            handleKeyboardGlobally={false}
            // A board was asked for: its keys are at hand at once.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            onChange={() => {
              nameButtons()
              binding.current?.sceneChanged(shown.mayEdit)
            }}
            onPointerUpdate={({ pointer, button }) => link.point(JSON.stringify({ x: Math.round(pointer.x), y: Math.round(pointer.y), tool: pointer.tool, button }))}
          />
        ) : (
          <Middle>
            <Spinner />
            <p role="status">{t('board.opening')}</p>
          </Middle>
        )}
      </div>
    </div>
  )
}

/** Two buttons of Excalidraw's are called otherwise than what is to be seen on them, or nothing at all. */
function nameButtons(): void {
  document.querySelector('.excalidraw .main-menu-trigger:not([aria-label])')?.setAttribute('aria-label', t('board.menu'))
  document.querySelector('.excalidraw .reset-zoom-button[aria-label]')?.removeAttribute('aria-label')
}

function Middle({ children }: { children: ReactNode }) {
  return <div className="grid h-full place-content-center justify-items-center gap-3 bg-surface p-6">{children}</div>
}

function People({ editors, self }: { editors: readonly DocumentEditor[]; self: number }) {
  const others = editors.filter(({ editor }) => editor !== self)
  if (others.length === 0) return null
  const names = others.map(({ name }) => name).join(', ')
  return (
    <span role="img" aria-label={t('board.people', { names })} title={names} className="flex -space-x-1.5">
      {others.slice(0, 5).map(({ editor, name, userId }) => (
        <span
          key={editor}
          aria-hidden="true"
          style={{ backgroundColor: colourFor(userId) }}
          className="grid size-7 place-items-center rounded-full border-2 border-surface text-xs font-bold text-[#16181d]"
        >
          {name.slice(0, 1).toUpperCase()}
        </span>
      ))}
      {others.length > 5 && <span className="grid size-7 place-items-center rounded-full border-2 border-surface bg-sunken text-xs font-bold">+{others.length - 5}</span>}
    </span>
  )
}

function SavedMark({ shown: { status, saved, opened } }: { shown: Shown }) {
  const [icon, text] =
    status === 'lost'
      ? [<CloudOff key="lost" size={16} className="text-danger-ink" />, t('board.lost')]
      : !opened || saved
        ? [<Check key="saved" size={16} className="text-good" />, t('board.saved')]
        : [<LoaderCircle key="saving" size={16} className="motion-safe:animate-spin" />, t('board.saving')]
  return (
    <span role="status" data-saved={status === 'live' && saved} className="flex items-center gap-1.5 text-sm text-ink-soft">
      <span aria-hidden="true">{icon}</span>
      <span className="max-sm:sr-only">{text}</span>
    </span>
  )
}

function cursorOf(state: string): Partial<Collaborator> {
  try {
    const { x, y, tool, button } = JSON.parse(state) as Record<string, unknown>
    if (typeof x !== 'number' || typeof y !== 'number') return {}
    return { pointer: { x, y, tool: tool === 'laser' ? 'laser' : 'pointer' }, button: button === 'down' ? 'down' : 'up' }
  } catch {
    return {}
  }
}

const subscribe = (onChange: () => void) => {
  const observer = new MutationObserver(onChange)
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** The theme that the page has now. */
function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'))
}
