"""A gateway's end of the line to one owner: its clients' sockets, and what goes in and out through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.fanout.assembler import BlockAssembler
from server.fanout.messages import (
    Abort,
    Blocked,
    Cleared,
    Close,
    Closed,
    Control,
    FanoutError,
    FromGateway,
    FromOwner,
    Heard,
    Opened,
    Pong,
    Room,
    Said,
    Tick,
)
from server.gateway.frames import binary_frame
from server.ops.metrics import Metrics


class Socket(Protocol):
    """A client's socket. Nothing here blocks or raises."""

    def write(self, data: bytes) -> None:
        """Hand over whole frames."""

    def unsent(self) -> int:
        """Bytes that the kernel has not taken yet."""

    def close(self, code: int, reason: str) -> None:
        """End it once all is out."""

    def abort(self) -> None:
        """End it at once."""

    def pong(self, data: bytes) -> None:
        """Answer a PING."""

    def read(self, is_reading: bool) -> None:
        """Take what the client sends, or leave it to the kernel."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """high: unsent bytes of a client from which on its owner is told that it is blocked. most: from which on it is
    dropped."""

    high: int
    most: int


class Gateway:
    """Implements `server.fanout.line.End`."""

    def __init__(
        self,
        bounds: Bounds,
        metrics: Metrics,
        on_lost: Callable[[], None],
        later: Callable[[Callable[[], None]], object],
    ) -> None:
        """`on_lost()`: called once, when the line is gone and with it all clients. `later(call)`: calls soon after."""
        self._later = later
        self.wake: Callable[[], None] = lambda: None
        self.is_open = True
        self._bounds, self._metrics, self._on_lost = bounds, metrics, on_lost
        self._sockets: dict[int, Socket] = {}
        self._blocked: set[int] = set()
        self._ending: set[int] = set()
        """Those whose last word is on its way."""
        self._rooms: dict[int, BlockAssembler] = {}
        self._last = 0
        self._is_reading = True
        self._out: list[FromGateway] = []
        self._heard = Heard([], [])

    def __len__(self) -> int:
        """How many clients there are."""
        return len(self._sockets)

    # --- what clients do --------------------------------------------------------------------------------------------

    def open(self, socket: Socket, room_id: UUID, address: str | None) -> int:
        """Somebody connected; their number."""
        self._last += 1
        self._sockets[self._last] = socket
        if not self._is_reading:
            socket.read(False)
        self._put(Opened(self._last, room_id.bytes, address))
        return self._last

    def hear(self, client: int, data: bytes) -> None:
        """A binary message of theirs."""
        self._heard.clients.append(client)
        self._heard.data.append(data)
        self.wake()

    def hear_control(self, client: int, kind: int, data: bytes) -> None:
        """`kind`: as in `Control`."""
        self._put(Control(client, kind, data))

    def closed(self, client: int, code: int) -> None:
        """Their connection is gone."""
        if self._sockets.pop(client, None) is not None:
            self._blocked.discard(client)
            self._ending.discard(client)
            self._put(Closed(client, code))

    def drop_all(self) -> None:
        """Every client's connection ends at once; they come back. Whoever was sent away by the owner still hears it."""
        for client, socket in list(self._sockets.items()):
            if client not in self._ending:
                socket.abort()

    def _put(self, message: FromGateway) -> None:
        self._end_heard()
        self._out.append(message)
        self.wake()

    def _end_heard(self) -> None:
        if self._heard.clients:
            self._out.append(self._heard)
            self._heard = Heard([], [])

    # --- server.fanout.line.End -------------------------------------------------------------------------------------

    def messages_to_send(self) -> list[FromGateway]:
        """What the owner is told, in order."""
        self._end_heard()
        out, self._out = self._out, []
        return out

    def receive(self, messages: list[FromOwner]) -> None:
        """Do what the owner says; each client gets one write for all of its events and its snapshot."""
        waiting: dict[int, list[bytes]] = {}
        for message in messages:
            match message:
                case Tick():
                    self._tick(message, waiting)
                case Said():
                    _gather(message, waiting)
                case Room():
                    self._rooms[message.room] = BlockAssembler(message)
                case Close() | Abort() | Pong():
                    self._write(message.client, waiting.pop(message.client, ()))
                    if (socket := self._sockets.get(message.client)) is not None:
                        if isinstance(message, Close):
                            self._ending.add(message.client)
                        _DOES[type(message)](socket, message)
        for client, frames in waiting.items():
            self._write(client, frames)

    def crowded(self, is_crowded: bool) -> None:
        """While the owner does not read, clients are not read either: what they say waits with them."""
        self._is_reading = not is_crowded
        for socket in self._sockets.values():
            socket.read(self._is_reading)

    def lost(self) -> None:
        """The owner is gone; clients ask where their room is by now."""
        self.is_open = False
        self.drop_all()
        self._sockets.clear()
        self._on_lost()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _tick(self, tick: Tick, waiting: dict[int, list[bytes]]) -> None:
        room = self._rooms.get(tick.room)
        if room is None:
            raise FanoutError("a tick of no room")
        sent = size = 0
        sockets, high = self._sockets, self._bounds.high
        for clients, message in room.messages(tick):
            frame = binary_frame(message)
            sent += len(clients)
            size += len(message) * len(clients)
            for client in clients:
                socket = sockets.get(client)
                if socket is None:
                    continue
                events = waiting.pop(client, None) if waiting else None
                socket.write(frame if events is None else b"".join((*events, frame)))
                if socket.unsent() > high:
                    self._is_slow(client, socket)
        metrics, encoded = self._metrics, room.encoded
        metrics.snapshots.inc(sent)
        metrics.snapshot_bytes.inc(size)
        metrics.snapshots_shared.inc(encoded.shared)
        metrics.course_rows.inc(encoded.course_rows)
        metrics.full_rows.inc(encoded.full_rows)

    def _write(self, client: int, frames: list[bytes] | tuple[bytes, ...]) -> None:
        socket = self._sockets.get(client)
        if socket is None or not frames:
            return
        socket.write(b"".join(frames))
        if socket.unsent() > self._bounds.high:
            self._is_slow(client, socket)

    def _is_slow(self, client: int, socket: Socket) -> None:
        """More waits for a client than should."""
        unsent = socket.unsent()
        if unsent > self._bounds.most:
            socket.abort()
        elif client not in self._blocked:
            if not self._blocked:
                self._later(self._look_again)
            self._blocked.add(client)
            self._put(Blocked(client, unsent))

    def _look_again(self) -> None:
        """Tell the owner of those who take bytes again."""
        for client in list(self._blocked):
            socket = self._sockets.get(client)
            if socket is not None and socket.unsent() <= self._bounds.high:
                self._blocked.discard(client)
                self._put(Cleared(client))
        if self._blocked:
            self._later(self._look_again)


def _gather(said: Said, waiting: dict[int, list[bytes]]) -> None:
    frames = [binary_frame(message) for message in said.messages]
    if len(said.counts) != len(said.clients) or sum(said.counts) != len(said.indices):
        raise FanoutError("events whose parts do not fit together")
    place = 0
    for client, count in zip(said.clients, said.counts, strict=True):
        waiting.setdefault(client, []).extend([frames[index] for index in said.indices[place : place + count]])
        place += count


_DOES: dict[type, Callable[..., None]] = {
    Close: lambda socket, message: socket.close(message.code, message.reason),
    Abort: lambda socket, message: socket.abort(),
    Pong: lambda socket, message: socket.pong(message.data),
}
