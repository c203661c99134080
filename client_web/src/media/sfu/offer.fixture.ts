/** The offer of a built-in SFU as far as a stand-in for a browser reads it: its sections (STANDARD.md section 7.3). */
import { MAX_PICTURES, MAX_SOUNDS } from '../../net/wire.ts'

const OWN = ['audio', 'video', 'video', 'audio']

function section(kind: string, mid: number, sends: boolean): string {
  return `m=${kind} 9 UDP/TLS/RTP/SAVPF 1\r\na=mid:${mid}\r\na=${sends ? 'sendonly' : 'recvonly'}\r\n`
}

export function builtInOffer(): string {
  const sounds = Array.from({ length: MAX_SOUNDS }, (_, i) => section('audio', 4 + i, true))
  const pictures = Array.from({ length: MAX_PICTURES }, (_, i) => section('video', 4 + MAX_SOUNDS + i, true))
  return `v=0\r\n${OWN.map((kind, mid) => section(kind, mid, false)).join('')}${sounds.join('')}${pictures.join('')}`
}
