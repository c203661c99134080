import { expect, test } from 'vitest'
import { capacityProblem } from '../rooms/capacity.ts'
import { modesOf, placeToGo } from './place_to_go.ts'

test('a visitor goes back to where the log-in page was asked for', () => {
  expect(placeToGo({ path: '/rooms/r1', mode: 'login' })).toEqual({ path: '/rooms/r1', mode: 'login' })
})

test.each([null, undefined, 7, {}, { path: '//evil.example' }, { path: 'https://evil.example' }, { mode: 'admin' }])(
  'a state of %j leads to the rooms',
  (state) => expect(placeToGo(state)).toEqual({ path: '/rooms', mode: 'guest' }),
)

test.each(['2', ' 50 ', '5000'])('a capacity of %j is fine', (text) => expect(capacityProblem(text)).toBeNull())
test.each(['', '1', '5001', '-5', '2.5', 'ten', '1e3'])('a capacity of %j is not', (text) => expect(capacityProblem(text)).not.toBeNull())

test('a server shows the forms that work there', () => {
  const all = { password: true, registration: true, guests: true, oidc: null }
  expect(modesOf(all)).toEqual(['guest', 'login', 'register'])
  expect(modesOf({ ...all, registration: false, guests: false })).toEqual(['login'])
  expect(modesOf({ password: false, registration: true, guests: false, oidc: { label: 'SSO', url: '/api/auth/oidc/start' } })).toEqual(['login'])
})
