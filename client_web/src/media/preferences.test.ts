import { expect, test } from 'vitest'
import { DEFAULT_PREFERENCES, readPreferences, volumeOf } from './preferences.ts'

test.each([null, '', '{', '7', 'null', '{"volumes":7,"layout":"pile","masterVolume":9,"pushToTalk":"yes"}'])('what is damaged is the default: %s', (text) => {
  expect(readPreferences(text)).toEqual(DEFAULT_PREFERENCES)
})

test('volumes are kept by person; who has none is as loud as they speak', () => {
  const preferences = readPreferences('{"volumes":{"a":0.5,"b":3,"c":"loud"},"masterVolume":0}')
  expect(volumeOf(preferences, 'a')).toBe(0.5)
  expect(volumeOf(preferences, 'b')).toBe(1)
  expect(volumeOf(preferences, 'd')).toBe(1)
  expect(preferences.masterVolume).toBe(0)
})
