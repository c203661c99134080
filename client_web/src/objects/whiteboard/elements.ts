import { CaptureUpdateAction, reconcileElements, restoreElements } from '@excalidraw/excalidraw'
import type { RemoteExcalidrawElement } from '@excalidraw/excalidraw/data/reconcile'
import type { AppState } from '@excalidraw/excalidraw/types'
import type * as Y from 'yjs'
import { byIndex, type Element, type MergeRules, readElement } from './binding.ts'

/** How Excalidraw makes whole what strangers sent, and puts two versions of a scene together. */
export const EXCALIDRAW_RULES: MergeRules = {
  whole,
  merge: (local, remote, state) => reconcileElements(local as Parameters<typeof reconcileElements>[0], remote as RemoteExcalidrawElement[], state),
  remembers: CaptureUpdateAction.NEVER,
}

/** Excalidraw forgets that a stroke is finished, and draws the end of one that is not a little short of the pen. */
function whole(elements: readonly Element[]): readonly Element[] {
  const finished = new Set(elements.filter((element) => element.type === 'freedraw' && Array.isArray(element.lastCommittedPoint)).map(({ id }) => id))
  return restoreElements(elements, null).map((element) => (element.type === 'freedraw' && finished.has(element.id) ? { ...element, lastCommittedPoint: element.points.at(-1) ?? null } : element))
}

const NO_STATE = { editingTextElement: null, resizingElement: null, newElement: null, selectedElementIds: {} } as unknown as AppState

/** All elements of a document, made whole. */
export function elementsOf(map: Y.Map<unknown>): readonly Element[] {
  const found = [...map.entries()].map(([id, text]) => readElement(id, text)).filter((element) => element !== null)
  return EXCALIDRAW_RULES.merge([], EXCALIDRAW_RULES.whole(found.toSorted(byIndex)), NO_STATE)
}
