import { create } from 'zustand'
import type { RoomLine } from '../game/types.ts'
import { t } from '../i18n/translate.ts'
import { GESTURE } from '../net/chat_messages.ts'
import { CONTINUITY, FEATURE, KIND, type ServerMessage } from '../net/wire.ts'
import { showToast } from '../state/toasts.ts'
import { REACTIONS } from './emoji.ts'
import { showReaction } from './floating.ts'
import { isQuiet, playNotice } from './notices.ts'

/** Hands that are up: avatar to its turn. */
export const useHands = create<{ hands: ReadonlyMap<number, number> }>(() => ({ hands: new Map() }))

/** Whose hands are up, who is first comes first. */
export const queueOf = (hands: ReadonlyMap<number, number>): number[] => [...hands].toSorted(([, a], [, b]) => a - b).map(([avatar]) => avatar)

/** Reactions, waves and raised hands of the room that the page is in. */
export class Gestures {
  readonly #line: RoomLine
  readonly #stop: () => void

  constructor(line: RoomLine) {
    this.#line = line
    this.#stop = line.listen((message) => this.#receive(message))
  }

  end(): void {
    this.#stop()
    useHands.setState({ hands: new Map() })
  }

  react(reaction: number): void {
    this.#line.send(FEATURE.chat, { kind: KIND.react, ref: this.#line.nextRef(), reaction })
  }

  wave(avatar: number): void {
    this.#line.send(FEATURE.chat, { kind: KIND.wave, ref: this.#line.nextRef(), avatar })
  }

  /** The own hand goes up, or down if it is up. */
  toggleHand(): void {
    this.#hand(!useHands.getState().hands.has(this.#line.self), 0)
  }

  /** As a moderator. */
  lowerHand(avatar: number): void {
    this.#hand(false, avatar)
  }

  #hand(up: boolean, avatar: number): void {
    this.#line.send(FEATURE.chat, { kind: KIND.hand, ref: this.#line.nextRef(), up, avatar })
  }

  #receive(message: ServerMessage): void {
    if (message.kind === KIND.welcome && message.continuity !== CONTINUITY.resumed) useHands.setState({ hands: new Map() })
    else if (message.kind === KIND.left) this.#setHand(message.avatar, 0)
    else if (message.kind === KIND.gesture) this.#made(message.gesture, message.avatar, message.value)
  }

  #made(gesture: number, avatar: number, value: number): void {
    if (gesture === GESTURE.hand) this.#setHand(avatar, value)
    else if (gesture === GESTURE.wave) this.#waved(avatar, value)
    else {
      const emoji = REACTIONS[value]
      if (emoji !== undefined) showReaction(avatar, emoji)
    }
  }

  #waved(avatar: number, target: number): void {
    showReaction(avatar, '👋')
    if (target !== this.#line.self || isQuiet()) return
    playNotice('wave')
    const name = this.#line.personOf(avatar)?.name
    if (name === undefined) return
    showToast({ key: `wave ${avatar}`, kind: 'news', title: t('gestures.waved', { name }), actions: [{ label: t('gestures.waveBack'), primary: true, act: () => this.wave(avatar) }] })
  }

  #setHand(avatar: number, turn: number): void {
    const { hands } = useHands.getState()
    if ((hands.get(avatar) ?? 0) === turn) return
    const after = new Map(hands)
    if (turn === 0) after.delete(avatar)
    else after.set(avatar, turn)
    useHands.setState({ hands: after })
  }
}
