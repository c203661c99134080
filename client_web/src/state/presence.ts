import { create } from 'zustand'
import { messageNamed, t } from '../i18n/translate.ts'
import type { Say, Type } from '../net/chat_messages.ts'
import { GlobalLink } from '../net/global_link.ts'
import { GLOBAL_CLOSE, GLOBAL_KIND, type GlobalMessage, type PresenceEntry, type StatusName } from '../net/global_wire.ts'
import { wordsFor } from '../net/problem.ts'
import { accessToken, api, isLeaving } from './auth.ts'
import { watchIdleness } from './idleness.ts'
import { showToast } from './toasts.ts'

export type { PresenceEntry, StatusName } from '../net/global_wire.ts'

export interface OwnPresence {
  status: StatusName
  text: string
  /** Whether others are told which room one is in. */
  findable: boolean
}

export interface PresenceState {
  live: boolean
  selfId: string | null
  me: OwnPresence
  /** Everybody who is around, oneself included, by user. */
  people: ReadonlyMap<string, PresenceEntry>
  /** How many are inside, by room. */
  counts: ReadonlyMap<string, number>
}

export const initialPresence = (): PresenceState => ({
  live: false,
  selfId: null,
  me: { status: 'available', text: '', findable: true },
  people: new Map(),
  counts: new Map(),
})

export const usePresence = create<PresenceState>(initialPresence)

/** The state after a message; what is no news leaves it alone. */
export function presenceAfter(state: PresenceState, message: GlobalMessage): PresenceState {
  switch (message.kind) {
    case GLOBAL_KIND.ready:
      return { ...state, selfId: message.userId, me: { status: message.status, text: message.text, findable: message.findable } }
    case GLOBAL_KIND.people: {
      const people = new Map(message.whole ? [] : state.people)
      for (const entry of message.entries) {
        if (entry.status === null) people.delete(entry.userId)
        else people.set(entry.userId, entry)
      }
      const own = state.selfId === null ? undefined : people.get(state.selfId)
      const me = own === undefined || own.status === null ? state.me : { ...state.me, status: own.status, text: own.text }
      return { ...state, people, me }
    }
    case GLOBAL_KIND.rooms: {
      const counts = new Map(message.whole ? [] : state.counts)
      for (const [room, people] of message.counts) {
        if (people === 0) counts.delete(room)
        else counts.set(room, people)
      }
      return { ...state, counts }
    }
    default:
      return state
  }
}

/** What a question over the line leads to. */
interface Question {
  found: (roomId: string, roomName: string) => void
  refused: (words: string) => void
}

let link: GlobalLink | null = null
const questions = new Map<number, Question>()
let goTo: (roomId: string) => void = () => undefined

/** Keeps the line open for the person who is logged in, until the returned function is called. `go` walks into a room. */
export function followPresence(go: (roomId: string) => void): () => void {
  goTo = go
  const opened = new GlobalLink({
    token: accessToken,
    onMessage: handle,
    onLive: (live) => {
      usePresence.setState({ live })
      for (const listener of listeners) listener.onLive(live)
    },
  })
  link = opened
  const stopWatching = watchIdleness((idle) => opened.idle(idle))
  return () => {
    stopWatching()
    opened.close()
    questions.clear()
    if (link === opened) link = null
    usePresence.setState(initialPresence())
  }
}

/** What else goes over the line to the whole server: direct messages. */
export interface GlobalListener {
  onMessage: (message: GlobalMessage) => void
  /** READY has come, or the connection is lost. */
  onLive: (live: boolean) => void
}
const listeners = new Set<GlobalListener>()

/** From now on `listener` gets everything; returns what ends that. */
export function listenGlobally(listener: GlobalListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Writes to somebody over the line to the whole server; false while it is down. */
export const writeDirectly = (said: Say | Type): boolean => link?.chat(said) ?? false
export const nextGlobalRef = (): number => link?.nextRef() ?? 1

function handle(message: GlobalMessage): void {
  for (const listener of listeners) listener.onMessage(message)
  usePresence.setState((state) => presenceAfter(state, message))
  switch (message.kind) {
    case GLOBAL_KIND.found:
      questions.get(message.ref)?.found(message.roomId, message.roomName)
      questions.delete(message.ref)
      break
    case GLOBAL_KIND.error:
      questions.get(message.ref)?.refused(messageNamed(`presence.refused.${message.code}`) ?? message.message)
      questions.delete(message.ref)
      break
    case GLOBAL_KIND.called:
      showCall(message.userId, message.name, message.roomId, message.roomName, message.text)
      break
    case GLOBAL_KIND.answered:
      showToast({
        key: `asked ${message.userId}`,
        kind: message.accepts ? 'good' : 'news',
        title: message.accepts ? t('presence.accepted', { name: message.name }) : t('presence.declined', { name: message.name }),
      })
      break
    case GLOBAL_KIND.notice:
      showToast({ key: `notice ${message.text}`, kind: message.level > 0 ? 'problem' : 'news', title: t('presence.notice'), body: message.text, actions: [{ label: t('presence.noticeSeen'), act: () => undefined }] })
      break
    case GLOBAL_KIND.goodbye:
      if (message.code === GLOBAL_CLOSE.banned) showToast({ key: 'banned', kind: 'problem', title: t('presence.banned'), body: message.reason })
      else if (message.code === GLOBAL_CLOSE.ended && !isLeaving()) showToast({ key: 'ended', kind: 'news', title: t('presence.ended'), body: message.reason })
      break
    default:
  }
}

function showCall(userId: string, name: string, roomId: string, roomName: string, text: string): void {
  const answer = (accepts: boolean) => () => {
    link?.answer(userId, accepts)
    if (accepts) goTo(roomId)
  }
  showToast({
    key: `called ${userId}`,
    kind: 'news',
    title: t('presence.called', { name, room: roomName }),
    ...(text === '' ? {} : { body: text }),
    actions: [
      { label: t('presence.go'), primary: true, act: answer(true) },
      { label: t('presence.notNow'), act: answer(false) },
    ],
  })
}

function ask(key: string, ref: number | null, question: Pick<Question, 'found'>): void {
  const refused = (words: string) => showToast({ key, kind: 'problem', title: words })
  if (ref === null) refused(t('presence.offline'))
  else questions.set(ref, { ...question, refused })
}

/** Looks up where somebody is and goes there. */
export function goToPerson(userId: string): void {
  ask(`find ${userId}`, link?.find(userId) ?? null, { found: (roomId) => goTo(roomId) })
}

/** Asks somebody to come to the room one is in. */
export function askToCome(userId: string, name: string, text = ''): void {
  const key = `asked ${userId}`
  const ref = link?.call(userId, text) ?? null
  if (ref !== null) showToast({ key, kind: 'good', title: t('presence.asked', { name }) })
  ask(key, ref, { found: () => undefined })
}

/** Changes how one is seen. Throws ApiError. */
export async function savePresence(change: Partial<OwnPresence>): Promise<void> {
  const before = usePresence.getState().me
  usePresence.setState({ me: { ...before, ...change } })
  try {
    usePresence.setState({ me: await api.savePresence(change) })
  } catch (error) {
    usePresence.setState({ me: before })
    throw error
  }
}

/** The same, for menus without a place for errors. */
export function choosePresence(change: Partial<OwnPresence>): void {
  savePresence(change).catch((error: unknown) => showToast({ key: 'presence', kind: 'problem', title: wordsFor(error) }))
}
