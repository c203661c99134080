import { afterEach, expect, it, vi } from 'vitest'
import { Mixer } from './mixer.ts'

class FakeNode {
  readonly gain = { value: 1, setTargetAtTime: () => undefined }
  connect(to: FakeNode): FakeNode {
    return to
  }
}

/** `state`: as a telephone call leaves it in some browsers. */
class FakeContext {
  static state = 'suspended'
  state = FakeContext.state
  readonly destination = new FakeNode()
  createGain = () => new FakeNode()
  createAnalyser = () => new FakeNode()
  addEventListener = (): void => undefined
  async resume(): Promise<void> {
    this.state = 'running'
  }
  async close(): Promise<void> {
    this.state = 'closed'
  }
}

afterEach(() => vi.unstubAllGlobals())

it.each(['suspended', 'interrupted'])('plays again what was %s when the person does something', async (state) => {
  FakeContext.state = state
  const acts: (() => void)[] = []
  vi.stubGlobal('AudioContext', FakeContext)
  vi.stubGlobal('window', { addEventListener: (_: string, act: () => void) => acts.push(act) })
  const mixer = new Mixer(() => undefined)
  acts[0]?.()
  await Promise.resolve()
  expect(mixer.blocked).toBe(false)
  mixer.close()
  await mixer.resume()
  expect(mixer.blocked).toBe(true)
})
