import { badgeColour, initialsOf } from './initials.ts'

/** Stands for a person whose look is not known here. */
export function Initials({ id, name, size = 36 }: { id: string; name: string; size?: number }) {
  return (
    <span
      aria-hidden="true"
      className="inline-grid shrink-0 place-items-center rounded-full font-semibold text-[#fff]"
      style={{ width: size, height: size, background: badgeColour(id), fontSize: size * 0.38 }}
    >
      {initialsOf(name)}
    </span>
  )
}
