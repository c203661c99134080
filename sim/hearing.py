"""Who talks with whom by where they are: circles, and what is heard from stages (docs/places.md).

A *circle* is one conversation: everyone in it hears everyone in it alike, and nobody else. The private area, the stage,
the table, the bubble: of several the narrowest counts. On the open floor (circle 0) distance decides.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.maps import Seat
from sim.zones import ZoneRaster

Pairs = NDArray[np.int32]

# Zone ids have 16 bits; tables and bubbles are numbered beyond them.
_TABLE: Final = 1 << 17
_BUBBLE: Final = 1 << 18
NO_PAIRS: Final[Pairs] = np.empty((0, 2), np.int32)
_NO_BUBBLES: Final = -1


class Hearing:
    """Circles and stages of one room. Rows are avatar ids."""

    def __init__(self, zones: ZoneRaster, seats: tuple[Seat, ...], rows: int) -> None:
        self._zones = zones
        self._table_of = np.zeros(max((seat.id for seat in seats), default=0) + 1, np.int32)
        for seat in seats:
            for zone in zones.zones:
                if zone.kind == "table" and zone.covers(seat.x, seat.y):
                    self._table_of[seat.id] = zone.id
        self.circle = np.zeros(rows, np.int32)
        self.deaf = np.zeros(rows, np.bool_)
        """Those who are linked with nobody: in a silent zone, or ghosts."""
        self._heard = np.empty(0, np.int64)

    def grounds(self, place: NDArray[np.uint16], ghost: NDArray[np.bool_]) -> NDArray[np.int32]:
        """int32[n]: what a bubble needs to be the same: the private area, 0 = open floor; below 0: no bubbles there."""
        zones = self._zones
        nowhere = zones.silent[place] | (zones.stage[place] > 0) | ghost
        return np.where(nowhere, _NO_BUBBLES, zones.private[place]).astype(np.int32)

    def table_of(self, seat: int) -> int:
        """The table (zone id) that a seat stands at, 0 = none."""
        return int(self._table_of[seat])

    def settle(
        self,
        alive: NDArray[np.bool_],
        place: NDArray[np.uint16],
        seat: NDArray[np.uint16],
        bubble: NDArray[np.uint16],
        ghost: NDArray[np.bool_],
    ) -> tuple[NDArray[np.int32], Pairs, Pairs]:
        """After a tick: the ids whose circle is another one, and the pairs (who is heard, who hears) that a stage made
        and ended, int32[k, 2], sorted. All by avatar id."""
        zones = self._zones
        stage = zones.stage[place]
        np.logical_or(zones.silent[place], ghost, out=self.deaf)
        table = self._table_of[seat]
        circle = np.where(table > 0, _TABLE + table, zones.private[place])
        circle = np.where(bubble > 0, _BUBBLE + bubble.astype(np.int32), circle)
        circle = np.where(stage > 0, stage, circle)
        circle = np.where(alive & ~self.deaf, circle, 0).astype(np.int32)
        changed = np.flatnonzero(circle != self.circle).astype(np.int32)
        self.circle[:] = circle
        heard = self._heard_now(alive & ~self.deaf, place, stage)
        begun = np.setdiff1d(heard, self._heard, assume_unique=True)
        ended = np.setdiff1d(self._heard, heard, assume_unique=True)
        self._heard = heard
        return changed, _unpack(begun), _unpack(ended)

    def pairs(self) -> Pairs:
        """Everyone who is heard from a stage now and who hears them, int32[k, 2], sorted."""
        return _unpack(self._heard)

    def _heard_now(
        self, present: NDArray[np.bool_], place: NDArray[np.uint16], stage: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        parts = [np.empty(0, np.int64)]
        for zone, hears in self._zones.hears.items():
            speakers = np.flatnonzero(present & (stage == zone))
            if speakers.size:
                listeners = np.flatnonzero(present & hears[place])
                parts.append(((speakers[:, None] << 16) | listeners).reshape(-1))
        return np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0]


def _unpack(pairs: NDArray[np.int64]) -> Pairs:
    if not pairs.size:
        return NO_PAIRS
    return np.stack([pairs >> 16, pairs & 0xFFFF], axis=1).astype(np.int32)
