import { useState } from 'react'
import { dateTime, timeFrom } from '../../i18n/times.ts'

/** A moment as one would say it; the exact one is its tooltip. */
export function Time({ at }: { at: string }) {
  const [now] = useState(() => Date.now())
  return (
    <time dateTime={at} title={dateTime(at)}>
      {timeFrom(at, now)}
    </time>
  )
}
