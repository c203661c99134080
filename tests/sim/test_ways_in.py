"""Every way into an area against every rule that keeps somebody out of it; without a rule, each of them leads in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.commands import (
    Admission,
    BubbleAction,
    Commands,
    DoorAction,
    Join,
    LockAction,
    Place,
    SitAction,
)
from sim.world import World

MakeWorld = Callable[..., World]
ROOM, DOOR, SEAT = 3, 1, 1
HOLDER, CROOK, OTHER = 1, 2, 3
WEST_WALK, EAST_WALK, EAST_RUN, NORTH_EAST_RUN = 0x18, 0x10, 0x20, 0x2E
BEFORE, WITHIN = (224, 176), (300, 176)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A room behind a wall with an open door; its owner is inside, two others stand before it; a chair just inside."""
    walls = ["#" * 16, *["#......#.......#"] * 10, "#" * 16]
    walls[5] = "#..............#"
    zones = [
        {"id": ROOM, "kind": "private", "name": "room", "x": 248, "y": 32, "w": 232, "h": 320}
        | {"capacity": None, "lockable": True}
    ]
    doors = [{"id": DOOR, "x": 240, "y": 160, "w": 8, "h": 32, "open": True, "style": "wood", "axis": "v"}]
    chair = {"id": SEAT, "kind": "chair", "x": 256, "y": 152, "facing": "left"}
    made = make_world(
        [WITHIN, BEFORE, (200, 176)],
        walls=walls,
        zones=zones,
        doors=doors,
        furniture=[chair],
        spawns=[{"x": 64, "y": 64}],
        bubble_px=96,
    )
    assert inside(made) == [HOLDER]
    return made


def inside(world: World) -> list[int]:
    return [avatar for avatar in np.flatnonzero(world.alive).tolist() if world.areas.is_inside(avatar, ROOM)]


def go(world: World, course: int, *avatars: int, ticks: int = 60) -> None:
    ids = np.array(avatars, np.uint16)
    world.step(Commands(courses=(ids, np.full(len(avatars), course, np.uint8))))
    for _ in range(ticks - 1):
        world.step(Commands())


# --- the rules ------------------------------------------------------------------------------------------------------


def locked(world: World) -> None:
    world.step(Commands(locks=[LockAction(HOLDER, ROOM, True)]))
    assert world.areas.locked_ids() == [ROOM]


def full(world: World) -> None:
    world.step(Commands(capacities={ROOM: 1}))


def restricted(world: World) -> None:
    world.step(Commands(areas={ROOM: 1}, ranks=[(HOLDER, 1)]))


# --- the ways -------------------------------------------------------------------------------------------------------


def walks(world: World) -> None:
    go(world, EAST_WALK, CROOK)


def runs(world: World) -> None:
    go(world, EAST_RUN, CROOK)


def tries_again_and_again(world: World) -> None:
    for _ in range(30):
        go(world, EAST_RUN, CROOK, ticks=2)
        go(world, WEST_WALK, CROOK, ticks=1)
    go(world, EAST_RUN, CROOK)


def comes_round_the_corner(world: World) -> None:
    world.step(Commands(placements=[Place(CROOK, 235 * 256, 188 * 256)]))
    go(world, NORTH_EAST_RUN, CROOK)


def opens_the_door_first(world: World) -> None:
    world.step(Commands(doors=[DoorAction(HOLDER, DOOR)]))
    go(world, EAST_WALK, CROOK, ticks=5)
    assert world.step(Commands(doors=[DoorAction(CROOK, DOOR)])).refused == []
    go(world, EAST_WALK, CROOK)


def stands_in_the_door_when_it_shuts(world: World) -> None:
    world.step(Commands(placements=[Place(CROOK, 241 * 256, 176 * 256)]))
    world.step(Commands(doors=[DoorAction(HOLDER, DOOR)]))
    go(world, EAST_WALK, CROOK)


def is_put_there(world: World) -> None:
    world.step(Commands(placements=[Place(CROOK, 300 * 256, 250 * 256)]))


def arrives_by_a_portal(world: World) -> None:
    world.step(Commands(leaves=[CROOK]))
    world.step(Commands(joins=[Join(CROOK, 300 * 256, 250 * 256)]))


def comes_back_to_where_they_were(world: World) -> None:
    world.step(Commands(leaves=[CROOK], joins=[Join(9, 400 * 256, 100 * 256, 0x10)]))
    go(world, EAST_WALK, 9, ticks=3)


def sits_down_inside(world: World) -> None:
    world.step(Commands(seats=[SitAction(CROOK, SEAT)]))


def is_a_ghost(world: World) -> None:
    world.step(Commands(ghosts=[(CROOK, True)]))
    walks(world)


def is_away_for_a_moment(world: World) -> None:
    world.step(Commands(away=[(CROOK, True)]))
    world.step(Commands(away=[(CROOK, False)], courses=(np.array([CROOK], np.uint16), np.array([0x10], np.uint8))))
    go(world, EAST_WALK, CROOK)


def whispers_with_somebody_inside(world: World) -> None:
    world.step(Commands(bubbles=[BubbleAction(CROOK, HOLDER)]))
    walks(world)


def comes_in_a_crowd(world: World) -> None:
    go(world, EAST_WALK, CROOK, OTHER)


def follows_somebody_who_may(world: World) -> None:
    world.step(Commands(ranks=[(OTHER, 2)]))
    go(world, EAST_WALK, OTHER, ticks=20)
    world.step(Commands(ranks=[(OTHER, 0)], leaves=[OTHER]))
    walks(world)


def has_the_number_of_somebody_who_might(world: World) -> None:
    world.step(Commands(ranks=[(CROOK, 3)]))
    world.step(Commands(leaves=[CROOK]))
    world.step(Commands(joins=[Join(CROOK, BEFORE[0] * 256, BEFORE[1] * 256)]))
    walks(world)


def unlocks_it_from_outside(world: World) -> None:
    world.step(Commands(locks=[LockAction(CROOK, ROOM, False)]))
    walks(world)


def lets_themself_in(world: World) -> None:
    tick = world.tick + 1000
    world.step(Commands(admissions=[Admission(CROOK, ROOM, CROOK, tick), Admission(OTHER, ROOM, CROOK, tick)]))
    walks(world)


WAYS = [
    walks,
    runs,
    tries_again_and_again,
    comes_round_the_corner,
    opens_the_door_first,
    stands_in_the_door_when_it_shuts,
    is_put_there,
    arrives_by_a_portal,
    comes_back_to_where_they_were,
    sits_down_inside,
    is_a_ghost,
    is_away_for_a_moment,
    whispers_with_somebody_inside,
    comes_in_a_crowd,
    follows_somebody_who_may,
    has_the_number_of_somebody_who_might,
    unlocks_it_from_outside,
    lets_themself_in,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("rule", [locked, full, restricted], ids=lambda rule: rule.__name__)
def test_no_way_leads_in_against_a_rule(
    world: World, rule: Callable[[World], None], way: Callable[[World], Any]
) -> None:
    rule(world)
    way(world)
    strangers = [avatar for avatar in inside(world) if avatar != HOLDER and world.areas.rank[avatar] < 2]
    assert strangers == []
    assert HOLDER in inside(world)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_without_a_rule_each_way_leads_in(world: World, way: Callable[[World], Any]) -> None:
    way(world)
    assert len(inside(world)) > 1, "a way that never leads in shows nothing"
