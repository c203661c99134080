import { useEffect, useState } from 'react'
import { useMediaStore } from '../../media/store.ts'

export type DeviceList = Readonly<Record<MediaDeviceKind, readonly MediaDeviceInfo[]>>

const NONE: DeviceList = { audioinput: [], audiooutput: [], videoinput: [] }

/** The devices that the browser names; it does so once it may use one. */
export function useDevices(): DeviceList {
  const [list, setList] = useState<DeviceList>(NONE)
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined
    if (media === undefined) return undefined
    let gone = false
    const read = async () => {
      const found = await media.enumerateDevices().catch(() => [])
      const of = (kind: MediaDeviceKind) => found.filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      if (!gone) setList({ audioinput: of('audioinput'), audiooutput: of('audiooutput'), videoinput: of('videoinput') })
    }
    void read()
    media.addEventListener('devicechange', read)
    const stop = useMediaStore.subscribe(({ own }, before) => {
      if (own !== before.own) void read()
    })
    return () => {
      stop()
      gone = true
      media.removeEventListener('devicechange', read)
    }
  }, [])
  return list
}
