import { RotateCcw, RotateCw } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { type Art, loadArt } from '../../render/art.ts'
import { FRAME, paintFigure, poseAt, TURNS } from './figure.ts'
import { LookPreview } from './LookPreview.tsx'

interface FigureProps {
  look: readonly number[]
  /** Width in px. */
  size: number
  label: string
}

/** The person exactly as the room draws them; takes a few steps after each change, and turns round on request. */
export function Figure({ look, size, label }: FigureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [art, setArt] = useState<Art | null>(null)
  const [turned, setTurned] = useState(0)
  const turn = TURNS[turned]!
  const height = (size * FRAME.height) / FRAME.width
  const key = look.join()

  useEffect(() => {
    let gone = false
    loadArt().then(
      (loaded) => gone || setArt(loaded),
      // The simpler picture stays.
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [])

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (art === null || !context) return undefined
    const scale = (size * window.devicePixelRatio) / FRAME.width
    const spare = document.createElement('canvas')
    for (const each of [context.canvas, spare]) {
      each.width = Math.round(FRAME.width * scale)
      each.height = Math.round(FRAME.height * scale)
    }
    const painter = spare.getContext('2d')
    if (painter === null) return undefined
    const values = key.split(',').map(Number)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const start = performance.now()
    let shown = ''
    let frame = 0
    const draw = (now: number) => {
      const pose = still ? 'idle' : poseAt(now - start)
      if (pose !== shown) paintFigure(context, painter, art, values, turn, pose, scale)
      shown = pose
      if (pose !== 'idle' || now < start) frame = requestAnimationFrame(draw)
    }
    draw(start)
    return () => cancelAnimationFrame(frame)
  }, [art, key, turn, size])

  const rotate = (by: number) => setTurned((turned + by + TURNS.length) % TURNS.length)
  return (
    <div className="flex flex-col items-center">
      <div className="relative grid place-items-end justify-items-center" style={{ width: size, height }}>
        <span aria-hidden="true" className="absolute bottom-[7%] left-1/2 h-[7%] w-1/2 -translate-x-1/2 rounded-[50%] bg-[#000] opacity-15" />
        {art === null ? <LookPreview look={look} size={size * 0.86} crop="figure" label={label} /> : <canvas ref={canvas} role="img" aria-label={label} className="relative" style={{ width: size, height }} />}
      </div>
      {art !== null && (
        <div className="mt-1 flex gap-1">
          <TurnButton label={t('look.turnLeft')} onClick={() => rotate(1)}>
            <RotateCw size={15} aria-hidden="true" />
          </TurnButton>
          <TurnButton label={t('look.turnRight')} onClick={() => rotate(-1)}>
            <RotateCcw size={15} aria-hidden="true" />
          </TurnButton>
        </div>
      )}
    </div>
  )
}

function TurnButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className="grid size-8 place-items-center rounded-full text-brand-ink transition-colors hover:bg-surface">
      {children}
    </button>
  )
}
