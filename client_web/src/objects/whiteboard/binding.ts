import { CaptureUpdateAction, reconcileElements, restoreElements } from '@excalidraw/excalidraw'
import type { RemoteExcalidrawElement } from '@excalidraw/excalidraw/data/reconcile'
import type { ExcalidrawElement, OrderedExcalidrawElement } from '@excalidraw/excalidraw/element/types'
import type { AppState, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types'
import type * as Y from 'yjs'

/** While somebody draws a line, it is told so often. */
const TELL_MS = 80

type Stamp = string
const stampOf = ({ version, versionNonce }: Pick<ExcalidrawElement, 'version' | 'versionNonce'>): Stamp => `${version} ${versionNonce}`

/** What is kept of one element; null: not an element. The text comes from strangers. */
export function readElement(text: unknown): ExcalidrawElement | null {
  if (typeof text !== 'string') return null
  try {
    const element: unknown = JSON.parse(text)
    if (typeof element !== 'object' || element === null) return null
    const { id, type, version, versionNonce } = element as Record<string, unknown>
    const isElement = typeof id === 'string' && typeof type === 'string' && typeof version === 'number' && typeof versionNonce === 'number'
    return isElement ? (element as ExcalidrawElement) : null
  } catch {
    return null
  }
}

/** All elements of a document, made whole. */
export function elementsOf(map: Y.Map<unknown>): OrderedExcalidrawElement[] {
  const found = [...map.values()].map(readElement).filter((element) => element !== null)
  return reconcileElements([], restored(found), NO_STATE)
}

/** What came from strangers, made whole. */
const restored = (elements: readonly ExcalidrawElement[]) => restoreElements(elements, null) as unknown as RemoteExcalidrawElement[]

const NO_STATE = { editingTextElement: null, resizingElement: null, newElement: null, selectedElementIds: {} } as unknown as AppState

/**
 * Keeps an Excalidraw scene and a document the same. Each element is one entry of the document, a JSON text: of two who
 * change one element at the same moment the later wins, and nobody's other element is touched.
 */
export class Binding {
  readonly #map: Y.Map<unknown>
  readonly #scene: ExcalidrawImperativeAPI
  /** What the document has of each element. */
  readonly #known = new Map<string, Stamp>()
  #waiting: readonly OrderedExcalidrawElement[] | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(map: Y.Map<unknown>, scene: ExcalidrawImperativeAPI) {
    this.#map = map
    this.#scene = scene
    for (const text of map.values()) {
      const element = readElement(text)
      if (element !== null) this.#known.set(element.id, stampOf(element))
    }
    map.observe(this.#changed)
  }

  /** The scene was changed, by hand or by `#changed`. */
  sceneChanged(elements: readonly OrderedExcalidrawElement[]): void {
    this.#waiting = elements
    this.#timer ??= setTimeout(() => this.flush(), TELL_MS)
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const elements = this.#waiting
    this.#waiting = null
    if (elements === null) return
    const changed = elements.filter((element) => this.#known.get(element.id) !== (element.isDeleted ? undefined : stampOf(element)))
    if (changed.length === 0) return
    this.#map.doc?.transact(() => {
      for (const element of changed) {
        if (element.isDeleted) {
          this.#known.delete(element.id)
          this.#map.delete(element.id)
        } else {
          this.#known.set(element.id, stampOf(element))
          this.#map.set(element.id, JSON.stringify(element))
        }
      }
    })
  }

  destroy(): void {
    this.flush()
    this.#map.unobserve(this.#changed)
  }

  readonly #changed = (event: Y.YMapEvent<unknown>): void => {
    if (event.transaction.local) return
    const gone = new Set<string>()
    const came: ExcalidrawElement[] = []
    for (const id of event.keysChanged) {
      const element = readElement(this.#map.get(id))
      if (element === null) {
        gone.add(id)
        this.#known.delete(id)
      } else {
        came.push(element)
        this.#known.set(id, stampOf(element))
      }
    }
    const local = this.#scene.getSceneElementsIncludingDeleted()
    const kept = local.map((element) => (gone.has(element.id) && !element.isDeleted ? { ...element, isDeleted: true, version: element.version + 1 } : element))
    const elements = reconcileElements(kept, restored(came), this.#scene.getAppState())
    this.#scene.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER })
  }
}
