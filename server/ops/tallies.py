"""Numbers that the tick itself counts: plain additions, turned into Prometheus samples only when somebody asks.

A `prometheus_client` counter takes a lock and a check for each addition, which is most of a microsecond. That is
nothing for a request, and some percent of a core for two hundred rooms at thirty ticks a second, so what the tick
counts is kept here. All rooms of a process tick on one thread; nothing here may be used from another.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class Tally:
    """A counter."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0

    def inc(self, amount: int = 1) -> None:
        """Add."""
        self.value += amount


class Distribution:
    """A histogram: how many values lie at or below each of its bounds, and their sum."""

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds`: ascending, without infinity."""
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Add a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self._counts)

    @property
    def sum(self) -> float:
        """All values together."""
        return self._sum

    def buckets(self) -> list[tuple[str, float]]:
        """(bound, values at or below it), the last bound being "+Inf"."""
        names = [*(repr(float(bound)) for bound in self._bounds), "+Inf"]
        return list(zip(names, accumulate(self._counts), strict=True))


class Tallies(Collector):
    """What was made here, as Prometheus sees it. Names are without the `_total` of counters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._counters: dict[str, tuple[str, str | None, dict[str, Tally]]] = {}
        self._distributions: dict[str, tuple[str, str | None, dict[str, Distribution]]] = {}
        registry.register(self)

    def counter(self, name: str, text: str) -> Tally:
        """A counter without labels."""
        return self.counters(name, text, None, ("",))[""]

    def counters(self, name: str, text: str, label: str | None, values: Iterable[str]) -> dict[str, Tally]:
        """A counter for each value of a label; all of them are there from the start."""
        made = {value: Tally() for value in values}
        self._counters[name] = (text, label, made)
        return made

    def distribution(self, name: str, text: str, bounds: Sequence[float]) -> Distribution:
        """A histogram without labels."""
        return self.distributions(name, text, None, ("",), bounds)[""]

    def distributions(
        self, name: str, text: str, label: str | None, values: Iterable[str], bounds: Sequence[float]
    ) -> dict[str, Distribution]:
        """A histogram for each value of a label; all of them are there from the start."""
        made = {value: Distribution(bounds) for value in values}
        self._distributions[name] = (text, label, made)
        return made

    def collect(self) -> Iterable[Metric]:
        """The samples."""
        for name, (text, label, counters) in self._counters.items():
            counter = CounterMetricFamily(name, text, labels=[label] if label else [])
            for value, tally in counters.items():
                counter.add_metric([value] if label else [], tally.value)
            yield counter
        for name, (text, label, distributions) in self._distributions.items():
            histogram = HistogramMetricFamily(name, text, labels=[label] if label else [])
            for value, found in distributions.items():
                histogram.add_metric([value] if label else [], found.buckets(), found.sum)
            yield histogram


STAGES = (
    "arrivals",
    "inputs",
    "commands",
    "movement",
    "cells",
    "hearing",
    "proximity",
    "announce",
    "parts",
    "encode",
    "send",
    "sweep",
)
"""The stages of a tick in their order, and before it, in no tick: those who come in; the courses that are due; doors,
seats, joins; walking with collisions; areas and cells entered; whom a conversation holds; who is near whom; events to
those concerned; chat, objects, media; the snapshots' bytes; the writes; those who stay away."""


class StageClock:
    """Where the time of a tick goes. One for a process: its rooms tick one after the other."""

    __slots__ = ("_clock", "_since", "stages")

    def __init__(self, stages: dict[str, Distribution]) -> None:
        """`stages`: where each of `STAGES` is counted, s."""
        self.stages = stages
        self._clock = time.perf_counter
        self._since = 0.0

    def begin(self) -> None:
        """A tick begins."""
        self._since = self._clock()

    def end(self, stage: str) -> None:
        """All time since the last call belongs to this stage."""
        now = self._clock()
        spent, self._since = now - self._since, now
        # `observe`, without a call: a dozen of them are made in a tick, and each costs as much as what it does.
        found = self.stages[stage]
        found._counts[bisect_left(found._bounds, spent)] += 1
        found._sum += spent
