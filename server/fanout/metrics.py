"""What operators see of rooms whose connections are spread over processes. A gateway is named by its process's id."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from server.fanout.gate import Gate


class FanoutMetrics:
    """In the registry of the server's other metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        label = ["gateway"]
        self._clients = Gauge(
            "hallway_fanout_clients", "Connections to rooms of this process, by gateway", label, registry=registry
        )
        self._queue = Gauge(
            "hallway_fanout_queue_bytes", "What waits for a gateway to take it, bytes", label, registry=registry
        )
        self._skipped = Counter(
            "hallway_fanout_skipped", "Snapshots not made because a gateway took nothing", label, registry=registry
        )
        self.passed = Counter("hallway_fanout_passed", "Connections passed to a gateway", registry=registry)

    def watch(self, gate: Gate) -> None:
        """Tell of this gateway from now on."""
        self._clients.labels(gate.name).set_function(lambda: len(gate))
        self._queue.labels(gate.name).set_function(gate.unsent)
        gate.skip = self._skipped.labels(gate.name).inc

    def forget(self, gate: Gate) -> None:
        """It is gone."""
        for metric in (self._clients, self._queue, self._skipped):
            metric.remove(gate.name)
