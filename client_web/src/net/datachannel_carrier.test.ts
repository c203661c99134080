import { expect, it } from 'vitest'
import { candidates, composeAnswer, openDataChannel } from './datachannel_carrier.ts'
import { KIND } from './wire.ts'

const TERMS = { fragment: 'ab01', password: 'p'.repeat(22), fingerprint: Uint8Array.of(0, 10, 255), addresses: ['192.0.2.7', '2001:db8::7'], port: 7777 }

function hosts(found: readonly string[]): (string | undefined)[] {
  return found.map((line) => line.split(' ')[4])
}

it('composes the answer that the server never says', () => {
  const lines = composeAnswer(TERMS).split('\r\n')
  expect(lines).toContain('a=ice-lite')
  expect(lines).toContain('a=ice-ufrag:ab01')
  expect(lines).toContain(`a=ice-pwd:${TERMS.password}`)
  expect(lines).toContain('a=fingerprint:sha-256 00:0A:FF')
  expect(lines).toContain('a=setup:passive')
  expect(lines.at(-1)).toBe('')
})

it('looks for the server where it says that it is, and where the page came from', () => {
  expect(hosts(candidates(TERMS, '198.51.100.1'))).toEqual(['192.0.2.7', '2001:db8::7', '198.51.100.1'])
  expect(hosts(candidates(TERMS, '[2001:db8::7]'))).toEqual(['192.0.2.7', '2001:db8::7'])
  expect(candidates(TERMS, '192.0.2.7')[0]).toBe('candidate:0 1 udp 2130706431 192.0.2.7 7777 typ host')
})

it('has nothing to open where the server offers none, or the browser can not', () => {
  const carriers = { kind: KIND.carriers, secret: new Uint8Array(24), eager: true, quic: null, channel: null }
  const events = { onOpen: () => undefined, onDatagram: () => undefined, onEnd: () => undefined }
  expect(openDataChannel(carriers, events)).toBeNull()
  expect(openDataChannel({ ...carriers, channel: TERMS }, events)).toBeNull()
})
