/**
 * What a message is made of. A text is never markup of the page: this takes it apart into plain pieces, and React shows
 * each as text. Only http, https and mailto become links.
 */

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'block'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const BLOCK = /```(?:[a-z0-9+#-]{0,16}\n)?([\s\S]*?)```/g
const CODE = /`([^`\n]+)`/g
const LINK = /\b(?:https?:\/\/|mailto:)[^\s<>"'`]+/gi
const SAFE: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

export function piecesOf(text: string): Piece[] {
  return split(text, BLOCK, ([, code = '']) => block(code), (around) =>
    split(around, CODE, ([, code = '']) => [{ kind: 'code', text: code }], (plain) => split(plain, LINK, ([found]) => link(found), (rest) => [{ kind: 'text', text: rest }])),
  )
}

/** The address that a link may lead to; null: none. */
export function safeAddress(text: string): string | null {
  try {
    const url = new URL(text)
    // Whoever reads `https://bank.example@evil.example` reads the wrong name.
    if (!SAFE.has(url.protocol) || url.username !== '' || url.password !== '') return null
    return url.protocol === 'mailto:' || url.hostname !== '' ? url.href : null
  } catch {
    return null
  }
}

function split(text: string, pattern: RegExp, found: (match: RegExpMatchArray) => Piece[], around: (text: string) => Piece[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) pieces.push(...around(text.slice(at, match.index)))
    pieces.push(...found(match))
    at = match.index + match[0].length
  }
  if (at < text.length) pieces.push(...around(text.slice(at)))
  return pieces
}

function block(code: string): Piece[] {
  const text = code.replace(/^\n|\n$/g, '')
  return text === '' ? [] : [{ kind: 'block', text }]
}

/** The full stop after a link, and the bracket around it, are not its own. */
function link(found: string): Piece[] {
  let text = found.replace(/[.,;:!?…*_~]+$/, '')
  while (/[)\]}]$/.test(text) && closes(text) > 0) text = text.slice(0, -1)
  const href = safeAddress(text)
  const rest = found.slice(text.length)
  const tail: Piece[] = rest === '' ? [] : [{ kind: 'text', text: rest }]
  return href === null ? [{ kind: 'text', text: found }] : [{ kind: 'link', text, href }, ...tail]
}

/** How many brackets more are closed than opened. */
function closes(text: string): number {
  let open = 0
  for (const letter of text) {
    if ('([{'.includes(letter)) open -= 1
    else if (')]}'.includes(letter)) open += 1
  }
  return open
}
