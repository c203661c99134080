import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor'
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url'
import wasmUrl from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url'
// oxlint-disable-next-line import/default -- the address of the file, not the file
import workletUrl from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url'

/** RNNoise knows sound of this rate only, Hz. */
const SAMPLE_RATE = 48_000

/** Sound on its way out, with something done to it. */
export interface SoundFilter {
  readonly track: MediaStreamTrack
  close(): void
}

let wasm: Promise<ArrayBuffer> | null = null

/**
 * Takes what is not speech out of a microphone's sound (RNNoise, in a thread of its own). Rejects where the browser
 * cannot do that; the caller then goes on without. A module of its own: it is loaded when it is first wanted.
 */
export async function filterNoise(stream: MediaStream): Promise<SoundFilter> {
  wasm ??= loadRnnoise({ url: wasmUrl, simdUrl })
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' })
  try {
    const [wasmBinary] = await Promise.all([wasm, context.audioWorklet.addModule(workletUrl)])
    const rnnoise = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary })
    // Else a second, empty channel halves the sound when both are mixed to one.
    rnnoise.channelCount = 1
    rnnoise.channelCountMode = 'explicit'
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    // Firefox refuses a stream of another rate here.
    context.createMediaStreamSource(stream).connect(rnnoise).connect(output)
    const [track] = output.stream.getAudioTracks()
    if (track === undefined) throw new DOMException('no track', 'NotSupportedError')
    if (context.state !== 'running') await context.resume()
    return {
      track,
      close: () => {
        track.stop()
        rnnoise.destroy()
        void context.close()
      },
    }
  } catch (error) {
    wasm = null
    void context.close()
    throw error
  }
}
