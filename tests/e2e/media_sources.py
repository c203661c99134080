"""Things to hear and see that a test knows exactly: speech-like sound, noise, and a person before a busy wall."""

from __future__ import annotations

SOUND = """
(() => {
  const media = navigator.mediaDevices
  const before = media.getUserMedia
  // A voice: a buzz of 130 Hz that rises and falls, through formants, four syllables a second.
  const voice = (context, output) => {
    const buzz = new OscillatorNode(context, { type: 'sawtooth', frequency: 130 })
    const waver = new OscillatorNode(context, { frequency: 0.9 })
    waver.connect(new GainNode(context, { gain: 22 })).connect(buzz.frequency)
    const syllables = new GainNode(context, { gain: 0.5 })
    const beat = new OscillatorNode(context, { frequency: 4 })
    beat.connect(new GainNode(context, { gain: 0.5 })).connect(syllables.gain)
    for (const [frequency, gain] of [[300, 0.8], [650, 1], [1100, 0.6], [2500, 0.4], [3400, 0.2]]) {
      const formant = new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 3 })
      buzz.connect(formant).connect(new GainNode(context, { gain })).connect(syllables)
    }
    syllables.connect(output)
    for (const node of [buzz, waver, beat]) node.start()
  }
  const noise = (context, output) => {
    const buffer = new AudioBuffer({ length: 96_000, sampleRate: 48_000 })
    const samples = buffer.getChannelData(0)
    let seed = 12345
    for (let index = 0; index < samples.length; index += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      samples[index] = 0.12 * (seed / 2147483648 - 1)
    }
    const source = new AudioBufferSourceNode(context, { buffer, loop: true })
    // As of a fan or the street.
    const dull = new BiquadFilterNode(context, { type: 'lowpass', frequency: 2000, Q: 0.5 })
    source.connect(dull).connect(output)
    source.start()
  }
  media.getUserMedia = async (wish) => {
    if (!wish.audio || wish.video) return before.call(media, wish)
    const context = new AudioContext({ sampleRate: 48_000 })
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    const level = new GainNode(context, { gain: window.__sound === 'nothing' ? 0 : 2 })
    level.connect(output)
    ;(window.__sound === 'noise' ? noise : voice)(context, level)
    window.__wishes = wish.audio
    return output.stream
  }
})()
"""
"""`window.__sound` says what the microphone hears: 'voice', 'noise' or 'nothing'."""

PICTURE = """
(() => {
  const media = navigator.mediaDevices
  const before = media.getUserMedia
  media.getUserMedia = async (wish) => {
    if (!wish.video) return before.call(media, wish)
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    const pen = canvas.getContext('2d')
    const oval = (color, x, y, width, height) => {
      pen.fillStyle = color
      pen.beginPath()
      pen.ellipse(x, y, width, height, 0, 0, 2 * Math.PI)
      pen.fill()
    }
    let frame = 0
    setInterval(() => {
      for (let x = 0; x < 640; x += 16) {
        for (let y = 0; y < 360; y += 16) {
          pen.fillStyle = (x + y) % 32 === 0 ? '#f4f4f4' : '#26364a'
          pen.fillRect(x, y, 16, 16)
        }
      }
      const sway = 4 * Math.sin(frame++ / 10)
      oval('#3d5a80', 320 + sway, 400, 190, 150)
      pen.fillStyle = '#d9a47f'
      pen.fillRect(288 + sway, 210, 64, 70)
      oval('#3a2a20', 320 + sway, 135, 82, 98)
      oval('#e3b18c', 320 + sway, 150, 68, 88)
      for (const eye of [-26, 26]) {
        oval('#ffffff', 320 + eye + sway, 138, 13, 8)
        oval('#2b1d14', 320 + eye + sway, 138, 6, 6)
      }
      oval('#c98d6b', 320 + sway, 165, 9, 16)
      oval('#a8514a', 320 + sway, 200, 24, 8)
    }, 40)
    return canvas.captureStream(25)
  }
})()
"""

CONTRAST = """(selector) => {
  const video = document.querySelector(selector)
  if (!video || !video.videoWidth) return null
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
  const pen = canvas.getContext('2d')
  pen.drawImage(video, 0, 0, 320, 180)
  const spread = (x, y, width, height) => {
    const { data } = pen.getImageData(x, y, width, height)
    const values = Array.from({ length: width * height }, (_, at) => data[at * 4 + 1])
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  }
  return { wall: spread(4, 4, 60, 100), face: spread(140, 62, 40, 20) }
}"""
"""How uneven the wall and the eyes of a video are: the standard deviation of green, of 255."""

GAPS = """(quiet) => {
  window.__gap = { longest: 0, since: null }
  setInterval(() => {
    const peer = window.__hallwayMedia?.peers.find(({ link }) => link !== null)
    const now = performance.now()
    const { __gap: gap } = window
    if (peer === undefined || peer.arriving < quiet) {
      gap.since ??= now
      gap.longest = Math.max(gap.longest, now - gap.since)
    } else gap.since = null
  }, 5)
}"""
"""Measures how long the sound that arrives is quieter than a level, in ms (`window.__gap.longest`)."""
