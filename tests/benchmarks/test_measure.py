"""Latency from one bot's input to another bot's view: which arrival belongs to which input."""

from __future__ import annotations

from array import array

import pytest

from benchmarks.bots.connection import Traffic
from benchmarks.bots.matching import CourseMatcher, Observer
from benchmarks.bots.measure import BotRecord, Measure, Spread
from protocol.messages import Snapshot

ANN, BOB, EVE = 1, 2, 3


def snapshot(
    tick: int, *, age: int = 1, courses: list[tuple[int, int, int]] | None = None,
    rows: list[tuple[int, int]] | None = None, applied: int | None = None,
) -> Snapshot:  # fmt: skip
    packed = b"".join(a.to_bytes(2, "little") + bytes((course, ago)) for a, course, ago in courses or [])
    full = b"".join(a.to_bytes(2, "little") + bytes((course, 0, 0, 0, 0, 0, 0)) for a, course in rows or [])
    return Snapshot(tick, age, applied, None, 0, 0, b"", packed, full, None)


def latencies(matcher: CourseMatcher) -> list[float]:
    return [round(value, 6) for value in matcher.latencies]


def test_each_other_bot_that_sees_the_course_is_one_value() -> None:
    matcher, bob, eve = CourseMatcher(), Observer(BOB), Observer(EVE)
    matcher.course_sent(ANN, 0x14, 1.000)
    matcher.snapshot(bob, snapshot(50, courses=[(ANN, 0x14, 0)]), 1.020)
    matcher.snapshot(eve, snapshot(50, courses=[(ANN, 0x14, 0)]), 1.021)
    assert latencies(matcher) == [0.020, 0.021]
    assert (matcher.sent, matcher.seen) == (1, 1)


def test_the_sender_does_not_count_as_a_viewer() -> None:
    matcher = CourseMatcher()
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(Observer(ANN), snapshot(50, courses=[(ANN, 0x14, 0)]), 1.1)
    assert latencies(matcher) == []


def test_a_course_that_is_repeated_counts_once() -> None:
    matcher, bob = CourseMatcher(), Observer(BOB)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(bob, snapshot(50, courses=[(ANN, 0x14, 0)]), 1.02)
    matcher.snapshot(bob, snapshot(51, age=2, courses=[(ANN, 0x14, 1)]), 1.06)
    assert latencies(matcher) == [0.02]


def test_courses_are_matched_in_order_and_the_same_one_twice_is_two() -> None:
    matcher, bob, eve = CourseMatcher(), Observer(BOB), Observer(EVE)
    for tick, course in ((50, 0x14), (60, 0x04), (70, 0x14)):
        matcher.course_sent(ANN, course, tick / 30)
        matcher.snapshot(bob, snapshot(tick, courses=[(ANN, course, 0)]), tick / 30 + 0.01)
    matcher.snapshot(eve, snapshot(71, age=12, courses=[(ANN, 0x14, 1)]), 70 / 30 + 0.05)
    assert latencies(matcher) == [0.01, 0.01, 0.01, 0.05]


def test_a_course_that_a_newer_one_of_the_same_tick_replaced_is_dropped() -> None:
    matcher, bob = CourseMatcher(), Observer(BOB)
    matcher.course_sent(ANN, 0x11, 1.00)
    matcher.course_sent(ANN, 0x12, 1.01)
    matcher.snapshot(bob, snapshot(50, courses=[(ANN, 0x12, 0)]), 1.03)
    assert latencies(matcher) == [0.02]
    assert matcher.replaced == 1


def test_people_who_are_not_bots_and_courses_that_nobody_sent_do_not_count() -> None:
    matcher, bob = CourseMatcher(), Observer(BOB)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(bob, snapshot(50, courses=[(9, 0x14, 0), (ANN, 0x40, 0)]), 1.02)
    assert latencies(matcher) == []


def test_a_complete_snapshot_tells_nothing_new() -> None:
    matcher, bob = CourseMatcher(), Observer(BOB)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(bob, snapshot(50, age=0, rows=[(ANN, 0x14)]), 1.02)
    assert latencies(matcher) == []


def test_a_course_that_comes_with_a_complete_row_counts_too() -> None:
    matcher, bob, eve = CourseMatcher(), Observer(BOB, tick=49), Observer(EVE, tick=49)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(bob, snapshot(50, rows=[(ANN, 0x14)]), 1.02)
    matcher.snapshot(eve, snapshot(50, rows=[(ANN, 0x14)]), 1.03)
    assert latencies(matcher) == [0.02, 0.03]


def test_a_row_of_somebody_who_comes_into_view_is_no_news_of_their_course() -> None:
    matcher, bob, eve = CourseMatcher(), Observer(BOB), Observer(EVE, tick=79)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.snapshot(bob, snapshot(50, courses=[(ANN, 0x14, 0)]), 1.02)
    matcher.snapshot(eve, snapshot(80, rows=[(ANN, 0x14)]), 2.02)
    assert latencies(matcher) == [0.02]


def test_an_avatar_id_that_somebody_else_got_starts_anew() -> None:
    matcher, bob = CourseMatcher(), Observer(BOB)
    matcher.course_sent(ANN, 0x14, 1.0)
    matcher.forget(ANN)
    matcher.snapshot(bob, snapshot(50, courses=[(ANN, 0x14, 0)]), 1.02)
    assert latencies(matcher) == []


def running() -> Measure:
    measure = Measure()
    measure.start(10.0)
    return measure


def test_the_echo_of_an_input_is_timed_by_its_number() -> None:
    measure, record = running(), BotRecord(Observer(ANN))
    measure.course_sent(record, 0x14, 1, 10.00)
    measure.course_sent(record, 0x15, 2, 10.01)
    measure.snapshot(record, snapshot(50, applied=2), 10.05)
    measure.snapshot(record, snapshot(51, applied=2), 10.09)
    assert [round(value, 6) for value in measure.echoes] == [0.04]
    assert [round(value, 6) for value in measure.intervals] == [0.04]


def test_what_was_under_way_when_the_connection_broke_is_not_waited_for() -> None:
    """After a restart of the server somebody else has the avatar's id, and the same course."""
    measure, ann, eve = running(), BotRecord(Observer(ANN)), BotRecord(Observer(EVE))
    measure.course_sent(ann, 0x14, 1, 10.0)
    measure.connection_lost(ann)
    measure.course_sent(BotRecord(Observer(ANN)), 0x14, 1, 20.0)
    measure.snapshot(eve, snapshot(5, courses=[(ANN, 0x14, 0)]), 20.02)
    assert latencies(measure.matcher) == [0.02]


def test_a_row_of_the_own_avatar_without_an_own_course_is_a_correction() -> None:
    measure, record = running(), BotRecord(Observer(ANN))
    measure.snapshot(record, snapshot(50, rows=[(ANN, 0x14), (BOB, 0)]), 10.0)
    measure.snapshot(record, snapshot(51, rows=[(ANN, 0x14)], applied=1), 10.1)
    measure.snapshot(record, snapshot(52, rows=[(BOB, 0x14)]), 10.2)
    measure.snapshot(record, snapshot(53, age=0, rows=[(ANN, 0x14)]), 10.3)
    assert measure.counts.corrections == 1
    assert measure.counts.complete == 1
    assert measure.counts.full_rows == 5


def test_rates_are_for_one_bot_and_second() -> None:
    measure = running()
    measure.snapshot(BotRecord(Observer(ANN)), snapshot(50, courses=[(BOB, 0, 0)] * 8), 10.0)
    measure.stop(12.0, Traffic(bytes_in=4000, bytes_out=400, messages_in=40, messages_out=4))
    rates = measure.per_bot(2)
    assert (rates["bytes_down"], rates["packets_down"], rates["course_rows"]) == (1000, 10, 2)


def test_what_happens_before_the_start_is_not_measured() -> None:
    measure, record = Measure(), BotRecord(Observer(ANN))
    measure.snapshot(record, snapshot(1), 1.0)
    measure.snapshot(record, snapshot(2), 2.0)
    measure.start(3.0)
    assert measure.counts.snapshots == 0
    assert not measure.intervals


def test_percentiles_are_exact() -> None:
    spread = Spread.of(array("d", (value / 1000 for value in range(101))), 1000)
    assert spread is not None
    assert spread.to_json() == {
        "count": 101, "mean": pytest.approx(50), "p50": pytest.approx(50), "p90": pytest.approx(90),
        "p95": pytest.approx(95), "p99": pytest.approx(99), "max": pytest.approx(100),
    }  # fmt: skip
    assert Spread.of(array("d")) is None
