"""A client behind a gateway, as its room's process has it: what `server.gateway.websocket` does for a socket."""

from __future__ import annotations

import asyncio
import time
from typing import Final
from uuid import UUID

from protocol.messages import Hello
from server.fanout.gate import Seat
from server.gateway.visit import Visit
from server.gateway.websocket import RoomGateway
from server.rooms.connection import Connection

WAITING_BYTES: Final = 1 << 16
"""What a client may say while its HELLO is looked at; more ends its connection."""

_tasks: set[asyncio.Task[None]] = set()


class RemoteGuest:
    """Implements `server.fanout.gate.Guest`."""

    def __init__(self, rooms: RoomGateway, seat: Seat, room_id: UUID, address: str | None) -> None:
        self._seat = seat
        connection = Connection(seat, rooms.settings, time.monotonic(), self._close)
        connection.outbox.seat = seat
        self._refused = rooms.count_refused
        self._visit = Visit(rooms, room_id, connection, address, carriers=False)
        self._greeting: list[bytes] | None = None
        """What came while HELLO is looked at; None: it is not."""
        self._waiting_bytes = 0
        due = connection.wire.next_timeout() or 0.0
        self._timer = asyncio.get_running_loop().call_later(
            max(0.0, due - time.monotonic()) + 0.01, lambda: connection.check_timeout(time.monotonic())
        )

    def heard(self, data: bytes) -> None:
        if self._greeting is not None:
            self._waiting_bytes += len(data)
            self._greeting.append(data)
            if self._waiting_bytes > WAITING_BYTES:
                self._seat.abort()
            return
        for message in self._visit.connection.receive(data, time.monotonic()):
            if isinstance(message, Hello):
                self._greeting = []
                task = asyncio.get_running_loop().create_task(self._greet(message))
                _tasks.add(task)
                task.add_done_callback(_tasks.discard)
            else:
                self._visit.hand_on(message)

    def heard_text(self) -> None:
        self._visit.connection.receive_text()

    def heard_control(self, data: bytes, *, is_ping: bool) -> None:
        answer = self._visit.connection.receive_control(time.monotonic())
        if answer and is_ping:
            self._seat.gate.pong(self._seat.client, data)

    def ended(self, code: int) -> None:
        self._timer.cancel()
        self._visit.ended(code)

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _greet(self, hello: Hello) -> None:
        if self._visit.connection.greeting:  # else it is gone again
            await self._visit.greet(hello)
        waiting, self._greeting = self._greeting or [], None
        for data in waiting:
            self.heard(data)

    def _close(self, code: int, reason: str) -> None:
        self._refused(code)
        self._seat.gate.close(self._seat.client, code, reason)
