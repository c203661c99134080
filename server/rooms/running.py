"""Rooms open when somebody comes and close when nobody was there for a while, by the leases that this server holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from protocol.constants import CloseCode
from server.chat.writer import MessageWriter
from server.cluster.keeper import LeasedStore, LeaseKeeper
from server.cluster.ownership import Lease
from server.ops.metrics import Metrics
from server.rooms.changes import Changes
from server.rooms.documents import OpenDocuments
from server.rooms.loop import RoomLoop
from server.rooms.parts import PartMaker
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.templates import load_templates
from server.settings import Settings
from server.store.portals import Portal, Portals
from server.store.positions import Positions
from server.store.rooms import Room as StoredRoom
from server.store.rooms import Rooms

KEEP_EMPTY_S = 30.0
"""How long an empty room stays open: people who reload a page find it as it was."""
MOVED = "The room goes on at another server."
STOPPING = "The server restarts."
HEADROOM = 200
"""The least capacity that a world is made for, so that most rooms can be made larger while people are inside."""


class RunningRooms:
    """Every room has at most one loop here."""

    def __init__(
        self,
        settings: Settings,
        rooms_store: Rooms,
        portals: Portals,
        positions: Positions,
        metrics: Metrics,
        keeper: LeaseKeeper,
        parts: Sequence[PartMaker] = (),
        messages_waiting: MessageWriter | None = None,
        documents: OpenDocuments | None = None,
    ) -> None:
        """`keeper`: by whose leases rooms are run. `parts`: what makes the parts of every room. `messages_waiting`:
        what they write messages with. `documents`: what is open in them."""
        self.keeper, self._documents, self._messages_waiting = keeper, documents, messages_waiting
        keeper.on_lost = self._lost
        self._parts = parts
        self._settings, self._rooms_store, self._portals = settings, rooms_store, portals
        self._positions, self._metrics = positions, metrics
        self.loops: dict[UUID, RoomLoop] = {}
        self._opening: dict[UUID, asyncio.Lock] = {}
        self._stopping = False
        self._closing: dict[UUID, asyncio.Event] = {}
        self._abandoned: set[asyncio.Task[None]] = set()
        self.changes = Changes()

    async def open(self, room_id: UUID) -> RoomLoop | None:
        """The room's loop, started if need be; None: there is no such room, or the server stops.

        Raises `StoreUnavailable` when the room is not open and the database is away, `ClusterError` when another
        server owns it, and redis-py's errors.
        """
        while (closing := self._closing.get(room_id)) is not None:
            await closing.wait()
        loop = self.loops.get(room_id)
        if loop is not None or self._stopping:
            return loop
        lock = self._opening.setdefault(room_id, asyncio.Lock())
        async with lock:
            loop = self.loops.get(room_id)
            if loop is None:
                with self.changes.during(room_id, None) as lookup:
                    loop = await self._start(room_id)
                if loop is None:
                    return None
                if lookup.stale:
                    await self._refresh(room_id)
        self._opening.pop(room_id, None)
        return loop

    async def stored(self, room_id: UUID) -> StoredRoom | None:
        """The room as it is in the database; None: it was deleted. Raises `StoreUnavailable`."""
        return await self._rooms_store.get(room_id)

    async def place_of(self, room: Room, user_id: UUID) -> tuple[int, int] | None:
        """Where the person was last in the room, 1/256 px. Raises `StoreUnavailable`."""
        return room.place_of(user_id) or await self._positions.load(room.id, user_id)

    async def close_empty(self) -> None:
        """Close the rooms in which nobody was for a while; while the database is away, those that it has all of."""
        now = time.monotonic()
        for room_id, loop in list(self.loops.items()):
            is_empty = not loop.room.sessions and loop.empty_since is not None
            if is_empty and self._documents is not None and self._documents.is_open(room_id):
                continue
            if is_empty and loop.is_saved and now - (loop.empty_since or now) > KEEP_EMPTY_S:
                await self.close(room_id, CloseCode.CLOSED, "The room was closed.")

    async def stop(self) -> None:
        """Close all rooms and open none any more: the server stops, and people come back when it is there again."""
        self._stopping = True
        for room_id in list(self.loops):
            await self.close(room_id, CloseCode.RESTART, STOPPING, 1000)

    async def hand_over(self, room_id: UUID, ready: Callable[[], Awaitable[None]]) -> None:
        """Stop running a room as if it were held still: everything is saved, the lease given back, then `ready` is
        awaited (another server opens it), and only then its people are told to come again."""
        loop = self.loops.pop(room_id, None)
        if loop is None:
            return
        with self._while_closing(room_id):
            await loop.pause()
            if self._documents is not None:
                await self._documents.close_room(room_id, CloseCode.RESTART, MOVED, 0)
            if self._messages_waiting is not None:
                await self._messages_waiting.write()
            await self.keeper.give_back(room_id)
        try:
            await ready()
        finally:
            await loop.stop(CloseCode.RESTART, MOVED, 0)

    async def own(self, room_id: UUID) -> int | None:
        """Own the room, if need be by opening it; the epoch, None: there is no such room. Raises as `open`."""
        loop = await self.open(room_id)
        return loop.room.epoch if loop else None

    async def close(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        """Send everyone out, save, and give the lease back."""
        loop = self.loops.pop(room_id, None)
        if loop is not None:
            with self._while_closing(room_id):
                if self._documents is not None:
                    await self._documents.close_room(room_id, code, reason, retry_ms)
                try:
                    await loop.stop(code, reason, retry_ms)
                finally:
                    await self.keeper.give_back(room_id)

    async def _start(self, room_id: UUID) -> RoomLoop | None:
        """Own the room and let it run; None: there is no such room, or it is another server's by now."""
        lease = await self.keeper.take(room_id)
        if lease is None:
            return None
        try:
            loop = await self._load(lease)
        except BaseException:
            await self.keeper.give_back(room_id)
            raise
        if loop is None or not lease.holds():
            await self.keeper.give_back(room_id)
            return None
        self.loops[room_id] = loop
        loop.start()
        self._metrics.rooms.set(len(self.loops))
        return loop

    async def _refresh(self, room_id: UUID) -> None:
        """The room's settings may have been changed while it was being opened."""
        stored = await self._rooms_store.get(room_id)
        loop = self.loops.get(room_id)
        if stored is None or stored.archived_at is not None:
            await self.close(room_id, CloseCode.CLOSED, "The room was closed.")
        elif loop is not None:
            loop.room.governance.open_with(stored, await self._portals.list(room_id))

    async def _load(self, lease: Lease) -> RoomLoop | None:
        """The room as it is kept; None: it was deleted, or the server stops."""
        stored = await self._rooms_store.get(lease.room_id)
        if stored is None or self._stopping:
            return None
        portals = await self._portals.list(stored.id)
        await self._positions.mark_all_gone(stored.id, lease.epoch)
        loop = self._make(stored, portals, lease)
        for part in loop.room.parts:
            await part.load()
        return loop

    def _make(self, stored: StoredRoom, portals: Sequence[Portal], lease: Lease) -> RoomLoop:
        template = load_templates(self._settings.templates_dir)[stored.template]
        store = LeasedStore(lease, self.keeper, self._positions, self._rooms_store)
        saver = Saver(stored.id, store, self._metrics)
        room = Room(
            stored.id,
            max(stored.max_capacity, HEADROOM),
            template.room_map,
            self._settings,
            self._metrics,
            saver,
            stored.open_doors,
            self._parts,
        )
        room.epoch = lease.epoch
        room.governance.open_with(stored, portals)
        return RoomLoop(
            room, saver, store, self._settings, self._metrics, lease.holds, lambda: self._gave_up(stored.id)
        )

    @contextmanager
    def _while_closing(self, room_id: UUID) -> Iterator[None]:
        """Whoever wants to open the room waits until it was saved and given back."""
        self._metrics.rooms.set(len(self.loops))
        closed = self._closing[room_id] = asyncio.Event()
        try:
            yield
        finally:
            del self._closing[room_id]
            closed.set()

    def _lost(self, room_id: UUID) -> None:
        """Another server owns the room: whoever is here comes again, there. Nothing of ours is kept."""
        loop = self.loops.pop(room_id, None)
        if loop is not None:
            self._metrics.rooms.set(len(self.loops))
            if self._documents is not None:
                self._documents.abandon_room(room_id, CloseCode.RESTART, MOVED, 0)
            self._later(loop.stop(CloseCode.RESTART, MOVED, 0))

    def _gave_up(self, room_id: UUID) -> None:
        """The room cannot go on: whoever comes next finds it opened anew, from what is kept of it."""
        self._later(self.close(room_id, CloseCode.INTERNAL, "Something went wrong in this room.", 1000))

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._abandoned.add(task)
        task.add_done_callback(self._abandoned.discard)
