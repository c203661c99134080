import { expect, test } from 'vitest'
import { TokenKeeper, type Grant } from './session_token.ts'

type User = { name: string }

const MINUTES = 60_000

/** A keeper over a clock, a timer list and a server that the test moves by hand. */
function setUp() {
  const world = {
    now: 0,
    refreshes: 0,
    changes: [] as (Grant<User> | null)[],
    announced: [] as (Grant<User> | null)[],
    plans: [] as { at: number; call: () => void }[],
    answer: async (): Promise<Grant<User> | null> => grant(`token ${world.refreshes}`, world.now + 10 * MINUTES),
    /** Moves the clock and runs what falls due, oldest first. */
    async pass(ms: number) {
      const end = world.now + ms
      for (;;) {
        const due = world.plans.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        world.plans.splice(world.plans.indexOf(due), 1)
        world.now = due.at
        due.call()
        await settle()
      }
      world.now = end
    },
  }
  const keeper = new TokenKeeper<User>({
    refresh: async () => {
      world.refreshes += 1
      return world.answer()
    },
    onChange: (change) => world.changes.push(change),
    now: () => world.now,
    exclusively: (work) => work(),
    after: (ms, call) => {
      const plan = { at: world.now + ms, call }
      world.plans.push(plan)
      return () => {
        const place = world.plans.indexOf(plan)
        if (place >= 0) world.plans.splice(place, 1)
      }
    },
    announce: (change) => world.announced.push(change),
  })
  return { world, keeper }
}

const grant = (accessToken: string, expiresAt: number): Grant<User> => ({ user: { name: 'Ana' }, accessToken, expiresAt })

/** Lets all promises that can settle do so. */
async function settle() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

test('requests that fail together share one refresh', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  const tokens = await Promise.all([keeper.renew('old'), keeper.renew('old'), keeper.renew('old')])
  expect(world.refreshes).toBe(1)
  expect(tokens.map((each) => each?.accessToken)).toEqual(['token 1', 'token 1', 'token 1'])
})

test('a late failure with the old token takes the new one without asking again', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  await keeper.renew('old')
  expect((await keeper.renew('old'))?.accessToken).toBe('token 1')
  expect(world.refreshes).toBe(1)
})

test('the token is renewed a minute before it ends, again and again', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('first', 10 * MINUTES), true)
  await world.pass(9 * MINUTES - 1)
  expect(world.refreshes).toBe(0)
  await world.pass(1)
  expect(world.refreshes).toBe(1)
  await world.pass(9 * MINUTES)
  expect(world.refreshes).toBe(2)
})

test('a token that ends within a second is renewed before it is used', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  world.now = 10 * MINUTES - 500
  expect(await keeper.token()).toBe('token 1')
})

test('a refused refresh ends the session and tells the other tabs', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  world.answer = async () => null
  expect(await keeper.renew('old')).toBeNull()
  expect(world.changes.at(-1)).toBeNull()
  expect(world.announced).toEqual([null])
  expect(await keeper.token()).toBeNull()
})

test('a server that does not answer logs nobody out; the keeper asks again', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  const answer = world.answer
  world.answer = () => Promise.reject(new Error('unreachable'))
  await world.pass(9 * MINUTES)
  expect(keeper.grant?.accessToken).toBe('old')
  world.answer = answer
  await world.pass(5_000)
  expect(keeper.grant?.accessToken).toBe('token 2')
})

test('a grant from another tab is taken and not sent back', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('theirs', 10 * MINUTES), false)
  expect(await keeper.token()).toBe('theirs')
  expect(world.announced).toEqual([])
})

test('a refresh that another tab was faster with is not made', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  keeper.accept(grant('theirs', 20 * MINUTES), false)
  expect((await keeper.renew('old'))?.accessToken).toBe('theirs')
  expect(world.refreshes).toBe(0)
})

test('an answer that comes after the log-out does not log in again', async () => {
  const { world, keeper } = setUp()
  keeper.accept(grant('old', 10 * MINUTES), false)
  const underWay: ((answer: Grant<User>) => void)[] = []
  world.answer = () => new Promise((resolve) => underWay.push(resolve))
  const renewal = keeper.renew('old')
  await settle()
  keeper.accept(null, true)
  underWay[0]?.(grant('late', 30 * MINUTES))
  expect(await renewal).toBeNull()
  expect(keeper.grant).toBeNull()
  expect(world.plans).toEqual([])
})
