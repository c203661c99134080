import { BLUR_FAILED, Camera } from './camera.ts'
import { Microphone, type NoiseSuppression } from './microphone.ts'
import type { Quality } from './quality.ts'
import { type Tracks } from './slots.ts'

/** Why a device could not be had; each has a text in the catalogue. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'muted' | 'failed' | 'noise' | 'blur' | 'slow' | 'place'
export type Switch = 'off' | 'starting' | 'on'

export interface OwnState {
  readonly microphone: Switch
  readonly camera: Switch
  readonly screen: Switch
}

export interface OwnMediaEvents {
  /** What is sent, or whether something is on, has changed. */
  readonly onChange: () => void
  readonly onProblem: (device: keyof OwnState, problem: DeviceProblem) => void
}

export interface Choices {
  readonly microphoneId: string
  readonly cameraId: string
  readonly noise: NoiseSuppression
  readonly blur: boolean
  readonly quality: Quality
}

/** A muted microphone is given back after this time, so that the browser's sign goes out, ms. */
const RELEASE_MS = 60_000
/** How long the old device goes on beside the new one: the other ends must not hear a gap, ms. */
const HANDOVER_MS = 400

/** This person's microphone, camera and screen. Nothing is opened, unmuted or switched on but by the methods here. */
export class OwnMedia {
  readonly #events: OwnMediaEvents
  readonly #choices: () => Choices
  #microphone: Microphone | null = null
  #camera: Camera | null = null
  #screen: MediaStream | null = null
  #microphoneOn = false
  /** What the person asked for last: they may mute themselves before the microphone is open. */
  #wantsToSpeak = false
  /** Rises when everything is given back: what is opened for a time before that comes too late. */
  #turn = 0
  #starting = new Set<keyof OwnState>()
  #release: ReturnType<typeof setTimeout> | null = null
  #closed = false

  constructor(choices: () => Choices, events: OwnMediaEvents) {
    this.#choices = choices
    this.#events = events
  }

  get state(): OwnState {
    const of = (device: keyof OwnState, on: boolean): Switch => (on ? 'on' : this.#starting.has(device) ? 'starting' : 'off')
    return {
      microphone: of('microphone', this.#microphoneOn),
      camera: of('camera', this.#camera !== null),
      screen: of('screen', this.#screen !== null),
    }
  }

  get tracks(): Tracks {
    return {
      microphone: this.#microphoneOn ? (this.#microphone?.track ?? null) : null,
      camera: this.#camera?.track ?? null,
      screen: this.#screen?.getVideoTracks()[0] ?? null,
      screenSound: this.#screen?.getAudioTracks()[0] ?? null,
    }
  }

  /** What the opened microphone gives, muted or not. */
  get microphoneStream(): MediaStream | null {
    return this.#microphone?.stream ?? null
  }

  async setMicrophone(on: boolean): Promise<void> {
    this.#wantsToSpeak = on
    if (!on) {
      this.#microphoneOn = false
      this.#planRelease()
      this.#events.onChange()
      return
    }
    this.#cancelRelease()
    if (this.#microphone === null) {
      await this.#beginMicrophone()
      return
    }
    this.#microphoneOn = true
    this.#events.onChange()
  }

  /** Opens the microphone without unmuting it: for push-to-talk and for looking at its level. */
  async prepareMicrophone(): Promise<boolean> {
    if (this.#microphone === null) await this.#beginMicrophone()
    return this.#microphone !== null
  }

  async setCamera(on: boolean): Promise<void> {
    if (!on) {
      this.#camera?.close()
      this.#camera = null
    } else if (this.#camera === null) {
      const opened = await this.#openCamera()
      if (opened !== null) this.#camera = opened
    }
    this.#events.onChange()
  }

  async setScreen(on: boolean): Promise<void> {
    if (!on) {
      stop(this.#screen)
      this.#screen = null
    } else if (this.#screen === null) {
      const opened = await this.#open('screen', openScreen, stop)
      if (opened !== null) {
        this.#screen = opened
        this.#watchScreen(opened)
      }
    }
    this.#events.onChange()
  }

  /** As chosen now, where it is open: another device, or another noise suppression. The new one first, then the old one goes. */
  async changeMicrophone(): Promise<void> {
    const before = this.#microphone
    if (before === null) return
    const fresh = await this.#openMicrophone()
    if (fresh === null || this.#microphone !== before) {
      fresh?.close()
      return
    }
    this.#microphone = fresh
    this.#events.onChange()
    setTimeout(() => before.close(), HANDOVER_MS)
  }

  /** As chosen now, where it is open: another device. */
  async changeCamera(): Promise<void> {
    const before = this.#camera
    if (before === null) return
    const fresh = await this.#openCamera()
    if (fresh === null || this.#camera !== before) {
      fresh?.close()
      return
    }
    this.#camera = fresh
    this.#events.onChange()
    setTimeout(() => before.close(), HANDOVER_MS)
  }

  /** As chosen now, with the same camera: its quality, and whether the background is blurred. */
  async changePicture(): Promise<void> {
    const camera = this.#camera
    if (camera === null) return
    const { quality, blur } = this.#choices()
    await camera.setQuality(quality)
    try {
      await camera.setBlur(blur)
    } catch (error) {
      // Who asks for a blurred background meanwhile is not shown without.
      if (camera === this.#camera) await this.setCamera(false)
      if (!this.#closed) this.#events.onProblem('camera', problemOf(error))
    }
    this.#events.onChange()
  }

  /** Everything off, and given back. */
  switchOff(): void {
    this.#cancelRelease()
    this.#microphone?.close()
    this.#camera?.close()
    stop(this.#screen)
    this.#microphone = this.#camera = this.#screen = null
    this.#microphoneOn = this.#wantsToSpeak = false
    this.#turn += 1
    if (!this.#closed) this.#events.onChange()
  }

  close(): void {
    this.#closed = true
    this.switchOff()
  }

  /** Opens it, and unmutes it if that is what the person wants by then. */
  async #beginMicrophone(): Promise<void> {
    // Whoever opens it already sees to that.
    if (this.#starting.has('microphone')) return
    this.#microphone = await this.#openMicrophone()
    this.#wantsToSpeak &&= this.#microphone !== null
    this.#microphoneOn = this.#wantsToSpeak
    if (this.#microphone !== null && !this.#microphoneOn) this.#planRelease()
    this.#events.onChange()
  }

  async #openMicrophone(): Promise<Microphone | null> {
    const { microphoneId, noise } = this.#choices()
    const opened = await this.#open('microphone', () => Microphone.open(devices(), chosen(microphoneId), noise), close)
    opened?.onEnded(() => opened === this.#microphone && void this.#reopenMicrophone())
    if (opened?.fellBack === true) this.#events.onProblem('microphone', 'noise')
    return opened
  }

  async #openCamera(): Promise<Camera | null> {
    const { cameraId, quality, blur } = this.#choices()
    const tooSlow = (): void => {
      if (this.#closed || this.#camera === null) return
      // Not shown without the blur that was asked for.
      void this.setCamera(false)
      this.#events.onProblem('camera', 'slow')
    }
    const opened = await this.#open('camera', () => Camera.open(devices(), chosen(cameraId), quality, blur, tooSlow), close)
    opened?.onEnded(() => opened === this.#camera && void this.setCamera(false))
    return opened
  }

  async #open<Device>(device: keyof OwnState, open: () => Promise<Device>, drop: (opened: Device) => void): Promise<Device | null> {
    if (this.#starting.has(device)) return null
    this.#starting.add(device)
    this.#events.onChange()
    const turn = this.#turn
    try {
      const opened = await open()
      if (turn === this.#turn) return opened
      drop(opened)
    } catch (error) {
      const problem = problemOf(error)
      // Whoever closes the browser's list of screens has said no, and knows it.
      if (!this.#closed && !(device === 'screen' && problem === 'denied')) this.#events.onProblem(device, problem)
    } finally {
      this.#starting.delete(device)
    }
    return null
  }

  /** A share that is ended in the browser's own bar goes off. */
  #watchScreen(stream: MediaStream): void {
    for (const track of stream.getVideoTracks()) {
      track.addEventListener('ended', () => {
        if (!this.#closed && stream === this.#screen) void this.setScreen(false)
      })
    }
  }

  /** The microphone was unplugged: what is left takes over, as it was, on or muted. */
  async #reopenMicrophone(): Promise<void> {
    if (this.#closed) return
    const wasOn = this.#microphoneOn
    this.#microphone?.close()
    this.#microphone = null
    this.#microphoneOn = false
    this.#events.onChange()
    if (wasOn) await this.setMicrophone(true)
  }

  #planRelease(): void {
    this.#cancelRelease()
    this.#release = setTimeout(() => {
      this.#microphone?.close()
      this.#microphone = null
      this.#events.onChange()
    }, RELEASE_MS)
  }

  #cancelRelease(): void {
    if (this.#release !== null) clearTimeout(this.#release)
    this.#release = null
  }
}

/** What the browser has; throws a DOMException where it has nothing. */
export function devices(): MediaDevices {
  // Browsers have no devices for pages that came over plain HTTP from another computer.
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new DOMException('no secure context', 'SecurityError')
  return navigator.mediaDevices
}

async function openScreen(): Promise<MediaStream> {
  const media = devices()
  if (typeof media.getDisplayMedia !== 'function') throw new DOMException('no screens to share', 'NotFoundError')
  // Some are known to some browsers only: the sound of the whole system, but without what this page plays itself, or the
  // others would hear their own voices; changing tabs, not this very tab.
  const wishes = {
    video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } },
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true },
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  }
  const stream = await media.getDisplayMedia(wishes)
  for (const track of stream.getVideoTracks()) track.contentHint = 'detail'
  return stream
}

/** `ideal`, so that a device that was unplugged since gives way to another one. */
export function chosen(deviceId: string): MediaTrackConstraints {
  return deviceId === '' ? {} : { deviceId: { ideal: deviceId } }
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

function close(opened: { close: () => void }): void {
  opened.close()
}

export function problemOf(error: unknown): DeviceProblem {
  if (!(error instanceof DOMException)) return 'failed'
  switch (error.name) {
    case 'NotAllowedError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    case 'SecurityError':
      return 'insecure'
    case BLUR_FAILED:
      return 'blur'
    default:
      return 'failed'
  }
}
