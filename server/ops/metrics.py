"""Prometheus metrics of one server process. Every counter that this product promises to keep is here."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

TICK_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.033, 0.05, 0.1)
LATE_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)


class Metrics:
    """The metrics, in a registry of their own so that several servers can run in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.tick_seconds = self._histogram("hallway_tick_seconds", "Time a tick took, s", TICK_BUCKETS)
        self.tick_late_seconds = self._histogram("hallway_tick_late_seconds", "How late a tick began, s", LATE_BUCKETS)
        self.ticks_dropped = self._counter("hallway_ticks_dropped", "Ticks dropped because the loop was too late")
        self.rooms = self._gauge("hallway_rooms", "Open rooms")
        self.people = self._gauge("hallway_people", "Avatars in open rooms")
        self.connections = self._gauge("hallway_connections", "Open room connections")
        self.snapshots = self._counter("hallway_snapshots", "Snapshots handed to a transport")
        self.snapshots_shared = self._counter("hallway_snapshots_shared", "Snapshots that reused another one's body")
        self.snapshots_skipped = self._counter("hallway_snapshots_skipped", "Snapshots skipped for slow clients")
        self.snapshot_bytes = self._counter("hallway_snapshot_bytes", "Bytes of snapshots handed to a transport")
        self.deltas = self._counter("hallway_deltas", "Passes over the world, one per baseline and visibility class")
        self.events = self._counter("hallway_events", "Event messages handed to a transport")
        self.messages_in = self._counter("hallway_messages_received", "Messages received from clients")
        self.discarded = Counter(
            "hallway_discarded", "Things a client sent that were discarded", ["what"], registry=self.registry
        )
        self.refused = Counter(
            "hallway_refused", "Connections refused or ended, by GOODBYE code", ["code"], registry=self.registry
        )
        self.resumed = self._counter("hallway_resumed", "Sessions that were resumed")
        self.proximity = self._counter("hallway_proximity_events", "Proximity joins and leaves")
        self.links = self._gauge("hallway_media_links", "Pairs of people who may hear each other")
        self.signals = self._counter("hallway_media_signals", "Signals carried between clients")
        self.chat_messages = Counter(
            "hallway_chat_messages", "Messages that people wrote, by channel", ["channel"], registry=self.registry
        )
        self.chat_waiting = self._gauge("hallway_chat_waiting", "Messages that are not in the history yet")
        self.chat_write_failures = self._counter(
            "hallway_chat_write_failures", "Batches of messages that could not be written"
        )
        self.documents = self._gauge("hallway_documents", "Open documents")
        self.document_updates = self._counter("hallway_document_updates", "Updates merged into documents")
        self.saves = self._counter("hallway_position_saves", "Positions written to the database")
        self.save_failures = self._counter("hallway_save_failures", "Batches of positions that could not be written")

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)

    def _counter(self, name: str, text: str) -> Counter:
        return Counter(name, text, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, buckets=buckets, registry=self.registry)
