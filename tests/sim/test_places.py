"""The rules of docs/places.md, one test each: who may enter, who hears whom, and what holds where rules meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.commands import Admission, BubbleAction, Commands, Events, Join, LockAction, Place, SitAction
from sim.maps import parse_map
from sim.world import World, WorldConfig
from tests.sim.conftest import CATALOGUE, map_json

MakeWorld = Callable[..., World]
EAST, WEST, STAND = 0x10, 0x18, 0x00
ROOM, TABLE, STAGE, AUDIENCE, HUSH = 3, 4, 5, 6, 7
BORDER = 256


def zone(number: int, kind: str, x: int, y: int, w: int, h: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "kind": kind, "name": kind, "x": x, "y": y, "w": w, "h": h, "capacity": None, **more}


def room(**more: Any) -> dict[str, Any]:
    """The right half of a hall of 16 x 12 tiles."""
    return zone(ROOM, "private", BORDER, 32, 160, 320, **{"lockable": True, **more})


def put(*places: tuple[int, int, int]) -> Commands:
    return Commands(placements=[Place(avatar, x * 256, y * 256) for avatar, x, y in places])


def walk(world: World, course: int, *avatars: int, ticks: int = 40) -> list[Events]:
    values = np.full(len(avatars), course, np.uint8)
    events = [world.step(Commands(courses=(np.array(avatars, np.uint16), values)))]
    return events + [world.step(Commands()) for _ in range(ticks - 1)]


def inside(world: World, number: int) -> list[int]:
    return [avatar for avatar in np.flatnonzero(world.alive).tolist() if world.areas.is_inside(avatar, number)]


def near(world: World) -> list[list[int]]:
    for _ in range(10):
        world.step(Commands())
    return world.proximity.pairs().tolist()


def heard(world: World) -> list[list[int]]:
    world.step(Commands())
    return world.hearing.pairs().tolist()


# --- locks ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def locked(make_world: MakeWorld) -> World:
    """1 is in the room and has locked it; 2 stands before it."""
    world = make_world([(300, 200), (200, 200)], zones=[room()], spawns=[{"x": 64, "y": 64}])
    events = world.step(Commands(locks=[LockAction(1, ROOM, True)]))
    assert [(change.zone, change.locked, change.by) for change in events.locks] == [(ROOM, True, 1)]
    return world


def test_a_locked_area_stops_who_walks_up_to_it_and_says_why(locked: World) -> None:
    events = walk(locked, EAST, 2)
    assert inside(locked, ROOM) == [1]
    stopped = [tuple(column.tolist() for column in each.stopped) for each in events if each.stopped[0].size]
    assert stopped == [([2], [ROOM], [1])]
    assert locked.course[2] == STAND


@pytest.mark.parametrize("commands", [put((2, 300, 250)), Commands(joins=[Join(3, 300 * 256, 250 * 256)])])
def test_nobody_is_put_into_a_locked_area_either(locked: World, commands: Commands) -> None:
    locked.step(commands)
    assert inside(locked, ROOM) == [1]


def test_who_is_let_in_may_come_once_and_not_for_ever(locked: World) -> None:
    events = locked.step(Commands(admissions=[Admission(1, ROOM, 2, locked.tick + 90)]))
    assert [(each.zone, each.guest, each.by) for each in events.admitted] == [(ROOM, 2, 1)]
    walk(locked, EAST, 2, ticks=20)
    assert inside(locked, ROOM) == [1, 2]
    walk(locked, WEST, 2, ticks=40)
    assert inside(locked, ROOM) == [1]
    walk(locked, EAST, 2)
    assert inside(locked, ROOM) == [1]


def test_a_pass_ends_with_its_time(locked: World) -> None:
    locked.step(Commands(admissions=[Admission(1, ROOM, 2, locked.tick + 2)]))
    walk(locked, STAND, 2, ticks=5)
    walk(locked, EAST, 2)
    assert inside(locked, ROOM) == [1]


def test_only_those_inside_lock_and_let_in(locked: World) -> None:
    events = locked.step(
        Commands(
            locks=[LockAction(2, ROOM, False, 7), LockAction(2, 99, True, 8)],
            admissions=[Admission(2, ROOM, 2, 9999)],
        )
    )
    assert [(each.ref, each.code) for each in events.refused] == [(7, "not_allowed"), (8, "unknown_target")]
    assert not events.admitted
    assert locked.areas.locked_ids() == [ROOM]


def test_a_lock_keeps_nobody_out_who_has_the_key_rank(locked: World) -> None:
    locked.step(Commands(ranks=[(2, 2)]))
    walk(locked, EAST, 2)
    assert inside(locked, ROOM) == [1, 2]


def test_the_key_rank_unlocks_from_outside_but_locks_from_inside_only(locked: World) -> None:
    locked.step(Commands(ranks=[(2, 2)], locks=[LockAction(2, ROOM, False)]))
    assert locked.areas.locked_ids() == []
    events = locked.step(Commands(locks=[LockAction(2, ROOM, True, 5)]))
    assert [each.code for each in events.refused] == ["not_allowed"]


@pytest.mark.parametrize("way", ["walks", "leaves"])
def test_the_last_one_to_go_unlocks(locked: World, way: str) -> None:
    events = walk(locked, WEST, 1) if way == "walks" else [locked.step(Commands(leaves=[1]))]
    assert [(c.zone, c.locked, c.by) for each in events for c in each.locks] == [(ROOM, False, 0)]
    assert locked.areas.locked_ids() == []


def test_an_area_that_is_not_lockable_any_more_is_unlocked(locked: World) -> None:
    events = locked.step(Commands(lockable={ROOM: False}))
    assert [(change.zone, change.locked) for change in events.locks] == [(ROOM, False)]
    assert locked.step(Commands(locks=[LockAction(1, ROOM, True, 4)])).refused[0].code == "unknown_target"


def test_a_seat_behind_a_lock_is_refused(make_world: MakeWorld) -> None:
    chair = {"id": 1, "kind": "chair", "x": 264, "y": 184, "facing": "left"}
    world = make_world([(330, 200), (240, 200)], zones=[room()], furniture=[chair], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(locks=[LockAction(1, ROOM, True)]))
    events = world.step(Commands(seats=[SitAction(2, 1, 6)]))
    assert [(each.ref, each.code) for each in events.refused] == [(6, "locked")]


# --- capacity -------------------------------------------------------------------------------------------------------


def test_of_many_who_enter_in_one_tick_exactly_as_many_get_in_as_there_is_room(make_world: MakeWorld) -> None:
    crowd = [(250, 60 + 20 * n) for n in range(12)]
    world = make_world(crowd, zones=[room(capacity=5)], spawns=[{"x": 64, "y": 64}])
    events = walk(world, EAST, *range(1, 13), ticks=3)
    assert inside(world, ROOM) == [1, 2, 3, 4, 5]
    assert sorted(avatar for each in events for avatar in each.stopped[0].tolist()) == list(range(6, 13))
    assert {int(why) for each in events for why in each.stopped[2]} == {2}


def test_a_place_that_gets_free_is_taken_in_the_next_tick_not_in_the_same(make_world: MakeWorld) -> None:
    world = make_world([(257, 100), (255, 200)], zones=[room(capacity=1)], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(courses=(np.array([1, 2], np.uint16), np.array([WEST, EAST], np.uint8))))
    assert inside(world, ROOM) == []
    walk(world, EAST, 2, ticks=2)
    assert inside(world, ROOM) == [2]


def test_those_who_come_at_once_by_other_ways_than_walking_are_counted_too(make_world: MakeWorld) -> None:
    world = make_world([(200, 100)], zones=[room(capacity=2)], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(joins=[Join(n, 300 * 256, (60 + 20 * n) * 256) for n in range(2, 6)]))
    assert inside(world, ROOM) == [2, 3]
    world.step(put((1, 320, 200)))
    assert inside(world, ROOM) == [2, 3]


def test_a_smaller_capacity_sends_nobody_out_and_none_is_the_maps_again(make_world: MakeWorld) -> None:
    world = make_world([(300, 100), (300, 200), (250, 150)], zones=[room(capacity=2)], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(capacities={ROOM: 1}))
    assert inside(world, ROOM) == [1, 2]
    walk(world, EAST, 3)
    assert inside(world, ROOM) == [1, 2]
    world.step(Commands(capacities={ROOM: 0}))
    walk(world, EAST, 3, ticks=20)
    assert inside(world, ROOM) == [1, 2, 3]


# --- nesting of what keeps people out -------------------------------------------------------------------------------


def test_all_areas_of_a_place_must_let_one_in(make_world: MakeWorld) -> None:
    """A full area that reaches out of a locked one does not open it, and the other way round."""
    small = zone(8, "area", 224, 32, 128, 320, capacity=1)
    world = make_world([(240, 100), (400, 200), (200, 60)], zones=[room(), small], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(locks=[LockAction(2, ROOM, True)]))
    walk(world, EAST, 1)
    assert (inside(world, 8), inside(world, ROOM)) == ([1], [2]), "inside the one is not inside the other"
    events = walk(world, EAST, 3)
    assert inside(world, 8) == [1]
    assert [each.stopped[1].tolist() for each in events if each.stopped[0].size] == [[8]]


def test_leaving_an_inner_area_is_no_entering_of_the_outer_one(make_world: MakeWorld) -> None:
    inner = zone(8, "private", 320, 32, 64, 320)
    world = make_world([(350, 100)], zones=[room(capacity=1), inner], spawns=[{"x": 64, "y": 64}])
    assert (inside(world, ROOM), inside(world, 8)) == ([1], [1])
    world.step(Commands(locks=[LockAction(1, ROOM, True)]))
    walk(world, WEST, 1, ticks=15)
    assert (inside(world, ROOM), inside(world, 8)) == ([1], [])


# --- who hears whom -------------------------------------------------------------------------------------------------

SOFAS = [
    {"id": 1, "kind": "sofa", "x": 96, "y": 96, "facing": "down"},
    {"id": 2, "kind": "sofa", "x": 96, "y": 160, "facing": "down"},
]


def seated(make_world: MakeWorld, *more: dict[str, Any]) -> World:
    """1 and 2 sit at the table, 3 stands beside it."""
    table = zone(TABLE, "table", 64, 64, 160, 160)
    world = make_world([(96, 140), (96, 150), (200, 140)], zones=[*more, table], furniture=SOFAS)
    world.step(Commands(seats=[SitAction(1, 1), SitAction(2, 4), SitAction(3, 99)]))
    assert world.seat[1:3].tolist() == [1, 4]
    return world


def test_those_who_sit_at_a_table_are_one_conversation_and_who_stands_by_is_not_in_it(make_world: MakeWorld) -> None:
    world = seated(make_world)
    assert near(world) == [[1, 2]]
    assert world.circle_of(1) == world.circle_of(2) != world.circle_of(3) == 0
    walk(world, EAST, 1, ticks=2)
    assert near(world) == [[1, 3]], "who got up talks with whoever is near"


def test_a_table_in_a_private_area_is_a_conversation_of_its_own(make_world: MakeWorld) -> None:
    world = seated(make_world, zone(ROOM, "private", 32, 32, 256, 256))
    assert near(world) == [[1, 2]]


def test_a_table_on_a_stage_or_in_a_silent_area_changes_nothing(make_world: MakeWorld) -> None:
    assert near(seated(make_world, zone(STAGE, "stage", 32, 32, 256, 256))) == [[1, 2], [1, 3], [2, 3]]
    assert near(seated(make_world, zone(HUSH, "silent", 32, 32, 256, 256))) == []


def test_a_stage_is_heard_by_its_audience_one_way_and_who_listens_does_not_hear_each_other_by_it(
    make_world: MakeWorld,
) -> None:
    zones = [zone(STAGE, "stage", 32, 32, 96, 96), zone(AUDIENCE, "audience", 192, 32, 288, 288)]
    world = make_world([(60, 60), (100, 60), (200, 60), (460, 300), (60, 250)], zones=zones)
    assert heard(world) == [[1, 3], [1, 4], [2, 3], [2, 4]]
    assert near(world) == [[1, 2]], "those on the stage hear each other; the audience is too far apart"
    world.step(put((2, 150, 200)))
    assert heard(world) == [[1, 3], [1, 4]]


def test_the_audience_talks_as_on_the_open_floor_and_not_with_the_stage(make_world: MakeWorld) -> None:
    zones = [zone(STAGE, "stage", 32, 32, 96, 96), zone(AUDIENCE, "audience", 128, 32, 288, 288)]
    world = make_world([(120, 60), (136, 60), (150, 60)], zones=zones)
    assert near(world) == [[2, 3]]
    assert heard(world) == [[1, 2], [1, 3]]


def test_in_a_private_hall_the_audience_still_hears_each_other_as_the_hall_does(make_world: MakeWorld) -> None:
    hall = zone(ROOM, "private", 32, 32, 416, 320)
    zones = [hall, zone(STAGE, "stage", 32, 32, 96, 96), zone(AUDIENCE, "audience", 192, 32, 256, 288)]
    world = make_world([(60, 60), (200, 60), (430, 300)], zones=zones)
    assert (near(world), heard(world)) == ([[2, 3]], [[1, 2], [1, 3]])


def test_silence_wins_in_an_audience_and_who_is_on_a_stage_hears_no_other(make_world: MakeWorld) -> None:
    zones = [
        zone(AUDIENCE, "audience", 32, 32, 448, 320),
        zone(STAGE, "stage", 32, 32, 96, 96),
        zone(9, "stage", 192, 32, 96, 96),
        zone(HUSH, "silent", 320, 32, 96, 96),
    ]
    world = make_world([(60, 60), (220, 60), (350, 60), (60, 300)], zones=zones)
    assert heard(world) == [[1, 4], [2, 4]]


# --- bubbles --------------------------------------------------------------------------------------------------------


@pytest.fixture
def whispering(make_world: MakeWorld) -> World:
    """1 and 2 whisper; 3 stands among them."""
    zones = [room(lockable=False), zone(STAGE, "stage", 32, 288, 64, 64), zone(HUSH, "silent", 128, 288, 64, 64)]
    world = make_world([(100, 100), (140, 100), (120, 120)], zones=zones, spawns=[{"x": 64, "y": 64}])
    world.step(Commands(bubbles=[BubbleAction(2, 1)]))
    return world


def test_those_in_a_bubble_hear_only_each_other(whispering: World) -> None:
    assert near(whispering) == [[1, 2]]
    whispering.step(Commands(bubbles=[BubbleAction(3, 2)]))
    assert near(whispering) == [[1, 2], [1, 3], [2, 3]]


def test_who_leaves_a_bubble_is_on_the_floor_again_and_nobody_whispers_alone(whispering: World) -> None:
    events = whispering.step(Commands(bubbles=[BubbleAction(1, 0)]))
    assert events.bubble_changes.tolist() == [1, 2]
    assert near(whispering) == [[1, 2], [1, 3], [2, 3]]


def test_who_goes_too_far_is_out_of_the_bubble(whispering: World) -> None:
    whispering.step(put((2, 240, 100)))
    assert whispering.bubbles.of[1] > 0
    whispering.step(put((2, 240, 250)))
    assert whispering.bubbles.of.max() == 0


@pytest.mark.parametrize("place", [(260, 100), (60, 300), (150, 300)])
def test_no_bubble_reaches_into_a_private_area_onto_a_stage_or_into_silence(
    whispering: World, place: tuple[int, int]
) -> None:
    whispering.step(put((1, place[0] - 20, place[1])))
    whispering.step(put((2, *place)))
    assert whispering.bubbles.of[2] == 0
    events = whispering.step(Commands(bubbles=[BubbleAction(2, 3, 5)]))
    assert [(each.ref, each.code) for each in events.refused] == [(5, "not_allowed")]


def test_a_bubble_inside_a_private_area_is_narrower_than_it(make_world: MakeWorld) -> None:
    world = make_world([(300, 100), (320, 100), (340, 100)], zones=[room()], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(bubbles=[BubbleAction(2, 1)]))
    assert near(world) == [[1, 2]]


def test_a_bubble_is_joined_from_near_by_only_and_holds_eight(make_world: MakeWorld) -> None:
    world = make_world([(100 + 8 * n, 100) for n in range(9)] + [(420, 300)])
    refused = [world.step(Commands(bubbles=[BubbleAction(n, 1, n)])).refused for n in range(2, 11)]
    assert [(each.ref, each.code) for group in refused for each in group] == [(9, "occupied"), (10, "occupied")]
    world.step(Commands(bubbles=[BubbleAction(8, 0)]))
    assert world.step(Commands(bubbles=[BubbleAction(10, 1, 1)])).refused[0].code == "out_of_reach"


# --- ghosts ---------------------------------------------------------------------------------------------------------


def test_a_ghost_is_linked_with_nobody_wherever_they_are(make_world: MakeWorld) -> None:
    zones = [room(), zone(STAGE, "stage", 32, 288, 64, 64), zone(AUDIENCE, "audience", 32, 32, 96, 64)]
    world = make_world([(50, 60), (70, 60)], zones=zones, spawns=[{"x": 64, "y": 64}])
    assert near(world) == [[1, 2]]
    events = world.step(Commands(ghosts=[(1, True)]))
    assert (events.ghost_changes.tolist(), near(world)) == ([1], [])
    world.step(put((1, 300, 100), (2, 320, 100)))
    assert near(world) == []
    world.step(put((1, 60, 300), (2, 60, 60)))
    assert heard(world) == []
    world.step(Commands(ghosts=[(1, False)]))
    assert heard(world) == [[1, 2]]


def test_a_ghost_counts_like_anybody_where_room_is_short(make_world: MakeWorld) -> None:
    world = make_world([(300, 100), (250, 100)], zones=[room(capacity=1)], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(ghosts=[(1, True), (2, True)]))
    walk(world, EAST, 2)
    assert inside(world, ROOM) == [1]


# --- whatever happens -----------------------------------------------------------------------------------------------

_NESTED = [
    zone(1, "private", 128, 32, 160, 160, lockable=True, capacity=3),
    zone(2, "area", 192, 96, 160, 160, capacity=2),
    zone(3, "stage", 352, 32, 96, 96, lockable=True),
    zone(4, "audience", 224, 160, 224, 160),
    zone(5, "silent", 320, 224, 64, 64),
    zone(6, "table", 32, 192, 128, 128),
]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_whatever_is_asked_no_area_holds_too_many_and_nobody_comes_through_a_lock(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sofa = {"id": 1, "kind": "sofa", "x": 64, "y": 224, "facing": "down"}
    room_map = parse_map(map_json(zones=_NESTED, furniture=[sofa], spawns=[{"x": 64, "y": 64}]), CATALOGUE)
    world = World(WorldConfig(capacity=12, proximity_dwell_ms=0), room_map)
    world.step(Commands(joins=[Join(n, int(40 + 30 * n) * 256, 60 * 256) for n in range(1, 10)]))
    zones = world.zones
    for _ in range(120):
        alive = np.flatnonzero(world.alive).tolist()
        pick = [int(each) for each in rng.permutation(alive)]
        before = {number: set(inside(world, number)) for number in range(1, 6)}
        locked = set(world.areas.locked_ids())
        commands = Commands(
            leaves=pick[:1] if len(pick) > 7 and rng.random() < 0.1 else [],
            joins=[Join(n, *(int(c) for c in rng.integers(0, 512 * 256, 2))) for n in range(10, 13) if n not in alive]
            if rng.random() < 0.2
            else [],
            placements=[Place(pick[1], *(int(c) for c in rng.integers(0, 512 * 256, 2)))] if rng.random() < 0.2 else [],
            seats=[SitAction(pick[2], int(rng.integers(1, 3)))],
            locks=[LockAction(pick[3], int(rng.choice([1, 3])), bool(rng.random() < 0.7))],
            bubbles=[BubbleAction(pick[4], int(rng.choice([0, pick[5], pick[3]])))],
            ghosts=[(pick[5], bool(rng.random() < 0.3))],
        )
        turning = np.array([each for each in pick if each not in commands.leaves][:4], np.uint16)
        commands.courses = (turning, rng.integers(0, 48, turning.size).astype(np.uint8))
        events = world.step(commands)
        alive = np.flatnonzero(world.alive)

        assert (world.areas.inside == zones.member[world.areas.place[alive]].sum(axis=0)).all(), "everyone is counted"
        assert (zones.at(world.x[alive], world.y[alive]) == world.areas.place[alive]).all(), "where they stand"
        assert len(inside(world, 1)) <= 3
        assert len(inside(world, 2)) <= 2
        closed = locked - {change.zone for change in events.locks}
        for number in closed:
            assert set(inside(world, number)) <= before[number], "nobody came into a locked area"
        for number in world.areas.locked_ids():
            assert inside(world, number), "nothing stays locked that is empty"
        circles = world.hearing.circle
        for low, high in world.proximity.pairs().tolist():
            assert circles[low] == circles[high]
            assert not world.hearing.deaf[[low, high]].any()
        for speaker, listener in world.hearing.pairs().tolist():
            assert circles[speaker] == 3 != circles[listener]
        members = np.bincount(world.bubbles.of[world.bubbles.of > 0])
        assert not (members == 1).any()
        assert members.max(initial=0) <= 8
