import type { Json } from '../store.ts'

export const FIRST_EMOJIS = ['☕', '🍵', '🍩', '🍎', '🍕', '🎈', '🎉', '🌻']

export function emojisOf(config: Json): string[] {
  return Array.isArray(config.emojis) ? config.emojis.filter((entry): entry is string => typeof entry === 'string') : FIRST_EMOJIS
}
