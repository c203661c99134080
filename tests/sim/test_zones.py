"""Which zones a place lies in, and what is ground there when several lie upon each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.maps import MapError, RoomMap, parse_map
from sim.zones import ZoneRaster
from tests.sim.conftest import map_json

MakeMap = Callable[..., RoomMap]


def zone(number: int, kind: str, x: int, y: int, w: int, h: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "kind": kind, "name": kind, "x": x, "y": y, "w": w, "h": h, "capacity": None, **more}


def places(raster: ZoneRaster, *points: tuple[int, int]) -> Any:
    x, y = (np.array(axis, np.int32) * 256 for axis in zip(*points, strict=True))
    return raster.at(x, y)


def topmost(raster: ZoneRaster, *points: tuple[int, int]) -> list[int]:
    return [int(raster.topmost[place]) for place in places(raster, *points)]


def test_a_zone_covers_its_rectangle_and_nothing_else(make_map: MakeMap) -> None:
    raster = ZoneRaster(make_map(zones=[zone(3, "private", 64, 64, 64, 32)]))
    assert topmost(raster, (63, 64), (64, 64), (127, 95), (128, 95), (127, 96)) == [0, 3, 3, 0, 0]


def test_the_later_zone_is_on_top_but_spawn_zones_are_none(make_map: MakeMap) -> None:
    zones = [
        zone(9, "private", 64, 64, 64, 64),
        zone(2, "silent", 96, 64, 64, 64),
        zone(4, "spawn", 64, 64, 96, 64),
    ]
    assert topmost(ZoneRaster(make_map(zones=zones)), (70, 70), (100, 70), (150, 70)) == [9, 2, 2]


def test_the_ground_is_the_topmost_private_silent_or_stage_zone_and_others_cover_nothing_up(make_map: MakeMap) -> None:
    zones = [
        zone(5, "private", 64, 64, 256, 32),
        zone(2, "silent", 96, 64, 32, 32),
        zone(7, "stage", 160, 64, 32, 32),
        zone(8, "audience", 192, 64, 64, 32),
        zone(6, "area", 224, 64, 64, 32),
    ]
    raster = ZoneRaster(make_map(zones=zones))
    found = places(raster, (10, 70), (70, 70), (100, 70), (170, 70), (200, 70), (230, 70), (270, 70))
    assert raster.private[found].tolist() == [0, 5, 0, 0, 5, 5, 5]
    assert raster.silent[found].tolist() == [False, False, True, False, False, False, False]
    assert raster.stage[found].tolist() == [0, 0, 0, 7, 0, 0, 0]
    assert raster.hears[7][found].tolist() == [False, False, False, False, True, True, False]


def test_a_stage_without_an_audience_is_heard_on_all_the_open_floor(make_map: MakeMap) -> None:
    zones = [zone(5, "private", 64, 64, 32, 32), zone(2, "silent", 128, 64, 32, 32), zone(7, "stage", 192, 64, 32, 32)]
    raster = ZoneRaster(make_map(zones=zones))
    assert raster.hears[7][places(raster, (10, 10), (70, 70), (130, 70), (200, 70))].tolist() == [True, *[False] * 3]


def test_an_audience_may_be_of_one_stage_only(make_map: MakeMap) -> None:
    zones = [
        zone(1, "stage", 64, 64, 32, 32),
        zone(2, "stage", 128, 64, 32, 32),
        zone(3, "audience", 192, 64, 32, 32, stage=2),
        zone(4, "audience", 256, 64, 32, 32),
    ]
    raster = ZoneRaster(make_map(zones=zones))
    found = places(raster, (200, 70), (260, 70))
    assert raster.hears[1][found].tolist() == [False, True]
    assert raster.hears[2][found].tolist() == [True, True]


def test_a_map_without_zones_is_open_floor(make_map: MakeMap) -> None:
    raster = ZoneRaster(make_map())
    assert topmost(raster, (100, 100)) == [0]
    assert raster.private.tolist() == [0]


@given(
    st.lists(
        st.tuples(st.sampled_from(["private", "silent", "stage", "audience", "area"]), *[st.integers(0, 5)] * 4),
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_the_raster_says_of_every_place_what_the_rectangles_say(drawn: list[tuple[str, int, int, int, int]]) -> None:
    zones = [
        zone(number, kind, 32 * x, 32 * y, 32 * (1 + w), 32 * (1 + h))
        for number, (kind, x, y, w, h) in enumerate(drawn, 1)
    ]
    room_map = parse_map(map_json(zones=zones), {})
    raster = ZoneRaster(room_map)
    for x in range(4, 512, 32):
        for y in range(4, 384, 32):
            place = int(places(raster, (x, y))[0])
            inside = [each for each in room_map.zones if each.covers(x, y)]
            assert raster.ids[raster.member[place]].tolist() == [each.id for each in inside]
            grounds = [each for each in inside if each.kind in ("private", "silent", "stage")]
            kind = grounds[-1].kind if grounds else ""
            assert (raster.private[place] > 0, raster.stage[place] > 0, bool(raster.silent[place])) == (
                kind == "private",
                kind == "stage",
                kind == "silent",
            )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"zones": [zone(1, "table", 64, 64, 64, 64)]}, "at least one seat"),
        ({"zones": [zone(1, "audience", 64, 64, 64, 64, stage=9)]}, "no stage 9"),
        ({"zones": [zone(1, "private", 64, 64, 64, 64, stage=1)]}, 'only an audience has a "stage"'),
        ({"zones": [zone(1, "spawn", 64, 64, 64, 64, lockable=True)]}, "no capacity and no lock"),
        ({"zones": [zone(1, "private", 64, 64, 64, 64, lockable=1)]}, '"lockable" must be bool'),
        ({"zones": [zone(1, "area", 224, 160, 64, 64, lockable=True)]}, "may be locked or full"),
        ({"zones": [zone(1, "area", 224, 160, 64, 64) | {"capacity": 3}]}, "may be locked or full"),
        ({"zones": [zone(n, "area", 32, 32, 8, 8) for n in range(1, 258)]}, "at most 256"),
    ],
)
def test_zones_that_make_no_sense_are_refused(make_map: MakeMap, changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MapError, match=complaint):
        make_map(**changes)
