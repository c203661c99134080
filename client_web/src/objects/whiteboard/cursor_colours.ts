const HUES = 12

/** The colours of somebody's cursor: always the same for one person, light enough for dark letters. */
export function colourFor(userId: string): { readonly background: string; readonly stroke: string } {
  let sum = 0
  for (const letter of userId) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0
  const hue = (sum % HUES) * (360 / HUES)
  return { background: `hsl(${hue} 70% 68%)`, stroke: `hsl(${hue} 70% 38%)` }
}
