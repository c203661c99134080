"""Who changed its cell in the last ticks, and how: what a snapshot needs to say who is gone from a cell."""

from __future__ import annotations

from collections import deque
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
    """The crossings of the newest 64 ticks; each tick is added once, in order."""

    def __init__(self) -> None:
        self.newest = 0
        """The last tick in which anybody crossed; 0: none yet."""
        self._tick = 0
        self._ticks: deque[Crossings] = deque(maxlen=RING_TICKS)

    def add(self, tick: int, ids: NDArray[np.int64], from_cell: NDArray[np.int32], kind: NDArray[np.uint8]) -> None:
        """Store what happened in `tick`, which must be the one after the last."""
        if self._ticks and tick != self._tick + 1:
            raise ValueError(f"tick {tick} does not follow tick {self._tick}")
        self._tick = tick
        if ids.size:
            self.newest = tick
        self._ticks.append(
            Crossings(ids, from_cell, kind, np.full(ids.size, tick, np.int64)) if ids.size else NO_CROSSINGS
        )

    def add_nobody(self, tick: int) -> None:
        """Nobody crossed in `tick`."""
        self._tick = tick
        self._ticks.append(NO_CROSSINGS)

    def since(self, baseline: int) -> Crossings:
        """The crossings of the ticks after `baseline`. ValueError if some of them are no longer known."""
        wanted = self._tick - baseline
        if wanted > RING_TICKS:
            raise ValueError(f"tick {baseline} is more than {RING_TICKS} ticks before tick {self._tick}")
        # The ring of a young world is short: before its first tick nothing happened.
        filled = [part for part in list(self._ticks)[-wanted:] if part.ids.size] if wanted > 0 else []
        if not filled:
            return NO_CROSSINGS
        if len(filled) == 1:
            return filled[0]
        return Crossings(
            np.concatenate([part.ids for part in filled]),
            np.concatenate([part.from_cell for part in filled]),
            np.concatenate([part.kind for part in filled]),
            np.concatenate([part.tick for part in filled]),
        )
