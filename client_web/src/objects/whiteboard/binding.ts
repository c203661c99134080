import type { ExcalidrawElement } from '@excalidraw/excalidraw/element/types'
import type { AppState, SceneData } from '@excalidraw/excalidraw/types'
import type * as Y from 'yjs'

export type Element = ExcalidrawElement

/** What of Excalidraw's scene is needed. */
export interface Scene {
  getSceneElementsIncludingDeleted(): readonly Element[]
  getAppState(): AppState
  updateScene(change: { elements: readonly Element[]; captureUpdate: NonNullable<SceneData['captureUpdate']> }): void
}

export interface MergeRules {
  /** What came from strangers, made whole; what cannot be shown is left out. */
  readonly whole: (elements: readonly Element[]) => readonly Element[]
  /** Both together in their order. Of two versions of one element the higher stays, and always the one that is being edited. */
  readonly merge: (local: readonly Element[], remote: readonly Element[], state: AppState) => readonly Element[]
  /** What others do is nothing that one can undo. */
  readonly remembers: NonNullable<SceneData['captureUpdate']>
}

/** While somebody draws a line, it is told so often. */
const TELL_MS = 80

type Stamp = string
const stampOf = ({ version, versionNonce }: Pick<Element, 'version' | 'versionNonce'>): Stamp => `${version} ${versionNonce}`

/** What is kept of one element; null: not an element. The text comes from strangers. */
export function readElement(key: string, text: unknown): Element | null {
  if (typeof text !== 'string') return null
  try {
    const element: unknown = JSON.parse(text)
    if (typeof element !== 'object' || element === null) return null
    const { id, type, version, versionNonce } = element as Record<string, unknown>
    const isElement = id === key && typeof type === 'string' && typeof version === 'number' && typeof versionNonce === 'number'
    return isElement ? (element as Element) : null
  } catch {
    return null
  }
}

/** In another order Excalidraw would give them new places, and everybody others. */
export function byIndex(a: Element, b: Element): number {
  const [first, second] = [a.index ?? '', b.index ?? '']
  if (first === second) return a.id < b.id ? -1 : 1
  return first < second ? -1 : 1
}

/**
 * Keeps an Excalidraw scene and a document the same. Each element is one entry of the document, a JSON text: of two who
 * change one element at the same moment the later wins, and nobody's other element is touched.
 */
export class Binding {
  readonly #map: Y.Map<unknown>
  readonly #scene: Scene
  readonly #rules: MergeRules
  /** The stamp in the scene of each element that the document has just so. Any other was changed here and is not told yet. */
  readonly #told = new Map<string, Stamp>()
  #isReady = false
  #isOver = false
  #mayEdit = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(map: Y.Map<unknown>, scene: Scene, rules: MergeRules) {
    this.#map = map
    this.#scene = scene
    this.#rules = rules
    map.observe(this.#changed)
  }

  /** The scene was changed, by hand or by `#bring`. The first time it says that Excalidraw shows what the document held when it was opened. */
  sceneChanged(mayEdit: boolean): void {
    this.#mayEdit = mayEdit
    if (!this.#isReady) {
      this.#isReady = true
      const shown = this.#scene.getSceneElementsIncludingDeleted()
      for (const element of shown) this.#told.set(element.id, stampOf(element))
      // Others went on drawing while Excalidraw started.
      this.#bring(new Set([...this.#map.keys(), ...shown.map(({ id }) => id)]))
    }
    this.#timer ??= setTimeout(() => this.flush(), TELL_MS)
  }

  /** Writes what was changed here. It is looked up now: what the scene held a moment ago, somebody else may have changed since. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (!this.#isReady || !this.#mayEdit || this.#isOver) return
    const changed = this.#scene.getSceneElementsIncludingDeleted().filter((element) => !this.#isTold(element))
    if (changed.length === 0) return
    this.#map.doc?.transact(() => {
      for (const element of changed) {
        this.#note(element)
        if (element.isDeleted) this.#map.delete(element.id)
        else this.#map.set(element.id, JSON.stringify(element))
      }
    })
  }

  destroy(): void {
    if (this.#isOver) return
    this.flush()
    this.#isOver = true
    this.#map.unobserve(this.#changed)
  }

  readonly #changed = (event: Y.YMapEvent<unknown>): void => {
    if (this.#isReady && !event.transaction.local) this.#bring(event.keysChanged)
  }

  /** Shows what the document has of these elements. */
  #bring(ids: Iterable<string>): void {
    const gone = new Set<string>()
    const found: Element[] = []
    for (const id of ids) {
      const element = readElement(id, this.#map.get(id))
      if (element === null) gone.add(id)
      else found.push(element)
    }
    const state = this.#scene.getAppState()
    const held = new Set([state.editingTextElement?.id, state.resizingElement?.id, state.newElement?.id])
    const came = new Map(this.#rules.whole(found.toSorted(byIndex)).map((element) => [element.id, element]))
    const own = new Set<string>()
    const kept: Element[] = []
    for (const element of this.#scene.getSceneElementsIncludingDeleted()) {
      const isOwn = !this.#isTold(element) || held.has(element.id)
      if (gone.has(element.id)) kept.push(element.isDeleted ? element : { ...element, isDeleted: true, version: element.version + 1 })
      else if (isOwn || !came.has(element.id)) kept.push(element)
      if (isOwn && !gone.has(element.id)) own.add(element.id)
    }
    const merged = this.#rules.merge(kept, [...came.values()], state)
    for (const element of merged) {
      const remote = came.get(element.id)
      // Where two drew at once, merging gives both elements new places: everybody finds the same ones, so that nobody need tell.
      if (!own.has(element.id) || element === remote) this.#note(element)
      else if (remote !== undefined) this.#told.set(element.id, 'another')
    }
    this.#scene.updateScene({ elements: merged, captureUpdate: this.#rules.remembers })
  }

  #isTold(element: Element): boolean {
    return this.#told.get(element.id) === (element.isDeleted ? undefined : stampOf(element))
  }

  #note(element: Element): void {
    if (element.isDeleted) this.#told.delete(element.id)
    else this.#told.set(element.id, stampOf(element))
  }
}
