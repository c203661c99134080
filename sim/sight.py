"""What stands between two places: one can reach over furniture, but through neither a wall nor a shut door."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.maps import RoomMap
from sim.raster import CELL_PX


def is_walled_off(
    room_map: RoomMap, doors_open: Mapping[int, bool], start: tuple[float, float], end: tuple[float, float]
) -> bool:
    """Is there a wall or a shut door on the straight line between two places, px? What lies outside the map is wall."""
    (ax, ay), (bx, by) = start, end
    # Steps of half a cell: a wall is a tile thick.
    steps = np.linspace(0, 1, 2 + int(max(abs(bx - ax), abs(by - ay))) // (CELL_PX // 2))
    px, py = ax + (bx - ax) * steps, ay + (by - ay) * steps
    height, width = room_map.walls.shape
    cols, rows = (px // CELL_PX).astype(np.intp), (py // CELL_PX).astype(np.intp)
    if ((cols < 0) | (rows < 0) | (cols >= width) | (rows >= height)).any() or room_map.walls[rows, cols].any():
        return True
    for door in room_map.doors:
        left, top, w, h = door.rect
        inside = (px >= left) & (px < left + w) & (py >= top) & (py < top + h)
        if not doors_open[door.id] and inside.any():
            return True
    return False


def is_wall(room_map: RoomMap, x: float, y: float) -> bool:
    """Is the place, px, in a wall or outside the map?"""
    height, width = room_map.walls.shape
    col, row = int(x // CELL_PX), int(y // CELL_PX)
    return not (0 <= col < width and 0 <= row < height) or bool(room_map.walls[row, col])
