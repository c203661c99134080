import type { ReactNode } from 'react'

const INK = '#2f2a33'

/** By number of render/look.ts ACCESSORIES; 0 is none. */
const SHAPES: Record<number, ReactNode> = {
  1: (
    <g fill="#fff" fillOpacity="0.35" stroke={INK} strokeWidth="1.3">
      <circle cx="26.5" cy="27" r="4.3" />
      <circle cx="37.5" cy="27" r="4.3" />
      <path d="M30.8 26.500h2.4" />
    </g>
  ),
  2: (
    <g>
      <path d="M18 26c-1-10 4-17.5 14-17.500S47 16 46 26" fill="none" stroke={INK} strokeWidth="2.4" strokeLinecap="round" />
      <rect x="15" y="22" width="6" height="10" rx="3" fill="#e2574c" />
      <rect x="43" y="22" width="6" height="10" rx="3" fill="#e2574c" />
    </g>
  ),
  3: (
    <g>
      <path d="M17.5 19c0-7.5 5.5-12 14.5-12s14.5 4.5 14.5 12Z" fill="#3c6db0" />
      <path d="M17 17.500h31c2.5 0 4.5 1 5 2.5.3 1-.5 1.5-1.5 1.500H18c-1.5 0-2-1-2-2s.2-2 1-2Z" fill="#2f578f" />
    </g>
  ),
  4: (
    <g fill={INK}>
      <path d="M21 24h10c0 4.5-1.5 7-5 7s-5-2.5-5-7ZM33 24h10c0 4.5-1.5 7-5 7s-5-2.5-5-7Z" />
      <path d="M20 23.500h24v1.800H20Z" />
    </g>
  ),
  5: (
    <g>
      <path d="M18 19C18 10 23.5 5.5 32 5.500S46 10 46 19Z" fill="#d9703f" />
      <rect x="16.5" y="16" width="31" height="5.5" rx="2.7" fill="#b9572c" />
      <circle cx="32" cy="5" r="3" fill="#f4e4cf" />
    </g>
  ),
  6: (
    <g fill="#c8453e">
      <rect x="22" y="36" width="20" height="6" rx="3" />
      <path d="M34 40h6l1.5 11a1 1 0 0 1-1 1H36a1 1 0 0 1-1-1Z" />
    </g>
  ),
  7: (
    <g>
      <g fill="#f27fa5">
        <circle cx="42" cy="10.5" r="2.5" />
        <circle cx="45.8" cy="13.3" r="2.5" />
        <circle cx="44.3" cy="17.8" r="2.5" />
        <circle cx="39.7" cy="17.8" r="2.5" />
        <circle cx="38.2" cy="13.3" r="2.5" />
      </g>
      <circle cx="42" cy="14.6" r="2.2" fill="#f7c948" />
    </g>
  ),
}

export function Accessory({ kind }: { kind: number }) {
  return SHAPES[kind] ?? null
}
