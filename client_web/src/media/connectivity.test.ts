import { describe, expect, it } from 'vitest'
import { hopOf, outcomeOf, serversOf } from './connectivity.ts'

const TURN = { urls: ['turn:t.example.org:3478?transport=udp', 'turn:t.example.org?transport=tcp', 'turns:t.example.org:5349'], username: 'u', credential: 'c' }

describe('the hops', () => {
  it('are told from the addresses', () => {
    expect(['stun:s', 'turn:t', 'turn:t?transport=udp'].map(hopOf)).toEqual(['udp', 'udp', 'udp'])
    expect(hopOf('turn:t?transport=tcp')).toBe('tcp')
    expect(['turns:t:443?transport=tcp', 'stuns:s'].map(hopOf)).toEqual(['tls', 'tls'])
  })

  it('each have their own servers, with the credential', () => {
    const answer = { ice_servers: [{ urls: ['stun:s'] }, TURN], expires_in: 600 }
    expect(serversOf(answer, 'udp').map(({ urls }) => urls)).toEqual([['stun:s'], [TURN.urls[0]]])
    expect(serversOf(answer, 'tls')).toEqual([{ ...TURN, urls: [TURN.urls[2]] }])
  })
})

describe('the outcome', () => {
  const reached = { server: 'ok', socket: 'ok' } as const
  it.each([
    [{ server: 'failed' }, 'offline'],
    [{ server: 'ok', socket: 'failed', udp: 'ok' }, 'offline'],
    [{ ...reached, udp: 'ok', tcp: 'failed', tls: 'absent' }, 'good'],
    [{ ...reached, udp: 'failed', tcp: 'ok', tls: 'absent' }, 'slow'],
    [{ ...reached, udp: 'failed', tcp: 'failed', tls: 'refused' }, 'blocked'],
    [{ ...reached, udp: 'absent', tcp: 'absent', tls: 'absent' }, 'direct'],
    [{ ...reached, udp: 'later', tcp: 'later', tls: 'later' }, 'unknown'],
  ] as const)('of %j is %s', (findings, outcome) => {
    expect(outcomeOf(findings)).toBe(outcome)
  })
})
