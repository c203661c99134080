"""What an avatar reaches, and what is in the way."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.kernel import Kinematics
from sim.maps import Rect, RoomMap
from sim.raster import CELL_PX, UNITS_PER_PX


def within(x: int, y: int, rect: Rect, reach_px: int) -> bool:
    """Is (x, y), 1/256 px, at most so far from the nearest point of a rectangle (px)?"""
    left, top, w, h = (side * UNITS_PER_PX for side in rect)
    dx = x - min(max(x, left), left + w)
    dy = y - min(max(y, top), top + h)
    return dx * dx + dy * dy <= (reach_px * UNITS_PER_PX) ** 2


def is_walled_off(room_map: RoomMap, doors_open: Mapping[int, bool], x: int, y: int, target: tuple[int, int]) -> bool:
    """Is a wall or a shut door between (x, y), 1/256 px, and a place (px)? To sit down is to be placed there, and
    nobody is placed into a room that they could not walk into."""
    from_x, from_y = x / UNITS_PER_PX, y / UNITS_PER_PX
    way_x, way_y = target[0] - from_x, target[1] - from_y
    # Steps of half a cell: the reach is short, and a wall is a tile thick.
    steps = np.linspace(0, 1, 2 + int(max(abs(way_x), abs(way_y))) // (CELL_PX // 2))
    px, py = from_x + way_x * steps, from_y + way_y * steps
    cols, rows = (px // CELL_PX).astype(np.intp), (py // CELL_PX).astype(np.intp)
    if room_map.walls[rows, cols].any():
        return True
    for door in room_map.doors:
        left, top, w, h = door.rect
        inside = (px >= left) & (px < left + w) & (py >= top) & (py < top + h)
        if not doors_open[door.id] and inside.any():
            return True
    return False


def touches(x: NDArray[np.int32], y: NDArray[np.int32], kin: Kinematics, rect: Rect) -> NDArray[np.bool_]:
    """bool[n]: does a feet box at (x, y), int32[n] in 1/256 px, touch a rectangle (px)?"""
    left, top, w, h = (side * UNITS_PER_PX for side in rect)
    beside = (x + kin.half_w <= left) | (x - kin.half_w >= left + w)
    above = (y + kin.half_h <= top) | (y - kin.half_h >= top + h)
    touching: NDArray[np.bool_] = ~beside & ~above
    return touching
