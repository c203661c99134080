"""Zones: which rules hold where (docs/places.md). A raster of *places* in cells of 8 px.

Zones overlap and nest. All cells that lie in the same zones are one place: a number, with tables that say what it is.
Rules about entering hold for every zone of a place; its topmost private, silent or stage zone decides what is heard.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.maps import RoomMap, Zone
from sim.raster import CELL_PX, CELL_SHIFT

OPEN_FLOOR: Final = 0
"""The place that lies in no zone."""
_GROUNDS: Final = ("private", "silent", "stage")


class ZoneRaster:
    """The zones of every place; later in the map is further up. P places, Z zones, spawn zones left out: they only say
    where people start.

    zones: the Z zones in the map's order. ids: int32[Z], their ids. member: bool[P, Z], which zones a place lies in.
    topmost: uint16[P], id of the topmost zone, 0 = none. private, stage: int32[P], id of the private zone or stage that
    the place is ground of, 0 = none. silent: bool[P]. hears: by stage id, bool[P]: do people there hear that stage?
    """

    def __init__(self, room_map: RoomMap) -> None:
        rows, cols = room_map.solid.shape
        self.zones = [zone for zone in room_map.zones if zone.kind != "spawn"]
        self.ids = np.array([zone.id for zone in self.zones], np.int32)
        self.cells = np.zeros((rows, cols), np.uint16)
        members: list[tuple[int, ...]] = [()]
        for index, zone in enumerate(self.zones):
            x, y, w, h = (side // CELL_PX for side in (zone.x, zone.y, zone.w, zone.h))
            covered = self.cells[y : y + h, x : x + w]
            below, which = np.unique(covered, return_inverse=True)
            covered[:] = (len(members) + which.reshape(covered.shape)).astype(np.uint16)
            members += [(*members[place], index) for place in below.tolist()]
        self.member = np.zeros((len(members), len(self.zones)), np.bool_)
        for place, inside in enumerate(members):
            self.member[place, list(inside)] = True
        self.topmost = np.array([self.ids[inside[-1]] if inside else 0 for inside in members], np.uint16)
        grounds = [self._ground(inside) for inside in members]
        self.private = _ids_of(grounds, "private")
        self.stage = _ids_of(grounds, "stage")
        self.silent = _ids_of(grounds, "silent") > 0
        self.hears = {zone.id: self._audience(zone.id) for zone in self.zones if zone.kind == "stage"}
        self._flat = self.cells.reshape(-1)
        self._cols = cols

    def at(self, x: NDArray[np.int32], y: NDArray[np.int32]) -> NDArray[np.uint16]:
        """uint16[n]: the place at (x, y), int32[n] in 1/256 px inside the map."""
        place: NDArray[np.uint16] = self._flat.take((y >> CELL_SHIFT) * self._cols + (x >> CELL_SHIFT), mode="clip")
        return place

    def index_of(self, zone: int) -> int | None:
        """Where a zone id stands in `zones`; None: there is no such zone, or it is a spawn."""
        found = np.flatnonzero(self.ids == zone)
        return int(found[0]) if found.size else None

    def _ground(self, inside: tuple[int, ...]) -> Zone | None:
        return next((self.zones[index] for index in reversed(inside) if self.zones[index].kind in _GROUNDS), None)

    def _audience(self, stage: int) -> NDArray[np.bool_]:
        """Where a stage is heard: in its audiences; if it has none, everywhere on the open floor."""
        audiences = [zone.kind == "audience" and zone.stage in (0, stage) for zone in self.zones]
        reached = self.member[:, audiences].any(axis=1) if any(audiences) else self.private == 0
        hears: NDArray[np.bool_] = reached & ~self.silent & (self.stage == 0)
        return hears


def _ids_of(grounds: list[Zone | None], kind: str) -> NDArray[np.int32]:
    return np.array([ground.id if ground and ground.kind == kind else 0 for ground in grounds], np.int32)
