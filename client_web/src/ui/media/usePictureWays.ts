import { type RefObject, useEffect, useRef, useState } from 'react'
import type { PlainKey } from '../../i18n/translate.ts'
import { floats } from './floating.ts'
import { addFrame } from './full_screen_key.ts'
import { canFillScreen, canFloat, fillScreen, float } from './picture_ways.ts'
import { openPopOut, type PopOut } from './popout.ts'
import type { StageChoice } from './stage.ts'

/** How long it is said why something did not work, ms. */
const SAID_MS = 8000

export interface PictureWays {
  readonly isFull: boolean
  readonly isFloating: boolean
  readonly isOut: boolean
  readonly canFillScreen: boolean
  readonly canFloat: boolean
  /** Why the last attempt failed; null: it did not, or that was said for a while. */
  readonly trouble: PlainKey | null
  readonly fillScreen: () => void
  readonly float: () => void
  readonly popOut: () => void
  readonly bringBack: () => void
}

/** The ways out of the page of one picture. `frame` holds its video; `choice` null: what it holds is no moving picture. */
export function usePictureWays(frame: RefObject<HTMLElement | null>, title: string, stream: MediaStream | null, choice: StageChoice | null): PictureWays {
  const [isFull, setFull] = useState(false)
  const [isFloating, setFloating] = useState(false)
  const [trouble, setTrouble] = useState<PlainKey | null>(null)
  const { isOut, open, close } = usePopOut(title, stream)
  const video = () => frame.current?.querySelector('video') ?? null
  const fill = () => void fillScreen(document, frame.current, video()).then(setTrouble)

  useEffect(() => {
    const element = frame.current
    if (element === null) return undefined
    const end = new AbortController()
    const { signal } = end
    document.addEventListener('fullscreenchange', () => setFull(document.fullscreenElement === element), { signal })
    element.addEventListener('enterpictureinpicture', () => setFloating(true), { signal })
    element.addEventListener('leavepictureinpicture', () => setFloating(false), { signal })
    return () => end.abort()
  }, [frame])
  useEffect(() => addFrame(frame, fill))
  useEffect(() => {
    if (trouble === null) return undefined
    const timer = setTimeout(() => setTrouble(null), SAID_MS)
    return () => clearTimeout(timer)
  }, [trouble])
  const isElsewhere = isFloating || isOut
  const { userId, what } = choice ?? { userId: null, what: null }
  useEffect(() => (isElsewhere && userId !== null ? floats({ userId, what }) : undefined), [isElsewhere, userId, what])
  // A picture that is gone, or in a window of its own, has no video here that could float.
  useEffect(() => {
    if (stream === null || isOut) setFloating(false)
  }, [stream, isOut])

  return {
    isFull,
    isFloating,
    isOut,
    canFillScreen: canFillScreen(document, HTMLVideoElement.prototype),
    canFloat: canFloat(document),
    trouble,
    fillScreen: fill,
    float: () => void float(document, video()).then(setTrouble),
    popOut: () => setTrouble(open() ? null : 'media.popOut.blocked'),
    bringBack: close,
  }
}

function usePopOut(title: string, stream: MediaStream | null) {
  const opened = useRef<PopOut | null>(null)
  const [isOut, setOut] = useState(false)
  useEffect(() => {
    if (stream === null) opened.current?.close()
    else opened.current?.show(stream)
  }, [stream])
  useEffect(() => () => opened.current?.close(), [])
  return {
    isOut,
    /** False: the browser opened none. */
    open: (): boolean => {
      if (stream === null || opened.current !== null) return true
      opened.current = openPopOut(title, stream, () => {
        opened.current = null
        setOut(false)
      })
      setOut(opened.current !== null)
      return opened.current !== null
    },
    close: () => opened.current?.close(),
  }
}
