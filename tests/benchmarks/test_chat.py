"""What bots write, in memory and on virtual time."""

from __future__ import annotations

import pytest

from benchmarks.bots.bot import Bot, Plan
from benchmarks.bots.chat import NEARBY, ROOM
from benchmarks.bots.measure import Measure
from protocol.constants import Feature
from protocol.messages import Hello, Say
from tests.benchmarks.virtual import EchoRoom, Line, VirtualTime

MINUTES = 5


def said(line: Line) -> list[Say]:
    return [message for message in line.received if isinstance(message, Say)]


def talking(per_minute: float, *seeds: str) -> tuple[Measure, list[Line]]:
    """Bots that write for some minutes, each message 20 ms on its way."""
    time = VirtualTime()
    room, measure = EchoRoom(time, delay=0.02), Measure()
    plans = [Plan(iter(()), chat_per_minute=per_minute, chat_seed=seed) for seed in seeds]
    bots = [Bot(plan, measure, time, lambda _: None) for plan in plans]
    lines = [room.enter(bot) for bot in bots]
    time.run(1.0)
    measure.start(time.now())
    for bot in bots:
        bot.start()
    time.run(60 * MINUTES)
    return measure, lines


def test_bots_write_as_often_as_they_are_told_now_to_those_near_now_to_the_room() -> None:
    measure, lines = talking(12, "a", "b")
    written = said(lines[0]) + said(lines[1])
    assert len(written) == measure.counts.written
    assert 0.7 < len(written) / (2 * 12 * MINUTES) < 1.3
    nearby = sum(message.channel == NEARBY for message in written)
    assert nearby + sum(message.channel == ROOM for message in written) == len(written)
    assert 0.3 < nearby / len(written) < 0.7
    assert len({message.id for message in written}) == len(written)


def test_a_message_is_timed_to_the_server_s_word_and_to_everybody_else() -> None:
    measure, _ = talking(6, "a", "b", "c")
    counts = measure.counts
    # What was written in the last moment is still on its way.
    assert counts.written - 1 <= counts.safe <= counts.written
    assert 2 * counts.safe <= counts.read <= 2 * counts.written
    assert list(measure.chat) == [pytest.approx(0.04)] * counts.read
    assert list(measure.chat_safe) == [pytest.approx(0.04)] * counts.safe


def test_the_same_seed_writes_the_same_words() -> None:
    words = [[(one.channel, one.text) for one in said(talking(6, seed)[1][0])] for seed in ("a", "a", "b")]
    assert words[0] == words[1] != words[2]


def test_who_does_not_write_is_not_sent_what_others_write() -> None:
    for per_minute in (0.0, 6.0):
        hello = talking(per_minute, "a")[1][0].received[0]
        assert isinstance(hello, Hello)
        assert bool(hello.features & Feature.CHAT) is (per_minute > 0)
