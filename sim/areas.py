"""Areas that not everybody may enter: least rank, lock, capacity, and who is stopped at a border (docs/places.md).

To enter a place is to enter every zone of it that one is not in already; each of them must let one in. Who is inside
stays inside when an area is locked or its capacity falls, but not when its least rank rises above theirs.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from sim.commands import NO_CHANGES, Changes
from sim.zones import OPEN_FLOOR, ZoneRaster

EVERYBODY: Final = 0
Bar = Literal["not_allowed", "locked", "full"]
BARS: Final[tuple[Bar, ...]] = ("not_allowed", "locked", "full")
"""Why an area does not let somebody in; where several hold, the first of them is told."""


class Areas:
    """Ranks are uint8; what they mean is the caller's business. A zone without a least rank is open to all.

    rank: uint8, by avatar id. place: uint16, by avatar id, the place (`ZoneRaster`) that each is counted in.
    inside: int32[Z], how many are in each zone. locked, lockable: bool[Z].
    """

    def __init__(self, zones: ZoneRaster, rows: int, key_rank: int) -> None:
        """`rows`: length of the world's columns. `key_rank`: the least rank that no lock keeps out."""
        self.rank = np.zeros(rows, np.uint8)
        self.place = np.zeros(rows, np.uint16)
        self._zones, self._key_rank = zones, key_rank
        size = len(zones.zones)
        self.inside = np.zeros(size, np.int32)
        self.locked = np.zeros(size, np.bool_)
        self.lockable = np.array([zone.lockable for zone in zones.zones], np.bool_)
        self._least = np.zeros(size, np.uint8)
        self._capacity = np.zeros(size, np.int32)
        self._passes: dict[tuple[int, int], int] = {}
        self._before: NDArray[np.uint16] | None = None
        self.set_capacities({})

    def begin(self) -> None:
        """A new tick: `changes` counts from here."""
        self._before = None

    def changes(self) -> Changes:
        """(ids, from, to): who is in another place than when the tick began."""
        if self._before is None:
            return NO_CHANGES
        ids = np.flatnonzero(self.place != self._before).astype(np.int32)
        return ids, self._before[ids].astype(np.int32), self.place[ids].astype(np.int32)

    # --- rules ------------------------------------------------------------------------------------------------------

    def set_least(self, least: dict[int, int]) -> None:
        """From now on these zones (id to least rank) and no others need a rank. Unknown zones are ignored."""
        self._least[:] = EVERYBODY
        for zone, rank in least.items():
            index = self._zones.index_of(zone)
            if index is not None:
                self._least[index] = rank
        self._note_closed()

    def set_capacities(self, capacities: dict[int, int]) -> None:
        """Most people in these zones (id to number, 0: no limit); the others have what the map says."""
        self._capacity[:] = [capacities.get(zone.id, zone.capacity or 0) for zone in self._zones.zones]
        self._note_closed()

    def set_lockable(self, lockable: dict[int, bool]) -> list[int]:
        """Which zones may be locked, where it differs from the map. Ids of those that are unlocked by that."""
        self.lockable[:] = [lockable.get(zone.id, zone.lockable) for zone in self._zones.zones]
        return [self._unlock(int(index)) for index in np.flatnonzero(self.locked & ~self.lockable)]

    def rules_of(self, zone: int) -> tuple[int, int]:
        """(least rank, capacity) of a zone that the map has."""
        index = self._zones.index_of(zone)
        return (0, 0) if index is None else (int(self._least[index]), int(self._capacity[index]))

    # --- locks ------------------------------------------------------------------------------------------------------

    def is_inside(self, avatar: int, zone: int) -> bool:
        """Is the avatar in the zone?"""
        index = self._zones.index_of(zone)
        return index is not None and bool(self._zones.member[self.place[avatar], index])

    def lock(self, avatar: int, zone: int, *, locked: bool) -> Bar | Literal["unknown_target"] | None:
        """Lock or unlock; None: done, else why not. Only from inside; a `key_rank` may unlock from anywhere."""
        index = self._zones.index_of(zone)
        if index is None or not self.lockable[index]:
            return "unknown_target"
        if not self.is_inside(avatar, zone) and (locked or self.rank[avatar] < self._key_rank):
            return "not_allowed"
        if locked:
            self.locked[index] = True
            self._note_closed()
        else:
            self._unlock(index)
        return None

    def let_in(self, avatar: int, zone: int, guest: int, until: int) -> bool:
        """Somebody inside lets a guest in, who may come until that tick. False: they may not, or it is not locked."""
        index = self._zones.index_of(zone)
        if index is None or not self.locked[index]:
            return False
        if not self.is_inside(avatar, zone) and self.rank[avatar] < self._key_rank:
            return False
        self._passes[guest, index] = until
        return True

    def unlock_empty(self) -> list[int]:
        """Nobody is left to open: ids of the zones that are unlocked by that."""
        if not self.closed or not self.locked.any():
            return []
        return [self._unlock(int(index)) for index in np.flatnonzero(self.locked & (self.inside == 0))]

    def _unlock(self, index: int) -> int:
        self.locked[index] = False
        self._passes = {key: until for key, until in self._passes.items() if key[1] != index}
        self._note_closed()
        return int(self._zones.ids[index])

    def locked_ids(self) -> list[int]:
        """Ids of the zones that are locked."""
        return [int(zone) for zone in self._zones.ids[self.locked]]

    # --- borders ----------------------------------------------------------------------------------------------------

    def barred(
        self, rows: NDArray[np.integer], place: NDArray[np.uint16], tick: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32]]:
        """Avatars (ids, [n], ascending) that would go to `place` together in `tick`: bool[n] who is stopped, int32[n]
        by which zone (id), int32[n] why (index in `BARS`). Where there is not room for all, the lower ids get in."""
        entering = self._zones.member[place] & ~self._zones.member[self.place[rows]]
        by_rank = entering & (self._least > self.rank[rows][:, None])
        by_lock = entering & self.locked & (self.rank[rows] < self._key_rank)[:, None]
        for at, index in zip(*np.nonzero(by_lock), strict=True):
            by_lock[at, index] = self._passes.get((int(rows[at]), int(index)), -1) < tick
        stopped = (by_rank | by_lock).any(axis=1)
        # Whoever leaves in this tick still counts: they may be stopped elsewhere and stay.
        asking = entering & ~stopped[:, None]
        free = np.where(self._capacity > 0, self._capacity - self.inside, np.iinfo(np.int32).max)
        by_number = asking & (np.cumsum(asking, axis=0) > free)
        bars = np.stack([by_rank, by_lock, by_number])
        reasons = bars.any(axis=2)
        why = reasons.argmax(axis=0)
        by = bars[why, np.arange(rows.size)].argmax(axis=1)
        return np.asarray(reasons.any(axis=0)), self._zones.ids[by], why.astype(np.int32)

    def may_go(self, avatar: int, place: int, tick: int) -> Bar | None:
        """None: one avatar may be put to that place; else why not."""
        if not self.closed:
            return None
        barred, _, why = self.barred(np.array([avatar]), np.array([place], np.uint16), tick)
        return BARS[int(why[0])] if barred[0] else None

    def without_rank(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the avatars that are in a zone that needs a higher rank than theirs."""
        within = self._zones.member[self.place[rows]]
        outranked: NDArray[np.intp] = rows[(within & (self._least > self.rank[rows][:, None])).any(axis=1)]
        return outranked

    def move(self, rows: NDArray[np.integer], place: NDArray[np.uint16]) -> None:
        """These avatars (each once) are there now; whoever used a pass has used it up."""
        if self._before is None:
            self._before = self.place.copy()
        member = self._zones.member
        before = self.place[rows]
        self.inside += member[place].sum(axis=0, dtype=np.int32) - member[before].sum(axis=0, dtype=np.int32)
        self.place[rows] = place
        if self._passes:
            for at, index in zip(*np.nonzero(member[place] & ~member[before]), strict=True):
                self._passes.pop((int(rows[at]), int(index)), None)

    def forget(self, avatar: int) -> None:
        """The avatar is gone; its id may be used again."""
        self.move(np.array([avatar]), np.array([OPEN_FLOOR], np.uint16))
        self.rank[avatar] = EVERYBODY
        self._passes = {key: until for key, until in self._passes.items() if key[0] != avatar}

    def _note_closed(self) -> None:
        self.closed = bool(self._least.any() or self.locked.any() or self._capacity.any())
        """Whether any zone may stop anybody: if not, nothing has to be looked at."""

    def state_hash(self) -> str:
        """A digest of everything that later steps depend on."""
        digest = hashlib.sha256(f"{sorted(self._passes.items())}".encode())
        for state in (self.rank, self._least, self._capacity, self.locked, self.lockable, self.place):
            digest.update(state.astype("<i8").tobytes())
        return digest.hexdigest()
