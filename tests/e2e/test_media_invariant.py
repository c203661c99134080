"""Everyone who should hear each other does, and nobody hears anyone else, at every moment of a random walk.

Who should is what the server says of proximity; who does is measured by pitch behind the mixer. The links go directly
and through the SFU, and change between the two all the time. `make hearing` walks for five minutes.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from tests.adversity.server_process import ServerProcess
from tests.e2e.media_people import PITCHES, Company, MakeRoom, Speaker
from tests.e2e.pulse import Pulse, undisturbed
from tests.e2e.tones import MEASURED, listening

pytest_plugins = ["tests.e2e.media_fixtures"]

WALK_S = float(os.environ.get("HEARING_S", "20"))
PEOPLE = int(os.environ.get("HEARING_PEOPLE", "4"))
SETTLE_S = 2.0
BROKEN_S = 0.5
"""What lasts shorter is a gap, which `test_media_sfu.py` measures."""
FULL_PX, LEAVE_PX = 64, 192
AUDIBLE_GAIN = 0.15
"""At the very edge of hearing silence and sound cannot be told apart."""
HEARD, UNHEARD = 0.01, 0.004
"""RMS of a pitch: somebody, nobody. At the audible edge it is 0.03."""
MEETING_PLACES = ((640.0, 980.0), (905.0, 980.0))
"""Out of earshot of each other: groups come together and come apart."""
NAMES = ("Ana", "Bo", "Cleo", "Dan", "Eve", "Fay")
SAMPLE = """() => {
  const { selfId, near, self, status } = window.__hallway
  const { peers, sfu, repairs } = window.__hallwayMedia
  return { selfId, near, self, status, tones: window.__tones, sfu, repairs,
    peers: peers.map(({ avatar, link, route, path, connected, gain, arriving, heard }) => (
      { avatar, link, route, path, connected, gain, arriving, heard })) }
}"""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(int(WALK_S) + 300)]

Pair = tuple[str, str]


@dataclass
class Hearing:
    """One listener and one speaker. `should`: are they near, as both are told; `since`: when that last changed, s."""

    should: bool | None = None
    since: float = 0.0
    wrong_since: float | None = None
    told: bool = False


@dataclass
class Findings:
    """What the walk found."""

    moments: int = 0
    excused: int = 0
    """Moments in which the machine itself stood still."""
    ways: Counter[str] = field(default_factory=Counter)
    switches: int = 0
    broken: list[str] = field(default_factory=list)
    paths: dict[Pair, str] = field(default_factory=dict)


@pytest.mark.flaky(reruns=1 if WALK_S < 60 else 0)
async def test_everyone_who_should_hear_each_other_does_and_nobody_else(
    listeners: Company, crossing: ServerProcess, make_room: MakeRoom, random_source: Random, seed: int
) -> None:
    room, _ = await make_room(crossing, "office")
    # Half of them begin at each place, one half after the other, so that all begin with direct links.
    groups: list[list[Speaker]] = []
    for number, (x, _) in enumerate(MEETING_PLACES):
        groups.append(await listeners.together(room, *NAMES[number : PEOPLE : len(MEETING_PLACES)], **MEASURED))
        await asyncio.gather(*(speaker.walk_to_x(x) for speaker in groups[-1]))
    speakers = [speaker for group in groups for speaker in group]
    for speaker in speakers:
        await speaker.toggle_microphone()
        await listening(speaker)
    undisturbed(crossing.pid)
    findings = Findings()
    walk = asyncio.create_task(stroll(groups, random_source))
    try:
        with Pulse() as pulse:
            await watch(speakers, findings, pulse)
        assert not walk.done(), f"nobody walks any more: {walk.exception()}"
    finally:
        walk.cancel()
        await asyncio.gather(walk, return_exceptions=True)
    print(
        f"seed {seed}: {len(speakers)} people for {WALK_S:.0f} s, {findings.moments} pairs looked at, "
        f"{dict(findings.ways)}, {findings.switches} changes of way, {len(findings.broken)} broken; {findings.excused} "
        f"not judged because the machine stalled, up to {pulse.worst_s * 1000:.0f} ms"
    )
    assert findings.broken == [], f"TEST_SEED={seed}\n" + "\n".join(findings.broken)
    assert findings.moments > 0
    assert set(findings.ways) == {"direct", "sfu"}, "the walk shows only one way"
    assert findings.switches > 0, "nobody changed from one way to the other: the walk shows too little"


async def stroll(groups: list[list[Speaker]], chance: Random) -> None:
    """First one group visits the other, so that all of them are too many for the direct way; then everybody wanders."""
    visitors, hosts = groups
    # Long enough to be judged where they are.
    await asyncio.sleep(SETTLE_S + 1)
    await asyncio.gather(*(speaker.walk_to_x(MEETING_PLACES[1][0]) for speaker in visitors))
    everybody = [*visitors, *hosts]
    for speaker in everybody:
        await speaker.until("the SFU", lambda media: any(peer["path"] == "sfu" for peer in media["peers"]))
    await asyncio.gather(
        *(
            wander(speaker, place, Random(chance.random()))
            for group, place in zip(groups, MEETING_PLACES, strict=True)
            for speaker in group
        )
    )


async def wander(speaker: Speaker, place: tuple[float, float], chance: Random) -> None:
    """Walk about, rather towards a place where people meet than away from it, and now and then to the other one."""
    keyboard = speaker.tab.page.keyboard
    while True:
        if chance.random() < 0.15:
            place = chance.choice(MEETING_PLACES)
        probe = await speaker.tab.probe()
        own = probe["self"] if probe is not None else None
        key = chance.choice(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"))
        if own is not None and chance.random() < 0.5:
            dx, dy = place[0] - own["predictedX"], place[1] - own["predictedY"]
            across = "ArrowRight" if dx > 0 else "ArrowLeft"
            key = across if abs(dx) > abs(dy) else "ArrowDown" if dy > 0 else "ArrowUp"
        await keyboard.down(key)
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        await keyboard.up(key)
        await asyncio.sleep(chance.uniform(0.0, 2.5))


async def watch(speakers: list[Speaker], findings: Findings, pulse: Pulse) -> None:
    """Compare what is heard with what should be, until the time is over."""
    pairs = {
        (listener.name, other.name): Hearing() for listener in speakers for other in speakers if other is not listener
    }
    end = time.monotonic() + WALK_S
    while time.monotonic() < end:
        found = await asyncio.gather(*(speaker.tab.page.evaluate(SAMPLE) for speaker in speakers))
        now = time.monotonic()
        pages = {speaker.name: page for speaker, page in zip(speakers, found, strict=True)}
        for listener in speakers:
            for other in speakers:
                if other is not listener:
                    judge(pairs[listener.name, other.name], listener, other, pages, now, findings, pulse.steady)
        await asyncio.sleep(0.1)


def judge(
    hearing: Hearing,
    listener: Speaker,
    other: Speaker,
    pages: dict[str, Any],
    now: float,
    findings: Findings,
    steady: bool,
) -> None:
    page, theirs = pages[listener.name], pages[other.name]
    should = theirs["selfId"] in page["near"]
    # Told at different moments, they are in the middle of a change.
    if should != hearing.should or should != (page["selfId"] in theirs["near"]):
        hearing.should, hearing.since = should, now
    way = next((peer["path"] for peer in page["peers"] if peer["avatar"] == theirs["selfId"] and peer["link"]), None)
    if way is not None:
        before = findings.paths.get((listener.name, other.name))
        findings.switches += before is not None and before != way
        findings.paths[listener.name, other.name] = way
    if now - hearing.since < SETTLE_S:
        hearing.wrong_since, hearing.told = None, False
        return
    if not steady:
        findings.excused += 1
        hearing.wrong_since = None
        return
    findings.moments += 1
    if should and way is not None:
        findings.ways[way] += 1
    level = page["tones"]["levels"][PITCHES.index(other.pitch)]
    distance = between(page, theirs)
    wrong = level < HEARD and gain_at(distance) >= AUDIBLE_GAIN if should else level > UNHEARD
    if not wrong:
        if hearing.told and hearing.wrong_since is not None:
            findings.broken.append(
                f"... {listener.name} and {other.name}: right after {now - hearing.wrong_since:.1f} s"
            )
        hearing.wrong_since, hearing.told = None, False
        return
    if hearing.wrong_since is None:
        hearing.wrong_since = now
    if now - hearing.wrong_since >= BROKEN_S and not hearing.told:
        hearing.told = True
        what = "does not hear" if should else "hears"
        peers = [peer for peer in page["peers"] if peer["avatar"] == theirs["selfId"]]
        findings.broken.append(
            f"{listener.name} {what} {other.name} (level {level:.4f}, {distance:.0f} px apart, settled for "
            f"{now - hearing.since:.1f} s, SFU {page['sfu']}, theirs {theirs['sfu']}, {peers})"
        )


def between(one: dict[str, Any], other: dict[str, Any]) -> float:
    """How far apart two people are, px: each page knows best where its own person is."""
    here, there = one["self"], other["self"]
    if here is None or there is None:
        return math.inf
    return math.dist((here["predictedX"], here["predictedY"]), (there["predictedX"], there["predictedY"]))


def gain_at(distance: float) -> float:
    """The law of the design: full within two tiles, nothing at the leave radius."""
    return min(1.0, max(0.0, (LEAVE_PX - distance) / (LEAVE_PX - FULL_PX)))
