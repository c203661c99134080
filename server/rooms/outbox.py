"""What waits to be written to one client, bounded: a stuck client delays nobody and costs a known amount of memory.

Two lanes, two rules (STANDARD.md sections 1 and 6.3):
- events wait in order, at most `event_bytes`; beyond that the client is as good as gone, and its connection ends;
- a snapshot never waits: while the transport is not taking bytes, the tick skips the client, and the next snapshot that
  it gets is made from an older baseline. That is a slot that is always overwritten, without the slot. Over datagrams
  the carrier has that slot, and a snapshot that is too large for one goes with the events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from protocol.constants import DATAGRAM_BYTES
from server.gateway.frames import binary_frame

if TYPE_CHECKING:
    from server.fanout.gate import Seat


NOBODY = -1


class Transport(Protocol):
    """Where messages go; writes never block and never raise."""

    def write(self, *messages: bytes) -> None:
        """Hand over messages, in order, with one system call."""

    def buffered(self) -> int:
        """Bytes that were handed over and are not yet with the kernel."""

    def abort(self) -> None:
        """Drop the connection at once, unsent bytes included."""


class PlainSocket(Protocol):
    """A transport that puts messages into WebSocket frames and those, as they are, on a TCP connection."""

    @property
    def number(self) -> int:
        """The connection's file descriptor."""

    def write_now(self, data: bytes) -> int:
        """Write past this transport; how many bytes the connection took."""

    def write_bytes(self, data: bytes) -> None:
        """Hand over what is left of a frame that was begun past this transport."""


class Datagrams(Protocol):
    """A way for snapshots that loses some and keeps none waiting; writes never block and never raise."""

    def send_snapshot(self, message: bytes) -> None:
        """Send it soon; the newest replaces one that has not gone out yet."""


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
        self._deferred: set[Outbox] | None = None
        self._datagrams: Datagrams | None = None
        self._closed = False
        self._end_watch: Callable[[int], None] | None = None
        self.watcher = NOBODY
        """As whom somebody watches."""
        self.socket: PlainSocket | None = None
        """The transport, if snapshots may be written past it to its socket (`watch`)."""
        self.seat: Seat | None = None
        """The transport, if it is a connection behind a gateway: that one makes the snapshots."""

    @property
    def on_datagrams(self) -> bool:
        """Whether snapshots go out as datagrams (STANDARD.md section 13)."""
        return self._datagrams is not None

    def carry_snapshots(self, datagrams: Datagrams | None) -> None:
        """From now on snapshots go this way; None: with the events."""
        self._datagrams = datagrams
        self.touch()

    def watch(self, watcher: int, ended: Callable[[int], None]) -> int:
        """The number of the socket, if nothing is on its way there: whole frames may be written to it, first what
        waits here (`take_frames`). -1: not now, ask again. `ended(watcher)`: called once, before somebody else writes.
        """
        if self._closed or self.socket is None or self._datagrams is not None or self._transport.buffered():
            return -1
        self.watcher, self._end_watch = watcher, ended
        return self.socket.number

    def unwatch(self) -> None:
        """Nobody else writes to the socket any more."""
        self.watcher, self._end_watch = NOBODY, None

    def touch(self) -> None:
        """The connection is written to as others are, or it is gone."""
        watcher, ended = self.watcher, self._end_watch
        if ended is not None:
            self.unwatch()
            ended(watcher)

    def forget_socket(self) -> None:
        """The connection is gone: its number may be another one's in a moment."""
        self.socket = None
        self.touch()

    def take_frames(self, made: dict[tuple[bytes, ...], bytes] | None = None) -> bytes:
        """What waits here, as it goes over the socket, for whoever watches; nothing waits any more. `made`: what was
        made of several messages in this tick: most of those who are told several things are told the same."""
        waiting = tuple(self._waiting)
        if len(waiting) == 1:
            frames = binary_frame(waiting[0])
        else:
            known = made.get(waiting) if made is not None else None
            frames = b"".join(map(binary_frame, waiting)) if known is None else known
            if made is not None:
                made[waiting] = frames
        self._waiting.clear()
        self._waiting_bytes = 0
        return frames

    def finish_frames(self, rest: bytes) -> bool:
        """Send the rest of frames of which the socket took the beginning, or nothing. Returns as `put_snapshot`."""
        self.touch()
        if self.socket is not None:
            self.socket.write_bytes(rest)
        return self._transport.buffered() <= self._buffer_high

    @property
    def waiting_bytes(self) -> int:
        """Bytes of events that wait."""
        return self._waiting_bytes

    @property
    def unsent_bytes(self) -> int:
        """Bytes that were handed over and are not yet with the kernel."""
        if self._closed:
            return 0
        return self._transport.buffered() if self.seat is None else self.seat.unsent

    @property
    def overfull(self) -> bool:
        """Whether more events wait than may."""
        return self._waiting_bytes > self._event_bytes

    def defer(self, waiting: set[Outbox]) -> None:
        """From now on events are only queued, and this outbox puts itself into `waiting`, whose owner calls `flush`."""
        self._deferred = waiting

    def put_events(self, messages: Iterable[bytes]) -> None:
        """Queue these in order. Unless somebody else flushes, they go out now if the transport takes them."""
        if self._closed:
            return
        for message in messages:
            self._waiting.append(message)
            self._waiting_bytes += len(message)
        if self._deferred is not None:
            self._deferred.add(self)
        else:
            self.flush()

    def put_event(self, message: bytes) -> None:
        """As `put_events`, one."""
        self.put_events((message,))

    def put_snapshot(self, message: bytes) -> bool:
        """Send a snapshot now, behind the events that wait; only allowed while `takes_snapshots`. Returns whether the
        transport would take another one."""
        if self._closed:
            return True
        if self._datagrams is not None:
            if len(message) <= DATAGRAM_BYTES:
                self._datagrams.send_snapshot(message)
                return True
            if self._transport.buffered() > self._buffer_high:
                # Lost, as a datagram may be: the next one builds on what the client acknowledged.
                return True
        self.touch()
        if self._waiting:
            self._transport.write(*self._waiting, message)
            self._waiting.clear()
            self._waiting_bytes = 0
        else:
            self._transport.write(message)
        return self._datagrams is not None or self._transport.buffered() <= self._buffer_high

    def takes_snapshots(self) -> bool:
        """Whether a snapshot would go out at once."""
        if self._waiting:
            self.flush()
        return self._datagrams is not None or (not self._waiting and self._transport.buffered() <= self._buffer_high)

    def flush(self) -> None:
        """Hand over what the transport takes."""
        waiting = self._waiting
        if not waiting:
            return
        if self.watcher != NOBODY and self.socket is not None:
            frames = self.take_frames()
            taken = self.socket.write_now(frames)
            if taken < len(frames):
                self.finish_frames(frames[taken:])
            return
        while waiting and self._transport.buffered() <= self._buffer_high:
            batch: list[bytes] = []
            size = 0
            while waiting and size <= self._buffer_high:
                batch.append(waiting.popleft())
                size += len(batch[-1])
            self._waiting_bytes -= size
            self._transport.write(*batch)

    def close(self) -> None:
        """Hand over everything that waits, and nothing more: the connection ends in good order."""
        self.touch()
        if self._waiting:
            self._transport.write(*self._waiting)
        self._drop()

    def abort(self) -> None:
        """Drop the connection and what waits."""
        self._drop()
        self._transport.abort()

    def _drop(self) -> None:
        self._closed = True
        self.touch()
        self._waiting.clear()
        self._waiting_bytes = 0
