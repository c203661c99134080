"""Clients that abuse the way to each other: descriptions without end, floods of candidates, strangers, nonsense."""

from __future__ import annotations

import json

import pytest

from protocol.client_session import ClientSession
from protocol.constants import LINK_ROW_BYTES, CloseCode, Feature
from protocol.messages import Health, Links, Media, Signal, Signaled, Welcome, encode
from tests.abuse.conftest import Stage
from tests.abuse.rascal import Rascal

CHUNK = 200


async def enter(stage: Stage) -> tuple[Rascal, Welcome]:
    """A rascal with media. It acknowledges nothing, so it has a few seconds."""
    entry = await stage.guests.api.join(stage.guests.room, await stage.guests.api.guest("Rascal"))
    rascal = await stage.outside()
    features = int(Feature.PROXIMITY | Feature.MEDIA | Feature.HEALTH)
    rascal.say(ClientSession(agent="rascal", features=features).connect(entry.ticket))
    return rascal, (await rascal.hears(Welcome))[0]


async def linked(stage: Stage) -> tuple[Rascal, Rascal, int, int, int]:
    """Two rascals beside each other: both, their avatars, and the number of their link."""
    (one, first), (two, second) = await enter(stage), await enter(stage)
    for heard in range(1, 20):
        rows = (await one.hears(Links, heard))[-1].links
        for at in range(0, len(rows), LINK_ROW_BYTES):
            if int.from_bytes(rows[at : at + 2], "little") == second.avatar:
                return one, two, first.avatar, second.avatar, int.from_bytes(rows[at + 2 : at + 6], "little")
    raise AssertionError("they were never linked")


async def discarded(stage: Stage, before: float, least: int) -> None:
    """Wait until the server has counted so many things as discarded."""
    for _ in range(100):
        if counted(stage) >= before + least:
            return
        await stage.observer.ticks(1)
    raise AssertionError(f"{counted(stage) - before:.0f} were counted, not {least}")


def counted(stage: Stage) -> float:
    """Things that were discarded so far."""
    try:
        return stage.server.metric("hallway_discarded_total")
    except AssertionError:
        return 0.0  # nothing yet


def description(size: int) -> str:
    return json.dumps(
        {"v": 1, "page": "p", "conn": "c", "kind": "description", "sdp": {"type": "offer", "sdp": "x" * size}}
    )


@pytest.mark.parametrize("size", [16_384, 1_000_000])
async def test_a_description_that_is_too_long_ends_the_connection_and_reaches_nobody(stage: Stage, size: int) -> None:
    one, two, _, other, link = await linked(stage)
    one.say(encode(Signal(other, link, description(size))))
    ending = await one.ended()
    assert ending.close in (CloseCode.MALFORMED, 1009)
    await stage.observer.ticks(5)
    assert two.ending.of(Signaled) == []
    assert two.ending.close is None
    two.go()


async def test_ten_thousand_candidates_are_cut_down_to_the_limit_and_counted(stage: Stage) -> None:
    one, two, _, other, link = await linked(stage)
    before = counted(stage)
    body = {"candidate": "candidate:1 1 udp 2130706431 192.0.2.7 50000 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
    payload = json.dumps({"v": 1, "page": "p", "conn": "c", "kind": "candidate", "candidate": body})
    signal = encode(Signal(other, link, payload))
    began = stage.observer.tick
    for _ in range(10_000 // CHUNK):
        one.say(*[signal] * CHUNK)
        await one.drain()
    await stage.observer.ticks(30)
    arrived = len(two.ending.of(Signaled))
    # The limit on messages bites first (240 at once); what comes through is within the one on signals, too.
    seconds = (stage.observer.tick - began) / 30
    assert 0 < arrived <= 240 + 60 * seconds + 60
    await discarded(stage, before, 5_000)
    assert two.ending.close is None
    two.go()
    one.go()


async def test_signals_to_strangers_and_along_links_that_are_not_there_reach_nobody(stage: Stage) -> None:
    one, two, mine, other, link = await linked(stage)
    before = counted(stage)
    payload = json.dumps({"v": 1, "page": "p", "conn": None, "kind": "hello"})
    wrong = [(mine, link), (65_535, link), (other, link + 1), (other, 0), (other, 2**32 - 1)]
    one.say(*(encode(Signal(to, number, payload)) for to, number in wrong))
    await stage.observer.ticks(10)
    assert two.ending.of(Signaled) == []
    assert one.ending.close is None
    await discarded(stage, before, len(wrong))
    one.say(encode(Signal(other, link, payload)))
    assert (await two.hears(Signaled))[0].sender == mine
    for rascal in (one, two):
        rascal.go()


@pytest.mark.parametrize("payload", ["\x00", "[" * 8000, "{}", "null", "\ud7ff" * 100], ids=range(5))
async def test_what_a_signal_says_is_not_the_servers_business(stage: Stage, payload: str) -> None:
    one, two, mine, other, link = await linked(stage)
    one.say(encode(Signal(other, link, payload)))
    [signaled] = await two.hears(Signaled)
    assert (signaled.sender, signaled.payload) == (mine, payload)
    for rascal in (one, two):
        rascal.go()


async def test_reports_about_links_are_taken_now_and_then_and_nonsense_in_them_counts_nothing(stage: Stage) -> None:
    one, _ = await enter(stage)
    before = counted(stage)
    one.say(*(encode(Health(255, 255, 255, b"\xff" * 640)) for _ in range(40)))
    await stage.observer.ticks(10)
    assert one.ending.close is None
    await discarded(stage, before, 30)
    one.say(encode(Media(7)))
    await stage.observer.ticks(3)
    assert one.ending.close is None
    one.go()
