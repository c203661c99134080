/** What of a description is said over the wire (STANDARD.md section 7.3). Pure. */
import { SIGNAL_MESSAGE_BYTES } from '../../net/wire.ts'

/** The rest of a DESCRIBE at its longest, bytes. */
const HEAD_BYTES = 32
/** The lines of an answer that count, each the first of its name. */
const COUNTS = ['a=ice-ufrag:', 'a=ice-pwd:', 'a=fingerprint:sha-256', 'a=setup:']

/** The SFU learns candidates from the checks; a name of mDNS would only cost it time. */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '')
}

/** An answer that fits into a message: whole, or what counts of it. */
export function shortened(sdp: string): string {
  if (new TextEncoder().encode(sdp).length <= SIGNAL_MESSAGE_BYTES - HEAD_BYTES) return sdp
  const lines = sdp.split(/\r?\n/)
  const counting = COUNTS.map((start) => lines.find((line) => line.startsWith(start))).filter((line) => line !== undefined)
  return `${counting.join('\r\n')}\r\n`
}
