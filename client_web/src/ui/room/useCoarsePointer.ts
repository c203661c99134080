import { useSyncExternalStore } from 'react'

const query = () => matchMedia('(pointer: coarse)')

/** True on phones and tablets, where the finger is the first pointer. */
export function useCoarsePointer(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = query()
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => query().matches,
  )
}
