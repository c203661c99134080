import { expect, test } from 'vitest'
import { mediaKey } from './media_keys.ts'

const press = (key: string, change: object = {}) => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, target: null, ...change })

test('M mutes and V shows, in either case, but never with Control', () => {
  expect(mediaKey(press('m'), false)).toBe('microphone')
  expect(mediaKey(press('V'), false)).toBe('camera')
  expect(mediaKey(press('v', { ctrlKey: true }), false)).toBeNull()
})

test('T and the space bar talk only with push-to-talk', () => {
  for (const held of [press('t'), press(' ', { code: 'Space' })]) {
    expect(mediaKey(held, false)).toBeNull()
    expect(mediaKey(held, true)).toBe('talk')
  }
})
