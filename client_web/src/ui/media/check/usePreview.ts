import { useEffect, useEffectEvent, useState } from 'react'
import { Camera } from '../../../media/camera.ts'
import { type LevelGauge, gaugeOf } from '../../../media/level.ts'
import { Microphone } from '../../../media/microphone.ts'
import { chosen, type DeviceProblem, devices, problemOf } from '../../../media/own_media.ts'
import { usePreferences } from '../../../media/preferences.ts'

/** Something that is looked at or listened to by the person themselves only. */
export interface Preview<Shown> {
  readonly state: 'off' | 'starting' | 'on'
  readonly shown: Shown | null
  readonly problem: DeviceProblem | null
  /** Asks the browser for the device: call it from a click. */
  readonly start: () => void
  readonly stop: () => void
}

interface Opened<Shown> {
  readonly shown: Shown
  readonly problem: DeviceProblem | null
  readonly close: () => void
}

/** Opens on `start`, anew when `key` changes, and closes with the component. */
function useOpened<Shown>(open: () => Promise<Opened<Shown>>, key: string): Preview<Shown> {
  const [wanted, setWanted] = useState(false)
  const [found, setFound] = useState<{ key: string; shown: Shown | null; problem: DeviceProblem | null } | null>(null)
  const openNow = useEffectEvent(open)
  useEffect(() => {
    if (!wanted) return undefined
    let gone = false
    let opened: Opened<Shown> | null = null
    const begin = async () => {
      try {
        opened = await openNow()
        if (gone) opened.close()
        else setFound({ key, shown: opened.shown, problem: opened.problem })
      } catch (error) {
        if (!gone) {
          setFound({ key, shown: null, problem: problemOf(error) })
          setWanted(false)
        }
      }
    }
    void begin()
    return () => {
      gone = true
      opened?.close()
    }
  }, [wanted, key])
  const shown = wanted && found?.key === key ? found.shown : null
  return {
    state: !wanted ? 'off' : shown === null ? 'starting' : 'on',
    shown,
    problem: found?.problem ?? null,
    start: () => {
      setFound(null)
      setWanted(true)
    },
    stop: () => setWanted(false),
  }
}

/** The chosen camera, as the others would see it. */
export function useCameraPreview(): Preview<MediaStream> {
  const { cameraId, blur, quality } = usePreferences()
  return useOpened(async () => {
    const camera = await Camera.open(devices(), chosen(cameraId), quality, blur, () => undefined)
    const { track } = camera
    return { shown: new MediaStream(track === null ? [] : [track]), problem: null, close: () => camera.close() }
  }, `${cameraId} ${String(blur)} ${quality}`)
}

/** The chosen microphone, as the others would hear it. */
export function useMicrophonePreview(): Preview<LevelGauge> {
  const { microphoneId, noise } = usePreferences()
  return useOpened(async () => {
    const microphone = await Microphone.open(devices(), chosen(microphoneId), noise)
    const gauge = gaugeOf(microphone.stream)
    const close = () => {
      gauge.close()
      microphone.close()
    }
    return { shown: gauge, problem: microphone.fellBack ? 'noise' : null, close }
  }, `${microphoneId} ${noise}`)
}
