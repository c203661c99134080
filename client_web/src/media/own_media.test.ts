import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OwnMedia } from './own_media.ts'

/** A device's stream; `stopped`: the device was given back. */
class FakeStream {
  stopped = false
  readonly #tracks = [{ contentHint: '', stop: () => (this.stopped = true), addEventListener: () => undefined }]
  getTracks = () => this.#tracks
  getAudioTracks = () => this.#tracks
  getVideoTracks = () => this.#tracks
}

/** Devices that the browser was asked for and has not opened yet. */
let opening: ((stream: FakeStream) => void)[]
let own: OwnMedia

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

/** The person has said yes, and the device is there. */
async function open(): Promise<FakeStream> {
  const stream = new FakeStream()
  opening.shift()?.(stream)
  await settle()
  return stream
}

beforeEach(() => {
  vi.useFakeTimers()
  opening = []
  const getUserMedia = () => new Promise<FakeStream>((resolve) => opening.push(resolve))
  vi.stubGlobal('window', { isSecureContext: true })
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, getDisplayMedia: getUserMedia } })
  const choices = { microphoneId: '', cameraId: '', noise: 'browser', blur: false, quality: 'recommended' } as const
  own = new OwnMedia(() => choices, { onChange: () => undefined, onProblem: () => undefined })
})

afterEach(() => {
  own.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const denied = () => Promise.reject(new DOMException('no', 'NotAllowedError'))

it('does not unmute somebody who let go of the key before the microphone was open', async () => {
  void own.setMicrophone(true)
  void own.setMicrophone(false)
  const stream = await open()
  expect(own.state.microphone).toBe('off')
  expect(own.tracks.microphone).toBeNull()
  vi.advanceTimersByTime(60_000)
  expect(stream.stopped).toBe(true)
})

it('unmutes somebody who let go and pressed again meanwhile, and keeps what they are heard through', async () => {
  void own.setMicrophone(true)
  void own.setMicrophone(false)
  void own.setMicrophone(true)
  const stream = await open()
  expect(own.state.microphone).toBe('on')
  vi.advanceTimersByTime(120_000)
  expect(own.tracks.microphone).not.toBeNull()
  expect(stream.stopped).toBe(false)
})

it('unmutes somebody who asked for it while their microphone was only being looked at', async () => {
  void own.prepareMicrophone()
  void own.setMicrophone(true)
  await open()
  expect(own.state.microphone).toBe('on')
})

it.each(['microphone', 'camera', 'screen'] as const)('switches no %s on after the visit has ended, and gives it back', async (device) => {
  void { microphone: () => own.setMicrophone(true), camera: () => own.setCamera(true), screen: () => own.setScreen(true) }[device]()
  own.switchOff()
  const stream = await open()
  expect(own.state[device]).toBe('off')
  expect(stream.stopped).toBe(true)
})

it('remembers no wish to be heard of a time when the microphone could not be opened', async () => {
  const devices = navigator.mediaDevices
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: denied } })
  await own.setMicrophone(true)
  vi.stubGlobal('navigator', { mediaDevices: devices })
  void own.prepareMicrophone()
  await open()
  expect(own.state.microphone).toBe('off')
})
