/**
 * Dark enough for white letters (at least 4.5:1), and each two far apart for every kind of colour blindness: the test
 * simulates them. The letters tell people apart, the colour only helps.
 */
export const BADGE_COLOURS: readonly string[] = ['#2c166e', '#005c5c', '#a81ccc', '#c24406', '#58002c', '#842c00', '#6e2c9a', '#6a6f9c']

const letters = (word: string) => [...word]

/** Up to two letters for a name: of the first and the last word, or the first two of a single one. */
export function initialsOf(name: string): string {
  const words = name.normalize('NFC').split(/[\s._-]+/u).filter((word) => word !== '')
  const first = letters(words[0] ?? '?')
  const second = words.length > 1 ? letters(words.at(-1)!)[0]! : (first[1] ?? '')
  return (first[0]! + second).toUpperCase()
}

/** The same person has the same colour everywhere. */
export function badgeColour(id: string): string {
  let hash = 0
  for (const letter of id) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) >>> 0
  return BADGE_COLOURS[hash % BADGE_COLOURS.length]!
}
