"""An owner and its gateways in virtual time: a real room, and lines that carry bytes when they are told to."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

from protocol.messages import ClientMessage, Hello, Input, ServerMessage, Snapshot, Welcome, decode_server, encode
from server.auth.tickets import TicketClaims
from server.fanout.gate import Gate, Seat
from server.fanout.gateway import Bounds, Gateway
from server.fanout.messages import FromGateway, FromOwner, Incoming, framed
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.session import Session
from tests.server.rooms.people import ROOM_ID, House, Person

BOUNDS = Bounds(high=4096, most=65536)
QUEUE_BYTES = 20_000


class WebSocket:
    """A client's socket in memory. `reads` False: its peer takes nothing."""

    def __init__(self) -> None:
        self.frames = b""
        self.writes = 0
        self.kept = 0
        self.reads = True
        self.is_read = True
        self.ended: tuple[int, str] | None = None
        self.pongs: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.frames += data
        self.writes += 1
        if not self.reads:
            self.kept += len(data)

    def unsent(self) -> int:
        return 0 if self.reads else self.kept

    def close(self, code: int, reason: str) -> None:
        self.ended = (code, reason)

    def abort(self) -> None:
        self.ended = (1006, "")

    def pong(self, data: bytes) -> None:
        self.pongs.append(data)

    def read(self, is_reading: bool) -> None:
        self.is_read = is_reading

    def messages(self) -> list[bytes]:
        """The payloads of all frames so far."""
        found, place, data = [], 0, self.frames
        while place < len(data):
            assert data[place] == 0x82
            size, head = data[place + 1], 2
            if size == 126:
                size, head = struct.unpack_from("!H", data, place + 2)[0], 4
            elif size == 127:
                size, head = struct.unpack_from("!Q", data, place + 2)[0], 10
            found.append(data[place + head : place + head + size])
            place += head + size
        return found


class Guest:
    """`server.fanout.gate.Guest` without the tickets: HELLO is let in at once."""

    def __init__(self, site: Site, seat: Seat) -> None:
        self._site = site
        self.connection = Connection(seat, site.house.settings, site.house.now, self._close)
        self.connection.outbox.seat = seat
        self.seat = seat
        self.session: Session | None = None
        self.code: int | None = None

    def heard(self, data: bytes) -> None:
        room = self._site.house.room
        for message in self.connection.receive(data, self._site.house.now):
            if not isinstance(message, Hello):
                assert self.session is not None
                room.receive(self.session, message, lambda: 128)
            elif message.resume is not None:
                self.session = room.attendance.resume(message, self.connection)
            else:
                name = message.agent
                claims = TicketClaims(
                    Person(self._site.house, name).user_id, ROOM_ID, "s", name, bytes(6), False, False
                )
                self.session = room.attendance.admit(Newcomer(claims, self.connection, self._site.places.get(name)))

    def heard_text(self) -> None:
        self.connection.receive_text()

    def heard_control(self, data: bytes, *, is_ping: bool) -> None:
        if self.connection.receive_control(self._site.house.now) and is_ping:
            self.seat.gate.pong(self.seat.client, data)

    def ended(self, code: int) -> None:
        self.code = code
        self.connection.lost()
        if self.session is not None:
            self._site.house.room.attendance.lose(self.session, self.connection, self._site.house.now)

    def _close(self, code: int, reason: str) -> None:
        self.seat.gate.close(self.seat.client, code, reason)


class Site:
    """A line with an owner's end and a gateway's. `stalled`: what the owner says stays in the line."""

    def __init__(self, house: House, name: str = "one") -> None:
        self.house = house
        self.stalled = self.is_lost = False
        self.guests: list[Guest] = []
        self.places: dict[str, tuple[int, int]] = {}
        self.gate = Gate(name, self._welcome, QUEUE_BYTES)
        self.later: list[Callable[[], None]] = []
        self.gateway = Gateway(BOUNDS, house.metrics, lambda: None, self.later.append)
        self._down: deque[bytes] = deque()
        self.gate.unsent = lambda: sum(map(len, self._down))
        self.gate.give_up = self.lose
        self.skipped = 0
        self.gate.skip = self._skip
        self.carried = 0
        self._to_owner, self._to_gateway = Incoming(FromGateway), Incoming(FromOwner)

    def pump(self) -> None:
        """Do what was to be done later, and carry what was said, until nothing is."""
        due, self.later[:] = list(self.later), []
        for call in due:
            call()
        while not self.is_lost:
            up = framed(self.gateway.messages_to_send())
            down = framed(self.gate.messages_to_send())
            if down:
                self._down.append(down)
                self.carried += len(down)
            if not up and (not self._down or self.stalled):
                return
            self.gate.receive(self._to_owner.receive(up))
            while self._down and not self.stalled:
                self.gateway.receive(self._to_gateway.receive(self._down.popleft()))

    def lose(self) -> None:
        """The line breaks, as when a process dies."""
        self.is_lost = True
        self.gate.lost()
        self.gateway.lost()

    def _welcome(self, seat: Seat, room_id: UUID, address: str | None) -> Guest:
        assert room_id == ROOM_ID
        self.guests.append(Guest(self, seat))
        return self.guests[-1]

    def _skip(self, count: int) -> None:
        self.skipped += count


class Walker:
    """A client behind a gateway."""

    def __init__(self, site: Site, name: str, features: int) -> None:
        self.site, self.name, self.features = site, name, features
        self.seq = 0
        self.socket = WebSocket()

    def come(self, *, resume: bytes | None = None, at: tuple[int, int] | None = None) -> None:
        """Connect, and say HELLO."""
        if at is not None:
            self.site.places[self.name] = (at[0] * 256, at[1] * 256)
        self.socket = WebSocket()
        self.number = self.site.gateway.open(self.socket, ROOM_ID, "198.51.100.7")
        ticket = None if resume else "t" * 32
        self.say(Hello(0, self.features, ticket, resume, 0, self.name))
        self.guest = self.site.guests[-1]

    def say(self, message: ClientMessage) -> None:
        """Send a message."""
        self.site.gateway.hear(self.number, encode(message))
        self.site.pump()

    def walk(self, course: int) -> None:
        """Change course."""
        self.seq += 1
        self.say(Input(self.newest_tick(), self.seq, 0, bytes((course, 0))))

    def lose_connection(self) -> None:
        """The network takes the connection away."""
        self.site.gateway.closed(self.number, 1006)
        self.site.pump()

    def heard(self) -> list[ServerMessage]:
        """Everything since the connection began."""
        return [decode_server(message) for message in self.socket.messages()]

    def all_heard(self, kind: type) -> list[Any]:
        """What was heard of one kind."""
        return [message for message in self.heard() if isinstance(message, kind)]

    def newest_tick(self) -> int:
        """What to acknowledge."""
        snapshots = self.all_heard(Snapshot)
        return snapshots[-1].tick if snapshots else 0

    @property
    def welcome(self) -> Welcome:
        """The newest WELCOME."""
        found: Welcome = self.all_heard(Welcome)[-1]
        return found
