import type { StatusName } from '../../state/presence.ts'
import { Portrait } from '../look/Portrait.tsx'
import { StatusMark } from './StatusMark.tsx'

interface StatusPortraitProps {
  look: readonly number[]
  /** null: not known. */
  status: StatusName | null
  size?: number
  faded?: boolean
}

/** A person's picture with their status at its edge. */
export function StatusPortrait({ look, status, size = 36, faded = false }: StatusPortraitProps) {
  return (
    <span className="relative inline-block shrink-0 leading-none">
      <Portrait look={look} size={size} faded={faded} />
      {status !== null && (
        <span className="absolute -right-0.5 -bottom-0.5 grid place-items-center rounded-full bg-surface p-0.5">
          <StatusMark status={status} size={Math.round(size * 0.36)} />
        </span>
      )}
    </span>
  )
}
