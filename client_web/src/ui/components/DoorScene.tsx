export type DoorSceneKind = 'open' | 'closed' | 'wall' | 'fallen'

/** A small hallway with a door in the state that fits the message. Decoration: the words say it all. */
export function DoorScene({ kind }: { kind: DoorSceneKind }) {
  const lit = kind === 'open'
  return (
    <svg width="220" height="150" viewBox="0 0 220 150" aria-hidden="true" className="overflow-visible">
      <rect x="10" y="6" width="200" height="104" rx="14" className="fill-brand-wash" />
      <path d="M10 110h200l10 22a8 8 0 0 1-8 10H8a8 8 0 0 1-8-10Z" className="fill-sunken" />
      {lit && <path d="M88 110h44l34 32H66Z" className="fill-light" opacity="0.6" />}
      <g transform={kind === 'fallen' ? 'rotate(8 132 110)' : undefined}>
        {kind !== 'wall' && (
          <>
            <path d="M82 110V52a28 28 0 0 1 56 0v58Z" className="fill-surface" />
            <path d="M88 110V53a22 22 0 0 1 44 0v57Z" className={lit ? 'fill-light' : 'fill-[#1f6b58]'} />
          </>
        )}
        {kind === 'open' && <path d="M88 110V53a22 22 0 0 1 9-17.5L104 46v72Z" className="fill-[#1f6b58]" />}
        {(kind === 'closed' || kind === 'fallen') && <circle cx="125" cy="78" r="3.2" className="fill-canvas" />}
      </g>
      {kind === 'wall' && (
        <g className="stroke-line-strong" fill="none" strokeWidth="3" strokeLinecap="round" strokeDasharray="1 8">
          <path d="M82 110V52a28 28 0 0 1 56 0v58" />
        </g>
      )}
      <g>
        <path d="M34 110v-9h18v9l-2.5 8h-13Z" className="fill-danger" opacity="0.75" />
        <path d="M43 101c-2-14-12-16-14-26 10 1 14 10 14 16 0-10 4-18 11-20 2 12-5 20-11 30Z" className="fill-good" />
      </g>
      <rect x="158" y="34" width="34" height="24" rx="3" className="fill-surface" />
      <path d="m162 54 8-10 6 6 5-7 7 11Z" className="fill-light" opacity="0.8" />
    </svg>
  )
}
