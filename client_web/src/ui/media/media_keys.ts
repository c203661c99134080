import { useEffect } from 'react'
import { usePreferences } from '../../media/preferences.ts'
import { useMediaStore } from '../../media/store.ts'

export type MediaKey = 'microphone' | 'camera' | 'talk'

type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>

function isTyping(target: EventTarget | null): boolean {
  return typeof HTMLElement !== 'undefined' && target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

function isPressable(target: EventTarget | null): boolean {
  return typeof HTMLElement !== 'undefined' && target instanceof HTMLElement && target.closest('button, a[href], summary, dialog') !== null
}

/** What a key does for sound and picture; null: nothing. With push-to-talk T and the space bar talk while they are held. */
export function mediaKey(press: Press, pushToTalk: boolean): MediaKey | null {
  if (press.ctrlKey || press.metaKey || press.altKey || isTyping(press.target)) return null
  const key = press.key.toLowerCase()
  if (pushToTalk && (key === 't' || (press.code === 'Space' && !isPressable(press.target)))) return 'talk'
  if (key === 'm') return 'microphone'
  return key === 'v' ? 'camera' : null
}

/** Listens for the keys while a room is open. */
export function useMediaKeys(): void {
  useEffect(() => {
    let talking = false
    const letGo = () => {
      if (talking) useMediaStore.getState().controls?.talk(false)
      talking = false
    }
    const down = (event: KeyboardEvent) => {
      const { controls } = useMediaStore.getState()
      const key = event.defaultPrevented ? null : mediaKey(event, usePreferences.getState().pushToTalk)
      if (key === null || controls === null) return
      // Held, the space bar must not open doors meanwhile.
      event.preventDefault()
      if (event.repeat) return
      if (key === 'talk') {
        talking = true
        controls.talk(true)
      } else if (key === 'microphone') controls.toggleMicrophone()
      else controls.toggleCamera()
    }
    const up = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 't' || event.code === 'Space') letGo()
    }
    window.addEventListener('keydown', down, { capture: true })
    window.addEventListener('keyup', up, { capture: true })
    window.addEventListener('blur', letGo)
    return () => {
      letGo()
      window.removeEventListener('keydown', down, { capture: true })
      window.removeEventListener('keyup', up, { capture: true })
      window.removeEventListener('blur', letGo)
    }
  }, [])
}
