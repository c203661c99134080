"""The owner's end of the line to one gateway: the connections behind it, and what they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

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

FULL = 1 << 40
"""What a seat says is unsent while its gateway takes nothing."""
INDEX_BYTES = 3
"""What it takes to say that a client gets a message that others get, too."""


class Guest(Protocol):
    """Whoever acts on what one client says."""

    def heard(self, data: bytes) -> None:
        """A binary message."""

    def heard_text(self) -> None:
        """A text message."""

    def heard_control(self, data: bytes, *, is_ping: bool) -> None:
        """PING or PONG."""

    def ended(self, code: int) -> None:
        """The connection is gone."""


class Seat:
    """One connection behind a gateway; `server.rooms.outbox.Transport`."""

    __slots__ = ("_blocks", "client", "gate", "guest", "unsent")

    def __init__(self, gate: Gate, client: int) -> None:
        self.gate, self.client = gate, client
        self.guest: Guest | None = None
        self.unsent = 0
        self._blocks: Callable[[bool], None] | None = None

    def write(self, *messages: bytes) -> None:
        """Hand over binary messages."""
        self.gate.say(self.client, messages)

    def buffered(self) -> int:
        """Bytes not yet with the kernel, as the gateway said last."""
        return FULL if self.gate.is_full() else self.unsent

    def abort(self) -> None:
        """Drop the connection."""
        self.gate.drop(self.client)

    def watch(self, blocks: Callable[[bool], None] | None) -> None:
        """Whom to tell when the connection takes no bytes, or takes them again."""
        self._blocks = blocks
        if blocks is not None and self.unsent:
            blocks(True)

    def set_unsent(self, size: int) -> None:
        """The gateway said so."""
        self.unsent = size
        if self._blocks is not None:
            self._blocks(size > 0)


class Gate:
    """Implements `server.fanout.line.End`."""

    def __init__(
        self,
        name: str,
        welcome: Callable[[Seat, UUID, str | None], Guest],
        queue_bytes: int,
    ) -> None:
        """`name`: of the gateway. `welcome(seat, room_id, address)`: makes who acts for a new connection.
        `queue_bytes`: above so many that wait, the gateway gets no ticks."""
        self.name = name
        self.wake: Callable[[], None] = lambda: None
        self.unsent: Callable[[], int] = lambda: 0
        """Bytes that wait in the line."""
        self.give_up: Callable[[], None] = lambda: None
        """Ends the line."""
        self.skip: Callable[[int], None] = lambda count: None
        """Counts snapshots that were not made because the gateway took nothing."""
        self.full_since: float | None = None
        """When the gateway was first found to take nothing; whoever looks sets it."""
        self._welcome, self._queue_bytes = welcome, queue_bytes
        self._seats: dict[int, Seat] = {}
        self._rooms = 0
        self._out: list[FromOwner] = []
        self._said = Said([], [], [], [])
        self._index: dict[int, int] = {}
        self._said_bytes = 0
        """Of what was said since the line was last given anything: it counts before the line has it."""

    def __len__(self) -> int:
        """How many connections are behind it."""
        return len(self._seats)

    def is_full(self) -> bool:
        """Whether more waits than may."""
        return self._said_bytes + self.unsent() > self._queue_bytes

    # --- what the owner says ----------------------------------------------------------------------------------------

    def add_room(self, width_px: int, height_px: int, cell_px: int, radius_px: int) -> int:
        """Tell of a room's cells before its first tick; the number by which ticks name it."""
        self._rooms += 1
        self._put(Room(self._rooms, width_px, height_px, cell_px, radius_px))
        return self._rooms

    def say(self, client: int, messages: tuple[bytes, ...]) -> None:
        """Events for one connection. What many are told travels once."""
        said, index = self._said, self._index
        for message in messages:
            # The list keeps the bytes, so nothing else can have their id as long as it lasts.
            place = index.get(id(message))
            if place is None:
                place = index[id(message)] = len(said.messages)
                said.messages.append(message)
                self._said_bytes += len(message)
            said.indices.append(place)
        self._said_bytes += INDEX_BYTES * (1 + len(messages))
        said.clients.append(client)
        said.counts.append(len(messages))
        self.wake()

    def tick(self, tick: Tick) -> None:
        """The snapshots of one room."""
        self._put(tick)

    def pong(self, client: int, data: bytes) -> None:
        """Answer a PING."""
        self._put(Pong(client, data))

    def close(self, client: int, code: int, reason: str) -> None:
        """End a connection in good order."""
        self._put(Close(client, code, reason))

    def drop(self, client: int) -> None:
        """End a connection at once."""
        self._put(Abort(client))

    def _put(self, message: FromOwner) -> None:
        self._end_said()
        self._out.append(message)
        self.wake()

    def _end_said(self) -> None:
        if self._said.clients:
            self._out.append(self._said)
            self._said = Said([], [], [], [])
            self._index = {}

    # --- server.fanout.line.End -------------------------------------------------------------------------------------

    def messages_to_send(self) -> list[FromOwner]:
        """What is to be said, in order."""
        self._end_said()
        self._said_bytes = 0
        out, self._out = self._out, []
        return out

    def receive(self, messages: list[FromGateway]) -> None:
        """What the gateway said."""
        for message in messages:
            match message:
                case Heard():
                    if len(message.clients) != len(message.data):
                        raise FanoutError("messages of nobody")
                    for client, data in zip(message.clients, message.data, strict=True):
                        # Whoever is gone here may still be heard of there for a moment.
                        if (seat := self._seats.get(client)) is not None and seat.guest is not None:
                            seat.guest.heard(data)
                case Opened():
                    self._open(message)
                case Closed():
                    if (seat := self._seats.pop(message.client, None)) is not None and seat.guest is not None:
                        seat.guest.ended(message.code)
                case Blocked() | Cleared():
                    if (seat := self._seats.get(message.client)) is not None:
                        seat.set_unsent(message.unsent if isinstance(message, Blocked) else 0)
                case Control():
                    self._control(message)

    def crowded(self, is_crowded: bool) -> None:
        """Nothing to do: ticks look at what waits."""

    def lost(self) -> None:
        """All who were behind it have lost their connections."""
        seats, self._seats = self._seats, {}
        for seat in seats.values():
            if seat.guest is not None:
                seat.guest.ended(1006)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _open(self, message: Opened) -> None:
        if message.client in self._seats or len(message.room_id) != 16:
            raise FanoutError("a connection that is there already, or of no room")
        seat = self._seats[message.client] = Seat(self, message.client)
        seat.guest = self._welcome(seat, UUID(bytes=message.room_id), message.address)

    def _control(self, message: Control) -> None:
        seat = self._seats.get(message.client)
        if seat is None or seat.guest is None:
            return
        if message.kind == 0:
            seat.guest.heard_text()
        else:
            seat.guest.heard_control(message.data, is_ping=message.kind == 1)
