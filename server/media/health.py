"""How well media arrives, added up over everybody: what clients report (STANDARD.md section 7.4) becomes metrics.

No report is kept, and no metric names a person or a room.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from protocol.messages import Health
from protocol.token_bucket import TokenBucket
from server.ops.metrics import Metrics
from server.rooms.parts import Handler, Part
from server.rooms.room import Room
from server.rooms.session import Session
from sim.commands import Events

_ROW: Final = struct.Struct("<BBHHHH")
QUALITIES: Final = ("good", "fair", "poor", "connecting", "repairing")
WAYS: Final = ("direct", "relay", "sfu")
UNKNOWN: Final = 0xFFFF
REPORT_RATE: Final = 0.2
REPORT_BURST: Final = 3

LOSS_BUCKETS: Final = (0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5)
JITTER_BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.2, 0.5)
TRIP_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0)
RATE_BUCKETS: Final = (8_000, 32_000, 64_000, 128_000, 256_000, 512_000, 1_000_000, 2_000_000, 4_000_000)


class LinkMetrics:
    """The metrics of all links of one server, by `way`: direct, relay, sfu."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def histogram(name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(name, text, ["way"], buckets=buckets, registry=registry)

        self.states = Counter(
            "hallway_link_states", "Links as clients report them, every 10 s", ["way", "quality"], registry=registry
        )
        self.loss = histogram("hallway_link_loss_ratio", "Share of packets that were lost on a link", LOSS_BUCKETS)
        self.jitter = histogram("hallway_link_jitter_seconds", "Jitter of a link, s", JITTER_BUCKETS)
        self.trip = histogram("hallway_link_round_trip_seconds", "Round trip of a link, s", TRIP_BUCKETS)
        self.rate = histogram("hallway_link_bits_per_second", "What arrives on a link, bit/s", RATE_BUCKETS)
        self.repairs = Counter(
            "hallway_link_repairs",
            "Repairs of links by clients: restart, rebuild, give_up",
            ["what"],
            registry=registry,
        )

    def add(self, report: Health) -> None:
        """Count a report. Rows that section 7.4 does not allow are left out."""
        for what, count in (
            ("restart", report.restarts),
            ("rebuild", report.rebuilds),
            ("give_up", report.given_up),
        ):
            if count:
                self.repairs.labels(what).inc(count)
        for quality, way, kbps, loss, jitter_ms, trip_ms in _ROW.iter_unpack(report.links):
            if quality >= len(QUALITIES) or way >= len(WAYS) or loss > 1000:
                continue
            name = WAYS[way]
            self.states.labels(name, QUALITIES[quality]).inc()
            if quality == QUALITIES.index("connecting"):
                continue
            self.rate.labels(name).observe(kbps * 1000)
            self.loss.labels(name).observe(loss / 1000)
            self.jitter.labels(name).observe(jitter_ms / 1000)
            if trip_ms != UNKNOWN:
                self.trip.labels(name).observe(trip_ms / 1000)


class RoomHealth(Part):
    """Takes the reports of one room's people."""

    def __init__(self, room: Room, links: LinkMetrics, metrics: Metrics) -> None:
        super().__init__(room)
        self._links, self._metrics = links, metrics
        self._budgets: dict[int, TokenBucket] = {}
        self._now = 0.0

    def handlers(self) -> Mapping[type, Handler]:
        return {Health: self._receive}

    def stepped(self, events: Events, now: float) -> None:
        self._now = now

    def went(self, session: Session) -> None:
        self._budgets.pop(session.avatar, None)

    def _receive(self, session: Session, message: Health) -> None:
        budget = self._budgets.setdefault(session.avatar, TokenBucket(REPORT_RATE, REPORT_BURST, self._now))
        if budget.take(self._now):
            self._links.add(message)
        else:
            self._metrics.discarded.labels("health_flood").inc()
