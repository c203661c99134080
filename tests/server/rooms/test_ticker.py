"""Deadlines of the tick loop, on a virtual clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.rooms.ticker import MAX_LATE_TICKS, Ticker


def test_deadlines_are_absolute_and_lateness_does_not_add_up() -> None:
    ticker = Ticker(period=0.05, start=100.0)
    for tick in range(1, 200):
        late = ticker.begin(ticker.deadline + 0.01)
        assert abs(late - 0.01) < 1e-9
        assert abs(ticker.deadline - (100.0 + (tick + 1) * 0.05)) < 1e-9
    assert ticker.dropped == 0


def test_a_short_delay_is_caught_up_tick_by_tick() -> None:
    ticker = Ticker(period=0.05, start=0.0)
    now = 0.05 + MAX_LATE_TICKS * 0.05 + 1e-6
    begun = 0
    while ticker.deadline <= now:
        ticker.begin(now)
        begun += 1
    assert begun == MAX_LATE_TICKS + 1
    assert ticker.dropped == 0


def test_a_long_delay_drops_whole_ticks_and_counts_them() -> None:
    ticker = Ticker(period=0.05, start=0.0)
    late = ticker.begin(10.01)
    assert ticker.dropped == 199
    assert late < 0.05
    assert 10.01 < ticker.deadline <= 10.06 + 1e-9


def test_a_restart_forgets_the_pause() -> None:
    ticker = Ticker(period=0.05, start=0.0)
    ticker.begin(0.05)
    ticker.restart(500.0)
    assert ticker.begin(500.05) < 1e-9
    assert ticker.dropped == 0


@given(st.integers(10, 60), st.lists(st.floats(0, 3), max_size=60))
def test_begun_and_dropped_ticks_account_for_all_time(rate: int, delays: list[float]) -> None:
    ticker = Ticker(period=1 / rate, start=0.0)
    now, begun = 0.0, 0
    for delay in delays:
        now = max(now, ticker.deadline) + delay
        ticker.begin(now)
        begun += 1
    assert ticker.next_tick == 1 + begun + ticker.dropped
    assert ticker.deadline > now - (MAX_LATE_TICKS + 1) / rate
