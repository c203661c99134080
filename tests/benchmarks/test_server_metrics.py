"""Reading the server's tick histograms, and saying when the bots are the bottleneck."""

from __future__ import annotations

from array import array

import pytest

from benchmarks.bots.health import HealthReport
from benchmarks.bots.measure import Spread
from benchmarks.bots.server_metrics import quantile, read_ticks, ticks_between

PAGE = """\
# TYPE hallway_tick_seconds histogram
hallway_tick_seconds_bucket{{le="0.001"}} {a}
hallway_tick_seconds_bucket{{le="0.002"}} {b}
hallway_tick_seconds_bucket{{le="+Inf"}} {b}
# TYPE hallway_tick_late_seconds histogram
hallway_tick_late_seconds_bucket{{le="0.0002"}} {b}
hallway_tick_late_seconds_bucket{{le="+Inf"}} {b}
# TYPE hallway_ticks_dropped_total counter
hallway_ticks_dropped_total {dropped}
"""


def test_only_what_happened_between_two_readings_counts() -> None:
    before = read_ticks(PAGE.format(a=100, b=200, dropped=3))
    after = read_ticks(PAGE.format(a=100, b=300, dropped=4))
    report = ticks_between(before, after)
    assert report is not None
    assert (report.ticks, report.dropped) == (100, 1)
    assert report.tick_p50_ms == pytest.approx(1.5)
    assert report.tick_p99_ms == pytest.approx(1.99)


@pytest.mark.parametrize("page", [None, "", "not metrics {{{", "other_total 3\n"])
def test_a_server_that_says_nothing_of_ticks_is_no_error(page: str | None) -> None:
    assert read_ticks(page) is None
    assert ticks_between(read_ticks(page), read_ticks(page)) is None


def test_nothing_between_two_readings_is_no_report() -> None:
    page = read_ticks(PAGE.format(a=1, b=2, dropped=0))
    assert ticks_between(page, page) is None


def test_after_a_restart_all_that_the_new_server_counted_counts() -> None:
    before = read_ticks(PAGE.format(a=100, b=200, dropped=9))
    report = ticks_between(before, read_ticks(PAGE.format(a=50, b=60, dropped=1)))
    assert report is not None
    assert (report.ticks, report.dropped) == (60, 1)


def test_a_quantile_beyond_the_last_bound_is_that_bound() -> None:
    assert quantile({0.1: 1, float("inf"): 10}, 0.99) == 0.1
    assert quantile({}, 0.5) == 0.0


def spread(ms: float) -> Spread | None:
    return Spread.of(array("d", [ms] * 10))


def test_the_bots_say_so_when_they_are_the_bottleneck() -> None:
    assert HealthReport(0.3, spread(2.0)).complaint() is None
    assert "97% of a core" in (HealthReport(0.97, spread(2.0)).complaint() or "")
    assert "40 ms late" in (HealthReport(0.3, spread(40.0)).complaint() or "")
