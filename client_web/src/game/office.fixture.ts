import type { MapDoor, PublicMap } from './types.ts'

/**
 * A map from a drawing with one character per 8 px cell: `#` solid, `.` free, a digit: the cells of that door.
 * Width and height must be multiples of 4 cells.
 */
export function drawMap(rows: readonly string[], openDoors: readonly number[] = []): PublicMap {
  const width = rows[0]!.length
  const packed = new Uint8Array(Math.ceil((width * rows.length) / 8))
  const boxes = new Map<number, { left: number; top: number; right: number; bottom: number }>()
  rows.forEach((row, y) => {
    for (let x = 0; x < width; x += 1) {
      const cell = row[x]!
      const at = y * width + x
      if (cell === '#') packed[at >> 3]! |= 1 << (at & 7)
      else if (cell !== '.') {
        const box = boxes.get(Number(cell)) ?? { left: x, top: y, right: x, bottom: y }
        boxes.set(Number(cell), { ...box, right: Math.max(box.right, x), bottom: y })
      }
    }
  })
  const doors: MapDoor[] = [...boxes].map(([id, { left, top, right, bottom }]) => ({
    id,
    x: left * 8,
    y: top * 8,
    w: (right - left + 1) * 8,
    h: (bottom - top + 1) * 8,
    open: openDoors.includes(id),
    style: 'wood',
    axis: right - left > bottom - top ? 'h' : 'v',
  }))
  return {
    format: 'hallway.map/1',
    name: 'drawn',
    description: '',
    width: width / 4,
    height: rows.length / 4,
    floor: { palette: ['void'], rows: [] },
    walls: [],
    furniture: [],
    doors,
    zones: [],
    seats: [],
    spawns: [],
    hash: '',
    solid: btoa(String.fromCharCode(...packed)),
  }
}

/** Nothing but floor, `width` x `height` cells. */
export const openFloor = (width: number, height: number): PublicMap =>
  drawMap(Array.from({ length: height }, () => '.'.repeat(width)))
