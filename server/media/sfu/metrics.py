"""What `/metrics` says of the SFU's workers."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from server.media.sfu.control import Figures

_PACKETS = ("received", "forwarded", "resent", "refused", "unsent")


class SfuMetrics:
    """Registered once for all workers of a server."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.restarts = Counter("hallway_sfu_restarts", "Times that an SFU worker was started anew", registry=registry)
        self.legs = Gauge("hallway_sfu_legs", "People connected to an SFU worker", ["worker"], registry=registry)
        self.busy = Gauge("hallway_sfu_busy", "Share of its time that a worker works", ["worker"], registry=registry)
        self.level = Gauge(
            "hallway_sfu_level", "0: everything, 1: fewer pictures, 2: sound only", ["worker"], registry=registry
        )
        self.packets = Counter(
            "hallway_sfu_packets",
            "Packets received, forwarded (copies), resent, refused (of nobody known) and unsent (no room in a buffer)",
            ["what"],
            registry=registry,
        )
        self.sent_bytes = Counter("hallway_sfu_bytes", "Bytes that workers sent to clients", registry=registry)

    def take(self, worker: str, figures: Figures) -> None:
        """A worker's last second."""
        self.legs.labels(worker).set(figures.legs)
        self.busy.labels(worker).set(figures.busy)
        self.level.labels(worker).set(figures.level)
        for what in _PACKETS:
            self.packets.labels(what).inc(getattr(figures, what))
        self.sent_bytes.inc(figures.sent_bytes)

    def gone(self, worker: str) -> None:
        """A worker ended: nobody is connected to it."""
        self.legs.labels(worker).set(0)
        self.busy.labels(worker).set(0)
        self.restarts.inc()
