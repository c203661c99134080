"""One client's way into a room and its time there, whatever its bytes come through."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from protocol.constants import CloseCode, Feature
from protocol.messages import ClientMessage, Hello, Lane
from server.cluster.errors import ClusterError
from server.gateway.carriers import Berth
from server.ops import log_context
from server.rooms.connection import Connection
from server.rooms.intake import Intake
from server.rooms.listener import Speaker
from server.rooms.loop import RoomLoop
from server.rooms.session import Session
from server.store.errors import StoreUnavailable

if TYPE_CHECKING:
    from server.gateway.websocket import RoomGateway

log = structlog.get_logger()


class Visit:
    """`address`: IP address that the client comes from; None: not known. `carriers`: whether it may have datagrams."""

    def __init__(
        self,
        gateway: RoomGateway,
        room_id: UUID,
        connection: Connection,
        address: str | None,
        *,
        carriers: bool = True,
    ) -> None:
        self.connection = connection
        self._gateway, self._room_id, self._address, self._carriers = gateway, room_id, address, carriers
        self._entered: tuple[RoomLoop, Session] | None = None
        self._is_over = False
        self._berth: Berth | None = None

    @property
    def intake(self) -> Intake | None:
        """What reads the sockets of the room's clients; None: the client is in no room."""
        return self._entered[0].intake if self._entered is not None else None

    def speaker(self, is_between: Callable[[], bool]) -> Speaker | None:
        """What the room's intake needs to know to take frequent messages by itself; None: the client is in no room."""
        if self._entered is None:
            return None
        room_loop, session = self._entered

        def answer(token: int) -> None:
            if session.connection is self.connection:
                room_loop.room.answer_ping(session, token, room_loop.phase)

        return Speaker(session.avatar, self.connection, session.events, is_between, answer)

    def take(self, data: bytes) -> None:
        """A message of a client that has said HELLO."""
        for message in self.connection.receive(data, time.monotonic()):
            self.hand_on(message)

    def hand_on(self, message: ClientMessage) -> None:
        """Let the room act on it."""
        if self._entered is not None:
            room_loop, session = self._entered
            if session.connection is self.connection and room_loop.acts:
                room_loop.room.receive(session, message, room_loop.phase)
                if isinstance(message, Lane) and not message.carrier:
                    self._offer_carriers()

    async def greet(self, hello: Hello) -> None:
        """Let the client in, or refuse it."""
        connection = self.connection
        try:
            self._entered = await self._gateway.enter(self._room_id, hello, connection, self._address)
        except ClusterError as error:
            connection.wire.refuse(CloseCode.RESTART, str(error), 0)
        except (StoreUnavailable, RedisError, OSError) as error:
            log.debug("cannot admit", room=str(self._room_id), why=str(error))
            connection.close(CloseCode.INTERNAL, "The database does not answer at present.", 2000)
        if self._is_over:
            # The connection is gone, and behind a gateway that was heard while the room let the person in.
            self._lose()
            return
        if self._entered is not None:
            claims = self._entered[1].claims
            log_context.add(user=str(claims.user_id), session=claims.session_id)
            log.info("entered the room", again=hello.resume is not None)
        connection.pump()
        if self._entered is not None:
            self._offer_carriers()

    def ended(self, code: int) -> None:
        """The connection is gone. `code`: of the WebSocket, 0: none was said."""
        self._gateway.count_discarded(self.connection)
        self.connection.lost()
        if self._berth is not None and self._gateway.udp is not None:
            self._gateway.udp.carriers.withdraw(self._berth)
        self._is_over = True
        if self._entered is not None:
            log.info("connection to the room ended", code=code)
        self._lose()

    def _lose(self) -> None:
        if self._entered is not None:
            room_loop, session = self._entered
            room_loop.room.attendance.lose(session, self.connection, time.monotonic())

    def _offer_carriers(self) -> None:
        """Name carriers of datagrams to the client; the one that it had, and its secret, are no longer good."""
        udp, connection = self._gateway.udp, self.connection
        if not self._carriers or udp is None or not connection.live or not connection.features & Feature.DATAGRAMS:
            return
        if self._berth is not None:
            udp.carriers.withdraw(self._berth)
        self._berth = udp.offer(connection, self.hand_on)
