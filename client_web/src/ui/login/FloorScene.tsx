import { seededLook } from '../look/parts.ts'
import { LookPreview } from '../look/LookPreview.tsx'
import { t } from '../../i18n/translate.ts'
import './floor_scene.css'

interface Walker {
  seed: number
  x: number
  y: number
  name: string
  /** Class of the path this person walks; none: stands. */
  path?: string
}

const PEOPLE: readonly Walker[] = [
  { seed: 12, x: 214, y: 250, name: 'Ana' },
  { seed: 7, x: 292, y: 250, name: 'Bo', path: 'scene-visit' },
  { seed: 31, x: 560, y: 180, name: 'Mika' },
  { seed: 44, x: 640, y: 180, name: 'Sol' },
  { seed: 58, x: 600, y: 322, name: 'Ines' },
  { seed: 63, x: 150, y: 560, name: 'Noor', path: 'scene-stroll' },
  { seed: 75, x: 640, y: 600, name: 'Jun' },
]

/** An office seen from above, with people who meet in it. The log-in page's picture. */
export function FloorScene() {
  return (
    <svg viewBox="0 0 800 800" preserveAspectRatio="xMidYMid slice" className="size-full" role="img" aria-label={t('login.scene')}>
      <defs>
        <pattern id="scene-wood" width="80" height="32" patternUnits="userSpaceOnUse">
          <rect width="80" height="32" className="scene-wood" />
          <path d="M0 16h80M0 32h80M24 0v16M64 16v16" className="scene-grain" />
        </pattern>
        <pattern id="scene-tile" width="36" height="36" patternUnits="userSpaceOnUse">
          <rect width="36" height="36" className="scene-tile" />
          <path d="M0 0h36v36" className="scene-grout" />
        </pattern>
        <radialGradient id="scene-glow">
          <stop offset="0" stopColor="var(--light)" stopOpacity="0.55" />
          <stop offset="1" stopColor="var(--light)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="800" height="800" fill="url(#scene-wood)" />
      <rect x="420" y="60" width="340" height="290" className="scene-carpet" />
      <rect x="40" y="420" width="300" height="340" fill="url(#scene-tile)" />
      <Rugs />
      <circle cx="252" cy="262" r="128" fill="url(#scene-glow)" className="scene-lamp" />
      <circle cx="600" cy="212" r="170" fill="url(#scene-glow)" />
      <Walls />
      <Furniture />
      <circle cx="252" cy="262" r="96" className="scene-earshot" />
      {PEOPLE.map((person) => (
        <Person key={person.name} {...person} />
      ))}
    </svg>
  )
}

function Rugs() {
  return (
    <g>
      <rect x="120" y="170" width="270" height="180" rx="16" className="scene-rug" />
      <rect x="132" y="182" width="246" height="156" rx="10" className="scene-rug-line" />
      <circle cx="620" cy="600" r="112" className="scene-rug-round" />
      <circle cx="620" cy="600" r="96" className="scene-rug-line" />
    </g>
  )
}

/** Each wall is a top edge and a face below it, so that rooms read as rooms. */
function Walls() {
  const walls: readonly [number, number, number, number][] = [
    [0, 0, 800, 22],
    [404, 22, 16, 150],
    [404, 262, 16, 104],
    [420, 350, 130, 16],
    [640, 350, 160, 16],
    [0, 404, 130, 16],
    [220, 404, 136, 16],
    [340, 420, 16, 150],
    [340, 680, 16, 120],
  ]
  return (
    <g>
      {walls.map(([x, y, w, h]) => (
        <rect key={`f${x}-${y}`} x={x} y={y + h - 2} width={w} height={30} className="scene-wall-face" />
      ))}
      {walls.map(([x, y, w, h]) => (
        <rect key={`t${x}-${y}`} x={x} y={y} width={w} height={h} rx="2" className="scene-wall" />
      ))}
      {[60, 180, 480, 620].map((x) => (
        <rect key={x} x={x} y="26" width="84" height="19" rx="3" className="scene-window" />
      ))}
      <rect x="550" y="352" width="46" height="11" rx="3" className="scene-door" />
      <rect x="130" y="406" width="46" height="11" rx="3" className="scene-door" />
    </g>
  )
}

function Plant({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <ellipse cx="0" cy="22" rx="19" ry="6" className="scene-shade" />
      <path d="M-11 6h22l-3 16H-8Z" className="scene-pot" />
      <path d="M0 8c-3-18-20-20-22-34 14 0 20 10 21 20C-1-20 3-34 14-38c4 16-4 26-12 34 4-8 12-12 21-11-2 12-14 14-23 23Z" className="scene-leaf" />
    </g>
  )
}

function Desk({ x, y, screens = 1 }: { x: number; y: number; screens?: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect x="4" y="8" width="112" height="54" rx="8" className="scene-shade" />
      <rect width="112" height="42" rx="7" className="scene-top" />
      <path d="M0 35v13a7 7 0 0 0 7 7h98a7 7 0 0 0 7-7V35a7 7 0 0 1-7 7H7a7 7 0 0 1-7-7Z" className="scene-edge" />
      {Array.from({ length: screens }, (_, at) => (
        <g key={at} transform={`translate(${screens === 1 ? 34 : 10 + at * 48} -14)`}>
          <rect width="44" height="28" rx="4" className="scene-screen" />
          <rect x="4" y="4" width="36" height="18" rx="2" className="scene-screen-on" />
        </g>
      ))}
      <circle cx="96" cy="26" r="6" className="scene-cup" />
    </g>
  )
}

function Furniture() {
  return (
    <g>
      <rect x="150" y="128" width="210" height="44" rx="18" className="scene-sofa" />
      <rect x="160" y="146" width="92" height="36" rx="10" className="scene-cushion" />
      <rect x="258" y="146" width="92" height="36" rx="10" className="scene-cushion" />
      <ellipse cx="252" cy="312" rx="46" ry="24" className="scene-edge" />
      <ellipse cx="252" cy="304" rx="46" ry="24" className="scene-top" />
      <rect x="520" y="210" width="160" height="74" rx="34" className="scene-edge" />
      <rect x="520" y="200" width="160" height="70" rx="34" className="scene-top" />
      <rect x="588" y="216" width="34" height="24" rx="3" className="scene-paper" />
      <rect x="520" y="62" width="160" height="12" rx="4" className="scene-screen" />
      <Desk x={440} y={470} screens={2} />
      <Desk x={660} y={470} />
      <Desk x={440} y={690} />
      <rect x="60" y="450" width="180" height="44" rx="6" className="scene-counter" />
      <rect x="60" y="486" width="180" height="22" rx="4" className="scene-edge" />
      <rect x="84" y="444" width="34" height="36" rx="5" className="scene-screen" />
      <circle cx="150" cy="470" r="8" className="scene-cup" />
      <circle cx="174" cy="474" r="8" className="scene-cup" />
      <ellipse cx="230" cy="652" rx="52" ry="30" className="scene-edge" />
      <ellipse cx="230" cy="642" rx="52" ry="30" className="scene-top" />
      <Plant x={60} y={120} />
      <Plant x={376} y={96} />
      <Plant x={732} y={96} />
      <Plant x={724} y={420} />
      <Plant x={72} y={720} />
    </g>
  )
}

function Person({ seed, x, y, name, path = '' }: Walker) {
  const width = name.length * 8 + 22
  return (
    <g transform={`translate(${x} ${y})`}>
      <g className={path}>
        <g transform="translate(-24 -52)">
          <LookPreview look={seededLook(seed)} size={48} crop="figure" />
        </g>
        <g transform="translate(0 -66)">
          <rect x={-width / 2} y="-11" width={width} height="21" rx="10.5" className="scene-tag" />
          <text textAnchor="middle" y="4.5" className="scene-name">
            {name}
          </text>
        </g>
      </g>
    </g>
  )
}
