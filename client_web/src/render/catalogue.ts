import catalogue from '../../../server/rooms/templates/furniture.json'

/** A kind of furniture, as the server's catalogue has it. Lengths in px, relative to the item's top-left corner. */
export interface FurnitureKind {
  readonly size: readonly number[]
  readonly sprite: string
  readonly layer: string
  /** The line at which it is in front of or behind an avatar. */
  readonly sort: number
}

const kinds: Readonly<Record<string, FurnitureKind | undefined>> = catalogue

export const furnitureOf = (kind: string): FurnitureKind | null => kinds[kind] ?? null
