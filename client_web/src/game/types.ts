/** The words that the game, its renderer and the page around it share. */
import type { Cover } from '../render/camera.ts'
import type { Ghost, Thing } from './things.ts'
import type { Borders } from '../places/borders.ts'
import type { Detail } from './detail.ts'
import type { CarrierKind } from '../net/carrier.ts'
import type { ClientMessage, RoleName, ServerMessage, StatusName } from '../net/wire.ts'

export type GameStatus = 'connecting' | 'live' | 'slow' | 'reconnecting' | 'gone'

/** Why the connection is not live. `code` is stable (see net/goodbye.ts), `message` is for people. */
export interface StatusReason {
  readonly code: string
  readonly message: string
}

export interface Person {
  /** Avatar id in this room, 1-65535. */
  readonly id: number
  readonly userId: string
  readonly name: string
  /** Skin, hair style, hair colour, top colour, bottom colour, accessory (STANDARD 5.7). */
  readonly look: readonly number[]
  readonly isGuest: boolean
  readonly isBot: boolean
  /** The connection of this person is lost and may come back. */
  readonly away: boolean
  /** What this person is in the room. */
  readonly role: RoleName
  /** A moderator has muted this person. */
  readonly isMuted: boolean
  readonly status: StatusName
  /** What this person is up to, in their words; often empty. */
  readonly text: string
  /** What this person lets others hear and see: bits of MEDIA (STANDARD 3.6). */
  readonly media: number
}

/** What the interact key would do now. */
export interface Prompt {
  readonly kind: 'door' | 'seat' | 'portal' | 'object'
  /** Name of the thing, empty if it has none. */
  readonly label: string
  readonly action: 'open' | 'close' | 'sit' | 'stand' | 'enter' | 'use'
}

export interface ZoneInfo {
  readonly id: number
  readonly name: string
  readonly kind: string
}

export interface GameStats {
  rttMs: number
  tick: number
  fps: number
  corrections: number
  bytesPerSecond: number
  snapshotsPerSecond: number
  remotes: number
  /** Frames' lengths lately and the time that our own code took for one, ms. */
  frameP50: number
  frameP95: number
  frameP99: number
  workP95: number
  /** How unevenly snapshots arrive, ms. */
  jitterMs: number
  /** Snapshots that could not be used because of others that were lost, percent of the last second's. */
  lossPercent: number
  /** What carries the state of the room. */
  carrier: CarrierKind | 'websocket'
  /** How often datagrams stopped. */
  fallbacks: number
}

/** How the room is to be shown. */
export interface ViewChoice {
  readonly detail: Detail | 'auto'
  readonly daylight: 'local' | 'day' | 'night'
  /** Areas such as a stage are framed as a whole. */
  readonly cameraFocus: boolean
  /** The picture does not glide. */
  readonly still: boolean
  /** Steps and doors, 0 to 1. */
  readonly roomSounds: number
}

export type Facing = 'down' | 'up' | 'left' | 'right'

/** `GET /api/rooms/{id}/map`, format hallway.map/1. Lengths in px unless said otherwise. */
export interface PublicMap {
  readonly format: string
  readonly name: string
  readonly description: string
  /** Tiles of 32 px. */
  readonly width: number
  readonly height: number
  readonly floor: { readonly palette: readonly string[]; readonly rows: readonly string[] }
  readonly walls: readonly string[]
  readonly furniture: readonly MapFurniture[]
  readonly doors: readonly MapDoor[]
  readonly zones: readonly MapZone[]
  readonly seats: readonly MapSeat[]
  readonly spawns: readonly { readonly x: number; readonly y: number }[]
  readonly hash: string
  /** base64 of one bit per 8 px cell, row-major, lowest bit first; doors left out. */
  readonly solid: string
}

export interface MapFurniture {
  readonly id: number
  readonly kind: string
  readonly x: number
  readonly y: number
  readonly facing: Facing
}

export interface MapDoor {
  readonly id: number
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly open: boolean
  readonly style: string
  readonly axis: 'h' | 'v'
}

export interface MapZone {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly capacity: number | null
  /** Those inside may lock it. */
  readonly lockable?: boolean
  /** Of an audience: the one stage that it hears; 0 or left out: every stage. */
  readonly stage?: number
}

/** A way into another room; px. */
export interface MapPortal {
  /** The target of ACT. */
  readonly id: number
  readonly name: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface MapSeat {
  readonly id: number
  readonly x: number
  readonly y: number
  readonly facing: Facing
}

export type RendererKind = 'webgl' | 'canvas'

export interface GameOptions {
  readonly roomId: string
  readonly map: PublicMap
  /** Gets a fresh one-use ticket; called for the first connection and when a session cannot be resumed. */
  readonly join: () => Promise<{ readonly ticket: string; readonly url: string }>
  /** The room's map as it is now; called when the server has another one than `map`. */
  readonly fetchMap: () => Promise<PublicMap>
  /** The room was rebuilt: destroy this game and create one with the new map. */
  readonly onMapChanged: (map: PublicMap) => void
  readonly renderer: RendererKind
  /** The session is over and will not come back by itself. */
  readonly onGone?: (reason: StatusReason) => void
  /** The seat that was asked for is not to be had: `occupied`, `out_of_reach`, or why its area lets nobody in. */
  readonly onSeatRefused?: (code: string) => void
}

/** What sound, chat, objects and the like need of the game: the line to the server, and who stands where. */
export interface RoomLine {
  /** Own avatar; 0: none yet. */
  readonly self: number
  /** From now on `listener` gets everything but SNAPSHOT that the session lets through, WELCOME first. Returns what ends that. */
  listen(listener: (message: ServerMessage) => void): () => void
  /** Both return false while there is no connection, or the server has no media. */
  sendMedia(state: number): boolean
  sendSignal(to: number, link: number, payload: string): boolean
  /** Says what needs a feature (bits of FEATURE); false while there is no connection, or the server does not have it. */
  send(feature: number, message: ClientMessage): boolean
  /** A number for the next message that may be refused: ERROR names it. */
  nextRef(): number
  /** Map px; null: not known. */
  placeOf(avatar: number): { readonly x: number; readonly y: number } | null
  personOf(avatar: number): Person | null
}

/** What is drawn beside the people themselves. */
export interface Signs {
  readonly areas: readonly AreaSign[]
  /** Avatars that nobody hears. */
  readonly ghosts: ReadonlySet<number>
  /** Avatars that whisper with the own one, that one too. */
  readonly bubble: ReadonlySet<number>
  /** Avatars that whisper with somebody else. */
  readonly otherBubbles: ReadonlySet<number>
  /** Avatars that can be heard to speak. */
  readonly speaking: ReadonlySet<number>
}

/** An area that does not let one in, one that those inside have locked, or one where nobody is heard. */
export interface AreaSign {
  readonly zone: MapZone
  readonly kind: 'locked' | 'full' | 'role' | 'lockedByUs' | 'silent'
  /** Where its sign hangs, px: at its door, if it has one. */
  readonly at: { readonly x: number; readonly y: number }
}

export interface Game {
  readonly line: RoomLine
  destroy(): void
  /** 1 to 3. */
  setZoom(zoom: number): void
  /** The interface covers so much of the picture's edges: the rest is what people look at. */
  setCover(cover: Cover): void
  setView(view: ViewChoice): void
  /** Draws again although the machine was too slow for it. */
  showAgain(): void
  /** Does what `prompt` says: door, seat or stand up. */
  interact(): void
  /** The room's ways into other rooms, instead of those before. */
  setPortals(portals: readonly MapPortal[]): void
  /** What stands in the room and can be used, instead of what stood there before. */
  setThings(things: readonly Thing[]): void
  /** Shows where something new is about to be put. */
  setGhost(ghost: Ghost | null): void
  /** Walks up to a thing and uses it. */
  walkToThing(id: string): void
  /** Lets a few letters rise over somebody. */
  showOver(avatar: number, text: string): void
  /** The place of the map, px, at a place of the window; null: nothing is drawn. */
  mapAt(clientX: number, clientY: number): { readonly x: number; readonly y: number } | null
  walkToPerson(id: number): void
  /** Walks after somebody until the hands take over or `stopWalking`; `following` of the store says whom. */
  followPerson(id: number): void
  stopWalking(): void
  /** Which areas do not let one in; `bordersChanged` when that is no longer what it was. */
  setBorders(borders: Borders): void
  bordersChanged(): void
  /** What is to be seen of places and people beside where they are. */
  showSigns(signs: Partial<Signs>): void
  isDoorOpen(id: number): boolean
  /** The part of the map that is on the screen, px; null: nothing is drawn. */
  seen(): { readonly x: number; readonly y: number; readonly w: number; readonly h: number } | null
  /** Map px. */
  walkTo(x: number, y: number): void
  /** A vector inside the unit circle, y downwards; null when the stick is let go. */
  setJoystick(x: number, y: number): void
  setJoystick(released: null): void
  /** Tries again at once, also after `gone`. */
  reconnect(): void
  /** Leaves the room for good. */
  leave(): void
}
