"""Prometheus metrics of one server process. Every counter that this product promises to keep is here.

What a tick counts is a tally (`server.ops.tallies`); what requests and people count is prometheus_client's own.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from server.ops.tallies import STAGES, StageClock, Tallies

STAGE_BUCKETS = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05)
TICK_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.033, 0.05, 0.1)
LATE_BUCKETS = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)


class Metrics:
    """The metrics, in a registry of their own so that several servers can run in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        tallies = Tallies(self.registry)
        self.tick_seconds = tallies.distribution("hallway_tick_seconds", "Time a tick took, s", TICK_BUCKETS)
        self.tick_late_seconds = tallies.distribution(
            "hallway_tick_late_seconds", "How late a tick began, s", LATE_BUCKETS
        )
        self.stages = StageClock(
            tallies.distributions(
                "hallway_tick_stage_seconds", "Time a stage of a tick took, s", "stage", STAGES, STAGE_BUCKETS
            )
        )
        self.ticks_dropped = tallies.counter("hallway_ticks_dropped", "Ticks dropped because the loop was too late")
        self.rooms = self._gauge("hallway_rooms", "Open rooms")
        self.people = self._gauge("hallway_people", "Avatars in open rooms")
        self.connections = self._gauge("hallway_connections", "Open room connections")
        self.snapshots = tallies.counter("hallway_snapshots", "Snapshots handed to a transport")
        self.snapshots_shared = tallies.counter("hallway_snapshots_shared", "Snapshots that reused another one's body")
        self.snapshots_direct = tallies.counter(
            "hallway_snapshots_direct", "Snapshots written to their sockets past the event loop"
        )
        self.snapshots_skipped = tallies.counter("hallway_snapshots_skipped", "Snapshots skipped for slow clients")
        self.snapshot_bytes = tallies.counter("hallway_snapshot_bytes", "Bytes of snapshots handed to a transport")
        rows = tallies.counters(
            "hallway_snapshot_rows", "Rows in snapshots, for each client that was sent them", "kind", ("course", "full")
        )
        self.course_rows, self.full_rows = rows["course"], rows["full"]
        self.deltas = tallies.counter("hallway_deltas", "Passes over the world, one per baseline and visibility class")
        self.corrections = tallies.counter(
            "hallway_corrections", "Courses that came too late for the tick in which their client had them begin"
        )
        self.events = tallies.counter("hallway_events", "Event messages handed to a transport")
        self.messages_in = tallies.counter("hallway_messages_received", "Messages received from clients")
        self.discarded = Counter(
            "hallway_discarded", "Things a client sent that were discarded", ["what"], registry=self.registry
        )
        self.refused = Counter(
            "hallway_refused", "Connections refused or ended, by GOODBYE code", ["code"], registry=self.registry
        )
        self.resumed = self._counter("hallway_resumed", "Sessions that were resumed")
        self.proximity = tallies.counter("hallway_proximity_events", "Proximity joins and leaves")
        self.queues = Gauge(
            "hallway_queue",
            "What waits in queues, by queue; those that end in _bytes in bytes",
            ["queue"],
            registry=self.registry,
        )
        self.carriers = Gauge(
            "hallway_carriers", "Clients that have datagrams beside their WebSocket", ["kind"], registry=self.registry
        )
        self.lane_moves = Counter(
            "hallway_lane_moves",
            "Times that a client's snapshots went another way",
            ["to"],
            registry=self.registry,
        )
        self.refused_carriers = Counter(
            "hallway_carriers_refused", "Carriers of datagrams that were closed", ["why"], registry=self.registry
        )
        self.datagrams_dropped = self._counter(
            "hallway_datagrams_dropped", "Snapshots that a newer one replaced before the network took them"
        )
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
