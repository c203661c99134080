"""The rooms that run in this process: opened when somebody comes, closed when nobody was there for a while."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import structlog

from protocol.constants import CloseCode
from server.config import Settings
from server.ops.metrics import Metrics
from server.rooms.loop import RoomLoop
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.templates import load_templates
from server.store.positions import Positions
from server.store.rooms import Room as StoredRoom
from server.store.rooms import Rooms

log = structlog.get_logger()

KEEP_EMPTY_S = 30.0
"""How long an empty room stays open: people who reload a page find it as it was."""


class LocalRooms:
    """Every room has at most one loop here. Implements `server.services.RoomDirectory`."""

    def __init__(self, settings: Settings, rooms_store: Rooms, positions: Positions, metrics: Metrics) -> None:
        self._settings, self._rooms_store = settings, rooms_store
        self._positions, self._metrics = positions, metrics
        self._loops: dict[UUID, RoomLoop] = {}
        self._opening: dict[UUID, asyncio.Lock] = {}
        self._stopping = False

    async def open(self, room_id: UUID) -> RoomLoop | None:
        """The room's loop, started if need be; None: there is no such room, or the server stops.

        Raises `StoreUnavailable` when the room is not open and the database is away.
        """
        loop = self._loops.get(room_id)
        if loop is not None or self._stopping:
            return loop
        lock = self._opening.setdefault(room_id, asyncio.Lock())
        async with lock:
            loop = self._loops.get(room_id)
            if loop is None:
                stored = await self._rooms_store.get(room_id)
                if stored is None or self._stopping:
                    return None
                await self._positions.mark_all_gone(room_id)
                loop = self._loops[room_id] = self._make(stored)
                loop.start()
                self._metrics.rooms.set(len(self._loops))
        self._opening.pop(room_id, None)
        return loop

    def opened(self, room_id: UUID) -> RoomLoop | None:
        """The room's loop if it runs."""
        return self._loops.get(room_id)

    async def place_of(self, room: Room, user_id: UUID) -> tuple[int, int] | None:
        """Where the person was last in the room, 1/256 px. Raises `StoreUnavailable`."""
        return room.place_of(user_id) or await self._positions.load(room.id, user_id)

    async def close_empty(self) -> None:
        """Close the rooms in which nobody was for a while."""
        now = time.monotonic()
        for room_id, loop in list(self._loops.items()):
            if not loop.room.sessions and loop.empty_since is not None and now - loop.empty_since > KEEP_EMPTY_S:
                await self._stop(room_id, CloseCode.CLOSED, "The room was closed.")

    async def stop(self) -> None:
        """Close all rooms: the server stops, and people come back when it is there again."""
        self._stopping = True
        for room_id in list(self._loops):
            await self._stop(room_id, CloseCode.RESTART, "The server restarts.", 1000)

    def count(self) -> tuple[int, int]:
        """How many rooms run and how many people are in them."""
        return len(self._loops), sum(len(loop.room.sessions) for loop in self._loops.values())

    # --- server.services.RoomDirectory ------------------------------------------------------------------------------

    def head_count(self, room_id: UUID) -> int:
        """How many people are in the room."""
        loop = self._loops.get(room_id)
        return len(loop.room.sessions) if loop else 0

    def people(self, room_id: UUID) -> list[tuple[UUID, str, bool]]:
        """(user id, name, is_guest) of everyone in the room."""
        loop = self._loops.get(room_id)
        return [(claims.user_id, claims.name, claims.is_guest) for claims in loop.room.people()] if loop else []

    async def leave(self, room_id: UUID, user_id: UUID) -> None:
        """Take the person out of the room, if inside."""
        loop = self._loops.get(room_id)
        if loop:
            loop.room.dismiss(user_id, CloseCode.LEFT, "You left the room.")

    async def close_room(self, room_id: UUID) -> None:
        """Send everyone out: the room was deleted."""
        if room_id in self._loops:
            await self._stop(room_id, CloseCode.CLOSED, "The room was deleted.")

    async def change_room(self, room: StoredRoom) -> None:
        """The room's settings were changed: people who are inside stay, also above a smaller capacity."""
        loop = self._loops.get(room.id)
        if loop:
            loop.room.change_capacity(room.max_capacity)

    async def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """The person has another name or look; say so in every room they are in."""
        for loop in self._loops.values():
            loop.room.change_user(user_id, name, look)

    async def end_session(self, user_id: UUID, session_id: str) -> None:
        """The person logged out: close the connections that were opened with tickets of this log-in."""
        for loop in self._loops.values():
            if any(c.user_id == user_id and c.session_id == session_id for c in loop.room.people()):
                loop.room.dismiss(user_id, CloseCode.ENDED, "You logged out.")

    # --- parts ------------------------------------------------------------------------------------------------------

    def _make(self, stored: StoredRoom) -> RoomLoop:
        template = load_templates()[stored.template]
        saver = Saver(stored.id, self._positions, self._metrics)
        room = Room(
            stored.id,
            stored.max_capacity,
            template.room_map,
            self._settings,
            self._metrics,
            saver,
            stored.open_doors,
        )
        return RoomLoop(room, saver, self._rooms_store, self._settings, self._metrics)

    async def _stop(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        loop = self._loops.pop(room_id, None)
        if loop is not None:
            await loop.stop(code, reason, retry_ms)
            self._metrics.rooms.set(len(self._loops))
