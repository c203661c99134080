"""A crowd through the SFU: nobody is cut off on the way there or back, or for long when something dies."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.media_people import TONE_RMS, Company, Speaker, browser_with_devices, company
from tests.e2e.pulse import Pulse, undisturbed, worker_of
from tests.e2e.tones import MEASURED, Tone, arm, calm, listening, measured, tones

DIRECT = 3
"""Here a fourth link sends all of somebody's links through the SFU: five pages are enough for a switch."""
LONGEST_GAP_MS = 100
HIGHEST_PEAK = 1.4
"""One person's tone over two paths at once would be twice as loud."""
AWAY_PX = 260
CLEAR_X = 800
"""From here the way up is free, in the office."""
STOOD_STILL_S = 0.06
BACK_S = 3.0
"""How soon sound is back after the SFU died."""
CROWD = int(os.environ.get("SFU_PEOPLE", "6"))
HEARD = 0.3 * TONE_RMS
CONNECTED = 2
"""LEG_STATE of a leg that is there."""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def mortal() -> Iterator[ServerProcess]:
    """A server of this file's own."""
    with running_server(SFU_PORT=0, DIRECT_PEOPLE_SOUND=DIRECT, DIRECT_PEOPLE_VIDEO=DIRECT) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium for this file."""
    async with browser_with_devices(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, mortal: ServerProcess) -> AsyncIterator[Company]:
    """Pages that measure what they hear."""
    async with company(devices, mortal.url) as people:
        people.prepare = [measured, calm]
        yield people


@pytest_asyncio.fixture(loop_scope="session")
async def room(mortal: ServerProcess) -> UUID:
    owner = await new_account(mortal.url)
    async with PatientApi(mortal.url) as api:
        return await api.create_room(owner, "office", 80)


async def join(people: Company, room: UUID, *names: str) -> list[Speaker]:
    """They come in and speak."""
    speakers = [await people.speaker(name, room, **MEASURED) for name in names]
    for speaker in speakers:
        await speaker.toggle_microphone()
        await listening(speaker)
    return speakers


async def all_hear_all(speakers: list[Speaker], patience_s: float = 30.0) -> None:
    """By tone, each as loud as their distance says, and until it is so."""
    for listener in speakers:
        others = {other.pitch: other.name for other in speakers if other is not listener}
        await listener.until(
            f"{listener.name} to be linked with {len(others)}",
            lambda media, others=others: len([peer for peer in media["peers"] if peer["link"]]) == len(others),
            patience_s,
        )
        faintest = min(peer["gain"] for peer in await listener.peers())

        def missing(heard: dict[int, Tone], others: dict[int, str] = others, gain: float = faintest) -> list[str]:
            return [name for hz, name in others.items() if heard[hz].level < HEARD * gain]

        await tones_until(listener, f"everybody; {listener.name} misses", missing, patience_s)


async def tones_until(
    listener: Speaker, what: str, wrong: Callable[[dict[int, Tone]], object], patience_s: float
) -> dict[int, Tone]:
    deadline = time.monotonic() + patience_s
    while found := wrong(heard := await tones(listener)):
        if time.monotonic() > deadline:
            media = await listener.media()
            raise AssertionError(f"waited {patience_s:.0f} s for {what} {found}; the page says {media}")
        await asyncio.sleep(0.1)
    return heard


async def walk_to_y(speaker: Speaker, y: float) -> None:
    """Up or down to about there."""
    _, here = await speaker.place()
    if y < here:
        await speaker.tab.walk_until("ArrowUp", f"y {y}", lambda probe: probe["self"]["predictedY"] <= y)
    else:
        await speaker.tab.walk_until("ArrowDown", f"y {y}", lambda probe: probe["self"]["predictedY"] >= y)


async def routes_are(speakers: list[Speaker], route: int, path: str) -> None:
    """Every link of everybody goes that way, and is played from there."""

    def settled(media: dict[str, Any]) -> bool:
        linked = [peer for peer in media["peers"] if peer["link"] is not None]
        return all(peer["route"] == route and peer["path"] == path for peer in linked)

    for speaker in speakers:
        await speaker.until(f"{speaker.name} to be on route {route}", settled, 40)


async def worst(speakers: list[Speaker]) -> list[tuple[float, float, str]]:
    """Of every pair: the longest gap, ms, the highest peak, and who heard whom."""
    found: list[tuple[float, float, str]] = []
    for listener in speakers:
        heard = await tones(listener)
        for other in speakers:
            if other is not listener:
                tone = heard[other.pitch]
                found.append((tone.gap_ms, tone.peak, f"{listener.name} hearing {other.name}"))
    return sorted(found, reverse=True)


def told(pairs: list[tuple[float, float, str]]) -> str:
    gap, _, who = pairs[0]
    return f"longest gap {gap:.0f} ms ({who}), highest {max(peak for _, peak, _ in pairs):.2f}"


def judge(pairs: list[tuple[float, float, str]], pulse: Pulse) -> None:
    """Nobody lost a word, and nobody was heard twice. On a machine that stood still meanwhile nothing can be said."""
    wrong = [f"{who}: {gap:.0f} ms" for gap, peak, who in pairs if gap > LONGEST_GAP_MS or peak > HIGHEST_PEAK]
    if wrong and pulse.worst_s > STOOD_STILL_S:
        pytest.skip(f"this machine stood still for {pulse.worst_s * 1000:.0f} ms, which is heard: {wrong}")
    assert wrong == []


async def test_a_fifth_person_comes_and_goes_and_nobody_loses_a_word(
    people: Company, mortal: ServerProcess, room: UUID
) -> None:
    [eve] = await join(people, room, "Eve")
    _, y = await eve.place()
    await eve.walk_to_x(CLEAR_X)
    await walk_to_y(eve, y - AWAY_PX)
    four = await join(people, room, "Ana", "Bo", "Cleo", "Dan")
    dan = four[3]
    await all_hear_all(four)
    await routes_are(four, 1, "direct")
    undisturbed(mortal.pid)
    with Pulse() as pulse:
        await arm(*four)
        await walk_to_y(eve, y)
        await routes_are([*four, eve], 2, "sfu")
        there = await worst(four)
        print(f"to the SFU: {told(there)}; the machine stood still for up to {pulse.worst_s * 1000:.0f} ms")
    await all_hear_all([*four, eve])
    # Back only with one link less than may go directly, so a second person has to go, too.
    three = four[:3]
    await walk_to_y(eve, y - AWAY_PX)
    await dan.tab.page.context.close()
    people.speakers.remove(dan)
    await all_hear_all(three)
    with Pulse() as pulse_back:
        await arm(*three)
        await routes_are(three, 1, "direct")
        await asyncio.sleep(0.5)
        back = await worst(three)
        print(f"and back: {told(back)}; the machine stood still for up to {pulse_back.worst_s * 1000:.0f} ms")
    judge(there, pulse)
    judge(back, pulse_back)
    repairs = [(await speaker.media())["repairs"] for speaker in three]
    assert repairs == [{"restart": 0, "rebuild": 0, "sfu": 0}] * 3


def is_another(sfu: dict[str, int], session: int) -> bool:
    return sfu["session"] not in (0, session) and sfu["state"] == CONNECTED


async def test_a_killed_worker_is_silent_for_less_than_three_seconds(
    people: Company, mortal: ServerProcess, room: UUID
) -> None:
    crowd = await join(people, room, "Ana", "Bo", "Cleo", "Dan", "Eve")
    await all_hear_all(crowd)
    await routes_are(crowd, 2, "sfu")
    await arm(*crowd)
    before = (await crowd[0].media())["sfu"]["session"]
    os.kill(worker_of(mortal.pid).pid, signal.SIGKILL)
    for speaker in crowd:
        await speaker.until("another session", lambda media: is_another(media["sfu"], before))
    await all_hear_all(crowd, 10)
    gap, _, who = (await worst(crowd))[0]
    print(f"the worker was killed: longest silence {gap:.0f} ms ({who})")
    assert 0 < gap < BACK_S * 1000
    assert (await crowd[0].media())["repairs"]["sfu"] == 1


async def test_everybody_in_a_crowd_hears_everybody(people: Company, mortal: ServerProcess) -> None:
    owner = await new_account(mortal.url)
    async with PatientApi(mortal.url) as api:
        # Its spawn is so small that all are near each other.
        room = await api.create_room(owner, "meeting", 80)
    names = ["Ana", "Bo", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal", "Ivy", "Jon", "Kim", "Lou"][:CROWD]
    crowd = await join(people, room, *names)
    await all_hear_all(crowd, 60)
    await routes_are(crowd, 2, "sfu")
    # Muting is not negotiated: it is a matter of packets.
    await crowd[0].toggle_microphone()
    await tones_until(crowd[1], "silence", lambda heard: heard[crowd[0].pitch].level > 0.01, 5)
    await crowd[0].toggle_microphone()
    await all_hear_all(crowd)
    busy = mortal.metric("hallway_sfu_busy")
    print(f"{len(crowd)} people in one conversation; the worker is busy {busy * 100:.0f} % of its time")
