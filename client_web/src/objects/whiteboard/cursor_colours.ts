/** The colour that Excalidraw gives to the cursor of a person: the mark of who is here has the same. */
export function colourFor(userId: string): string {
  let hash = 0
  for (let at = 0; at < userId.length; at++) hash = (hash << 5) - hash + userId.charCodeAt(at)
  return `hsl(${(Math.abs(hash) % 37) * 10}, 100%, 83%)`
}
