"""Where newcomers stand: the spawn points, then the free floor around them, so that a crowd is no heap."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import Final

import numpy as np

from sim.kernel import Kinematics
from sim.maps import RoomMap
from sim.raster import CELL_PX, UNITS_PER_PX, Raster

_STRIDE: Final = 4  # cells between two places, 32 px
_REACH: Final = 8 * _STRIDE  # how far from its spawn a place may be, in cells
_MAX_PLACES: Final = 256


@lru_cache(maxsize=64)
def spawn_places(room_map: RoomMap, kin: Kinematics) -> tuple[tuple[int, int], ...]:
    """Places in 1/256 px, at most 256, nearest to a spawn first; all can be walked to from it with every door shut.
    Searched once for a map: it is two thirds of what it takes to open a room."""
    raster = Raster(room_map.solid)
    for door in room_map.doors:
        raster.set_rect(door.rect, True)
    offsets = np.arange(-_REACH, _REACH + 1, dtype=np.int32) * (CELL_PX * UNITS_PER_PX)
    around_y, around_x = (axis.reshape(-1) for axis in np.meshgrid(offsets, offsets, indexing="ij"))
    side = offsets.size

    places: dict[tuple[int, int], None] = {}
    rings: list[list[tuple[int, int]]] = []
    for px, py in room_map.spawns:
        x, y = px * UNITS_PER_PX, py * UNITS_PER_PX
        free = raster.box_is_free(around_x + x, around_y + y, kin).reshape(side, side)
        queue = deque([(_REACH, _REACH)])
        steps = {(_REACH, _REACH): 0}
        while queue:
            row, col = queue.popleft()
            ring = steps[row, col]
            if len(rings) <= ring:
                rings.append([])
            rings[ring].append((x + int(offsets[col]), y + int(offsets[row])))
            for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                way = [(row + down * k, col + right * k) for k in range(1, _STRIDE + 1)]
                end = way[-1]
                if end not in steps and all(0 <= r < side and 0 <= c < side and free[r, c] for r, c in way):
                    steps[end] = ring + 1
                    queue.append(end)
    for places_of_ring in rings:
        places.update(dict.fromkeys(places_of_ring))
    return tuple(places)[:_MAX_PLACES]
