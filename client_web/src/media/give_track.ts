/** What each sender was last asked to send: until a browser has done so, `sender.track` says what it sent before. */
const asked = new WeakMap<RTCRtpSender, MediaStreamTrack | null>()

/** Lets a sender send this track, or nothing, from now on: the last one asked for counts, however fast they change. */
export function giveTrack(sender: RTCRtpSender, track: MediaStreamTrack | null): void {
  const before = asked.get(sender)
  if ((before === undefined ? sender.track : before) === track) return
  asked.set(sender, track)
  sender.replaceTrack(track).catch(() => {
    if (asked.get(sender) === track) asked.delete(sender)
  })
}
