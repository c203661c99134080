import { describe, expect, it } from 'vitest'
import { findEmoji, isOnlyEmoji, withEmoji } from './emoji.ts'
import { piecesOf, safeAddress } from './markup.ts'
import { XSS } from './xss.fixture.ts'

const joined = (text: string) => piecesOf(text).map((piece) => piece.text).join('')

describe('a message', () => {
  it('is text, code, blocks and links, and nothing is lost between them', () => {
    expect(piecesOf('see `x < 1` at https://example.org/a?b=1#c, please')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'code', text: 'x < 1' },
      { kind: 'text', text: ' at ' },
      { kind: 'link', text: 'https://example.org/a?b=1#c', href: 'https://example.org/a?b=1#c' },
      { kind: 'text', text: ',' },
      { kind: 'text', text: ' please' },
    ])
    expect(piecesOf('```ts\nconst a = `b`\n```')).toEqual([{ kind: 'block', text: 'const a = `b`' }])
  })

  it('keeps the brackets that are a link’s own', () => {
    expect(piecesOf('(https://en.wikipedia.org/wiki/Hall_(concept))').map(({ text }) => text)).toEqual(['(', 'https://en.wikipedia.org/wiki/Hall_(concept)', ')'])
  })

  it('makes links in code of nothing', () => {
    expect(piecesOf('`https://example.org`')).toEqual([{ kind: 'code', text: 'https://example.org' }])
  })

  it.each(XSS)('leads nowhere it should not: %s', (payload) => {
    const addresses = piecesOf(payload).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []))
    expect(addresses.filter((address) => !/^(?:https?:\/\/|mailto:)/.test(address))).toEqual([])
    expect(joined(payload).length).toBeGreaterThan(0)
  })

  it.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'https://bank.example@evil.example', 'https:', 'http://', '//evil.example', ' java\tscript:alert(1)'])(
    'takes no link to %s',
    (address) => expect(safeAddress(address)).toBeNull(),
  )
})

describe('emoji', () => {
  it('come from short names, but not in code, times or addresses', () => {
    expect(withEmoji('done :tada: at 10:30:45 :nothing:')).toBe('done 🎉 at 10:30:45 :nothing:')
    expect(withEmoji('`:tada:` and ```\n:tada:\n```')).toBe('`:tada:` and ```\n:tada:\n```')
    expect(withEmoji('http://x/:tada:/')).toBe('http://x/:tada:/')
  })

  it('are found by any of their words', () => {
    expect(findEmoji('cele')).toEqual(['🥳', '🎉'])
    expect(findEmoji('')).toEqual([])
  })

  it('alone are shown large', () => {
    expect(isOnlyEmoji('🎉')).toBe(true)
    expect(isOnlyEmoji('👨‍👩‍👧 ❤️')).toBe(true)
    expect(isOnlyEmoji('5')).toBe(false)
    expect(isOnlyEmoji('🎉 yes')).toBe(false)
  })
})
