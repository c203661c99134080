from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.maps import RoomMap
from sim.zones import ZoneRaster


def zone(number: int, kind: str, x: int, y: int, w: int, h: int) -> dict[str, Any]:
    return {"id": number, "kind": kind, "name": kind, "x": x, "y": y, "w": w, "h": h, "capacity": None}


def at(raster: ZoneRaster, *places: tuple[int, int]) -> list[int]:
    x, y = (np.array(axis, np.int32) * 256 for axis in zip(*places, strict=True))
    return raster.at(x, y).tolist()


def test_a_zone_covers_its_rectangle_and_nothing_else(make_map: Callable[..., RoomMap]) -> None:
    raster = ZoneRaster(make_map(zones=[zone(3, "private", 64, 64, 64, 32)]))
    assert at(raster, (63, 64), (64, 64), (127, 95), (128, 95), (127, 96)) == [0, 3, 3, 0, 0]


def test_where_zones_overlap_the_later_one_wins_but_spawn_zones_cover_nothing(make_map: Callable[..., RoomMap]) -> None:
    zones = [
        zone(9, "private", 64, 64, 64, 64),
        zone(2, "silent", 96, 64, 64, 64),
        zone(4, "spawn", 64, 64, 96, 64),
    ]
    assert at(ZoneRaster(make_map(zones=zones)), (70, 70), (100, 70), (150, 70)) == [9, 2, 2]


def test_zones_know_which_are_private_and_which_are_silent(make_map: Callable[..., RoomMap]) -> None:
    zones = [zone(5, "private", 64, 64, 32, 32), zone(2, "silent", 128, 64, 32, 32), zone(7, "stage", 192, 64, 32, 32)]
    raster = ZoneRaster(make_map(zones=zones))
    ids = np.array([0, 5, 2, 7], np.uint16)
    assert raster.areas(ids).tolist() == [0, 5, 0, 0]
    assert raster.silent(ids).tolist() == [False, False, True, False]


def test_a_map_without_zones_is_open_floor(make_map: Callable[..., RoomMap]) -> None:
    raster = ZoneRaster(make_map())
    assert at(raster, (100, 100)) == [0]
    assert raster.areas(np.zeros(1, np.uint16)).tolist() == [0]
