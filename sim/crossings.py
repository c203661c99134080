"""Who changed its cell in the last ticks, and how: what a snapshot needs to say who is gone from a cell."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

RING_TICKS: Final = 64

NOWHERE: Final = -1
"""The cell of whoever is not in the room."""

CROSSED: Final = 0
PLACED: Final = 1
LEFT: Final = 2


class Crossings(NamedTuple):
    """One entry a crossing, oldest tick first. `from_cell` is the cell before, `kind` CROSSED, PLACED or LEFT."""

    ids: NDArray[np.int64]
    from_cell: NDArray[np.int32]
    kind: NDArray[np.uint8]
    tick: NDArray[np.int64]


NO_CROSSINGS: Final = Crossings(
    np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.uint8), np.empty(0, np.int64)
)


class CrossingRing:
    """The crossings of the newest 64 ticks and perhaps a few older ones, in columns; each tick is added once, in order.

    columns: as `Crossings`, of which the first `count` entries are in use. They lie elsewhere after `make_room`.
    """

    def __init__(self) -> None:
        self.newest = 0
        """The last tick in which anybody crossed; 0: none yet."""
        self.count = 0
        self.columns = _columns(_FIRST_ROOM)
        self._tick: int | None = None

    @property
    def room(self) -> int:
        """How many more entries there is room for."""
        return len(self.columns.ids) - self.count

    def make_room(self, entries: int) -> None:
        """Let so many more fit in."""
        if self.room >= entries:
            return
        kept = self._after((self._tick or 0) - RING_TICKS)
        # Twice of what is needed: then nothing is moved again for a while.
        self.columns = _columns(max(len(self.columns.ids), 2 * (len(kept.ids) + entries)))
        self.count = 0
        self._put(kept)

    def add(self, tick: int, ids: NDArray[np.int64], from_cell: NDArray[np.int32], kind: NDArray[np.uint8]) -> None:
        """Store what happened in `tick`, which must be the one after the last."""
        self._check(tick)
        self.make_room(ids.size)
        self._put(Crossings(ids, from_cell, kind, np.full(ids.size, tick, np.int64)))
        self._end(tick, ids.size)

    def note(self, tick: int, entries: int) -> None:
        """Somebody else put so many crossings of `tick`, which must be the one after the last, behind the others."""
        self._check(tick)
        self.count += entries
        self._end(tick, entries)

    def since(self, baseline: int) -> Crossings:
        """The crossings of the ticks after `baseline`. ValueError if some of them are no longer known."""
        tick = self._tick or 0
        if tick - baseline > RING_TICKS:
            raise ValueError(f"tick {baseline} is more than {RING_TICKS} ticks before tick {tick}")
        return self._after(baseline)

    def _check(self, tick: int) -> None:
        if self._tick is not None and tick != self._tick + 1:
            raise ValueError(f"tick {tick} does not follow tick {self._tick}")

    def _end(self, tick: int, entries: int) -> None:
        self._tick = tick
        if entries:
            self.newest = tick

    def _put(self, more: Crossings) -> None:
        begin, end = self.count, self.count + len(more.ids)
        ids, from_cell, kind, ticks = self.columns
        ids[begin:end], from_cell[begin:end], kind[begin:end], ticks[begin:end] = more
        self.count = end

    def _after(self, tick: int) -> Crossings:
        ids, from_cell, kind, ticks = self.columns
        used = slice(int(np.searchsorted(ticks[: self.count], tick, side="right")), self.count)
        return Crossings(ids[used].copy(), from_cell[used].copy(), kind[used].copy(), ticks[used].copy())


def _columns(size: int) -> Crossings:
    return Crossings(
        np.zeros(size, np.int64), np.zeros(size, np.int32), np.zeros(size, np.uint8), np.zeros(size, np.int64)
    )


_FIRST_ROOM: Final = 64
