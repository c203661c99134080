import type { Json, RoomObject } from '../store.ts'

export interface Presenter {
  readonly user: string
  readonly name: string
}

export type Show =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'share'; readonly user: string }
  | { readonly kind: 'file'; readonly file: string; readonly media: 'image' | 'pdf'; readonly name: string }
  | { readonly kind: 'page'; readonly url: string }

export interface ScreenState {
  readonly presenter: Presenter | null
  readonly queue: readonly Presenter[]
  readonly show: Show
  /** From 1. */
  readonly page: number
}

/** Whoever stands so near to a screen on the open floor sees what is on it, px. */
export const AREA_PX = 340

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function presenterOf(value: unknown): Presenter | null {
  if (typeof value !== 'object' || value === null) return null
  const { user, name } = value as Json
  return text(user) === '' ? null : { user: text(user), name: text(name) }
}

function showOf(value: unknown): Show {
  if (typeof value !== 'object' || value === null) return { kind: 'nothing' }
  const show = value as Json
  switch (show.kind) {
    case 'share':
      return { kind: 'share', user: text(show.user) }
    case 'file':
      return { kind: 'file', file: text(show.file), media: show.media === 'pdf' ? 'pdf' : 'image', name: text(show.name) }
    case 'page':
      return { kind: 'page', url: text(show.url) }
    default:
      return { kind: 'nothing' }
  }
}

/** How a screen stands now. */
export function screenState({ state }: Pick<RoomObject, 'state'>): ScreenState {
  const queue = Array.isArray(state.queue) ? state.queue.map(presenterOf).filter((entry) => entry !== null) : []
  const page = typeof state.page === 'number' && state.page >= 1 ? Math.floor(state.page) : 1
  return { presenter: presenterOf(state.presenter), queue, show: showOf(state.show), page }
}

/** Whether somebody at a place is among those who are to see what is on a screen. In private areas the server says so. */
export function isInArea(object: RoomObject, place: { readonly x: number; readonly y: number }): boolean {
  if (object.config.audience === 'room') return true
  return Math.hypot(object.x + object.w / 2 - place.x, object.y + object.h / 2 - place.y) <= AREA_PX
}
