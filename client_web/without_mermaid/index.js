/** Excalidraw asks for this when text looks like a diagram in Mermaid's language; it then pastes the text as it is. */
export async function parseMermaidToExcalidraw() {
  throw new Error('This whiteboard draws no diagrams from text.')
}
