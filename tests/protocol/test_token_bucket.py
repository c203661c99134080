"""A rate limit lets a burst through, then its rate, and never more."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.token_bucket import FloodGate, TokenBucket


def test_a_full_bucket_lets_a_burst_through_and_then_nothing() -> None:
    bucket = TokenBucket(10, 5, now=100.0)
    assert [bucket.take(100.0) for _ in range(7)] == [True] * 5 + [False] * 2


def test_tokens_come_back_at_the_rate() -> None:
    bucket = TokenBucket(10, 5, now=0.0)
    for _ in range(5):
        bucket.take(0.0)
    assert not bucket.take(0.05)
    assert bucket.take(0.125)
    assert not bucket.take(0.125)


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    bucket = TokenBucket(10, 5, now=0.0)
    assert [bucket.take(3600.0) for _ in range(6)] == [True] * 5 + [False]


def test_a_clock_that_runs_backwards_gives_nothing() -> None:
    bucket = TokenBucket(10, 1, now=100.0)
    assert bucket.take(100.0)
    assert not bucket.take(50.0)
    assert not bucket.take(100.0)


@given(st.lists(st.floats(0, 0.5), max_size=200))
def test_no_sequence_gets_more_than_burst_plus_rate_times_time(gaps: list[float]) -> None:
    bucket = TokenBucket(10, 5, now=0.0)
    now, taken = 0.0, 0
    for gap in gaps:
        now += gap
        taken += bucket.take(now)
    assert taken <= 5 + 10 * now + 1e-6


def test_a_flood_gate_closes_above_its_limit_and_starts_anew_with_the_next_window() -> None:
    gate = FloodGate(3, 10.0, now=0.0)
    assert [gate.count(1.0) for _ in range(4)] == [False, False, False, True]
    assert not gate.count(10.0)
