"""What operators see of rooms that change hands."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class ClusterMetrics:
    """In the registry of the server's other metrics."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.leases = Gauge("hallway_leases", "Rooms that this process owns", registry=registry)
        self.lost = Counter("hallway_leases_lost", "Rooms that another process took over", registry=registry)
        self.refused = Counter(
            "hallway_stale_writes", "Writes that were refused because another process owns the room", registry=registry
        )
        self.handed_over = Counter("hallway_rooms_handed_over", "Rooms given to another process", registry=registry)
        self.forwarded = Counter(
            "hallway_forwarded_requests", "Requests handed on to the process that owns the room", registry=registry
        )
        self.passed = Counter(
            "hallway_passed_connections", "Connections passed to another process of this computer", registry=registry
        )
        self.relayed = Counter(
            "hallway_relayed_connections", "Connections whose every byte goes through this process", registry=registry
        )
