"""How much a client may signal."""

from __future__ import annotations

from server.media.budget import Budget, SignalLimits

LIMITS = SignalLimits(rate=2, burst=4, bytes_rate=100, bytes_burst=1000)


def test_a_burst_goes_through_and_then_the_rate_holds() -> None:
    budget = Budget(LIMITS, 0.0)
    assert [budget.take(1, 0.0) for _ in range(5)] == [True] * 4 + [False]
    assert [budget.take(1, 1.0) for _ in range(3)] == [True, True, False]


def test_bytes_count_as_well() -> None:
    budget = Budget(LIMITS, 0.0)
    assert budget.take(1000, 0.0)
    assert not budget.take(1, 0.0)
    assert not budget.take(101, 1.0)
    assert budget.take(100, 1.0)


def test_what_is_refused_costs_nothing() -> None:
    budget = Budget(LIMITS, 0.0)
    assert not budget.take(5000, 0.0)
    assert budget.take(1000, 0.0)


def test_a_clock_that_runs_backwards_gives_nothing() -> None:
    budget = Budget(LIMITS, 10.0)
    assert [budget.take(1, 10.0) for _ in range(4)] == [True] * 4
    assert not budget.take(1, 5.0)
    assert not budget.take(1, 10.0)
