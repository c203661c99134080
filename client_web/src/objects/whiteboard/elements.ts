import { CaptureUpdateAction, reconcileElements, restoreElements } from '@excalidraw/excalidraw'
import type { RemoteExcalidrawElement } from '@excalidraw/excalidraw/data/reconcile'
import type { AppState } from '@excalidraw/excalidraw/types'
import type * as Y from 'yjs'
import { byIndex, type Element, type MergeRules, readElement } from './binding.ts'

/** How Excalidraw makes whole what strangers sent, and puts two versions of a scene together. */
export const EXCALIDRAW_RULES: MergeRules = {
  whole: (elements) => restoreElements(elements, null),
  merge: (local, remote, state) => reconcileElements(local as Parameters<typeof reconcileElements>[0], remote as RemoteExcalidrawElement[], state),
  remembers: CaptureUpdateAction.NEVER,
}

const NO_STATE = { editingTextElement: null, resizingElement: null, newElement: null, selectedElementIds: {} } as unknown as AppState

/** All elements of a document, made whole. */
export function elementsOf(map: Y.Map<unknown>): readonly Element[] {
  const found = [...map.entries()].map(([id, text]) => readElement(id, text)).filter((element) => element !== null)
  return EXCALIDRAW_RULES.merge([], EXCALIDRAW_RULES.whole(found.toSorted(byIndex)), NO_STATE)
}
