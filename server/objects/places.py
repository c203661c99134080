"""Where objects are: what a map comes with, in which area something stands, and who can reach it (STANDARD.md 10.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np

from server.objects.types import object_types
from server.rooms.roles import Role
from server.store.objects import NewObject
from sim.maps import RoomMap
from sim.raster import CELL_PX, UNITS_PER_PX
from sim.reach import is_walled_off
from sim.world import World

Rect = tuple[int, int, int, int]

BELOW_PX = 4
"""So far below the middle of its lower edge is the place from which one would use an object."""
IN_FRONT_PX = 24
"""Somebody who stands in front of it is in the area in which it stands; it may hang on a wall itself."""
AREA_PX = 340
"""Around something on the open floor: whoever is that near is in its area."""
HEARD_BY_ALL = ("stage", "audience")


def furniture_objects(room_map: RoomMap) -> Iterator[NewObject]:
    """The objects that a map's furniture is: its whiteboards can be drawn on, its screens can be shown something on."""
    kinds = {piece: kind for kind in object_types().values() for piece in kind.furniture}
    for item in room_map.source["furniture"]:
        kind = kinds.get(item["kind"])
        if kind is None:
            continue
        width, height = room_map.catalogue[item["kind"]]["size"]
        config = dict(kind.furniture[item["kind"]])
        if kind.in_area and ground_kind(room_map, (item["x"], item["y"], width, height)) in HEARD_BY_ALL:
            config["audience"] = "room"
        checked = msgspec.to_builtins(msgspec.convert(config, kind.config))
        yield NewObject(kind.name, item["x"], item["y"], width, height, checked)


def front(rect: Rect, distance_px: int = BELOW_PX) -> tuple[float, float]:
    """The place in front of an object, px."""
    x, y, w, h = rect
    return x + w / 2, y + h + distance_px


def ground_kind(room_map: RoomMap, rect: Rect) -> str:
    """The kind of the topmost zone in front of an object, empty: none."""
    x, y = front(rect, IN_FRONT_PX)
    kinds = [
        zone.kind
        for zone in room_map.zones
        if zone.kind != "spawn" and zone.x <= x < zone.x + zone.w and zone.y <= y < zone.y + zone.h
    ]
    return kinds[-1] if kinds else ""


def least_role(room_map: RoomMap, rect: Rect, areas: Mapping[int, Role]) -> Role:
    """The least role that gets to where an object stands; `areas`: the least roles of the room's areas by zone id."""
    x, y = front(rect, IN_FRONT_PX)
    roles = (areas[zone.id] for zone in room_map.zones if zone.id in areas and zone.covers(int(x), int(y)))
    return max(roles, default=Role.GUEST)


def private_area(world: World, rect: Rect) -> int:
    """The private area in which an object stands, 0: none."""
    return int(world.zones.private[_place(world, rect)])


def private_area_of(world: World, avatar: int) -> int:
    """The private area in which an avatar is, 0: none."""
    return int(world.zones.private[world.areas.place[avatar]])


def is_inside(room_map: RoomMap, rect: Rect) -> bool:
    """Whether a rectangle, px, is wholly on the map."""
    x, y, w, h = rect
    return x >= 0 and y >= 0 and x + w <= room_map.width_px and y + h <= room_map.height_px


def reaches(world: World, avatar: int, rect: Rect) -> bool:
    """Whether an avatar can use what stands there: near enough, with no wall between, and not in a closed area."""
    if not world.is_alive(avatar) or not world.reaches(avatar, rect):
        return False
    if world.areas.may_go(avatar, _place(world, rect), world.tick) is not None:
        return False
    x, y = front(rect)
    if _is_wall(world.room_map, x, y):
        return True
    here = int(world.x[avatar]), int(world.y[avatar])
    return not is_walled_off(world.room_map, world.doors_open, *here, (int(x), int(y)))


def _place(world: World, rect: Rect) -> int:
    x, y = front(rect, IN_FRONT_PX)
    most_x, most_y = world.room_map.width_px - 1, world.room_map.height_px - 1
    at = (np.array([int(min(axis, most)) * UNITS_PER_PX], np.int32) for axis, most in ((x, most_x), (y, most_y)))
    return int(world.zones.at(*at)[0])


def _is_wall(room_map: RoomMap, x: float, y: float) -> bool:
    rows, cols = room_map.walls.shape
    col, row = int(x // CELL_PX), int(y // CELL_PX)
    return not (0 <= col < cols and 0 <= row < rows) or bool(room_map.walls[row, col])
