import { useRef, useState, type PointerEvent } from 'react'
import { t } from '../../i18n/translate.ts'
import { stickVector } from './stick.ts'

interface JoystickProps {
  /** A vector inside the unit circle, y downwards. */
  onMove: (x: number, y: number) => void
  onRelease: () => void
}

/** Radius in px that the knob travels. */
const REACH = 46

/** The thumb's stick on phones, in the lower left corner. The keyboard and the people panel do the same without touch. */
export function Joystick({ onMove, onRelease }: JoystickProps) {
  const base = useRef<HTMLDivElement>(null)
  const [knob, setKnob] = useState<{ x: number; y: number } | null>(null)

  const steer = (event: PointerEvent) => {
    const box = base.current?.getBoundingClientRect()
    if (box === undefined) return
    const vector = stickVector(event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2, REACH)
    setKnob(vector)
    onMove(vector.x, vector.y)
  }
  const release = () => {
    setKnob(null)
    onRelease()
  }

  return (
    <div
      ref={base}
      role="img"
      data-tour="stick"
      aria-label={t('stick.label')}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        steer(event)
      }}
      onPointerMove={(event) => knob !== null && steer(event)}
      onPointerUp={release}
      onPointerCancel={release}
      className="glass pointer-events-auto relative grid size-32 touch-none place-items-center rounded-full opacity-90"
    >
      <span className="absolute inset-4 rounded-full border border-dashed border-line-strong/50" />
      <span
        className={`size-14 rounded-full bg-brand shadow-mid ${knob === null ? 'transition-transform duration-200 ease-settle' : ''}`}
        style={{ transform: knob === null ? undefined : `translate(${knob.x * REACH}px, ${knob.y * REACH}px)` }}
      />
    </div>
  )
}
