from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.kernel import Kinematics
from sim.maps import Door, MapError, RoomMap, Seat, parse_map
from sim.raster import Raster
from sim.spawns import spawn_places

DOOR = {"id": 5, "x": 64, "y": 64, "w": 64, "h": 8, "open": False, "style": "glass", "axis": "h"}
MakeMap = Callable[..., RoomMap]


def test_walls_and_furniture_make_the_raster_and_doors_do_not(make_map: MakeMap) -> None:
    room = make_map(furniture=[{"id": 1, "kind": "desk", "x": 128, "y": 96, "facing": "down"}], doors=[DOOR])
    expected = np.zeros((48, 64), np.bool_)
    expected[:4] = expected[-4:] = expected[:, :4] = expected[:, -4:] = True
    expected[13:16, 16:24] = True
    assert (room.solid == expected).all()
    assert room.doors == (Door(5, 64, 64, 64, 8, False, "glass"),)


def test_a_window_wall_is_as_solid_as_a_wall(make_map: MakeMap) -> None:
    assert make_map(walls=["w" * 16] + ["." * 16] * 11).solid[:4].all()


def test_seats_are_numbered_in_the_order_of_the_furniture(make_map: MakeMap) -> None:
    room = make_map(
        furniture=[
            {"id": 9, "kind": "sofa", "x": 64, "y": 64, "facing": "down"},
            {"id": 3, "kind": "chair", "x": 160, "y": 64, "facing": "left"},
        ]
    )
    assert room.seats == (Seat(1, 80, 80, "down"), Seat(2, 112, 80, "down"), Seat(3, 176, 84, "left"))


def test_the_public_map_is_plain_json_with_the_solid_bits_the_seats_and_the_hash(make_map: MakeMap) -> None:
    room = make_map(furniture=[{"id": 1, "kind": "chair", "x": 64, "y": 64, "facing": "left"}])
    public = json.loads(json.dumps(room.to_public()))
    bits = np.unpackbits(np.frombuffer(base64.b64decode(public["solid"]), np.uint8), bitorder="little")
    assert (bits[: room.solid.size].reshape(room.solid.shape) == room.solid).all()
    assert public["seats"] == [{"id": 1, "x": 80, "y": 84, "facing": "left"}]
    assert public["hash"] == room.hash
    assert len(room.hash) == 16
    assert public["walls"] == room.source["walls"]


def test_the_hash_changes_with_the_map_and_with_the_shape_of_furniture_but_not_with_its_looks() -> None:
    chair = {"size": [32, 32], "solid": [], "seats": [], "sprite": "a"}
    data = _map(furniture=[{"id": 1, "kind": "chair", "x": 64, "y": 64, "facing": "left"}])
    first = parse_map(data, {"chair": chair}).hash
    assert parse_map(data, {"chair": {**chair, "sprite": "b"}, "lamp": {}}).hash == first
    assert parse_map(data, {"chair": {**chair, "solid": [[0, 0, 8, 8]]}}).hash != first
    assert parse_map({**data, "name": "other"}, {"chair": chair}).hash != first


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"format": "hallway.map/2"}, '"format" must be'),
        ({"width": 0}, '"width" must be 1 to 512'),
        ({"width": True}, '"width" must be int'),
        ({"name": 5}, '"name" must be str'),
        ({"floor": {"palette": ["wood"], "rows": ["b" * 16] * 12}}, '"b" is not in the palette'),
        ({"floor": {"palette": ["wood"], "rows": ["a" * 15] * 12}}, "12 strings of 16 characters"),
        ({"walls": ["x" * 16] * 12}, 'only "#"'),
        ({"furniture": [7]}, r"furniture\[0\] must be an object"),
        ({"furniture": [{"id": 1, "kind": "piano", "x": 0, "y": 0}]}, 'no furniture "piano"'),
        ({"furniture": [{"id": 1, "kind": "desk", "x": 4, "y": 0}]}, "multiples of 8"),
        ({"furniture": [{"id": 1, "kind": "desk", "x": 480, "y": 0}]}, '"x" must be 0 to 448'),
        ({"furniture": [{"id": 1, "kind": "desk", "x": 0, "y": 0, "facing": "north"}]}, '"facing" must be'),
        ({"doors": [{**DOOR, "y": 0}]}, "could never be open"),
        ({"doors": [{**DOOR, "w": 12}]}, "multiples of 8"),
        ({"doors": [{**DOOR, "open": 1}]}, '"open" must be bool'),
        ({"doors": [DOOR, {**DOOR, "x": 160}]}, "doors: id 5 is used more than once"),
        ({"doors": [DOOR, {**DOOR, "id": 6, "x": 120}]}, "doors 5 and 6 overlap"),
        ({"zones": [{"id": 1, "kind": "loud", "x": 0, "y": 0, "w": 8, "h": 8}]}, '"kind" must be one of'),
        ({"zones": [{"id": 1, "kind": "silent", "x": 0, "y": 0, "w": 8, "h": 8, "capacity": 0}]}, '"capacity" must'),
        ({"spawns": []}, "at least one"),
        ({"spawns": [{"x": 10, "y": 10}]}, r"spawn \(10, 10\): there is a wall"),
        ({"spawns": [{"x": 96, "y": 68}], "doors": [DOOR]}, "shut door in the way"),
    ],
)
def test_a_map_that_is_wrong_is_refused_with_the_place_and_the_reason(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MapError, match=complaint):
        parse_map(_map(**changes), {"desk": {"size": [64, 32], "solid": [[0, 8, 64, 24]]}})


@pytest.mark.parametrize(
    "entry",
    [
        5,
        {"size": [64]},
        {"size": [64, 30]},
        {"size": [64, 32], "solid": [[0, 0, 72, 8]]},
        {"size": [64, 32], "solid": [[0, 0, 8]]},
        {"size": [64, 32], "seats": [[1, 2, "north"]]},
        {"size": [64, 32], "seats": [[1000, 2, "up"]]},
    ],
)
def test_a_catalogue_entry_that_is_wrong_is_refused(entry: Any) -> None:
    with pytest.raises(MapError):
        parse_map(_map(furniture=[{"id": 1, "kind": "desk", "x": 64, "y": 64}]), {"desk": entry})


def test_newcomers_stand_apart_on_floor_that_can_be_walked_to_from_a_spawn(make_map: MakeMap) -> None:
    walls = ["#" * 16] + ["#......#.......#"] * 10 + ["#" * 16]
    room = make_map(walls=walls, spawns=[{"x": 80, "y": 80}])
    places = spawn_places(room, Kinematics.for_rate(30))
    assert places[0] == (80 * 256, 80 * 256)
    assert len(set(places)) == len(places) > 30
    x, y = (np.array(axis, np.int32) for axis in zip(*places, strict=True))
    assert Raster(room.solid).box_is_free(x, y, Kinematics.for_rate(30)).all()
    assert x.max() < 7 * 32 * 256


def _map(**changes: Any) -> dict[str, Any]:
    return {
        "format": "hallway.map/1",
        "name": "hall",
        "width": 16,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 16] * 12},
        "walls": ["#" * 16] + ["." * 16] * 11,
        "furniture": [],
        "doors": [],
        "zones": [],
        "spawns": [{"x": 256, "y": 200}],
        **changes,
    }
