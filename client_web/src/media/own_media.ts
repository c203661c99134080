import { type Tracks } from './slots.ts'

/** Why a device could not be had; each has a text in the catalogue. */
export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'muted' | 'failed'
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

export interface ChosenDevices {
  readonly microphoneId: string
  readonly cameraId: string
}

/** A muted microphone is given back after this time, so that the browser's sign goes out, ms. */
const RELEASE_MS = 60_000

/** This person's microphone, camera and screen. Nothing is opened, unmuted or switched on but by the methods here. */
export class OwnMedia {
  readonly #events: OwnMediaEvents
  readonly #devices: () => ChosenDevices
  #microphone: MediaStream | null = null
  #camera: MediaStream | null = null
  #screen: MediaStream | null = null
  #microphoneOn = false
  #starting = new Set<keyof OwnState>()
  #release: ReturnType<typeof setTimeout> | null = null
  #closed = false

  constructor(devices: () => ChosenDevices, events: OwnMediaEvents) {
    this.#devices = devices
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
      microphone: this.#microphoneOn ? (this.#microphone?.getAudioTracks()[0] ?? null) : null,
      camera: this.#camera?.getVideoTracks()[0] ?? null,
      screen: this.#screen?.getVideoTracks()[0] ?? null,
      screenSound: this.#screen?.getAudioTracks()[0] ?? null,
    }
  }

  /** The opened microphone, muted or not. */
  get microphoneStream(): MediaStream | null {
    return this.#microphone
  }

  async setMicrophone(on: boolean): Promise<void> {
    if (!on) {
      this.#microphoneOn = false
      this.#planRelease()
      this.#events.onChange()
      return
    }
    this.#cancelRelease()
    if (this.#microphone === null) this.#microphone = await this.#open('microphone', () => openMicrophone(this.#devices().microphoneId))
    if (this.#microphone === null) return
    this.#microphoneOn = true
    this.#watch(this.#microphone, 'microphone')
    this.#events.onChange()
  }

  /** Opens the microphone without unmuting it: for push-to-talk and for looking at its level. */
  async prepareMicrophone(): Promise<boolean> {
    if (this.#microphone !== null) return true
    this.#microphone = await this.#open('microphone', () => openMicrophone(this.#devices().microphoneId))
    if (this.#microphone !== null) this.#watch(this.#microphone, 'microphone')
    if (!this.#microphoneOn) this.#planRelease()
    this.#events.onChange()
    return this.#microphone !== null
  }

  async setCamera(on: boolean): Promise<void> {
    if (!on) {
      stop(this.#camera)
      this.#camera = null
    } else if (this.#camera === null) {
      this.#camera = await this.#open('camera', () => openCamera(this.#devices().cameraId))
      if (this.#camera !== null) this.#watch(this.#camera, 'camera')
    }
    this.#events.onChange()
  }

  async setScreen(on: boolean): Promise<void> {
    if (!on) {
      stop(this.#screen)
      this.#screen = null
    } else if (this.#screen === null) {
      this.#screen = await this.#open('screen', openScreen)
      if (this.#screen !== null) this.#watch(this.#screen, 'screen')
    }
    this.#events.onChange()
  }

  /** Takes the newly chosen devices where one is open: the new one first, then the old one goes. */
  async changeDevices(): Promise<void> {
    if (this.#microphone !== null) {
      const fresh = await this.#open('microphone', () => openMicrophone(this.#devices().microphoneId))
      if (fresh !== null) {
        stop(this.#microphone)
        this.#microphone = fresh
        this.#watch(fresh, 'microphone')
      }
    }
    if (this.#camera !== null) {
      const fresh = await this.#open('camera', () => openCamera(this.#devices().cameraId))
      if (fresh !== null) {
        stop(this.#camera)
        this.#camera = fresh
        this.#watch(fresh, 'camera')
      }
    }
    this.#events.onChange()
  }

  /** Everything off, and given back. */
  switchOff(): void {
    this.#cancelRelease()
    for (const stream of [this.#microphone, this.#camera, this.#screen]) stop(stream)
    this.#microphone = this.#camera = this.#screen = null
    this.#microphoneOn = false
    if (!this.#closed) this.#events.onChange()
  }

  close(): void {
    this.#closed = true
    this.switchOff()
  }

  async #open(device: keyof OwnState, open: () => Promise<MediaStream>): Promise<MediaStream | null> {
    if (this.#starting.has(device)) return null
    this.#starting.add(device)
    this.#events.onChange()
    try {
      const stream = await open()
      if (!this.#closed) return stream
      stop(stream)
    } catch (error) {
      const problem = problemOf(error)
      // Whoever closes the browser's list of screens has said no, and knows it.
      if (!this.#closed && !(device === 'screen' && problem === 'denied')) this.#events.onProblem(device, problem)
    } finally {
      this.#starting.delete(device)
    }
    return null
  }

  /** A device that is unplugged, or a share that is ended in the browser's own bar, goes off. */
  #watch(stream: MediaStream, device: keyof OwnState): void {
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        if (this.#closed) return
        if (device === 'microphone' && stream === this.#microphone) void this.#reopenMicrophone()
        else if (device === 'camera' && stream === this.#camera) void this.setCamera(false)
        else if (device === 'screen' && stream === this.#screen && track.kind === 'video') void this.setScreen(false)
      })
    }
  }

  /** The microphone was unplugged: what is left takes over, as it was, on or muted. */
  async #reopenMicrophone(): Promise<void> {
    const wasOn = this.#microphoneOn
    this.#microphone = null
    this.#microphoneOn = false
    this.#events.onChange()
    if (wasOn) await this.setMicrophone(true)
  }

  #planRelease(): void {
    this.#cancelRelease()
    this.#release = setTimeout(() => {
      stop(this.#microphone)
      this.#microphone = null
      this.#events.onChange()
    }, RELEASE_MS)
  }

  #cancelRelease(): void {
    if (this.#release !== null) clearTimeout(this.#release)
    this.#release = null
  }
}

function devices(): MediaDevices {
  // Browsers have no devices for pages that came over plain HTTP from another computer.
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new DOMException('no secure context', 'SecurityError')
  return navigator.mediaDevices
}

async function openMicrophone(deviceId: string): Promise<MediaStream> {
  const wishes = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
  return devices().getUserMedia({ audio: { ...wishes, ...chosen(deviceId) } })
}

async function openCamera(deviceId: string): Promise<MediaStream> {
  const wishes = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } }
  return devices().getUserMedia({ video: { ...wishes, ...chosen(deviceId) } })
}

async function openScreen(): Promise<MediaStream> {
  const media = devices()
  if (typeof media.getDisplayMedia !== 'function') throw new DOMException('no screens to share', 'NotFoundError')
  const stream = await media.getDisplayMedia({
    video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } },
    audio: true,
  })
  for (const track of stream.getVideoTracks()) track.contentHint = 'detail'
  return stream
}

/** `ideal`, so that a device that was unplugged since gives way to another one. */
function chosen(deviceId: string): MediaTrackConstraints {
  return deviceId === '' ? {} : { deviceId: { ideal: deviceId } }
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

function problemOf(error: unknown): DeviceProblem {
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
    default:
      return 'failed'
  }
}
