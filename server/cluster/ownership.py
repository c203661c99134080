"""Who owns a room: one interface, for a process that is alone (here) and for many (`redis_ownership`).

    acquire -> Lease (epoch) -> renew, renew, ... -> release
                                  |
                                  +-> lost: somebody else owns it, or nobody can say who does

An owner holds a lease that runs out by itself. Its epoch is in the room's row in PostgreSQL, where it only rises: the
database takes what the newest owner writes and refuses what a former one does (`server.store.epochs`), whatever that
one believes. So a lease says who should own a room, and the row is the law.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from server.cluster.errors import OwnedElsewhere

Clock = Callable[[], float]


def lease_clock() -> float:
    """Seconds, also those in which the computer or the process slept."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


@dataclass(eq=False, slots=True)
class Lease:
    """The right to run a room. `good_until`: s of `clock`, by its owner's careful reckoning; renewing moves it."""

    room_id: UUID
    epoch: int
    good_until: float
    clock: Clock = field(default=lease_clock, repr=False)
    is_lost: bool = False

    def holds(self) -> bool:
        """Whether its owner may act in the room at this moment. A process that slept finds out by this."""
        return not self.is_lost and self.clock() < self.good_until


class EpochStore(Protocol):
    """`server.store.epochs.Epochs` in a running server. Methods raise `StoreUnavailable`."""

    async def current(self, room_id: UUID) -> int | None:
        """The newest epoch; None: there is no such room."""
        ...

    async def advance(self, room_id: UUID, before: int) -> bool:
        """Begin the epoch after `before`; False: somebody else did."""
        ...

    async def overtaken(self, held: dict[UUID, int]) -> set[UUID]:
        """Rooms whose epoch is another one than the one held."""
        ...


class Ownership(Protocol):
    """What one process, `holder`, says and asks of ownership."""

    holder: str

    async def acquire(self, room_id: UUID) -> Lease | None:
        """Own a room from now on; None: there is no such room. Raises `ClusterError`, `StoreUnavailable` and redis-py's
        errors."""
        ...

    async def renew(self, leases: Collection[Lease]) -> list[Lease]:
        """Keep what is held; those that were lost. Raises nothing: what cannot be asked is judged by what is known."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give a room back at once; one that was lost is no error. Raises redis-py's errors."""
        ...

    async def owner_of(self, room_id: UUID) -> str | None:
        """Who owns the room now. Raises redis-py's errors."""
        ...


@dataclass(slots=True)
class LocalLeases:
    """Who holds what, for the holders of one process: (holder, epoch, good until)."""

    held: dict[UUID, tuple[str, int, float]] = field(default_factory=dict)


class LocalOwnership:
    """Implements `Ownership` for a process that shares its rooms with nobody: nothing runs out, nothing is asked."""

    def __init__(
        self,
        epochs: EpochStore,
        holder: str = "here",
        leases: LocalLeases | None = None,
        clock: Clock = lease_clock,
        life_s: float = float("inf"),
    ) -> None:
        self.holder = holder
        self._epochs, self._leases, self._clock, self._life_s = epochs, leases or LocalLeases(), clock, life_s

    async def acquire(self, room_id: UUID) -> Lease | None:
        before = await self._epochs.current(room_id)
        if before is None:
            return None
        owner = self._owner(room_id)
        if owner not in (None, self.holder):
            raise OwnedElsewhere(owner)
        lease = Lease(room_id, before + 1, self._clock() + self._life_s, self._clock)
        self._note(lease)
        try:
            is_ours = await self._epochs.advance(room_id, before)
        except BaseException:
            await self.release(lease)
            raise
        if not is_ours:
            await self.release(lease)
            raise OwnedElsewhere(None)
        return lease

    async def renew(self, leases: Collection[Lease]) -> list[Lease]:
        lost = []
        until = self._clock() + self._life_s
        for lease in leases:
            owner = self._leases.held.get(lease.room_id)
            if lease.is_lost or (owner is not None and owner[:2] != (self.holder, lease.epoch)):
                lease.is_lost = True
                lost.append(lease)
            elif owner is not None:
                lease.good_until = until
                self._note(lease)
        return lost

    async def release(self, lease: Lease) -> None:
        owner = self._leases.held.get(lease.room_id)
        lease.is_lost = True
        if owner is not None and owner[:2] == (self.holder, lease.epoch):
            del self._leases.held[lease.room_id]

    async def owner_of(self, room_id: UUID) -> str | None:
        return self._owner(room_id)

    def _owner(self, room_id: UUID) -> str | None:
        owner = self._leases.held.get(room_id)
        return owner[0] if owner is not None and self._clock() < owner[2] else None

    def _note(self, lease: Lease) -> None:
        self._leases.held[lease.room_id] = (self.holder, lease.epoch, lease.good_until)
