"""The WebSocket endpoint of a room: aiohttp on one side, `Connection` and `Room` on the other."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, cast
from uuid import UUID

import structlog
from aiohttp import WSMsgType, web

from protocol.constants import SUBPROTOCOL, CloseCode
from protocol.messages import Hello
from server.auth.address import UNKNOWN, client_address
from server.auth.tickets import TicketClaims, Tickets
from server.cluster.sockets import SocketGuide
from server.gateway.frames import binary_frame, pong_frame
from server.gateway.inbound import PING, PONG, InboundFrames
from server.gateway.udp import UdpGateway
from server.gateway.visit import Visit
from server.ops.metrics import Metrics
from server.rooms import admission
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.directory import LocalRooms
from server.rooms.intake import Intake
from server.rooms.loop import RoomLoop
from server.rooms.session import Session
from server.settings import Settings
from server.store.members import Members, Standing
from server.store.rooms import Room as StoredRoom

log = structlog.get_logger()

MAX_FRAME_BYTES = 32_768
"""aiohttp drops a connection beyond this before it has read the message; the wire's own limits are lower (4001)."""
MOST_PONGS_BYTES = 4096
"""Unsent bytes beyond which a PING is not answered: whoever does not read gets no more."""
CLOSE_TIMEOUT_S = 2.0
NOTSENT_LOWAT = 16_384
"""TCP_NOTSENT_LOWAT: what the kernel holds back of a slow client is old news; it is better skipped than queued."""


class SocketTransport:
    """Writes whole frames straight to the TCP transport: the tick can not await, and need not."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        raw = transport.get_extra_info("socket")
        is_plain = raw is not None and transport.get_extra_info("sslcontext") is None
        self.number = int(raw.fileno()) if is_plain else -1
        """The TCP connection's file descriptor; -1: what is written is not what goes over it (TLS)."""

    def write(self, *messages: bytes) -> None:
        """Hand over binary messages with one system call."""
        if not self._transport.is_closing():
            self._transport.write(b"".join(map(binary_frame, messages)))

    def write_now(self, data: bytes) -> int:
        """Write past the transport; how many bytes the connection took."""
        try:
            return os.write(self.number, data)
        except OSError:
            return 0  # of an error, too, the event loop hears when it writes

    def write_bytes(self, data: bytes) -> None:
        """Hand over what is left of a frame that was begun past this transport."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def buffered(self) -> int:
        """Bytes not yet with the kernel."""
        return self._transport.get_write_buffer_size()

    def abort(self) -> None:
        """Drop the connection."""
        self._transport.abort()


Converse = Callable[[web.Request, web.WebSocketResponse], Awaitable[None]]


class Spread(Protocol):
    """Where the connection of a room may be, other than at the process that runs it."""

    async def place(self, request: web.Request, room_id: UUID) -> web.StreamResponse | Converse | None:
        """The answer to a connection that was given away; or what to do with it here, once it is accepted; None: the
        room is here, or nowhere."""


class RoomGateway:
    """Takes connections to `/ws/rooms/{room_id}` and hands what they say to the rooms."""

    def __init__(
        self,
        settings: Settings,
        tickets: Tickets,
        members: Members,
        rooms: LocalRooms,
        metrics: Metrics,
        udp: UdpGateway | None = None,
    ) -> None:
        """`udp`: where clients may have their snapshots from as datagrams, too."""
        self.udp = udp
        self.settings, self._tickets, self._members = settings, tickets, members
        self._rooms, self._metrics = rooms, metrics
        self._connections = 0
        self.held: Counter[UUID] = Counter()
        """By room, the connections that are held here and behind no gateway, also those that have not said HELLO."""
        self.sockets: SocketGuide | None = None
        """Brings connections to the process that owns their room, where there are several."""
        self.spread: Spread | None = None
        """Spreads the connections of large rooms over the processes, where there are several."""

    def add_routes(self, app: web.Application) -> None:
        """Mount the endpoint."""
        app.router.add_get("/ws/rooms/{room_id}", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its upgrade to its end."""
        try:
            room_id = UUID(request.match_info["room_id"])
        except ValueError:
            raise web.HTTPNotFound(text="no such room") from None
        if (
            self.sockets is not None
            and (passed := await self.sockets.bring(request, room_id, is_rooms=True)) is not None
        ):
            return passed
        placed = await self.spread.place(request, room_id) if self.spread is not None else None
        if isinstance(placed, web.StreamResponse):
            return placed
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if SUBPROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPBadRequest(text=f"the subprotocol {SUBPROTOCOL} must be offered")
        limit, beside = self.settings.max_clients, self.sockets.beside() if self.sockets is not None else 0
        if limit and self._connections + beside >= limit:
            self._metrics.refused.labels("http_503").inc()
            raise web.HTTPServiceUnavailable(text="the server is full", headers={"Retry-After": "10"})
        socket_ = web.WebSocketResponse(
            protocols=(SUBPROTOCOL,),
            compress=False,
            max_msg_size=MAX_FRAME_BYTES,
            timeout=CLOSE_TIMEOUT_S,
            # Control frames are counted against the rate limit first.
            autoping=False,
        )
        if placed is None:
            self.held[room_id] += 1
        try:
            await socket_.prepare(request)
            self._connections += 1
            self._metrics.connections.set(self._connections)
            try:
                if placed is not None:
                    await placed(request, socket_)
                else:
                    await _Conversation(self, room_id, request, socket_).run()
            finally:
                self._connections -= 1
                self._metrics.connections.set(self._connections)
        finally:
            if placed is None:
                self.held[room_id] -= 1
                if not self.held[room_id]:
                    del self.held[room_id]
        return socket_

    async def enter(
        self, room_id: UUID, hello: Hello, connection: Connection, address: str | None
    ) -> tuple[RoomLoop, Session] | None:
        """Answer a HELLO that came from an address; None: it was refused."""
        if hello.resume is not None:
            loop = self._rooms.opened(room_id)
            session = loop.room.attendance.resume(hello, connection) if loop else None
            if loop is None or session is None:
                connection.wire.refuse(CloseCode.RESUME, "This place is no longer kept. Come in again.", 0)
                return None
            session.address = address
            loop.wake()
            return loop, session
        claims = await self._redeem(room_id, hello, connection)
        if claims is None:
            return None
        with self._rooms.changes.during(room_id, claims.user_id) as lookup:
            while connection.greeting:
                lookup.stale = False
                loop = await self._rooms.running.open(room_id)
                if loop is None:
                    connection.wire.refuse(CloseCode.TICKET, "There is no such room.")
                    return None
                place = await self._rooms.running.place_of(loop.room, claims.user_id)
                stored, standing = await self._standing(room_id, claims.user_id, address)
                if not self._rooms.holds(loop, lookup):
                    continue  # the room was closed, or the person thrown out, while the database answered
                if not connection.greeting:
                    return None
                refused = admission.refusal(stored, standing) if stored and standing else admission.MEMBERS_ONLY
                if refused is not None or standing is None:
                    code = CloseCode.BANNED if refused and refused.code == "banned" else CloseCode.TICKET
                    connection.wire.refuse(code, refused.text if refused else "This ticket is not valid.")
                    self._rooms.release(room_id, claims.user_id)
                    return None
                newcomer = Newcomer(claims, connection, place, standing, address)
                session = await loop.admit(newcomer, partial(self._rooms.holds, loop, lookup))
                if session is not None:
                    self._rooms.arrived(loop, session)
                    return loop, session
        return None

    async def _standing(
        self, room_id: UUID, user_id: UUID, address: str | None
    ) -> tuple[StoredRoom | None, Standing | None]:
        """The room as it is stored now, and what the person is in it: a ticket does not outlive a ban."""
        stored = await self._rooms.running.stored(room_id)
        return stored, await self._members.standing(room_id, user_id, address)

    async def _redeem(self, room_id: UUID, hello: Hello, connection: Connection) -> TicketClaims | None:
        claims = await self._tickets.redeem(hello.ticket or "", room_id)
        if claims is None:
            connection.wire.refuse(CloseCode.TICKET, "This ticket is not valid. Come in again.", 0)
        return claims

    def new_connection(self, way: SocketTransport, close: Callable[[int, str], None]) -> Connection:
        """A connection that has just begun. `close(code, reason)`: close the WebSocket once what was written is out."""
        connection = Connection(way, self.settings, time.monotonic(), close)
        if way.number >= 0:
            connection.outbox.socket = way
        return connection

    def count_refused(self, code: int) -> None:
        """Report that this end closed a connection."""
        self._metrics.refused.labels(str(code)).inc()

    def count_discarded(self, connection: Connection) -> None:
        """Report what the connection's rate limit threw away."""
        if connection.wire.discarded:
            self._metrics.discarded.labels("message").inc(connection.wire.discarded)


_closing: set[asyncio.Task[None]] = set()


def close_soon(socket_: web.WebSocketResponse, code: int, reason: str) -> None:
    """Close a WebSocket once what was written is out."""
    task = asyncio.create_task(_close(socket_, code, reason))
    _closing.add(task)
    task.add_done_callback(_closing.discard)


async def _close(socket_: web.WebSocketResponse, code: int, reason: str) -> None:
    with contextlib.suppress(ConnectionError, RuntimeError):
        await socket_.close(code=code, message=reason.encode()[:120])


class _Conversation:
    """One connection's coroutine: reads until the end."""

    def __init__(
        self, gateway: RoomGateway, room_id: UUID, request: web.Request, socket_: web.WebSocketResponse
    ) -> None:
        self._gateway, self._socket = gateway, socket_
        address = client_address(request, gateway.settings)
        self._transport = cast(asyncio.Transport, request.transport)
        tune(self._transport)
        self._way = way = SocketTransport(self._transport)
        self._number = way.number
        self._intake: Intake | None = None
        connection = gateway.new_connection(way, self._close)
        self._visit = Visit(gateway, room_id, connection, None if address == UNKNOWN else address)
        self._frames = InboundFrames(request.protocol, self._transport, MAX_FRAME_BYTES, self._leave_socket)
        self._transport.set_protocol(self._frames)

    async def run(self) -> None:
        connection, loop = self._visit.connection, asyncio.get_running_loop()
        due = connection.wire.next_timeout()
        timer = loop.call_later(
            max(0.0, (due or 0.0) - time.monotonic()) + 0.01, lambda: connection.check_timeout(time.monotonic())
        )
        try:
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    await self._receive(message.data)
                elif message.type is WSMsgType.TEXT:
                    connection.receive_text()
                elif message.type in (WSMsgType.PING, WSMsgType.PONG):
                    self._take_control(PING if message.type is WSMsgType.PING else PONG, message.data)
        except ConnectionError:
            pass
        finally:
            timer.cancel()
            self._visit.ended(int(self._socket.close_code or 0))

    async def _receive(self, data: bytes) -> None:
        visit = self._visit
        for message in visit.connection.receive(data, time.monotonic()):
            if isinstance(message, Hello):
                await visit.greet(message)
                # What came meanwhile is in aiohttp's queue, and is taken from there before anything new arrives.
                begun = self._frames.begin(visit.take, self._take_control)
                if begun and visit.intake is not None and self._number >= 0 and visit.connection.live:
                    self._intake = visit.intake
                    speaker = visit.speaker(lambda: self._frames.is_between)
                    self._intake.add(self._number, self._transport, self._frames.data_received, speaker)
            else:
                visit.hand_on(message)

    def _leave_socket(self) -> None:
        """Leave it to the event loop: the connection ends, or is not one that can be read past aiohttp."""
        self._visit.connection.outbox.forget_socket()
        intake, self._intake = self._intake, None
        if intake is not None:
            intake.release(self._number)

    def _close(self, code: int, reason: str) -> None:
        self._leave_socket()
        self._gateway.count_refused(code)
        close_soon(self._socket, code, reason)

    def _take_control(self, first: int, payload: bytes) -> None:
        connection = self._visit.connection
        answer = connection.receive_control(time.monotonic())
        # Of PINGs that come faster than their answers go out, only some have to be answered (RFC 6455 section 5.5.3).
        if answer and first == PING and self._way.buffered() <= MOST_PONGS_BYTES:
            connection.outbox.touch()
            self._way.write_bytes(pong_frame(payload))


def tune(transport: asyncio.Transport) -> None:
    """Let small writes go out at once, and little wait in the kernel."""
    raw = transport.get_extra_info("socket")
    if raw is None:
        return
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, NOTSENT_LOWAT)
