import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { ApiError, placeProblem, readProblem, wordsFor } from './problem.ts'

test('a known code is told in the words of the catalogue', () => {
  const error = readProblem(401, { code: 'invalid_credentials', detail: 'whatever the server says' })
  expect(error.message).toBe(en['problem.invalid_credentials'])
})

test('an unknown code falls back to what the server says, as a sentence', () => {
  expect(readProblem(409, { code: 'brand_new', detail: 'the lift is stuck' }).message).toBe('The lift is stuck.')
})

test.each([
  [502, '<html>', en['problem.server']],
  [418, null, en['problem.refused']],
  [400, ['odd'], en['problem.refused']],
])('a body that is no problem document leaves the status %i to speak', (status, body, words) => {
  expect(readProblem(status, body).message).toBe(words)
})

test('reasons become sentences, the first for each field', () => {
  const error = readProblem(422, {
    code: 'validation',
    errors: [
      { field: 'email', reason: 'is not an e-mail address' },
      { field: 'password', reason: 'must have 10 to 256 characters' },
      { field: 'password', reason: 'is sad' },
      { field: 'broken' },
      null,
    ],
  })
  expect(error.fields).toEqual({ email: 'This is not an e-mail address.', password: 'Must have 10 to 256 characters.' })
})

test('a problem whose fields are all on the form is told beside them only', () => {
  const error = new ApiError(422, 'validation', 'Look below.', { name: 'Too long.' })
  expect(placeProblem(error, ['name'])).toEqual({ fields: { name: 'Too long.' }, form: null })
})

test('a field the form does not show is told above the button', () => {
  const error = new ApiError(422, 'validation', 'Look below.', { name: 'Too long.', template: 'Unknown.' })
  expect(placeProblem(error, ['name'])).toEqual({ fields: { name: 'Too long.' }, form: 'Look below. Unknown.' })
})

test('a fault of our own does not show its insides', () => {
  expect(wordsFor(new TypeError('x is undefined'))).toBe(en['problem.unexpected'])
})
