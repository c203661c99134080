"""People who can hear and see: their pages, the pitch that each of them speaks with, and how loud others are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.adversity.server_process import ServerProcess
from tests.e2e import chromium
from tests.e2e.chromium import SETTLED
from tests.e2e.tab import POLL_S, Probe, Tab, next_poll_s

FLAGS = [
    *chromium.FLAGS,
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]

MakeRoom = Callable[[ServerProcess, str], Awaitable[tuple[UUID, str]]]
"""Makes a room of a template: its id, and the access token of its owner."""
MOST_OPENING = 4
"""Pages that open at a time: more are no faster, and each has only so much patience."""
TONE_RMS = 0.25
"""Loudness of everybody's tone as it leaves them, RMS."""
HEARD_RMS = 0.02
NEARLY_PX = 4.0
STROLLS = 3

DEVICES = (
    SETTLED
    + """;
(() => {
  const media = navigator.mediaDevices
  if (media === undefined) return
  const tone = (frequency = PITCH) => {
    // To no loudspeaker: a browser has only so many outputs for all its pages.
    const context = new AudioContext({ sinkId: { type: 'none' } })
    const oscillator = new OscillatorNode(context, { frequency })
    const gain = new GainNode(context, { gain: LOUDNESS })
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    oscillator.connect(gain).connect(output)
    oscillator.start()
    return output.stream.getAudioTracks()[0]
  }
  const picture = () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
    const pen = canvas.getContext('2d')
    let frame = 0
    setInterval(() => {
      pen.fillStyle = `hsl(${PITCH % 360} 80% 50%)`
      pen.fillRect(0, 0, 320, 180)
      pen.fillStyle = 'white'
      pen.fillRect(frame++ % 320, 80, 20, 20)
    }, 40)
    return canvas.captureStream(25).getVideoTracks()[0]
  }
  window.__asked = []
  media.getUserMedia = async (wish) => {
    window.__asked.push(Object.keys(wish).filter((kind) => wish[kind]).join())
    if (window.__noDevices) throw new DOMException('none', 'NotFoundError')
    const stream = new MediaStream()
    if (wish.audio) stream.addTrack(tone())
    if (wish.video) stream.addTrack(picture())
    return stream
  }
  window.__connections = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...settings) {
      super(...settings)
      window.__connections.push(this)
    }
  }
  setInterval(() => {
    // To look at everybody a hundred times a second costs a page much: only where a test wants to know, see FIRST.
    if (window.__first === undefined) return
    for (const { userId, since, heard, link } of window.__hallwayMedia?.peers ?? []) {
      if (link === null) continue
      const ms = performance.now() - since
      const { sound, picture } = window.__first
      if (heard > 0.02) sound[userId] ??= ms
      const plays = (video) => video.videoWidth > 0 && video.currentTime > 0
      if ([...document.querySelectorAll('video')].some(plays)) picture[userId] ??= ms
    }
  }, 10)
  // What the system plays has a pitch of its own.
  media.getDisplayMedia = async (wish) => {
    window.__screenWish = wish
    return new MediaStream(window.__systemSound && wish.audio ? [picture(), tone(SYSTEM)] : [picture()])
  }
})()
"""
)

FIRST = "window.__first = { sound: {}, picture: {} };"
"""From now on a page notes how long after a link's beginning it heard and showed each person first, ms."""

PEERS = """() => {
  const media = window.__hallwayMedia
  return media === undefined ? null : { own: media.own, repairs: media.repairs, sfu: media.sfu, peers: media.peers,
    pitches: Object.fromEntries(PITCHES.map((hz) => [hz, media.pitchLevel(hz)])) }
}"""

STRANGER = 4151
"""Hz; of somebody whom nobody should hear, and of what a shared screen plays."""
PITCHES = (500, 797, 1102, 1406, 1711, 2016, 2321, 2626, 2931, 3236, 3541, 3846, STRANGER)
"""Hz; each of up to twelve people has one, far from the others and their overtones."""


class Speaker:
    """A page of somebody who speaks with one pitch."""

    def __init__(self, tab: Tab, name: str, pitch: int) -> None:
        self.tab, self.name, self.pitch = tab, name, pitch

    async def media(self) -> dict[str, Any]:
        """What the page's media says of itself now."""
        found: dict[str, Any] | None = await self.tab.page.evaluate(PEERS.replace("PITCHES", str(list(PITCHES))))
        assert found is not None
        return found

    async def peers(self) -> list[dict[str, Any]]:
        """Whom the page is linked with now."""
        return [peer for peer in (await self.media())["peers"] if peer["link"] is not None]

    async def toggle_microphone(self) -> None:
        """By the keyboard, as a person does."""
        await self.tab.page.keyboard.press("m")

    async def toggle_camera(self) -> None:
        """By the keyboard, as a person does."""
        await self.tab.page.keyboard.press("v")

    async def hears(self, count: int, patience_s: float = 20.0) -> None:
        """Wait until so many people are audible, and nobody else is linked."""

        def enough(media: dict[str, Any]) -> bool:
            linked = [peer for peer in media["peers"] if peer["link"] is not None]
            return len(linked) == count and all(peer["heard"] > HEARD_RMS for peer in linked)

        await self.until(f"{self.name} to hear {count}", enough, patience_s)

    async def until(
        self, what: str, holds: Callable[[dict[str, Any]], object], patience_s: float = 20.0
    ) -> dict[str, Any]:
        """Ask the page until something is so."""
        began = time.monotonic()
        while True:
            media = await self.media()
            if holds(media):
                return media
            waited_s = time.monotonic() - began
            if waited_s > patience_s:
                raise AssertionError(f"waited {patience_s:.0f} s for {what}; the page says {media}")
            await asyncio.sleep(next_poll_s(waited_s))

    async def first(self, what: str, patience_s: float = 10.0) -> float:
        """Time from the link to the first `sound` or `picture` of the only other one, ms; the page runs FIRST."""
        began = time.monotonic()
        while True:
            noted: dict[str, float] = (await self.tab.page.evaluate("window.__first"))[what]
            if noted:
                [ms] = noted.values()
                return ms
            # What the page notes by its own clock may be there a moment after it is heard.
            waited_s = time.monotonic() - began
            assert waited_s < patience_s, f"{self.name} noted no {what}"
            await asyncio.sleep(next_poll_s(waited_s))

    async def place(self) -> tuple[float, float]:
        """Where the avatar stands, px."""
        probe = await self.tab.still()
        return probe["self"]["predictedX"], probe["self"]["predictedY"]

    async def walk_to_x(self, x: float) -> Probe:
        """Walk sideways until about there."""
        here, _ = await self.place()
        if x > here:
            return await self.tab.walk_until("ArrowRight", f"x {x}", lambda p: p["self"]["predictedX"] >= x)
        return await self.tab.walk_until("ArrowLeft", f"x {x}", lambda p: p["self"]["predictedX"] <= x)

    async def stroll_to_x(self, x: float) -> None:
        """Click on the floor beside oneself: one arrives to within a few px, however late a test would let a key go.
        A click that found the picture still moving is made again."""
        for _ in range(STROLLS):
            here, y = await self.place()
            if abs(here - x) < NEARLY_PX:
                return
            await self.tab.click_on_map(x, y)
            await self.tab.until("a walk", lambda p, here=here: p["self"]["predictedX"] != here)
        here, _ = await self.place()
        assert abs(here - x) < NEARLY_PX, f"at {here} instead of {x}"


class Company:
    """Speakers, each with a page and a pitch of their own."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self.speakers: list[Speaker] = []
        self._coming: set[int] = set()
        """Pitches of those whose pages are opening."""
        self.prepare: list[Callable[[BrowserContext], Awaitable[None]]] = []
        """What is done to everybody's browser before its page opens."""

    async def speaker(
        self,
        name: str,
        room: object,
        *,
        devices: bool = True,
        own_devices: bool = False,
        script: str = "",
        **context: object,
    ) -> Speaker:
        """Somebody new in the room, muted and without a camera, as everybody comes in. `own_devices`: those that the
        browser pretends to have, instead of a steady tone and picture. `script`: runs in the page before all else."""
        taken = self._coming | {speaker.pitch for speaker in self.speakers}
        pitch = next(pitch for pitch in PITCHES if pitch not in taken)
        self._coming.add(pitch)
        settings: dict[str, object] = {"viewport": {"width": 1000, "height": 700}, **context}
        person = await self._browser.new_context(**settings)  # type: ignore[arg-type]
        loudness = TONE_RMS * 2**0.5
        own = DEVICES.replace("PITCH", str(pitch)).replace("LOUDNESS", str(loudness)).replace("SYSTEM", str(STRANGER))
        await person.add_init_script(SETTLED if own_devices else own)
        if not devices:
            await person.add_init_script("window.__noDevices = true")
        if script:
            await person.add_init_script(script)
        for prepare in self.prepare:
            await prepare(person)
        tab = Tab(await person.new_page(), self._url)
        await tab.come_as_guest(room, name)
        speaker = Speaker(tab, name, pitch)
        self.speakers.append(speaker)
        self._coming.discard(pitch)
        return speaker

    async def together(self, room: object, *names: str, **how: Any) -> list[Speaker]:
        """Several people at once, each as `speaker` makes them: a page mostly waits while it opens."""
        few = asyncio.Semaphore(MOST_OPENING)

        async def one(name: str) -> Speaker:
            async with few:
                return await self.speaker(name, room, **how)

        return list(await asyncio.gather(*(one(name) for name in names)))


@dataclass(frozen=True)
class Pair:
    """Ana and Bo near each other, and where they are. `people`: whoever else comes. `owner`: the room's, a token."""

    ana: Speaker
    bo: Speaker
    people: Company
    room: UUID
    owner: str

    @property
    def both(self) -> tuple[Speaker, Speaker]:
        return self.ana, self.bo

    async def talk(self) -> tuple[Speaker, Speaker]:
        """Both speak and hear each other."""
        for speaker in self.both:
            await speaker.toggle_microphone()
        for speaker in self.both:
            await speaker.hears(1)
        return self.both

    async def is_as_before(self) -> bool:
        """Switch everything off and send everybody else away; False: they are not linked any more."""
        for speaker in self.people.speakers[2:]:
            # Whoever only closes the page is linked for a while still, in case they come back.
            await speaker.tab.page.get_by_role("button", name="Leave", exact=True).first.click()
            await speaker.tab.page.context.close()
        del self.people.speakers[2:]
        for speaker in self.both:
            # Keys of a field that has the focus are its own.
            await speaker.tab.page.evaluate("document.activeElement?.blur()")
            own = (await speaker.media())["own"]
            if own["microphone"] != "off":
                await speaker.toggle_microphone()
            if own["camera"] != "off":
                await speaker.toggle_camera()
            if own["screen"] != "off" or speaker.tab.problems():
                return False
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            found = [(await speaker.media(), await speaker.peers()) for speaker in self.both]
            off = all(set(media["own"].values()) == {"off"} for media, _ in found)
            if off and all(len(peers) == 1 and peers[0]["connected"] for _, peers in found):
                return True
            await asyncio.sleep(POLL_S)
        return False


@asynccontextmanager
async def browser_with_devices(chromium: str | None) -> AsyncIterator[Browser]:
    """A Chromium whose pages may use microphones and cameras without being asked."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def company(browser: Browser, url: str) -> AsyncIterator[Company]:
    """People to come; at the end no page may have had an error."""
    people = Company(browser, url)
    try:
        yield people
    finally:
        problems = [problem for speaker in people.speakers for problem in speaker.tab.problems()]
        for speaker in people.speakers:
            await speaker.tab.page.context.close()
    assert problems == []
