/** Whose sound or picture comes out of which section now (STANDARD.md section 7.3, SLOTS). Pure. */
import { SOURCE, type SlotRow } from '../../net/wire.ts'
import type { Slot } from '../slots.ts'

const SOURCE_OF: Readonly<Record<Slot, number>> = {
  microphone: SOURCE.microphone,
  camera: SOURCE.camera,
  screen: SOURCE.screen,
  screenSound: SOURCE.screenSound,
}

export class SlotTable {
  #epoch = -1
  #rows: readonly SlotRow[] = []

  /** SLOTS; false: an older one than what is known. */
  fill(epoch: number, rows: readonly SlotRow[]): boolean {
    if (epoch <= this.#epoch) return false
    this.#epoch = epoch
    this.#rows = rows
    return true
  }

  /** A new session: everything is empty, and epochs begin anew. */
  clear(): void {
    this.#epoch = -1
    this.#rows = []
  }

  /** Where somebody's sound or picture comes from; null: they have no slot. */
  find(avatar: number, slot: Slot): SlotRow | null {
    const source = SOURCE_OF[slot]
    return this.#rows.find((row) => row.avatar === avatar && row.source === source) ?? null
  }

  /** How many hold sound. */
  get sounds(): number {
    return this.#rows.filter(({ source }) => source === SOURCE.microphone || source === SOURCE.screenSound).length
  }

  get rows(): readonly SlotRow[] {
    return this.#rows
  }
}
