import { beforeEach, expect, it } from 'vitest'
import { MEDIA } from '../net/wire.ts'
import { AGAIN_MS, StateReport } from './state_report.ts'

const ON = MEDIA.microphone
let report: StateReport

beforeEach(() => {
  report = new StateReport()
  report.forget()
})

it('says at once what changed, and once if the server took note', () => {
  expect(report.isDue(0, 0, 0)).toBe(false)
  expect(report.isDue(0, ON, 0)).toBe(true)
  report.told(0, ON)
  expect(report.isDue(100, ON, 0)).toBe(false)
  expect(report.isDue(10 * AGAIN_MS, ON, ON)).toBe(false)
  expect(report.isDue(200, 0, ON)).toBe(true)
})

it('says it again as long as the server says something else', () => {
  report.told(0, ON)
  expect(report.isDue(AGAIN_MS - 1, ON, 0)).toBe(false)
  expect(report.isDue(AGAIN_MS, ON, 0)).toBe(true)
  report.told(AGAIN_MS, ON)
  expect(report.isDue(2 * AGAIN_MS - 1, ON, 0)).toBe(false)
  expect(report.isDue(2 * AGAIN_MS, ON, 0)).toBe(true)
})

it('says nothing before the server has welcomed this person, and all of it to one that forgot everything', () => {
  expect(new StateReport().isDue(0, ON, 0)).toBe(false)
  report.told(0, ON)
  report.forget()
  expect(report.isDue(1, ON, ON)).toBe(true)
})
