import type { RefObject } from 'react'

interface Frame {
  readonly element: RefObject<HTMLElement | null>
  readonly toggle: () => void
}

const frames = new Set<Frame>()

/** A picture that the key for the full screen may take, until what is returned is called. */
export function addFrame(element: RefObject<HTMLElement | null>, toggle: () => void): () => void {
  const frame = { element, toggle }
  frames.add(frame)
  return () => frames.delete(frame)
}

/** Shows alone, or no longer, the picture that fills the screen, else the one with the focus, else the first on the page. */
export function toggleFullScreen(): void {
  const all = [...frames].filter(({ element }) => element.current !== null)
  const inOrder = all.toSorted((a, b) => (a.element.current!.compareDocumentPosition(b.element.current!) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
  const full = all.find(({ element }) => element.current === document.fullscreenElement)
  const focused = all.find(({ element }) => element.current!.contains(document.activeElement))
  ;(full ?? focused ?? inOrder[0])?.toggle()
}
