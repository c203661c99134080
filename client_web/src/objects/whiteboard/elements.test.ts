import { expect, it, vi } from 'vitest'
import type { Element } from './binding.ts'
import { EXCALIDRAW_RULES } from './elements.ts'

// As Excalidraw does it; itself, it wants a browser.
vi.mock('@excalidraw/excalidraw', () => ({
  CaptureUpdateAction: { NEVER: 'NEVER' },
  reconcileElements: (local: object[], remote: object[]) => [...local, ...remote],
  restoreElements: (elements: object[]) => elements.map((element) => ({ ...element, lastCommittedPoint: null })),
}))

const stroke = (id: string, lastCommittedPoint: unknown): Element => ({ id, type: 'freedraw', points: [[0, 0], [20, 9]], lastCommittedPoint }) as unknown as Element

it('leaves a finished stroke finished, so that it ends where the pen was lifted', () => {
  const [done, underWay, odd] = EXCALIDRAW_RULES.whole([stroke('a', [20, 9]), stroke('b', null), stroke('c', 'nonsense')])
  expect(done).toHaveProperty('lastCommittedPoint', [20, 9])
  expect(underWay).toHaveProperty('lastCommittedPoint', null)
  expect(odd).toHaveProperty('lastCommittedPoint', null)
})
