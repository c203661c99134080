/** Which of the three drawn directions shows a course's direction, and whether mirrored. */
export const FACE_DOWN = 0
export const FACE_RIGHT = 1
export const FACE_UP = 2
export const FACE_LEFT = 3

const BY_DIRECTION: readonly (readonly [number, number])[] = [
  [FACE_RIGHT, FACE_RIGHT],
  [FACE_RIGHT, FACE_RIGHT],
  [FACE_RIGHT, FACE_DOWN],
  [FACE_DOWN, FACE_DOWN],
  [FACE_DOWN, FACE_DOWN],
  [FACE_DOWN, FACE_DOWN],
  [FACE_LEFT, FACE_DOWN],
  [FACE_LEFT, FACE_LEFT],
  [FACE_LEFT, FACE_LEFT],
  [FACE_LEFT, FACE_LEFT],
  [FACE_LEFT, FACE_UP],
  [FACE_UP, FACE_UP],
  [FACE_UP, FACE_UP],
  [FACE_UP, FACE_UP],
  [FACE_RIGHT, FACE_UP],
  [FACE_RIGHT, FACE_RIGHT],
]

/** On a diagonal the facing that one has already stays, so that a walk along it does not flicker. */
export function facingOf(direction: number, before: number): number {
  const [first, second] = BY_DIRECTION[direction & 15]!
  return before === second ? second : first
}
