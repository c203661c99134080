"""A bot against the product's own server session, in memory and on virtual time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.bots.behaviour import Move, behaviour
from benchmarks.bots.bot import Bot, Life, Plan
from benchmarks.bots.measure import Measure
from protocol.constants import CloseCode
from protocol.messages import Hello, Input, Leave, Ping
from tests.benchmarks.virtual import RATE, EchoRoom, VirtualTime


class Office:
    """Some bots in an EchoRoom, all of them walking after `open`."""

    def __init__(self, plans: list[Plan], delay: float = 0.0) -> None:
        self.time = VirtualTime()
        self.room = EchoRoom(self.time, delay)
        self.measure = Measure()
        self.lives: list[Life] = []
        self.bots = [Bot(plan, self.measure, self.time, lambda bot: self.lives.append(bot.life)) for plan in plans]
        self.lines = [self.room.enter(bot) for bot in self.bots]
        self.time.run(1.0)

    def walk(self, seconds: float) -> None:
        self.measure.start(self.time.now())
        for bot in self.bots:
            bot.start()
        self.time.run(seconds)


def standing() -> Plan:
    return Plan(iter(()))


def test_a_bot_is_inside_when_its_first_snapshot_has_come() -> None:
    office = Office([standing()], delay=0.03)
    assert office.bots[0].life is Life.INSIDE
    assert office.lines[0].received[0] == Hello(0, 3, "t" * 20, None, 0, "hallway-bots")
    assert list(office.measure.joins) == [pytest.approx(0.06)]


def test_every_course_of_the_behaviour_is_sent_once_and_in_time() -> None:
    office = Office([Plan(iter([Move(0.5, 0x14), Move(0.25, 0x04)]))])
    office.walk(2.0)
    sent = [m for m in office.lines[0].received if isinstance(m, Input) and m.courses]
    assert [(m.seq, m.tick, m.courses) for m in sent] == [(1, 0, b"\x14\x00"), (2, 0, b"\x04\x00")]


def test_the_latency_from_input_to_view_is_exact() -> None:
    """Sent at 1.52 s, there at 1.54, in the tick at 1.55, seen at 1.57; the next one is as late as a tick allows."""
    office = Office([Plan(iter([Move(0.52, 0x14), Move(0.521, 0x04)])), standing(), standing()], delay=0.02)
    office.walk(3.0)
    assert [round(value, 6) for value in office.measure.matcher.latencies] == [0.05, 0.05, 0.079, 0.079]
    assert [round(value, 6) for value in office.measure.echoes] == [0.05, 0.079]


def test_snapshots_are_acknowledged_at_most_twice_a_second() -> None:
    office = Office([standing()])
    office.walk(10.0)
    acks = [m for m in office.lines[0].received if isinstance(m, Input)]
    assert 18 <= len(acks) <= 22
    assert all(not m.courses for m in acks)
    assert all(a.ack < b.ack for a, b in pairwise(acks))
    assert acks[-1].ack >= office.room.tick - RATE


def test_a_bot_pings_and_times_the_answer() -> None:
    office = Office([Plan(iter(()), ping_s=2.0, first_ping_s=2.0)], delay=0.01)
    office.walk(7.0)
    assert sum(isinstance(m, Ping) for m in office.lines[0].received) == 3
    assert list(office.measure.pings) == [pytest.approx(0.02)] * 3


def test_a_bot_leaves_with_a_word_and_falls_silent() -> None:
    office = Office([Plan(behaviour("crowd", 1, 0))])
    office.walk(2.0)
    office.bots[0].leave()
    office.time.run(5.0)
    assert office.lines[0].received[-1] == Leave()
    assert office.lines[0].closed == (CloseCode.LEFT, "left")
    assert office.lives == [Life.INSIDE, Life.LEAVING, Life.GONE]
    assert office.bots[0].why_gone == ""


def test_a_bot_that_is_sent_away_says_why() -> None:
    office = Office([standing()])
    office.lines[0].session.close(CloseCode.RESTART, "the server stops", 1000)
    office.lines[0].flush()
    office.time.run(1.0)
    assert office.bots[0].life is Life.GONE
    assert office.bots[0].why_gone == "4012 the server stops"
    assert office.bots[0].session.resume_token is None


def test_a_broken_connection_leaves_a_token_to_resume_with() -> None:
    office = Office([Plan(behaviour("crowd", 1, 0))])
    office.walk(1.0)
    office.bots[0].closed(1006, "the connection broke", office.time.now())
    before = len(office.lines[0].received)
    office.time.run(5.0)
    assert office.bots[0].why_gone == "1006 the connection broke"
    assert office.bots[0].session.resume_token == bytes(32)
    assert len(office.lines[0].received) == before


def test_garbage_from_the_server_ends_the_connection_as_malformed() -> None:
    office = Office([standing()])
    office.bots[0].received(b"\xc1", office.time.now())
    office.time.run(0.1)
    assert office.lines[0].closed is not None
    assert office.lines[0].closed[0] == CloseCode.MALFORMED


def test_an_office_of_bots_sees_nearly_everything_within_a_tick() -> None:
    office = Office([Plan(behaviour("office", 3, index)) for index in range(20)])
    office.walk(20.0)
    matcher = office.measure.matcher
    assert matcher.sent > 100
    assert matcher.seen >= matcher.sent - 20
    assert len(matcher.latencies) == matcher.seen * 19
    assert max(matcher.latencies) <= 1 / RATE + 1e-6
