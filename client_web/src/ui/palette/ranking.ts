import type { Command } from '../room/hud.ts'

const plain = (text: string) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()

/** How well one word of a query fits a text; 0: not at all. A beginning counts more than a middle, a middle more than scattered letters. */
function fit(word: string, text: string): number {
  if (text.startsWith(word)) return 100
  const at = text.indexOf(word)
  if (at > 0) return /[\s\-–—:(“]/.test(text[at - 1]!) ? 80 : 40
  let from = -1
  let gaps = 0
  for (const letter of word) {
    const next = text.indexOf(letter, from + 1)
    if (next < 0) return 0
    if (from >= 0) gaps += next - from - 1
    from = next
  }
  // Scattered letters of a long text fit everything and help nobody.
  return word.length >= 2 && gaps <= word.length ? 15 - gaps : 0
}

/** How well a command fits a query; every word of it has to. */
export function scoreOf(command: Pick<Command, 'title' | 'words'>, query: string): number {
  const title = plain(command.title)
  const words = plain(command.words ?? '')
  let score = 0
  for (const word of plain(query).split(/\s+/)) {
    if (word === '') continue
    const best = Math.max(fit(word, title), words.includes(word) ? 30 : 0)
    if (best === 0) return 0
    score += best
  }
  return score
}

/** The commands that fit, best first; with an empty query all, as they come. At most `most`. */
export function rank(commands: readonly Command[], query: string, most: number): Command[] {
  if (query.trim() === '') return commands.slice(0, most)
  return commands
    .map((command) => ({ command, score: scoreOf(command, query) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ command }) => command)
}
