"""The room templates are places in which everybody can get everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import server.rooms
from server.rooms.templates import load_templates
from sim.kernel import Kinematics
from sim.maps import MapError, RoomMap, parse_map
from sim.raster import Raster

TEMPLATES = Path(server.rooms.__file__).parent / "templates"
NAMES = ("office", "meeting", "social", "campus", "conference")
CELL = 8
STEP = 2  # px between the places at which an avatar's feet box is tried
HALF_W, HALF_H = 9, 5
CATALOGUE: dict[str, Any] = json.loads((TEMPLATES / "furniture.json").read_text())


def template(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((TEMPLATES / f"{name}.json").read_text())
    return data


@pytest.fixture(scope="module", params=NAMES)
def room(request: pytest.FixtureRequest) -> RoomMap:
    return parse_map(template(request.param), CATALOGUE)


def free_places(room: RoomMap) -> NDArray[np.bool_]:
    """bool[h, w], one for each `STEP` px: True where the feet box touches nothing solid, doors open."""
    raster = Raster(np.asarray(room.solid))
    height, width = room.solid.shape[0] * CELL // STEP, room.solid.shape[1] * CELL // STEP
    rows, columns = np.mgrid[0:height, 0:width]
    x = (columns.ravel() * STEP * 256).astype(np.int32)
    y = (rows.ravel() * STEP * 256).astype(np.int32)
    return np.asarray(raster.box_is_free(x, y, Kinematics.for_rate(30))).reshape(height, width)


def walkable_from(free: NDArray[np.bool_], start: tuple[int, int]) -> NDArray[np.bool_]:
    """The places that can be walked to from the px position `start`."""
    reached = np.zeros_like(free)
    todo = [(start[1] // STEP, start[0] // STEP)]
    reached[todo[0]] = free[todo[0]]
    while todo:
        row, column = todo.pop()
        for place in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= place[0] < free.shape[0] and 0 <= place[1] < free.shape[1] and free[place] and not reached[place]:
                reached[place] = True
                todo.append(place)
    return reached


def test_every_spawn_seat_door_and_zone_can_be_walked_to_from_every_spawn(room: RoomMap) -> None:
    free = free_places(room)
    reached = walkable_from(free, room.spawns[0])
    for x, y in room.spawns:
        assert reached[y // STEP, x // STEP], f"spawn at {x}, {y} is cut off"
    for seat in room.seats:
        assert reached[seat.y // STEP, seat.x // STEP], f"seat {seat.id} at {seat.x}, {seat.y} cannot be reached"
    for door in room.doors:
        assert reached[(door.y + door.h // 2) // STEP, (door.x + door.w // 2) // STEP], (
            f"door {door.id} cannot be walked through"
        )
    for zone in room.zones:
        inside = reached[zone.y // STEP : (zone.y + zone.h) // STEP, zone.x // STEP : (zone.x + zone.w) // STEP]
        assert inside.any(), f"nobody can enter {zone.name}"


def test_no_free_floor_is_walled_off(room: RoomMap) -> None:
    """A pocket that nobody can enter is one from which a badly placed avatar could not leave."""
    free = free_places(room)
    pocket = free & ~walkable_from(free, room.spawns[0])
    rows, columns = np.nonzero(pocket)
    places = sorted(
        {(int(column) * STEP // 32, int(row) * STEP // 32) for row, column in zip(rows, columns, strict=True)}
    )
    assert not places, f"closed pockets at tiles {places[:10]}"


CLOSED = {
    "office": (6, ("room", "booth")),
    "campus": (3, ("pavilion",)),
    "conference": (4, ("room", "lounge")),
}
"""How many areas have doors, and what is in their names if they are not silent."""


@pytest.mark.parametrize("name", CLOSED)
def test_a_shut_door_closes_its_room(name: str) -> None:
    """With the doors of meeting rooms, library and booths shut, nobody gets in by another way."""
    count, words = CLOSED[name]
    room = parse_map(template(name), CATALOGUE)
    solid = np.array(room.solid)
    for door in room.doors:
        solid[door.y // CELL : (door.y + door.h) // CELL, door.x // CELL : (door.x + door.w) // CELL] = True
    reached = walkable_from(free_places(replace(room, solid=solid)), room.spawns[0])
    closed = [zone for zone in room.zones if zone.kind == "silent" or any(word in zone.name for word in words)]
    assert len(closed) == count
    for zone in closed:
        inside = reached[zone.y // STEP : (zone.y + zone.h) // STEP, zone.x // STEP : (zone.x + zone.w) // STEP]
        assert not inside.any(), f"{zone.name} has another way in"


def test_doors_are_wide_enough_for_two(room: RoomMap) -> None:
    for door in room.doors:
        assert max(door.w, door.h) >= 40
        assert min(door.w, door.h) == 16


def test_spawns_stand_apart(room: RoomMap) -> None:
    assert len(room.spawns) >= 8
    spawns = np.array(room.spawns)
    gaps = np.abs(spawns[:, None] - spawns[None, :]).max(axis=2)
    np.fill_diagonal(gaps, 1000)
    assert gaps.min() >= 2 * HALF_W


def test_zones_have_names_of_their_own(room: RoomMap) -> None:
    names = [zone.name for zone in room.zones]
    assert all(names)
    assert len(names) == len(set(names))
    assert {zone.kind for zone in room.zones} >= {"private", "spawn"}


def pieces(data: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for item in data["furniture"]:
        yield item, CATALOGUE[item["kind"]]


@pytest.mark.parametrize("name", NAMES)
def test_furniture_stands_neither_in_a_wall_nor_in_other_furniture(name: str) -> None:
    data = template(name)
    taken = np.kron(
        np.array([[char != "." for char in row] for row in data["walls"]], dtype=np.int8), np.ones((4, 4), np.int8)
    )
    for item, kind in pieces(data):
        for x, y, w, h in kind["solid"]:
            left, top = (item["x"] + x) // CELL, (item["y"] + y) // CELL
            area = taken[top : top + h // CELL, left : left + w // CELL]
            assert not area.any(), f"{item['kind']} {item['id']} stands in something"
            area[:] = 1


@pytest.mark.parametrize("name", NAMES)
def test_what_hangs_on_a_wall_hangs_on_a_plain_wall(name: str) -> None:
    data = template(name)
    for item, kind in pieces(data):
        if kind["layer"] != "wall":
            continue
        assert item["y"] % 32 == 0
        tiles = range(item["x"] // 32, -(-(item["x"] + kind["size"][0]) // 32))
        row = data["walls"][item["y"] // 32]
        assert all(row[column] == "#" for column in tiles), f"{item['kind']} at {item['x'] / 32}, {item['y'] / 32}"


@pytest.mark.parametrize("name", NAMES)
def test_walls_are_one_tile_thick(name: str) -> None:
    """The wall pieces are drawn for walls of one tile; a block of four would show a hole."""
    walls = template(name)["walls"]
    for row in range(len(walls) - 1):
        for column in range(len(walls[0]) - 1):
            block = walls[row][column : column + 2] + walls[row + 1][column : column + 2]
            assert "." in block, f"tiles {column}, {row}"


def test_the_atlas_has_a_picture_for_every_kind_and_floor() -> None:
    assets = Path(server.rooms.__file__).parents[2] / "client_web" / "public" / "assets"
    frames = json.loads((assets / "atlas.json").read_text())["frames"]
    assert {entry["sprite"] for entry in CATALOGUE.values()} <= frames.keys()
    for name in NAMES:
        for floor in set(template(name)["floor"]["palette"]) - {"void"}:
            assert {f"floor/{floor}/{n}{side}" for n in range(16) for side in ("", "/left", "/right")} <= frames.keys()


def test_the_office_has_quiet_places_and_closed_ones() -> None:
    kinds = [zone["kind"] for zone in template("office")["zones"]]
    assert kinds.count("private") >= 5
    assert "silent" in kinds
    assert any(door["open"] for door in template("office")["doors"])
    assert not all(door["open"] for door in template("office")["doors"])


@pytest.mark.parametrize("name", ["meeting", "campus", "conference"])
def test_a_stage_has_an_audience_with_seats(name: str) -> None:
    room = parse_map(template(name), CATALOGUE)
    kinds = {zone.kind: zone for zone in room.zones}
    audience = kinds["audience"]
    seats = [seat for seat in room.seats if audience.x <= seat.x < audience.x + audience.w]
    seats = [seat for seat in seats if audience.y <= seat.y < audience.y + audience.h]
    assert kinds["stage"].capacity is not None
    assert len(seats) >= 12


def own_map(**changes: object) -> bytes:
    """The smallest room that is right, as a file; `changes` make it wrong."""
    data = {
        "format": "hallway.map/1",
        "name": "Own",
        "description": "",
        "width": 4,
        "height": 4,
        "floor": {"palette": ["wood"], "rows": ["aaaa"] * 4},
        "walls": ["####", "#..#", "#..#", "####"],
        "furniture": [],
        "doors": [],
        "zones": [],
        "spawns": [{"x": 64, "y": 64}],
    }
    return json.dumps(data | changes).encode()


def test_an_operators_own_templates_stand_behind_those_that_come_along(tmp_path: Path) -> None:
    (tmp_path / "lab.json").write_bytes(own_map())
    templates = load_templates(tmp_path)
    assert list(templates)[:5] == list(NAMES)
    assert templates["lab"].room_map.name == "Own"
    assert "lab" not in load_templates()


def test_an_own_template_wins_over_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "office.json").write_bytes(own_map())
    assert load_templates(tmp_path)["office"].room_map.name == "Own"


@pytest.mark.parametrize("text", [b"{", b"[]", own_map(width=0), own_map(walls=["#"])])
def test_a_map_that_is_not_right_names_its_file(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "lab.json").write_bytes(text)
    with pytest.raises(MapError, match=r"lab\.json"):
        load_templates(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="templates_dir"):
        load_templates(tmp_path / "nowhere")
