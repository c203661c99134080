import { expect, it } from 'vitest'
import { giveTrack } from './give_track.ts'

const voice = { kind: 'audio' } as unknown as MediaStreamTrack

/** A sender as browsers have it: what it was asked for is done later, one after the other. */
class SlowSender {
  track: MediaStreamTrack | null = null
  asked: (MediaStreamTrack | null)[] = []
  refuses = false
  #queue: Promise<void> = Promise.resolve()

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.asked.push(track)
    this.#queue = this.#queue
      .catch(() => undefined)
      .then(() => {
        if (this.refuses) throw new Error('not now')
        this.track = track
      })
    return this.#queue
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

it('sends what it was given last, though the browser had not come to what was before', async () => {
  const sender = new SlowSender()
  const give = (track: MediaStreamTrack | null): void => giveTrack(sender as unknown as RTCRtpSender, track)
  give(voice)
  await settle()
  give(null)
  give(voice)
  await settle()
  expect(sender.track).toBe(voice)
  give(null)
  give(voice)
  give(null)
  await settle()
  expect(sender.track).toBe(null)
})

it('asks for nothing twice, unless it was refused', async () => {
  const sender = new SlowSender()
  const give = (track: MediaStreamTrack | null): void => giveTrack(sender as unknown as RTCRtpSender, track)
  give(null)
  give(voice)
  give(voice)
  await settle()
  give(voice)
  expect(sender.asked).toEqual([voice])
  sender.refuses = true
  give(null)
  await settle()
  sender.refuses = false
  give(null)
  await settle()
  expect(sender.track).toBe(null)
})
