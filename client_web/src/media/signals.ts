/** What two clients say to each other along a link (STANDARD.md section 7.2). Pure; what comes in is anybody's text. */

export interface Hello {
  readonly kind: 'hello'
}

export interface Description {
  readonly kind: 'description'
  readonly sdp: { readonly type: 'offer' | 'answer'; readonly sdp: string }
}

export interface Candidate {
  readonly kind: 'candidate'
  readonly candidate: RTCIceCandidateInit | null
}

export type Body = Hello | Description | Candidate
export type PeerSignal = Body & { readonly page: string; readonly conn: string | null }

const NAME = /^[A-Za-z0-9_-]{1,64}$/
const VERSION = 1

/** The text of a signal. */
export function writeSignal(signal: PeerSignal): string {
  return JSON.stringify({ v: VERSION, ...signal })
}

/** The signal in a text; null: it is none. */
export function readSignal(text: string): PeerSignal | null {
  const found = parse(text)
  if (found === null || found.v !== VERSION) return null
  const { page, conn } = found
  if (!isName(page) || !(conn === null || isName(conn))) return null
  const body = readBody(found)
  // A description or a candidate belongs to a connection.
  if (body === null || (conn === null && body.kind !== 'hello')) return null
  return { ...body, page, conn }
}

function readBody(found: Record<string, unknown>): Body | null {
  switch (found.kind) {
    case 'hello':
      return { kind: 'hello' }
    case 'description': {
      const { sdp } = found
      if (!isRecord(sdp) || typeof sdp.sdp !== 'string') return null
      const { type } = sdp
      return type === 'offer' || type === 'answer' ? { kind: 'description', sdp: { type, sdp: sdp.sdp } } : null
    }
    case 'candidate':
      return found.candidate === null || isCandidate(found.candidate) ? { kind: 'candidate', candidate: found.candidate } : null
    default:
      return null
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text)
    return isRecord(found) ? found : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value)
}

const textOrNothing = (part: unknown): boolean => part === undefined || part === null || typeof part === 'string'

function isCandidate(value: unknown): value is RTCIceCandidateInit {
  if (!isRecord(value) || typeof value.candidate !== 'string') return false
  const { sdpMid, sdpMLineIndex, usernameFragment } = value
  const numberOrNothing = sdpMLineIndex === undefined || sdpMLineIndex === null || Number.isInteger(sdpMLineIndex)
  return textOrNothing(sdpMid) && textOrNothing(usernameFragment) && numberOrNothing
}

/** A name that nobody else has. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
