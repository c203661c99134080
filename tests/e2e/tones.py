"""What reaches somebody's ears, pitch by pitch, without a gap in the measuring: an AudioWorklet behind the mixer.

Every 10 ms of sound are one window; the worklet counts windows, so a page that is busy misses none of them.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

from playwright.async_api import BrowserContext

from tests.e2e.media_people import PITCHES, TONE_RMS, Speaker
from tests.e2e.pulse import Gap

WINDOW_MS = 10
LEVEL_MS = 50
"""A level is of longer windows: those tell the pitches apart even where a sound is being stretched or bridged."""
HEARD = 0.3 * TONE_RMS
"""RMS of the tone of somebody who is close; a third is left for a pitch between two windows."""
LOST = 0.3
"""A window in which a pitch is below this share of what it was is one without that person's sound."""

WORKLET = (
    """
// The filters of Goertzel, one for each pitch, over windows of Hann that follow on each other.
class Filters {
  constructor(pitches, ms) {
    this.steps = pitches.map((hz) => 2 * Math.cos(2 * Math.PI * hz / sampleRate))
    this.size = Math.round(sampleRate * ms / 1000)
    this.hann = Float64Array.from({ length: this.size }, (_, i) => 1 - Math.cos(2 * Math.PI * i / this.size))
    this.state = new Float64Array(pitches.length * 2)
    this.filled = 0
    this.recent = pitches.map(() => [])
    this.kept = Math.round(200 / ms)
  }
  // True: a window is full.
  take(sample) {
    const { state, steps } = this
    const weighed = sample * this.hann[this.filled]
    for (let p = 0, at = 0; p < steps.length; p += 1, at += 2) {
      const next = weighed + steps[p] * state[at] - state[at + 1]
      state[at + 1] = state[at]
      state[at] = next
    }
    this.filled += 1
    return this.filled === this.size
  }
  // The RMS of each pitch in the window.
  close() {
    const { state, steps, recent, size } = this
    const levels = steps.map((step, p) => {
      const a = state[p * 2], b = state[p * 2 + 1]
      const power = a * a + b * b - step * a * b
      // RMS of a sine: amplitude 2 |X| / N, over the square root of 2.
      const level = Math.sqrt(2 * Math.max(0, power)) / size
      recent[p].push(level)
      if (recent[p].length > this.kept) recent[p].shift()
      return level
    })
    state.fill(0)
    this.filled = 0
    return levels
  }
  // Its mean over the last 200 ms.
  mean(p) {
    const found = this.recent[p]
    return found.length === 0 ? 0 : found.reduce((sum, level) => sum + level, 0) / found.length
  }
}
class Tones extends AudioWorkletProcessor {
  constructor({ processorOptions: { pitches } }) {
    super()
    this.count = pitches.length
    this.short = new Filters(pitches, WINDOW_MS)
    this.long = new Filters(pitches, LEVEL_MS)
    this.windows = 0
    this.usual = pitches.map(() => 0)
    this.run = pitches.map(() => 0)
    this.longest = pitches.map(() => 0)
    this.highest = pitches.map(() => 0)
    this.port.onmessage = ({ data }) => data === 'arm' && this.arm()
    this.armed = 0
  }
  arm() {
    this.armed += 1
    for (let p = 0; p < this.count; p += 1) {
      this.usual[p] = this.short.mean(p)
      this.run[p] = this.longest[p] = this.highest[p] = 0
    }
  }
  process([input]) {
    const [left, right = left] = input.length === 0 ? [new Float32Array(128)] : input
    for (let i = 0; i < left.length; i += 1) {
      const sample = (left[i] + right[i]) * 0.5
      if (this.long.take(sample)) this.long.close()
      if (this.short.take(sample)) this.close(this.short.close())
    }
    return true
  }
  close(levels) {
    levels.forEach((level, p) => {
      if (level < LOST * this.usual[p]) this.run[p] += 1
      else this.run[p] = 0
      this.longest[p] = Math.max(this.longest[p], this.run[p])
      this.highest[p] = Math.max(this.highest[p], level)
    })
    this.windows += 1
    if (this.windows % 5 === 0) {
      const { windows, armed, longest, highest, usual } = this
      const means = usual.map((_, p) => this.long.mean(p))
      this.port.postMessage({ windows, armed, longest, highest, usual, levels: means })
    }
  }
}
registerProcessor('tones', Tones)
""".replace("WINDOW_MS", str(WINDOW_MS))
    .replace("LEVEL_MS", str(LEVEL_MS))
    .replace("LOST", str(LOST))
)

TAP = """
(() => {
  const connect = AudioNode.prototype.connect
  AudioNode.prototype.connect = function (to, ...rest) {
    const result = connect.call(this, to, ...rest)
    // The mixer's last node before the ears; other sounds of the page end there without one.
    if (to instanceof AudioDestinationNode && this instanceof AnalyserNode) void tap(this)
    return result
  }
  const tap = async (node) => {
    const { context } = node
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([WORKLET], { type: 'text/javascript' })))
    const meter = new AudioWorkletNode(context, 'tones', { processorOptions: { pitches: PITCHES } })
    meter.port.onmessage = ({ data }) => { window.__tones = data }
    window.__armTones = () => meter.port.postMessage('arm')
    connect.call(node, meter)
    connect.call(meter, context.destination)
  }
})()
""".replace("PITCHES", str(list(PITCHES))).replace("WORKLET", json.dumps(WORKLET))

MEASURED: dict[str, object] = {"bypass_csp": True, "viewport": {"width": 640, "height": 480}}
"""For `Company.speaker`: a small page, and one into which the test may put its worklet."""

CALM = """
(() => {
  // Many pages on few cores: their pictures of the room need not be fluent.
  window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 200)
  window.cancelAnimationFrame = (timer) => clearTimeout(timer)
  const still = new CSSStyleSheet()
  still.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important }')
  document.adoptedStyleSheets = [still]
})()
"""


@dataclass(frozen=True, slots=True)
class Tone:
    """One person's pitch at one listener. `level`: RMS over the last 200 ms; `gap_ms`: the longest time without it
    since `arm`; `peak`: the loudest window since then, as a share of what it was before."""

    level: float
    gap_ms: float
    peak: float


async def measured(person: BrowserContext) -> None:
    """For `Company.prepare`: the pages of this browser measure what they hear. See `MEASURED`."""
    await person.add_init_script(TAP)


async def calm(person: BrowserContext) -> None:
    """For `Company.prepare`: the pages draw five times a second and nothing on them moves, so that many fit on few
    cores."""
    await person.add_init_script(CALM)


async def listening(speaker: Speaker, patience_s: float = 15.0) -> None:
    """Wait until the page measures."""
    deadline = time.monotonic() + patience_s
    while not await speaker.tab.page.evaluate("window.__tones !== undefined"):
        if time.monotonic() > deadline:
            raise AssertionError(f"the page of {speaker.name} does not measure")
        await asyncio.sleep(0.1)


async def arm(*speakers: Speaker) -> None:
    """From now on gaps and peaks count, measured by how loud everybody is now."""
    for speaker in speakers:
        await speaker.tab.page.evaluate("""() => {
          const before = window.__tones.armed
          window.__armTones()
          return new Promise((done) => {
            const timer = setInterval(() => {
              if (window.__tones.armed > before) { clearInterval(timer); done() }
            }, 10)
          })
        }""")


async def tones(speaker: Speaker) -> dict[int, Tone]:
    """What the page hears, by pitch in Hz."""
    found = await speaker.tab.page.evaluate("window.__tones")
    heard: dict[int, Tone] = {}
    for index, hz in enumerate(PITCHES):
        usual = found["usual"][index]
        peak = found["highest"][index] / usual if usual > 0.001 else 0.0
        heard[hz] = Tone(found["levels"][index], found["longest"][index] * WINDOW_MS, peak)
    return heard


async def longest_gap(speakers: list[Speaker]) -> Gap:
    """Of anybody's tone at anybody else's ears since `arm`."""
    found: list[tuple[float, str]] = []
    for listener in speakers:
        heard = await tones(listener)
        found += [
            (heard[other.pitch].gap_ms, f"{listener.name} hearing {other.name}")
            for other in speakers
            if other is not listener
        ]
    return Gap(*max(found))
