"""The room as a browser computes it: the kernel over the public map, for bots that verify checksums."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.bots.errors import BotError
from protocol.messages import Welcome
from protocol.rows import unpack_ids
from protocol.view import ClientView
from sim.kernel import Kinematics, advance
from sim.raster import CELL_PX, Raster

_CELLS_PER_TILE = 4


def view_maker(public_map: Mapping[str, Any]) -> Callable[[Welcome], ClientView]:
    """Views of the map that `GET /api/rooms/{id}/map` gives. BotError if it is not such a map."""
    try:
        height, width = public_map["height"] * _CELLS_PER_TILE, public_map["width"] * _CELLS_PER_TILE
        packed = np.frombuffer(base64.b64decode(public_map["solid"], validate=True), np.uint8)
        solid = np.unpackbits(packed, count=width * height, bitorder="little").astype(np.bool_).reshape(height, width)
        doors = {int(d["id"]): (int(d["x"]), int(d["y"]), int(d["w"]), int(d["h"])) for d in public_map["doors"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BotError(f"the room's map cannot be read: {error}") from error
    return lambda welcome: _view(welcome, solid, doors)


def _view(welcome: Welcome, solid: NDArray[np.bool_], doors: dict[int, tuple[int, int, int, int]]) -> ClientView:
    raster = Raster(solid)
    now_open = {int(door) for door in unpack_ids(welcome.doors.open)}
    for door, rect in doors.items():
        raster.set_rect(rect, door not in now_open)
    motion = welcome.kinematics
    kinematics = Kinematics(motion.walk, motion.run, motion.half_w, motion.half_h)
    height, width = solid.shape
    return ClientView(
        lambda x, y, course: advance(raster, kinematics, x, y, course),
        cols=-(-width * CELL_PX // welcome.interest.cell),
        rows=-(-height * CELL_PX // welcome.interest.cell),
        interest=welcome.interest,
        door_change=lambda door, is_open: raster.set_rect(doors[door], not is_open),
        open_doors=now_open,
    )
