"""Areas that only some people may enter: a least rank for zones, a rank for avatars, and who is stopped at a border."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.zones import ZoneRaster

EVERYBODY: Final = 0


class Areas:
    """Ranks are uint8; what they mean is the caller's business. A zone without a least rank is open to all."""

    def __init__(self, zones: ZoneRaster, rows: int) -> None:
        """`rows`: length of the world's columns, indexed by avatar id."""
        self.rank = np.zeros(rows, np.uint8)
        self._zones = zones
        self._least = np.zeros(zones.highest + 1, np.uint8)
        self.closed = False
        """Whether any zone is closed to anybody: if not, nothing has to be looked at."""

    def set_least(self, least: dict[int, int]) -> None:
        """From now on these zones (id to least rank) and no others are closed. Zones that the map lacks are ignored."""
        self._least[:] = EVERYBODY
        for zone, rank in least.items():
            if 0 < zone < self._least.size:
                self._least[zone] = rank
        self.closed = bool(self._least.any())

    def barred(
        self, rows: NDArray[np.integer], x: NDArray[np.int32], y: NDArray[np.int32]
    ) -> tuple[NDArray[np.bool_], NDArray[np.uint16]]:
        """For avatars (ids, [n]) at (x, y), 1/256 px: whether the place is closed to each, and its zone."""
        zone = self._zones.at(x, y)
        return self._least[zone] > self.rank[rows], zone

    def state_hash(self) -> str:
        """A digest of everything that later steps depend on."""
        return hashlib.sha256(self.rank.tobytes() + self._least.tobytes()).hexdigest()
