"""The leases of this process: kept while it lives, and noticed when they are lost.

take -> renewed every RENEW_S -> give_back
             |
             +-> lost -> on_lost: the room is closed here, unsaved, and its people come again elsewhere
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from server.cluster.metrics import ClusterMetrics
from server.cluster.ownership import Lease, Ownership
from server.cluster.redis_ownership import RENEW_S
from server.rooms.saver import PositionStore
from server.store.errors import StaleEpoch, StoreUnavailable
from server.store.positions import Position, Positions
from server.store.rooms import Rooms

log = structlog.get_logger()


class LeaseKeeper:
    """Holds what `ownership` gave. `on_lost(room_id)`: told once for each room that is ours no longer."""

    def __init__(self, ownership: Ownership, metrics: ClusterMetrics) -> None:
        self.ownership, self.metrics = ownership, metrics
        self.on_lost: Callable[[UUID], None] = lambda _room_id: None
        self._leases: dict[UUID, Lease] = {}

    async def take(self, room_id: UUID) -> Lease | None:
        """Own a room; None: there is no such room. Raises as `Ownership.acquire`."""
        lease = await self.ownership.acquire(room_id)
        if lease is not None:
            self._leases[room_id] = lease
            self.metrics.leases.set(len(self._leases))
        return lease

    async def give_back(self, room_id: UUID) -> None:
        """The room is not run here any more. What Redis does not hear runs out by itself."""
        lease = self._leases.pop(room_id, None)
        self.metrics.leases.set(len(self._leases))
        if lease is not None:
            with contextlib.suppress(RedisError, OSError):
                await self.ownership.release(lease)

    def holds(self, room_id: UUID) -> bool:
        """Whether this process owns the room at this moment, as far as it knows."""
        lease = self._leases.get(room_id)
        return lease is not None and lease.holds()

    def refused(self, lease: Lease) -> None:
        """The database refused a write: there is a newer owner."""
        self.metrics.refused.inc()
        self._lose(lease)

    async def renew(self) -> None:
        """Keep everything that is held. Call it every `RENEW_S` seconds."""
        for lease in await self.ownership.renew(list(self._leases.values())):
            self._lose(lease)

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                await self.renew()
            except Exception:
                log.exception("leases could not be renewed")

    def _lose(self, lease: Lease) -> None:
        lease.is_lost = True
        if self._leases.get(lease.room_id) is lease:
            del self._leases[lease.room_id]
            self.metrics.leases.set(len(self._leases))
            self.metrics.lost.inc()
            log.warning("another server owns this room now", room=str(lease.room_id), epoch=lease.epoch)
            self.on_lost(lease.room_id)


class LeasedStore:
    """Where one room's places and doors are written, in the name of its lease. Implements `PositionStore`."""

    def __init__(self, lease: Lease, keeper: LeaseKeeper, positions: Positions, rooms: Rooms) -> None:
        self._lease, self._keeper, self._positions, self._rooms = lease, keeper, positions, rooms

    async def save_many(self, room_id: UUID, positions: list[Position]) -> int:
        """As `Positions.save_many`. Raises `StoreUnavailable` also while nobody knows whose the room is."""
        self._check()
        try:
            return await self._positions.save_many(room_id, positions, self._lease.epoch)
        except StaleEpoch:
            self._keeper.refused(self._lease)
            return 0

    async def save_open_doors(self, room_id: UUID, doors: Sequence[int]) -> None:
        """As `Rooms.save_open_doors`; raises as `save_many`."""
        self._check()
        try:
            await self._rooms.save_open_doors(room_id, doors, self._lease.epoch)
        except StaleEpoch:
            self._keeper.refused(self._lease)

    def _check(self) -> None:
        if not self._lease.holds():
            raise StoreUnavailable("it is not certain that the room is still this server's")


_: type[PositionStore] = LeasedStore
