"""What the server says about its own ticks: two readings of its Prometheus histograms, and what lies between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from prometheus_client.parser import text_string_to_metric_families

Buckets: TypeAlias = dict[float, float]
"""Cumulative count by upper bound, s."""

_TICK = "hallway_tick_seconds"
_LATE = "hallway_tick_late_seconds"
_DROPPED = "hallway_ticks_dropped_total"


@dataclass(frozen=True, slots=True)
class TickReading:
    """Totals since the server started."""

    tick: Buckets
    late: Buckets
    dropped: float


@dataclass(frozen=True, slots=True)
class TickReport:
    """Ticks of all the server's rooms during the run, ms. Percentiles are interpolated within a bucket."""

    ticks: int
    dropped: int
    tick_p50_ms: float
    tick_p99_ms: float
    late_p99_ms: float


def read_ticks(exposition: str | None) -> TickReading | None:
    """The tick histograms in a metrics page; None if it has none."""
    if exposition is None:
        return None
    found: dict[str, Buckets] = {_TICK: {}, _LATE: {}}
    dropped = 0.0
    try:
        samples = [sample for family in text_string_to_metric_families(exposition) for sample in family.samples]
    except ValueError:
        return None
    for sample in samples:
        name = sample.name.removesuffix("_bucket")
        if name in found and "le" in sample.labels:
            bound = float(sample.labels["le"])
            found[name][bound] = found[name].get(bound, 0.0) + sample.value
        elif sample.name == _DROPPED:
            dropped += sample.value
    return TickReading(found[_TICK], found[_LATE], dropped) if found[_TICK] else None


def ticks_between(before: TickReading | None, after: TickReading | None) -> TickReport | None:
    """What happened between two readings; None if one is missing or nothing happened."""
    if before is None or after is None:
        return None
    if max(after.tick.values()) < max(before.tick.values()):
        before = TickReading({}, {}, 0.0)  # the server was started anew in between
    tick = {bound: count - before.tick.get(bound, 0.0) for bound, count in after.tick.items()}
    late = {bound: count - before.late.get(bound, 0.0) for bound, count in after.late.items()}
    if not max(tick.values()):
        return None
    return TickReport(
        int(max(tick.values())),
        int(after.dropped - before.dropped),
        1000 * quantile(tick, 0.5),
        1000 * quantile(tick, 0.99),
        1000 * quantile(late, 0.99),
    )


def quantile(buckets: Buckets, q: float) -> float:
    """Value below which the share `q` lies; the last finite bound if it lies beyond that."""
    bounds = sorted(buckets)
    if not bounds or not buckets[bounds[-1]]:
        return 0.0
    wanted = q * buckets[bounds[-1]]
    low, below = 0.0, 0.0
    for bound in bounds:
        if buckets[bound] >= wanted:
            inside = buckets[bound] - below
            return low if math.isinf(bound) else low + (bound - low) * (wanted - below) / max(inside, 1e-9)
        low, below = bound, buckets[bound]
    return low
