import { type RefObject, useEffect, useRef, useState } from 'react'

/** Without a picture for so long it is not a moving one, ms. */
const STILL_MS = 2500
const LOOK_MS = 500

export type Flow = 'waiting' | 'playing' | 'paused'

/**
 * Plays a stream in a video element, and tells whether pictures arrive: `waiting` before the first one, `paused` when none came for a while, as
 * when the others' cameras rest in a crowd. A page in the background is not told of pictures, and keeps what it knew.
 */
export function useFlow(stream: MediaStream): [RefObject<HTMLVideoElement | null>, Flow] {
  const video = useRef<HTMLVideoElement>(null)
  const [flow, setFlow] = useState<Flow>('waiting')
  useEffect(() => {
    const element = video.current
    if (element === null) return undefined
    element.srcObject = stream
    void element.play().catch(() => undefined)
    const drop = () => {
      element.srcObject = null
    }
    if (!('requestVideoFrameCallback' in element)) {
      setFlow('playing')
      return drop
    }
    let shown: Flow = 'waiting'
    // React keeps what it is told until it draws anew, also when that is no news: not with every picture.
    const show = (now: Flow) => {
      if (now !== shown) setFlow(now)
      shown = now
    }
    setFlow('waiting')
    let last: number | null = null
    let asked = 0
    const seen = () => {
      last = performance.now()
      show('playing')
      asked = element.requestVideoFrameCallback(seen)
    }
    asked = element.requestVideoFrameCallback(seen)
    const timer = setInterval(() => {
      if (document.hidden || last === null) last = document.hidden && last !== null ? performance.now() : last
      else if (performance.now() - last > STILL_MS) show('paused')
    }, LOOK_MS)
    return () => {
      clearInterval(timer)
      element.cancelVideoFrameCallback(asked)
      drop()
    }
  }, [stream])
  return [video, flow]
}
