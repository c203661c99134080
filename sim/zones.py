"""Zones: which rule holds where. A raster of zone ids in cells of 8 px."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.maps import RoomMap
from sim.raster import CELL_PX, CELL_SHIFT


class ZoneRaster:
    """The zone of every place. Where zones overlap the later one wins.

    Spawn zones only say where people start: nobody is ever "in" one, so they cover nothing up.
    """

    def __init__(self, room_map: RoomMap) -> None:
        rows, cols = room_map.solid.shape
        self.cells = np.zeros((rows, cols), np.uint16)
        self.highest = max((zone.id for zone in room_map.zones), default=0)
        self._private = np.zeros(self.highest + 1, np.int32)
        self._silent = np.zeros(self.highest + 1, np.bool_)
        for zone in room_map.zones:
            if zone.kind == "spawn":
                continue
            x, y, w, h = (side // CELL_PX for side in (zone.x, zone.y, zone.w, zone.h))
            self.cells[y : y + h, x : x + w] = zone.id
            self._private[zone.id] = zone.id if zone.kind == "private" else 0
            self._silent[zone.id] = zone.kind == "silent"
        self._flat = self.cells.reshape(-1)
        self._cols = cols

    def at(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.uint16]:
        """uint16[n]: zone id at (x, y), int32[n] in 1/256 px inside the map; 0 = none."""
        zone: NDArray[np.uint16] = self._flat.take((y >> CELL_SHIFT) * self._cols + (x >> CELL_SHIFT), mode="clip")
        return zone

    def areas(self, zone: NDArray[np.uint16]) -> NDArray[np.int32]:
        """int32[n]: the private area that each zone id is, 0 = open floor. Only equal areas hear each other."""
        return self._private[zone]

    def silent(self, zone: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """bool[n]: is the zone one in which nobody is linked to anybody?"""
        return self._silent[zone]
