import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { rounds } from './rounds.ts'

/** As much of a document as rounds look at. */
class Page extends EventTarget {
  hidden = false

  hide(hidden: boolean): void {
    this.hidden = hidden
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

let page: Page

beforeEach(() => {
  vi.useFakeTimers()
  page = new Page()
  vi.stubGlobal('document', page)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('rounds', () => {
  it('are made less often while nobody looks, and at once when somebody does', () => {
    const call = vi.fn<() => void>()
    const end = rounds(call, 100, 1000)
    vi.advanceTimersByTime(1000)
    expect(call).toHaveBeenCalledTimes(10)
    page.hide(true)
    vi.advanceTimersByTime(3000)
    expect(call).toHaveBeenCalledTimes(10 + 1 + 3)
    page.hide(false)
    expect(call).toHaveBeenCalledTimes(15)
    vi.advanceTimersByTime(500)
    expect(call).toHaveBeenCalledTimes(20)
    end()
    page.hide(true)
    vi.advanceTimersByTime(5000)
    expect(call).toHaveBeenCalledTimes(20)
  })

  it('are not made at all where nobody needs them', () => {
    const call = vi.fn<() => void>()
    page.hidden = true
    rounds(call, 100, null)
    vi.advanceTimersByTime(5000)
    expect(call).not.toHaveBeenCalled()
    page.hide(false)
    vi.advanceTimersByTime(200)
    expect(call).toHaveBeenCalledTimes(3)
  })
})
