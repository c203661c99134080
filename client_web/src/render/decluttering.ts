/** Name plates that lie on each other cannot be read: who wins is shown, the others fade. Pure; CSS px. */

export interface Plate {
  /** Middle of the lower edge. */
  readonly plateX: number
  readonly plateY: number
  readonly plateWidth: number
  /** Higher wins; `FIRST_RANK` is always shown. Whole numbers: to compare others leaves garbage, for each pair. */
  rank: number
  /** The verdict, also the one of last time: who is shown stays so a little longer. */
  isNamed: boolean
}

export const FIRST_RANK = 1_000_000
const GAP = 2
/** A shown plate gives way only to one that is nearer by more than this, so that walking crowds do not flicker. */
export const STAY_PX = 24

const byRank = (a: Plate, b: Plate): number => b.rank - a.rank

/** Decides which of `plates`, all so high, are shown; sorts the array. `kept` is scratch space. */
export function declutter(plates: Plate[], kept: Plate[], height: number): void {
  plates.sort(byRank)
  kept.length = 0
  for (const plate of plates) {
    plate.isNamed = plate.rank === FIRST_RANK || isClear(plate, kept, height)
    if (plate.isNamed) kept.push(plate)
  }
}

function isClear(plate: Plate, kept: readonly Plate[], height: number): boolean {
  for (const other of kept) {
    const apart = (plate.plateWidth + other.plateWidth) / 2 + GAP
    if (Math.abs(plate.plateX - other.plateX) < apart && Math.abs(plate.plateY - other.plateY) < height + GAP) return false
  }
  return true
}
