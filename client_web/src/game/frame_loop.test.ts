import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { FrameLoop } from './frame_loop.ts'

/** A page whose tab can be hidden. */
class Page extends EventTarget {
  hidden = false

  look(isSeen: boolean): void {
    this.hidden = !isSeen
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

/** Whole milliseconds, as the timers of tests have. */
const DISPLAY_MS = 16
const SECOND = 1000
const nothing = (): void => undefined

describe('the loop of frames', () => {
  let page: Page
  let ended: AbortController
  let drawn: number
  let paced: number
  let asked: number
  let loop: FrameLoop

  beforeEach(() => {
    vi.useFakeTimers({ now: 5000, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
    page = new Page()
    vi.stubGlobal('document', page)
    vi.stubGlobal('navigator', {})
    asked = drawn = paced = 0
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
      asked += 1
      return setTimeout(() => callback(performance.now()), DISPLAY_MS - (performance.now() % DISPLAY_MS))
    })
    vi.stubGlobal('cancelAnimationFrame', clearTimeout)
    ended = new AbortController()
    loop = new FrameLoop(
      {
        onFrame: () => {
          drawn += 1
        },
        onPace: () => {
          paced += 1
        },
        onRound: (now) => loop.pacing.review(now),
        onDetail: () => undefined,
      },
      ended.signal,
    )
  })

  afterEach(() => {
    ended.abort()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const during = (ms: number): { drawn: number; paced: number; asked: number } => {
    const before = { drawn, paced, asked }
    vi.advanceTimersByTime(ms)
    return { drawn: drawn - before.drawn, paced: paced - before.paced, asked: asked - before.asked }
  }

  it('draws every time that the display comes round', () => {
    loop.start()
    const second = during(SECOND)
    expect(second.drawn).toBeGreaterThan(58)
    expect(second.paced).toBe(0)
  })

  it('asks for half as many frames where work is to be spared, and draws all that it asked for', () => {
    loop.start()
    loop.pacing.choose('saver')
    const second = during(SECOND)
    expect(second.drawn).toBeGreaterThan(27)
    expect(second.drawn).toBeLessThan(33)
    expect(second.asked).toBeLessThanOrEqual(second.drawn + 1)
  })

  it('draws nothing for those who only listen, but time goes on', () => {
    loop.start()
    loop.pacing.choose('audio')
    during(200)
    const second = during(SECOND)
    expect([second.drawn, second.asked]).toEqual([0, 0])
    expect(second.paced).toBeGreaterThan(25)
  })

  it('does nothing at all in a hidden page, and goes on when it is seen again', () => {
    loop.start()
    page.look(false)
    expect(during(10 * SECOND)).toEqual({ drawn: 0, paced: 0, asked: 0 })
    expect(vi.getTimerCount()).toBe(0)
    page.look(true)
    expect(during(SECOND).drawn).toBeGreaterThan(58)
  })

  it('leaves nothing running when the game is over', () => {
    loop.start()
    ended.abort()
    expect(vi.getTimerCount()).toBe(0)
    expect(during(SECOND)).toEqual({ drawn: 0, paced: 0, asked: 0 })
  })
})

describe('a machine that is too slow', () => {
  let page: Page
  let gapMs: number
  let ended: AbortController
  let loop: FrameLoop
  let waiting: FrameRequestCallback | null

  beforeEach(() => {
    vi.useFakeTimers({ now: 5000, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
    page = new Page()
    waiting = null
    vi.stubGlobal('document', page)
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
      waiting = callback
      return 1
    })
    vi.stubGlobal('cancelAnimationFrame', () => {
      waiting = null
    })
    ended = new AbortController()
    loop = new FrameLoop({ onFrame: nothing, onPace: nothing, onRound: (now) => loop.pacing.review(now), onDetail: nothing }, ended.signal)
    loop.start()
  })

  afterEach(() => {
    ended.abort()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  /** The display comes round every `gapMs` if it was asked to. */
  const during = (ms: number): void => {
    for (let left = ms; left > 0; left -= gapMs) {
      vi.advanceTimersByTime(gapMs)
      const callback = waiting
      waiting = null
      callback?.(performance.now())
    }
  }

  it('gets a plainer picture by itself, and the full one back when it has become quick', () => {
    gapMs = 45
    during(3 * SECOND)
    expect(loop.pacing.detail).toBe('full')
    during(8 * SECOND)
    expect([loop.pacing.detail, loop.pacing.reason]).toEqual(['saver', 'slow'])
    gapMs = DISPLAY_MS
    during(20 * SECOND)
    expect(loop.pacing.detail).toBe('saver')
    during(30 * SECOND)
    expect([loop.pacing.detail, loop.pacing.reason]).toEqual(['full', 'usual'])
  })

  it('is asked for sound only where even that is hopeless', () => {
    gapMs = 400
    during(60 * SECOND)
    expect([loop.pacing.detail, loop.pacing.reason]).toEqual(['audio', 'slow'])
    loop.pacing.retry()
    expect(loop.pacing.detail).toBe('full')
  })

  it('keeps what a person has chosen', () => {
    loop.pacing.choose('full')
    gapMs = 400
    during(30 * SECOND)
    expect([loop.pacing.detail, loop.pacing.reason]).toEqual(['full', 'chosen'])
  })
})
