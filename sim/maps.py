"""Maps: from the JSON an editor writes ("hallway.map/1") to the frozen thing a world is built from.

Everything a person may have got wrong raises MapError with a sentence that names the place.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import Kinematics
from sim.raster import CELL_PX, UNITS_PER_PX, Raster

FORMAT: Final = "hallway.map/1"
TILE_PX: Final = 32
TILE_CELLS: Final = TILE_PX // CELL_PX
MAX_TILES: Final = 512
MAX_ID: Final = 65_535
SOLID_WALLS: Final = "#w"
MAX_ZONES: Final = 256
ZONE_KINDS: Final = ("private", "table", "silent", "stage", "audience", "area", "spawn")
FACINGS: Final = ("right", "down", "left", "up")

Rect = tuple[int, int, int, int]


class MapError(ValueError):
    """The map or the furniture catalogue is not usable; the message says where and why."""


@dataclass(frozen=True)
class Door:
    """A rectangle that is solid while shut; px, multiples of 8."""

    id: int
    x: int
    y: int
    w: int
    h: int
    open: bool
    style: str

    @property
    def rect(self) -> Rect:
        """(x, y, w, h) in px."""
        return self.x, self.y, self.w, self.h


@dataclass(frozen=True)
class Zone:
    """A rectangle with a rule; px, multiples of 8. `capacity` None: no limit. `lockable`: those inside may lock it.
    `stage`: of an audience, the stage that it hears; 0: every stage of the map. docs/places.md says what each means."""

    id: int
    kind: str
    name: str
    x: int
    y: int
    w: int
    h: int
    capacity: int | None
    lockable: bool = False
    stage: int = 0

    def covers(self, x: int, y: int) -> bool:
        """Is the place (px) inside?"""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


@dataclass(frozen=True)
class Seat:
    """A place to sit, px, and the way one looks there (`FACINGS`)."""

    id: int
    x: int
    y: int
    facing: str


@dataclass(frozen=True, eq=False)
class RoomMap:
    """A checked map. `width`, `height` in tiles of 32 px; `solid` bool[h * 4, w * 4]: cells of 8 px, without doors.
    `walls` is the part of `solid` that is wall: one can reach over furniture, but not through a wall."""

    name: str
    width: int
    height: int
    solid: NDArray[np.bool_]
    walls: NDArray[np.bool_]
    doors: tuple[Door, ...]
    zones: tuple[Zone, ...]
    seats: tuple[Seat, ...]
    spawns: tuple[tuple[int, int], ...]
    hash: str
    source: dict[str, Any]
    catalogue: dict[str, Any]

    @property
    def width_px(self) -> int:
        """Width in px."""
        return self.width * TILE_PX

    @property
    def height_px(self) -> int:
        """Height in px."""
        return self.height * TILE_PX

    def to_public(self) -> dict[str, Any]:
        """What a client gets: the map's JSON with "hash", "solid" (base64, bits row by row, low bit first), "seats"."""
        bits = np.packbits(self.solid, bitorder="little").tobytes()
        return {
            **self.source,
            "hash": self.hash,
            "solid": base64.b64encode(bits).decode("ascii"),
            "seats": [{"id": seat.id, "x": seat.x, "y": seat.y, "facing": seat.facing} for seat in self.seats],
        }


def parse_map(data: dict[str, Any], catalogue: dict[str, Any]) -> RoomMap:
    """Check a map against the furniture catalogue and build its raster. MapError if anything is wrong."""
    if _field(data, "format", str, "map") != FORMAT:
        raise MapError(f'map: "format" must be "{FORMAT}", not "{data["format"]}"')
    width, height = (_number(data, side, "map", 1, MAX_TILES) for side in ("width", "height"))
    size = (width * TILE_PX, height * TILE_PX)
    _check_floor(_field(data, "floor", dict, "map"), width, height)
    walls = _wall_cells(_field(data, "walls", list, "map"), width, height)
    solid = walls.copy()
    seats: list[Seat] = []
    used: dict[str, Any] = {}
    for place, item in _entries(data, "furniture"):
        kind = _field(item, "kind", str, place)
        if kind not in catalogue:
            raise MapError(f'{place}: the catalogue has no furniture "{kind}"')
        used[kind] = _shape(catalogue[kind], f'catalogue entry "{kind}"')
        _place_furniture(item, used[kind], place, size, solid, seats)
    doors = tuple(_door(item, place, size, solid) for place, item in _entries(data, "doors"))
    zones = tuple(_zone(item, place, size) for place, item in _entries(data, "zones"))
    for what, entries in (("doors", doors), ("zones", zones)):
        _check_unique([entry.id for entry in entries], what)
    _check_disjoint(doors)
    _check_zones(zones, seats)
    spawns = tuple(
        (_number(item, "x", place, 0, size[0] - 1), _number(item, "y", place, 0, size[1] - 1))
        for place, item in _entries(data, "spawns")
    )
    _check_spawns(spawns, doors, solid)
    _check_spawns_are_open(spawns, zones)
    solid.setflags(write=False)
    walls.setflags(write=False)
    return RoomMap(
        name=_field(data, "name", str, "map"),
        width=width,
        height=height,
        solid=solid,
        walls=walls,
        doors=doors,
        zones=zones,
        seats=tuple(seats),
        spawns=spawns,
        hash=_hash(data, used),
        source=data,
        catalogue=used,
    )


def _hash(data: dict[str, Any], used: dict[str, Any]) -> str:
    text = json.dumps([data, used], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _field(data: dict[str, Any], name: str, kind: type, place: str) -> Any:
    value = data.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise MapError(f'{place}: "{name}" must be {kind.__name__}, not {value!r}')
    return value


def _number(data: dict[str, Any], name: str, place: str, low: int, high: int) -> int:
    value: int = _field(data, name, int, place)
    if not low <= value <= high:
        raise MapError(f'{place}: "{name}" must be {low} to {high}, not {value}')
    return value


def _entries(data: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    """The objects of one list, each with the words that name it in an error."""
    entries: list[tuple[str, dict[str, Any]]] = []
    for index, item in enumerate(_field(data, name, list, "map")):
        if not isinstance(item, dict):
            raise MapError(f"{name}[{index}] must be an object, not {item!r}")
        entries.append((f"{name}[{index}] (id {item['id']})" if "id" in item else f"{name}[{index}]", item))
    return entries


def _check_unique(ids: list[int], what: str) -> None:
    twice = sorted({entry for entry in ids if ids.count(entry) > 1})
    if twice:
        raise MapError(f"{what}: id {twice[0]} is used more than once")


def _rows(rows: list[Any], width: int, height: int, place: str) -> list[str]:
    if len(rows) != height or not all(isinstance(row, str) and len(row) == width for row in rows):
        raise MapError(f"{place} must be {height} strings of {width} characters")
    return rows


def _check_floor(floor: dict[str, Any], width: int, height: int) -> None:
    known = {chr(ord("a") + index) for index in range(len(_field(floor, "palette", list, "floor")))}
    for y, row in enumerate(_rows(_field(floor, "rows", list, "floor"), width, height, "floor.rows")):
        unknown = set(row) - known
        if unknown:
            raise MapError(f'floor.rows[{y}]: "{min(unknown)}" is not in the palette')


def _wall_cells(walls: list[Any], width: int, height: int) -> NDArray[np.bool_]:
    tiles = np.zeros((height, width), np.bool_)
    for y, row in enumerate(_rows(walls, width, height, "walls")):
        if set(row) - set(SOLID_WALLS + "."):
            raise MapError(f'walls[{y}]: only "#", "w" and "." are known')
        tiles[y] = [tile in SOLID_WALLS for tile in row]
    return tiles.repeat(TILE_CELLS, axis=0).repeat(TILE_CELLS, axis=1)


def _shape(entry: Any, place: str) -> dict[str, Any]:
    """The part of a catalogue entry that the simulation depends on, hence the part that is hashed."""
    if not isinstance(entry, dict):
        raise MapError(f"{place} must be an object")
    shape = {
        "size": _field(entry, "size", list, place),
        "solid": entry.get("solid", []),
        "seats": entry.get("seats", []),
    }
    rects = [shape["size"], *shape["solid"]]
    if not all(isinstance(v, int) and v >= 0 and v % CELL_PX == 0 for rect in rects for v in rect):
        raise MapError(f'{place}: "size" and "solid" must be multiples of {CELL_PX} px')
    if len(shape["size"]) != 2 or any(len(rect) != 4 for rect in shape["solid"]):
        raise MapError(f'{place}: "size" must be [w, h] and "solid" a list of [x, y, w, h]')
    for seat in shape["seats"]:
        if len(seat) != 3 or not all(isinstance(v, int) for v in seat[:2]) or seat[2] not in FACINGS:
            raise MapError(f"{place}: a seat must be [x, y, facing], not {seat!r}")
    return shape


def _place_furniture(
    item: dict[str, Any],
    shape: dict[str, Any],
    place: str,
    size: tuple[int, int],
    solid: NDArray[np.bool_],
    seats: list[Seat],
) -> None:
    w, h = shape["size"]
    x, y = _corner(item, place, (w, h), size)
    facing = item.get("facing", "down")
    if facing not in FACINGS:
        raise MapError(f'{place}: "facing" must be one of {", ".join(FACINGS)}, not {facing!r}')
    for left, top, rect_w, rect_h in shape["solid"]:
        if left + rect_w > w or top + rect_h > h:
            raise MapError(f"{place}: a solid rectangle of its catalogue entry sticks out of its size")
        _cells(solid, (x + left, y + top, rect_w, rect_h))[:] = True
    for seat_x, seat_y, seat_facing in shape["seats"]:
        px, py = x + seat_x, y + seat_y
        if not (0 <= px < size[0] and 0 <= py < size[1]):
            raise MapError(f"{place}: its seat is outside the map")
        seats.append(Seat(len(seats) + 1, px, py, seat_facing))


def _corner(item: dict[str, Any], place: str, extent: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    x = _number(item, "x", place, 0, size[0] - extent[0])
    y = _number(item, "y", place, 0, size[1] - extent[1])
    if x % CELL_PX or y % CELL_PX:
        raise MapError(f"{place}: x and y must be multiples of {CELL_PX} px, not {x}, {y}")
    return x, y


def _rectangle(item: dict[str, Any], place: str, size: tuple[int, int]) -> Rect:
    w = _number(item, "w", place, CELL_PX, size[0])
    h = _number(item, "h", place, CELL_PX, size[1])
    if w % CELL_PX or h % CELL_PX:
        raise MapError(f"{place}: w and h must be multiples of {CELL_PX} px, not {w}, {h}")
    return *_corner(item, place, (w, h), size), w, h


def _cells(solid: NDArray[np.bool_], rect: Rect) -> NDArray[np.bool_]:
    x, y, w, h = (side // CELL_PX for side in rect)
    return solid[y : y + h, x : x + w]


def _door(item: dict[str, Any], place: str, size: tuple[int, int], solid: NDArray[np.bool_]) -> Door:
    rect = _rectangle(item, place, size)
    if _cells(solid, rect).any():
        raise MapError(f"{place}: it lies on a wall or a piece of furniture, so it could never be open")
    return Door(
        _number(item, "id", place, 1, MAX_ID), *rect, _field(item, "open", bool, place), str(item.get("style", "wood"))
    )


def _zone(item: dict[str, Any], place: str, size: tuple[int, int]) -> Zone:
    kind = _field(item, "kind", str, place)
    if kind not in ZONE_KINDS:
        raise MapError(f'{place}: "kind" must be one of {", ".join(ZONE_KINDS)}, not "{kind}"')
    capacity = item.get("capacity")
    if capacity is not None:
        capacity = _number(item, "capacity", place, 1, MAX_ID)
    lockable = _field(item, "lockable", bool, place) if "lockable" in item else False
    if kind == "spawn" and (lockable or capacity is not None):
        raise MapError(f"{place}: a spawn zone can have no capacity and no lock")
    stage = _number(item, "stage", place, 0, MAX_ID) if "stage" in item else 0
    if stage and kind != "audience":
        raise MapError(f'{place}: only an audience has a "stage"')
    return Zone(
        _number(item, "id", place, 1, MAX_ID),
        kind,
        str(item.get("name", "")),
        *_rectangle(item, place, size),
        capacity,
        lockable,
        stage,
    )


def _check_zones(zones: tuple[Zone, ...], seats: list[Seat]) -> None:
    if len(zones) > MAX_ZONES:
        raise MapError(f"zones: at most {MAX_ZONES}, not {len(zones)}")
    stages = {zone.id for zone in zones if zone.kind == "stage"}
    for zone in zones:
        if zone.kind == "table" and not any(zone.covers(seat.x, seat.y) for seat in seats):
            raise MapError(f"zone {zone.id}: a table needs at least one seat inside")
        if zone.stage and zone.stage not in stages:
            raise MapError(f"zone {zone.id}: there is no stage {zone.stage}")


def _check_spawns_are_open(spawns: tuple[tuple[int, int], ...], zones: tuple[Zone, ...]) -> None:
    """Newcomers must find a place whatever is locked or full."""
    for x, y in spawns:
        for zone in zones:
            if zone.covers(x, y) and (zone.lockable or zone.capacity is not None):
                raise MapError(f"spawn {x, y}: it lies in zone {zone.id}, which may be locked or full")


def _check_disjoint(doors: tuple[Door, ...]) -> None:
    for index, one in enumerate(doors):
        for other in doors[index + 1 :]:
            apart_x = one.x + one.w <= other.x or other.x + other.w <= one.x
            apart_y = one.y + one.h <= other.y or other.y + other.h <= one.y
            if not (apart_x or apart_y):
                raise MapError(f"doors {one.id} and {other.id} overlap")


def _check_spawns(spawns: tuple[tuple[int, int], ...], doors: tuple[Door, ...], solid: NDArray[np.bool_]) -> None:
    if not spawns:
        raise MapError('map: "spawns" must name at least one place')
    raster = Raster(solid)
    for door in doors:
        raster.set_rect(door.rect, True)
    x, y = (np.array(axis, np.int32) * UNITS_PER_PX for axis in zip(*spawns, strict=True))
    free = raster.box_is_free(x, y, Kinematics.for_rate(30))
    if not free.all():
        at = spawns[int(np.argmin(free))]
        raise MapError(f"spawn {at}: there is a wall, furniture or a shut door in the way")
