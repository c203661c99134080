"""How long a picture stands still because of the network, and not because the machine does.

Beside the way that is judged, the same camera goes from the same page to the same page over a clean way. What stands
still there as well is the machine's doing: camera, encoder, decoder and page are starved in both alike.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from tests.e2e.media_people import Speaker

SEEN_MS = 60.0
"""Gaps between two pictures that are noted; there are 25 a second."""
NORMAL_MS = 40.0
NEAR_MS = 300.0
"""A stall of the machine may show so much earlier or later on one way than on the other: their buffers differ."""

WATCH = """([selector, key, seen]) => {
  const frames = (window.__frames ??= {})
  const own = (frames[key] = { count: 0, last: null, gaps: [] })
  const video = document.querySelector(selector)
  const look = (now) => {
    if (own.last !== null && now - own.last > seen) own.gaps.push([own.last, now])
    own.last = now
    own.count += 1
    video.requestVideoFrameCallback(look)
  }
  video.requestVideoFrameCallback(look)
}"""

OFFER = """async () => {
  const senders = window.__connections.flatMap((connection) => connection.getSenders())
  const camera = senders.find(({ track }) => track?.kind === 'video').track
  const pc = (window.__clean = new RTCPeerConnection())
  pc.addTransceiver(camera, { direction: 'sendonly' })
  await pc.setLocalDescription()
  while (pc.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 10))
  return pc.localDescription.sdp
}"""
ANSWER = """async (sdp) => {
  const pc = (window.__clean = new RTCPeerConnection())
  const video = Object.assign(document.createElement('video'), { id: 'clean', muted: true, autoplay: true })
  video.style.cssText = 'position: fixed; right: 0; bottom: 0; width: 160px; z-index: 1000'
  pc.ontrack = ({ track }) => { video.srcObject = new MediaStream([track]) }
  document.body.append(video)
  await pc.setRemoteDescription({ type: 'offer', sdp })
  await pc.setLocalDescription()
  while (pc.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 10))
  return pc.localDescription.sdp
}"""
TAKE = "(sdp) => window.__clean.setRemoteDescription({ type: 'answer', sdp })"
# Names that only a network would resolve: both pages are here.
HERE = r"(sdp) => sdp.replace(/[0-9a-f-]+\.local/g, '127.0.0.1')"


@dataclass(frozen=True, slots=True)
class Stillness:
    """`longest_ms`: the longest time without a new picture over the way that is judged, less what the machine stood
    still meanwhile. `shown_ms`: the whole of it, as a person would see it on this machine. `machine_ms`: the longest
    time over the clean way. `frames`: pictures over either way."""

    longest_ms: float
    shown_ms: float
    machine_ms: float
    frames: tuple[int, int]


async def show_cleanly(sender: Speaker, viewer: Speaker) -> None:
    """Send the camera over a way of its own, too, on which nothing is lost."""
    offer = await sender.tab.page.evaluate(OFFER)
    answer = await viewer.tab.page.evaluate(ANSWER, await viewer.tab.page.evaluate(HERE, offer))
    await sender.tab.page.evaluate(TAKE, await sender.tab.page.evaluate(HERE, answer))
    deadline = time.monotonic() + 15
    while not await viewer.tab.page.evaluate("document.querySelector('#clean').currentTime > 0.5"):
        assert time.monotonic() < deadline, "no picture over the clean way"
        await asyncio.sleep(0.1)


async def watch_frames(viewer: Speaker, *, compared: bool = True) -> None:
    """From now on pictures of both ways are noted; `compared` False: there is no clean way."""
    for selector, key in (("li video", "judged"), ("#clean", "clean"))[: 2 if compared else 1]:
        await viewer.tab.page.evaluate(WATCH, [selector, key, SEEN_MS])


async def stillness(viewer: Speaker) -> Stillness:
    """What was noted since `watch_frames`."""
    frames = await viewer.tab.page.evaluate("window.__frames")
    judged = [(start, end) for start, end in frames["judged"]["gaps"]]
    clean_way = frames.get("clean", {"gaps": [], "count": 0})
    clean = [(start, end) for start, end in clean_way["gaps"]]
    return Stillness(
        max((longest_without(gap, clean) for gap in judged), default=0.0),
        max((end - start for start, end in judged), default=0.0),
        max((end - start for start, end in clean), default=0.0),
        (frames["judged"]["count"], clean_way["count"]),
    )


def longest_without(gap: tuple[float, float], stalls: list[tuple[float, float]]) -> float:
    """How much of a gap is left, in ms, if what the machine stood still around it is taken away."""
    start, end = gap
    excuse = sum(
        min(till, end + NEAR_MS) - max(since, start - NEAR_MS) - NORMAL_MS
        for since, till in stalls
        if since < end + NEAR_MS and till > start - NEAR_MS
    )
    return end - start - max(0.0, excuse)
