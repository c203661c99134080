/** Two soft notes, Hz; and how long each of them sounds, s. */
const NOTES = [523.25, 783.99]
const NOTE_S = 0.45

/** Plays a short sound through a speaker (an empty id: the system's). Resolves when it has ended; rejects if it can not. */
export async function playChime(speakerId: string, volume: number): Promise<void> {
  const context = new AudioContext()
  try {
    if (speakerId !== '' && 'setSinkId' in context) {
      await (context as AudioContext & { setSinkId: (id: string) => Promise<void> }).setSinkId(speakerId)
    }
    await context.resume()
    const begin = context.currentTime + 0.05
    for (const [index, frequency] of NOTES.entries()) {
      const note = new OscillatorNode(context, { frequency, type: 'sine' })
      const gain = new GainNode(context, { gain: 0 })
      const at = begin + index * NOTE_S
      gain.gain.setValueAtTime(0, at)
      gain.gain.linearRampToValueAtTime(0.25 * Math.min(1, volume), at + 0.02)
      gain.gain.exponentialRampToValueAtTime(0.001, at + 2 * NOTE_S)
      note.connect(gain).connect(context.destination)
      note.start(at)
      note.stop(at + 2 * NOTE_S)
    }
    await new Promise((resolve) => setTimeout(resolve, (NOTES.length + 1) * NOTE_S * 1000))
  } finally {
    void context.close()
  }
}
