import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type IceAnswer, IceServers } from './ice_servers.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const turn = (credential: string): IceAnswer => ({ ice_servers: [{ urls: ['turn:t'], username: 'u', credential }], expires_in: 600 })

test('credentials are renewed before they run out', async () => {
  const answers = [turn('one'), turn('two')]
  const seen: (string | undefined)[] = []
  const ice = new IceServers(
    () => Promise.resolve(answers.shift()!),
    false,
    ({ iceServers }) => seen.push(iceServers?.[0]?.credential as string | undefined),
  )
  await vi.advanceTimersByTimeAsync(0)
  expect(ice.servers).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(451_000)
  expect(seen).toEqual(['one', 'two'])
  ice.close()
})

test('a server that is away is asked again, and what there was stays', async () => {
  let calls = 0
  const ice = new IceServers(
    () => (calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve({ ice_servers: [], expires_in: null })),
    false,
    () => undefined,
  )
  await vi.advanceTimersByTimeAsync(16_000)
  expect(calls).toBe(2)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(calls).toBe(2)
  ice.close()
})

test('nothing is asked after the end', async () => {
  let calls = 0
  const ice = new IceServers(
    () => {
      calls += 1
      return Promise.resolve(turn('x'))
    },
    false,
    () => undefined,
  )
  await vi.advanceTimersByTimeAsync(0)
  ice.close()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(calls).toBe(1)
})

test('where only a relay is allowed no other way is ever taken, also before the server has answered', async () => {
  let relayOnly = true
  const policies: (string | undefined)[] = []
  const answer = (): IceAnswer => ({ ...turn('x'), relay_only: relayOnly })
  const ice = new IceServers(
    () => Promise.resolve(answer()),
    true,
    ({ iceTransportPolicy }) => policies.push(iceTransportPolicy),
  )
  expect(ice.config).toMatchObject({ iceServers: [], iceTransportPolicy: 'relay' })
  await vi.advanceTimersByTimeAsync(0)
  relayOnly = false
  ice.refresh()
  await vi.advanceTimersByTimeAsync(0)
  expect(policies).toEqual(['relay', 'all'])
  ice.close()
})

test('an answer of before the room changed does not count after the one that came since', async () => {
  const answers: ((answer: IceAnswer) => void)[] = []
  const ice = new IceServers(() => new Promise((resolve) => answers.push(resolve)), false, () => undefined)
  ice.refresh()
  answers[1]?.({ ...turn('new'), relay_only: true })
  await vi.advanceTimersByTimeAsync(0)
  answers[0]?.({ ...turn('old'), relay_only: false })
  await vi.advanceTimersByTimeAsync(0)
  expect(ice.config).toMatchObject({ iceServers: [{ credential: 'new' }], iceTransportPolicy: 'relay' })
  ice.close()
})
