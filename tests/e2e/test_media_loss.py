"""A bad network: sound that loses packets on the way goes on without a freeze, and a cut connection is noticed."""

from __future__ import annotations

import asyncio
import os
from random import Random
from uuid import UUID

import pytest

from tests.e2e.media_network import UdpWay, Weather, only_by, udp_way
from tests.e2e.media_people import TONE_RMS, Company, Speaker
from tests.e2e.media_sources import GAPS

pytest_plugins = ["tests.e2e.media_fixtures"]

LOSS, DELAY_S = 0.03, 0.02
"""Each way; 20 ms each way are 40 ms there and back."""
LONGEST_FREEZE_MS = 300.0
LONGEST_STILL_MS = 600.0
"""The aim is 300 ms, too, on a machine of one's own; tests share theirs, and pictures are coded by the processor."""
SECONDS = float(os.environ.get("LOSS_S", "8"))
"""LOSS_S=60 for longer."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120 + int(SECONDS))]


async def over(way: UdpWay, people: Company, room: UUID) -> tuple[Speaker, Speaker]:
    """Two people who hear each other by this way only."""
    ana = await people.speaker("Ana", room, script=only_by(way.ends[0]))
    bo = await people.speaker("Bo", room, script=only_by(way.ends[1]))
    for speaker in (ana, bo):
        await speaker.toggle_microphone()
    for speaker in (ana, bo):
        await speaker.hears(1)
    return ana, bo


VIDEO_FREEZES = """() => {
  window.__frames = { longest: 0, last: null, count: 0 }
  const video = document.querySelector('li video')
  const seen = (now) => {
    const { __frames: frames } = window
    if (frames.last !== null) frames.longest = Math.max(frames.longest, now - frames.last)
    frames.last = now
    frames.count += 1
    video.requestVideoFrameCallback(seen)
  }
  video.requestVideoFrameCallback(seen)
}"""


async def test_three_per_cent_of_loss_each_way_freeze_neither_sound_nor_picture(
    people: Company, office: UUID, random_source: Random
) -> None:
    async with udp_way(Weather(LOSS, DELAY_S), random_source) as way:
        ana, bo = await over(way, people, office)
        await bo.toggle_camera()
        await ana.tab.page.locator("li video").wait_for()
        await asyncio.sleep(2)
        await ana.tab.page.evaluate(GAPS, TONE_RMS / 8)
        await ana.tab.page.evaluate(VIDEO_FREEZES)
        await asyncio.sleep(SECONDS)
        gap = await ana.tab.page.evaluate("window.__gap.longest")
        frames = await ana.tab.page.evaluate("window.__frames")
        lost = way.lost / (way.lost + way.carried)
        print(f"{way.carried} packets, {lost:.1%} lost; longest silence {gap:.0f} ms,", end=" ")
        print(f"longest still picture {frames['longest']:.0f} ms of {frames['count']} frames")
        assert 0.02 < lost < 0.04
        assert gap < LONGEST_FREEZE_MS
        assert frames["longest"] < LONGEST_STILL_MS
        assert (await ana.media())["repairs"]["rebuild"] == 0
