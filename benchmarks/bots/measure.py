"""What a run measured, exact: every value is kept until the end, none is put into a bucket."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.bots.connection import Traffic
from benchmarks.bots.matching import CourseMatcher, Observer, row_courses
from protocol.constants import COURSE_ROW_BYTES, FULL_ROW_BYTES
from protocol.messages import Snapshot

PERCENTILES = (50, 90, 95, 99)
REMEMBERED = 20_000
"""Chat messages whose time of writing is known; older ones have arrived or never will."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution, in the unit of its values."""

    count: int
    mean: float
    percentiles: dict[int, float]
    largest: float

    @classmethod
    def of(cls, values: array[float], scale: float = 1.0) -> Spread | None:
        """None if there are no values; `scale` changes the unit."""
        if not values:
            return None
        data = np.frombuffer(values, np.float64) * scale
        found = np.percentile(data, PERCENTILES)
        percentiles = {p: float(v) for p, v in zip(PERCENTILES, found, strict=True)}
        return cls(len(data), float(data.mean()), percentiles, float(data.max()))

    def to_json(self) -> dict[str, float]:
        """`count`, `mean`, `p50` ..., `max`."""
        named = {f"p{p}": round(v, 3) for p, v in self.percentiles.items()}
        return {"count": self.count, "mean": round(self.mean, 3), **named, "max": round(self.largest, 3)}


@dataclass(slots=True)
class BotRecord:
    """What is kept for one bot."""

    observer: Observer
    last_snapshot: float | None = None
    inputs: dict[int, float] = field(default_factory=dict)
    """Time at which each course was sent that no snapshot covers yet, by its number."""


@dataclass(slots=True)
class Counts:
    """Sums over all bots."""

    snapshots: int = 0
    complete: int = 0
    """Snapshots without a baseline."""
    course_rows: int = 0
    full_rows: int = 0
    corrections: int = 0
    """Times the server told a bot its own position in a delta: its own prediction would have been wrong."""
    checked: int = 0
    """Checksums that watching bots verified."""
    mismatches: int = 0
    """Checksums that differed, or baselines that a watching bot could not have."""
    resumed: int = 0
    moves: int = 0
    """Times that a commuter came into another room."""
    signals_sent: int = 0
    signals_received: int = 0
    written: int = 0
    """Chat messages that bots sent off."""
    safe: int = 0
    """Of these, those that the server answered for."""
    read: int = 0
    """Times that somebody else got one."""


class Measure:
    """Collects; `start` after everyone has joined, `stop` before they leave. Times are seconds of one clock."""

    def __init__(self) -> None:
        self.matcher = CourseMatcher()
        self.intervals = array("d")
        self.echoes = array("d")
        """Seconds from a course sent to the snapshot that says it was applied."""
        self.pings = array("d")
        self.joins = array("d")
        """Seconds from the ticket request to the first snapshot."""
        self.signals = array("d")
        """Seconds from a signal sent along a link to the other end of it."""
        self.chat = array("d")
        """Seconds from a message written to somebody else's having it."""
        self.chat_safe = array("d")
        """Seconds from a message written to the server's answering for it; what a room keeps is saved by then."""
        self._written: dict[str, float] = {}
        self.counts = Counts()
        self.errors: Counter[str] = Counter()
        self.traffic = Traffic()
        self.running = False
        self.started = self.stopped = 0.0

    def start(self, now: float) -> None:
        """Forget what joining cost; measure from now on."""
        self.matcher.start_over()
        self.intervals, self.echoes, self.pings = array("d"), array("d"), array("d")
        self.signals = array("d")
        self.chat, self.chat_safe = array("d"), array("d")
        self.counts = Counts()
        self.running, self.started = True, now

    def stop(self, now: float, traffic: Traffic) -> None:
        """No more values. `traffic`: what went through all connections since `start`."""
        self.running, self.stopped, self.traffic = False, now, traffic

    @property
    def seconds(self) -> float:
        """Length of the measured time."""
        return self.stopped - self.started

    def course_sent(self, record: BotRecord, course: int, seq: int, now: float) -> None:
        """A bot is about to send course number `seq`."""
        self.matcher.course_sent(record.observer.avatar, course, now, record.observer.room)
        record.inputs[seq] = now

    def snapshot(self, record: BotRecord, snapshot: Snapshot, now: float) -> None:
        """A bot received a snapshot."""
        counts = self.counts
        counts.snapshots += 1
        counts.course_rows += len(snapshot.courses) // COURSE_ROW_BYTES
        counts.full_rows += len(snapshot.rows) // FULL_ROW_BYTES
        if not snapshot.age:
            counts.complete += 1
        elif snapshot.rows and self._corrects(record, snapshot):
            counts.corrections += 1
        if record.last_snapshot is not None and self.running:
            self.intervals.append(now - record.last_snapshot)
        record.last_snapshot = now
        if snapshot.input is not None and record.inputs:
            self._echoed(record, snapshot.input, now)
        self.matcher.snapshot(record.observer, snapshot, now)

    def wrote(self, message: str, now: float) -> None:
        """A bot is about to send this chat message."""
        self.counts.written += 1
        self._written[message] = now
        if len(self._written) > REMEMBERED:
            del self._written[next(iter(self._written))]

    def safe(self, message: str, now: float) -> None:
        """Its author was told that this message is safe."""
        self.counts.safe += 1
        if self.running and message in self._written:
            self.chat_safe.append(now - self._written[message])

    def read(self, message: str, now: float) -> None:
        """A bot got this message of somebody."""
        if message not in self._written:
            return  # a person's
        self.counts.read += 1
        if self.running:
            self.chat.append(now - self._written[message])

    def connection_lost(self, record: BotRecord) -> None:
        """What the bot has sent and nobody saw yet will not be seen."""
        self.matcher.forget(record.observer.avatar, record.observer.room)
        record.inputs.clear()
        record.last_snapshot = None

    def error(self, what: str) -> None:
        """Something that should not happen; counted by its text, joining and leaving included."""
        self.errors[what] += 1

    def _corrects(self, record: BotRecord, snapshot: Snapshot) -> bool:
        """A row of the own avatar that comes with none of its own courses: the server moved it."""
        if snapshot.input is not None:
            return False
        return any(avatar == record.observer.avatar for avatar, _ in row_courses(snapshot.rows))

    def _echoed(self, record: BotRecord, applied: int, now: float) -> None:
        for seq in [seq for seq in record.inputs if seq <= applied]:
            sent = record.inputs.pop(seq)
            if seq == applied and self.running:
                self.echoes.append(now - sent)

    def spreads(self) -> dict[str, Spread | None]:
        """Every distribution, in ms."""
        return {
            "input_to_view_ms": Spread.of(self.matcher.latencies, 1000),
            "input_to_echo_ms": Spread.of(self.echoes, 1000),
            "snapshot_interval_ms": Spread.of(self.intervals, 1000),
            "ping_ms": Spread.of(self.pings, 1000),
            "join_ms": Spread.of(self.joins, 1000),
            "signal_ms": Spread.of(self.signals, 1000),
            "chat_ms": Spread.of(self.chat, 1000),
            "chat_safe_ms": Spread.of(self.chat_safe, 1000),
        }

    def per_bot(self, bots: int) -> dict[str, float]:
        """Rates, for each bot and second."""
        share = 1 / (max(bots, 1) * max(self.seconds, 1e-9))
        values: dict[str, Any] = {
            "bytes_down": self.traffic.bytes_in,
            "bytes_up": self.traffic.bytes_out,
            "packets_down": self.traffic.messages_in,
            "snapshots_down": self.counts.snapshots,
            "packets_up": self.traffic.messages_out,
            "course_rows": self.counts.course_rows,
            "full_rows": self.counts.full_rows,
            "courses_sent": self.matcher.sent,
        }
        return {name: round(value * share, 3) for name, value in values.items()}
