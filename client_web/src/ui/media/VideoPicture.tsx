import { useEffect, useRef } from 'react'

interface VideoPictureProps {
  stream: MediaStream
  /** Cameras fill their frame; screens are shown whole. */
  whole?: boolean
  /** One's own picture is seen as in a mirror. */
  mirrored?: boolean
  className?: string
  onDoubleClick?: () => void
}

/** A moving picture without sound: the sound goes its own way, with its place in the room. */
export function VideoPicture({ stream, whole = false, mirrored = false, className = '', onDoubleClick }: VideoPictureProps) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current
    if (element === null) return undefined
    element.srcObject = stream
    void element.play().catch(() => undefined)
    return () => {
      element.srcObject = null
    }
  }, [stream])
  return (
    <video
      ref={video}
      muted
      playsInline
      autoPlay
      onDoubleClick={onDoubleClick}
      className={`size-full animate-fade ${whole ? 'object-contain' : 'object-cover'} ${mirrored ? '-scale-x-100' : ''} ${className}`}
    />
  )
}
