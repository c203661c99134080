import { describe, expect, it } from 'vitest'

import { en } from './en.ts'

const SOURCES = import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../i18n/**', '!../**/*.test.ts', '!../**/*.fixture.ts'], { eager: true, query: '?raw', import: 'default' })
/** Three words and more that begin as a sentence does, in a string. */
const SENTENCE = /(['"`])[A-Z][a-z]+ [a-z]+ [a-z][^'"`]*\1/
/** Words between tags. */
const WORDS = /(?<!=)>\s*[A-Z][a-z]+(?: [a-z]+)*[.…]?\s*</
/** Nobody but a developer reads those. */
const FOR_DEVELOPERS = /Error\(|console\.|^\s*(?:\*|\/\/|\/\*)/

describe('the catalogue', () => {
  it('has every text that the interface shows', () => {
    const found = Object.entries(SOURCES).flatMap(([file, text]) =>
      text
        .split('\n')
        .filter((line) => !FOR_DEVELOPERS.test(line) && (SENTENCE.test(line) || (file.endsWith('x') && WORDS.test(line))))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(Object.keys(SOURCES).length).toBeGreaterThan(300)
    expect(found).toEqual([])
  })

  it('has no text that says nothing, and none with a space at its end', () => {
    const untidy = Object.entries<string>(en).filter(([, text]) => text === '' || text !== text.trim())
    expect(untidy).toEqual([])
  })
})
