"""Areas for some only: nobody without the rank ever stands in one, however they come."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.commands import Commands, Join, Place, SitAction
from sim.world import World

MakeWorld = Callable[..., World]
WALK_EAST = 0x10
ZONE = 3
STAFF = {"id": ZONE, "kind": "private", "name": "staff", "x": 256, "y": 32, "w": 160, "h": 320, "capacity": None}
CHAIR = {"id": 1, "kind": "chair", "x": 264, "y": 104, "facing": "left"}
BORDER = 256 * 256


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A hall whose right half is a zone; 1 and 2 stand left of it, 2 has rank 2."""
    world = make_world([(200, 200), (200, 240)], zones=[STAFF], furniture=[CHAIR], spawns=[{"x": 64, "y": 64}])
    world.step(Commands(ranks=[(2, 2)], areas={ZONE: 2}))
    return world


def course(*avatars: int, value: int = WALK_EAST) -> Commands:
    return Commands(courses=(np.array(avatars, np.uint16), np.full(len(avatars), value, np.uint8)))


def walk(world: World, ticks: int) -> None:
    for _ in range(ticks):
        world.step(Commands())


def test_the_border_stops_those_without_the_rank_and_lets_the_others_in(world: World) -> None:
    world.step(course(1, 2))
    walk(world, 40)
    assert world.x[1] < BORDER < world.x[2]
    assert (world.zone[1], world.zone[2]) == (0, ZONE)
    assert world.course[1] & 0x30 == 0, "who is stopped stands"
    assert world.changed_tick[1] == world.placed_tick[1], "what the kernel could not foresee is told as a whole row"


def test_trying_again_gets_nobody_further(world: World) -> None:
    for value in (0x10, 0x20, 0x1F, 0x21, 0x20):
        world.step(course(1, value=value))
        walk(world, 30)
        assert world.zone[1] == 0


def test_a_seat_inside_is_not_allowed(world: World) -> None:
    world.step(Commands(placements=[Place(1, 240 * 256, 120 * 256), Place(2, 240 * 256, 120 * 256)]))
    events = world.step(Commands(seats=[SitAction(1, 1, 9), SitAction(2, 1, 8)]))
    assert [(refusal.avatar, refusal.ref, refusal.code) for refusal in events.refused] == [(1, 9, "not_allowed")]
    assert (world.seat[1], world.seat[2]) == (0, 1)


def test_who_comes_back_to_a_place_inside_starts_at_a_spawn(world: World) -> None:
    world.step(Commands(joins=[Join(3, 300 * 256, 200 * 256)]))
    assert (world.zone[3], bool(world.x[3] < BORDER)) == (0, True)
    world.step(Commands(joins=[Join(4, 300 * 256, 200 * 256)], ranks=[(4, 2)]))
    assert world.zone[4] == ZONE


def test_losing_the_rank_puts_one_outside_at_once(world: World) -> None:
    world.step(Commands(placements=[Place(2, 320 * 256, 200 * 256)]))
    assert world.zone[2] == ZONE
    world.step(Commands(ranks=[(2, 1)]))
    assert world.zone[2] == 0


def test_closing_an_area_puts_those_outside_who_may_not_be_there_even_from_their_seats(world: World) -> None:
    world.step(Commands(areas={}))
    world.step(Commands(placements=[Place(1, 270 * 256, 120 * 256)]))
    world.step(Commands(seats=[SitAction(1, 1, 1)]))
    assert (world.seat[1], world.zone[1]) == (1, ZONE)
    world.step(Commands(areas={ZONE: 1}))
    assert (world.seat[1], world.zone[1]) == (0, 0)


def test_an_id_that_is_used_again_has_no_rank_left(world: World) -> None:
    world.step(Commands(leaves=[2]))
    world.step(Commands(joins=[Join(2, 300 * 256, 200 * 256)]))
    assert world.zone[2] == 0


def test_a_zone_that_the_map_does_not_have_closes_nothing(world: World) -> None:
    world.step(Commands(areas={77: 5}))
    world.step(course(1))
    walk(world, 40)
    assert world.zone[1] == ZONE


def test_new_radii_are_measured_by_from_then_on(make_world: MakeWorld) -> None:
    world = make_world([(100, 100), (220, 100)], proximity_dwell_ms=0)
    assert world.proximity.pairs().tolist() == [[1, 2]]
    world.step(Commands(radii=(48, 64)))
    assert world.proximity.pairs().tolist() == []
    world.step(Commands(radii=(144, 192)))
    world.step(Commands())
    assert world.proximity.pairs().tolist() == [[1, 2]]
