import { expect, test } from 'vitest'
import { cameraEncoding, screenEncoding } from './sending.ts'

test('the more people look, the less each picture takes', () => {
  for (const encoding of [cameraEncoding, screenEncoding]) {
    let before = Number.POSITIVE_INFINITY
    for (let receivers = 1; receivers <= 12; receivers += 1) {
      const { maxBitrate } = encoding(receivers)
      expect(maxBitrate).toBeLessThanOrEqual(before)
      before = maxBitrate
    }
  }
})

test('six people with cameras stay below 2 Mbit/s of uplink', () => {
  for (let people = 2; people <= 6; people += 1) {
    expect((people - 1) * cameraEncoding(people - 1).maxBitrate).toBeLessThanOrEqual(2_000_000)
  }
})

test('in a crowd the camera rests and sound goes on', () => {
  expect(cameraEncoding(9).active).toBe(false)
})

test('low takes less of the uplink than recommended, and high more', () => {
  for (const encoding of [cameraEncoding, screenEncoding]) {
    for (const receivers of [1, 3, 6]) {
      const [low, usual, high] = (['low', 'recommended', 'high'] as const).map((quality) => encoding(receivers, quality).maxBitrate)
      expect(low).toBeLessThan(usual!)
      expect(usual).toBeLessThan(high!)
    }
  }
})
