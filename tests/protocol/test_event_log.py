"""A session's events are kept for a resume, bounded in bytes (section 6.2)."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.event_log import EventLog


def filled(*events: bytes, limit: int = 1000, count: int = 0) -> EventLog:
    log = EventLog(limit, count)
    for event in events:
        log.append(event)
    return log


def test_a_client_gets_what_it_misses() -> None:
    log = filled(b"a", b"b", b"c", count=10)
    assert log.count == 13
    assert log.since(10) == [b"a", b"b", b"c"]
    assert log.since(12) == [b"c"]
    assert log.since(13) == []


def test_a_client_that_misses_too_much_or_claims_too_much_gets_nothing() -> None:
    log = filled(b"a", b"b", count=10)
    assert log.since(9) is None
    assert log.since(13) is None


def test_the_oldest_go_when_the_limit_is_passed() -> None:
    log = filled(b"aaaa", b"bbbb", b"cccc", limit=8)
    assert log.since(0) is None
    assert log.since(1) == [b"bbbb", b"cccc"]


def test_an_event_larger_than_the_limit_leaves_nothing() -> None:
    log = filled(b"a", b"b" * 100, limit=8)
    assert log.since(1) is None
    assert log.since(2) == []


def test_what_the_client_is_known_to_have_is_forgotten() -> None:
    log = filled(b"a", b"b", b"c")
    log.forget(2)
    assert len(log) == 1
    assert log.since(2) == [b"c"]
    assert log.since(1) is None
    log.forget(99)
    assert (len(log), log.count) == (0, 3)


def test_an_acknowledged_snapshot_stands_for_what_was_said_before_it() -> None:
    log = filled(b"a", b"b")
    log.acknowledge(7, now=10)
    assert log.since(0) == [b"a", b"b"]
    log.append(b"c")
    # A snapshot of tick 10 may have gone out before `a`; that of tick 11 went out behind `b`, perhaps before `c`.
    log.acknowledge(10, now=12)
    assert log.first == 0
    log.acknowledge(11, now=12)
    assert log.since(2) == [b"c"]
    log.acknowledge(13, now=14)
    assert len(log) == 0


def test_snapshots_that_took_another_way_stand_for_nothing() -> None:
    log = filled(b"a")
    log.acknowledge(1, now=10)
    log.hold(20)
    log.acknowledge(20, now=21)
    log.acknowledge(21, now=22)
    assert log.since(0) == [b"a"]
    log.acknowledge(23, now=23)
    assert len(log) == 0


def test_an_acknowledgement_of_nothing_forgets_nothing() -> None:
    log = filled(b"a")
    for _ in range(3):
        log.acknowledge(0, now=10)
    assert log.since(0) == [b"a"]


@given(st.lists(st.binary(max_size=30)), st.integers(0, 100), st.integers(-5, 60))
def test_what_is_kept_is_the_newest_that_fits(events: list[bytes], limit: int, seen: int) -> None:
    log = filled(*events, limit=limit)
    kept = log.since(log.first)
    assert kept == events[len(events) - len(log) :]
    assert sum(map(len, kept)) <= limit
    missed = log.since(seen)
    if missed is not None:
        assert missed == events[seen:]
    else:
        assert seen < log.first or seen > log.count


def test_what_is_heard_elsewhere_is_asked_for_when_something_is_said() -> None:
    log, acks, tick = filled(b"a", b"b"), [0, -1], 10
    log.watch(acks, 1, lambda: tick)
    log.append(b"c")
    assert log.since(0) == [b"a", b"b", b"c"], "nothing was acknowledged yet"
    acks[1] = 7
    log.append(b"d")
    acks[1], tick = 10, 12
    log.append(b"e")
    assert log.first == 0, "a snapshot of tick 10 may have gone out before `a`"
    acks[1] = 11
    log.extend([b"f", b"g"])
    assert log.since(4) == [b"e", b"f", b"g"], "that of tick 11 went out behind `d`"
    log.watch(None)
    acks[1] = 99
    log.append(b"h")
    assert log.since(4) == [b"e", b"f", b"g", b"h"]
