import { afterEach, expect, test, vi } from 'vitest'
import { createApi, sessionApi } from './api.ts'
import { ApiError } from './problem.ts'

afterEach(() => vi.unstubAllGlobals())

/** Stands in for the network: answers in order and keeps what was asked. */
function serve(...answers: (Response | Error)[]) {
  const asked: { path: string; token: string | null; init: RequestInit }[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, token: (init.headers as Record<string, string>).Authorization ?? null, init })
    const answer = answers.shift()
    if (answer === undefined) throw new Error(`nobody expected ${path}`)
    if (answer instanceof Error) throw answer
    return answer
  })
  return asked
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
const refused = () => json({ code: 'not_signed_in', detail: 'Log in first.' }, 401)

test('a refused token is renewed and the request made once more', async () => {
  const asked = serve(refused(), json({ rooms: [] }))
  const spent: (string | null)[] = []
  const api = createApi({
    token: async () => 'old',
    renewed: async (token) => {
      spent.push(token)
      return 'new'
    },
  })
  expect(await api.rooms()).toEqual([])
  expect(asked.map(({ token }) => token)).toEqual(['Bearer old', 'Bearer new'])
  expect(spent).toEqual(['old'])
})

test('a token that is refused again is not renewed a second time', async () => {
  const asked = serve(refused(), refused())
  const api = createApi({ token: async () => 'old', renewed: async () => 'new' })
  await expect(api.rooms()).rejects.toMatchObject({ status: 401, code: 'not_signed_in' })
  expect(asked).toHaveLength(2)
})

test('without a session a refusal is the answer', async () => {
  serve(refused())
  const api = createApi({ token: async () => null, renewed: () => Promise.reject(new Error('must not ask')) })
  await expect(api.room('r1')).rejects.toBeInstanceOf(ApiError)
})

test('a network that is down has words of its own', async () => {
  serve(new TypeError('Failed to fetch'))
  await expect(sessionApi.logIn('ana', 'secret')).rejects.toMatchObject({ status: 0, code: 'network' })
})

test('an id cannot break out of its path', async () => {
  const asked = serve(json({}))
  await createApi({ token: async () => null, renewed: async () => null }).room('../auth/me?x')
  expect(asked[0]?.path).toBe('/api/rooms/..%2Fauth%2Fme%3Fx')
})

test.each([401, 403, 404])('a refresh answered with %i means that there is no session', async (status) => {
  serve(json({ code: 'not_signed_in' }, status))
  expect(await sessionApi.refresh()).toBeNull()
})

test.each([429, 500, 503])('a refresh answered with %i says nothing about the session', async (status) => {
  serve(json({}, status))
  await expect(sessionApi.refresh()).rejects.toMatchObject({ status })
})
