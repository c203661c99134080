import type { ReactNode } from 'react'
import { type Flow, useFlow } from './useFlow.ts'

interface MovingPictureProps {
  stream: MediaStream
  /** Stands there before the first picture and while none comes: never a black tile. */
  children: (flow: Flow) => ReactNode
}

/** Somebody's camera, as long as pictures of it arrive. */
export function MovingPicture({ stream, children }: MovingPictureProps) {
  const [video, flow] = useFlow(stream)
  return (
    <>
      {flow !== 'playing' && children(flow)}
      <video
        ref={video}
        muted
        playsInline
        autoPlay
        className={`absolute inset-0 size-full object-cover transition-opacity duration-300 ${flow === 'playing' ? 'opacity-100' : 'opacity-0'}`}
      />
    </>
  )
}
