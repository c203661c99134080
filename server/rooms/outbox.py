"""What waits to be written to one client, bounded: a stuck client delays nobody and costs a known amount of memory.

Two lanes, two rules (STANDARD.md sections 1 and 6.3):
- events wait in order, at most `event_bytes`; beyond that the client is as good as gone, and its connection ends;
- a snapshot never waits: while the transport is not taking bytes, the tick skips the client, and the next snapshot that
  it gets is made from an older baseline. That is a slot that is always overwritten, without the slot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol


class Transport(Protocol):
    """Where messages go; writes never block and never raise."""

    def write(self, message: bytes) -> None:
        """Hand over one message."""

    def buffered(self) -> int:
        """Bytes that were handed over and are not yet with the kernel."""

    def abort(self) -> None:
        """Drop the connection at once, unsent bytes included."""


class Outbox:
    """The two lanes of one connection."""

    def __init__(self, transport: Transport, *, buffer_high: int, event_bytes: int) -> None:
        """`buffer_high`: unsent bytes above which nothing more is handed over. `event_bytes`: most bytes of events that
        wait here."""
        self._transport = transport
        self._buffer_high = buffer_high
        self._event_bytes = event_bytes
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0

    @property
    def waiting_bytes(self) -> int:
        """Bytes of events that wait."""
        return self._waiting_bytes

    @property
    def overfull(self) -> bool:
        """Whether more events wait than may."""
        return self._waiting_bytes > self._event_bytes

    def put_events(self, messages: Iterable[bytes]) -> None:
        """Send these in order, now if the transport takes them, else as soon as `flush` finds that it does."""
        for message in messages:
            self._waiting.append(message)
            self._waiting_bytes += len(message)
        self.flush()

    def put_snapshot(self, message: bytes) -> None:
        """Send a snapshot now; only allowed while `takes_snapshots`."""
        self._transport.write(message)

    def takes_snapshots(self) -> bool:
        """Whether a snapshot would go out at once, behind every event that came before it."""
        if self._waiting:
            self.flush()
        return not self._waiting and self._transport.buffered() <= self._buffer_high

    def flush(self) -> None:
        """Hand over what the transport takes."""
        waiting = self._waiting
        while waiting and self._transport.buffered() <= self._buffer_high:
            message = waiting.popleft()
            self._waiting_bytes -= len(message)
            self._transport.write(message)

    def flush_all(self) -> None:
        """Hand over everything: the connection is about to be closed in good order."""
        while self._waiting:
            self._transport.write(self._waiting.popleft())
        self._waiting_bytes = 0

    def abort(self) -> None:
        """Drop the connection and what waits."""
        self._waiting.clear()
        self._waiting_bytes = 0
        self._transport.abort()
