"""What happens in a room, one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.commands import Commands, DoorAction, DoorChange, Join, Place, Refusal, SitAction
from sim.kernel import Kinematics, advance
from sim.raster import Raster
from sim.world import World, WorldConfig

MakeWorld = Callable[..., World]

EAST, SOUTH, WEST, NORTH = 0, 4, 8, 12
WALK, RUN, SIT, AWAY = 0x10, 0x20, 0x30, 0x40

DOOR = {"id": 5, "x": 128, "y": 96, "w": 8, "h": 64, "open": True, "style": "wood", "axis": "v"}
CHAIR = {"id": 1, "kind": "chair", "x": 192, "y": 192, "facing": "left"}
SOFA = {"id": 2, "kind": "sofa", "x": 64, "y": 256, "facing": "down"}


def turn(courses: dict[int, int]) -> Commands:
    return Commands(courses=(np.array(list(courses), np.uint16), np.array(list(courses.values()), np.uint8)))


def wait(world: World, ticks: int) -> None:
    for _ in range(ticks):
        world.step(Commands())


def place_of(world: World, avatar: int) -> tuple[float, float]:
    """In px."""
    return world.x[avatar] / 256, world.y[avatar] / 256


# -- coming and going


def test_a_newcomer_without_a_place_starts_at_a_spawn_and_the_next_one_beside_it(make_world: MakeWorld) -> None:
    world = make_world(spawns=[{"x": 100, "y": 100}])
    world.step(Commands(joins=[Join(1), Join(2)]))
    assert place_of(world, 1) == (100, 100)
    assert place_of(world, 2) in {(132, 100), (100, 132), (68, 100), (100, 68)}


def test_a_newcomer_gets_the_place_it_had_or_the_nearest_free_one(make_world: MakeWorld) -> None:
    world = make_world()
    events = world.step(Commands(joins=[Join(1, 200 * 256, 100 * 256 + 7), Join(2, 5 * 256, 100 * 256)]))
    assert events.joined == [1, 2]
    assert (world.x[1], world.y[1]) == (200 * 256, 100 * 256 + 7)
    assert place_of(world, 2) == (44, 100)


def test_a_newcomer_stands_whatever_course_it_is_given(make_world: MakeWorld) -> None:
    world = make_world()
    world.step(Commands(joins=[Join(1, course=RUN | AWAY | 3)]))
    assert world.course[1] == AWAY | 3


def test_a_join_needs_a_full_row_but_no_crossing(make_world: MakeWorld) -> None:
    world = make_world()
    wait(world, 4)
    world.step(Commands(joins=[Join(3)]))
    ticks = (world.changed_tick[3], world.placed_tick[3], world.entered_tick[3], world.previous_change[3])
    assert ticks == (world.tick, world.tick, world.tick, -1)
    assert world.crossings_since(0).ids.size == 0


def test_whoever_leaves_is_a_crossing_out_of_its_cell_and_its_row_is_empty(make_world: MakeWorld) -> None:
    world = make_world([(300, 300)])
    events = world.step(Commands(leaves=[1]))
    crossings = world.crossings_since(world.tick - 1)
    assert events.left == [1]
    assert [column.tolist() for column in crossings] == [[1], [world.cols + 1], [2], [world.tick]]
    assert not world.alive[1]
    assert (world.x[1], world.course[1], world.visible_to[1], world.cell[1]) == (0, 0, 0, -1)


def test_an_id_that_comes_back_starts_with_a_clean_history(make_world: MakeWorld) -> None:
    world = make_world([(300, 300)])
    world.step(turn({1: WALK}))
    world.step(Commands(leaves=[1]))
    world.step(Commands(joins=[Join(1)]))
    assert (world.previous_change[1], world.changed_tick[1]) == (-1, world.tick)


def test_leaving_ends_proximity_at_once(make_world: MakeWorld) -> None:
    world = make_world([(200, 200), (240, 200)], proximity_dwell_ms=0)
    assert world.proximity.pairs().tolist() == [[1, 2]]
    assert world.step(Commands(leaves=[2])).proximity_left.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "wrong",
    [
        Commands(joins=[Join(1)]),
        Commands(joins=[Join(2), Join(2)]),
        Commands(joins=[Join(0)]),
        Commands(joins=[Join(21)]),
        Commands(leaves=[2]),
        Commands(leaves=[1, 1]),
        Commands(leaves=[0]),
        turn({1: SIT}),
    ],
)
def test_commands_that_cannot_be_are_refused_before_anything_happens(make_world: MakeWorld, wrong: Commands) -> None:
    world = make_world([(200, 200)])
    before = world.state_hash()
    with pytest.raises(ValueError, match=r"each must be|courses have gait"):
        world.step(wrong)
    assert world.state_hash() == before


# -- walking


def test_a_course_moves_in_the_tick_it_is_given(make_world: MakeWorld) -> None:
    world = make_world([(200, 200)])
    world.step(turn({1: WALK | SOUTH}))
    assert (world.x[1], world.y[1]) == (200 * 256, 200 * 256 + 1092)


def test_a_new_course_is_a_change_and_the_same_course_again_is_none(make_world: MakeWorld) -> None:
    world = make_world([(200, 200)])
    joined = world.tick
    wait(world, 2)
    world.step(turn({1: WALK}))
    turned = world.tick
    world.step(turn({1: WALK}))
    assert (world.changed_tick[1], world.previous_change[1]) == (turned, joined)
    world.step(turn({1: 0}))
    assert (world.changed_tick[1], world.previous_change[1]) == (world.tick, turned)
    assert world.placed_tick[1] == joined


def test_several_changes_in_one_tick_count_as_one(make_world: MakeWorld) -> None:
    world = make_world([(200, 200)])
    joined = world.tick
    commands = turn({1: WALK})
    commands.placements = [Place(1, 300 * 256, 200 * 256)]
    commands.visibility = [(1, 3)]
    world.step(commands)
    assert (world.changed_tick[1], world.previous_change[1], world.placed_tick[1]) == (world.tick, joined, world.tick)


def test_a_stop_by_a_wall_is_no_change_because_everyone_foresees_it(make_world: MakeWorld) -> None:
    world = make_world([(60, 200)])
    world.step(turn({1: RUN | WEST}))
    turned = world.tick
    wait(world, 20)
    assert place_of(world, 1) == (32 + 9, 200)
    assert world.changed_tick[1] == turned


def test_courses_for_ids_that_are_not_there_are_ignored(make_world: MakeWorld) -> None:
    world = make_world([(200, 200)])
    world.step(turn({0: WALK, 7: WALK, 60_000: WALK, 1: WALK}))
    assert world.x[1] > 200 * 256
    assert world.course.sum() == WALK


def test_between_commands_the_kernel_alone_predicts_everyone(make_world: MakeWorld) -> None:
    world = make_world([(100, 100), (200, 200), (300, 250)])
    world.step(turn({1: WALK | 3, 2: RUN | 9, 3: WALK | 13}))
    x, y = world.x.copy(), world.y.copy()
    for _ in range(50):
        advance(Raster(world.room_map.solid), Kinematics.for_rate(30), x, y, world.course)
        world.step(Commands())
        assert (x == world.x).all()
        assert (y == world.y).all()


# -- cells


def test_walking_into_another_cell_is_a_crossing_and_the_tick_of_entry_is_kept(make_world: MakeWorld) -> None:
    world = make_world([(254, 200)])
    world.step(turn({1: WALK | EAST}))
    while world.cell[1] == 0:
        world.step(Commands())
    crossed = world.tick
    wait(world, 3)
    assert (world.cell[1], world.entered_tick[1]) == (1, crossed)
    assert [column.tolist() for column in world.crossings_since(0)] == [[1], [0], [0], [crossed]]
    assert world.crossings_since(crossed).ids.size == 0


def test_a_placement_is_a_crossing_even_within_its_cell(make_world: MakeWorld) -> None:
    world = make_world([(100, 100)])
    entered = world.tick
    world.step(Commands(placements=[Place(1, 120 * 256, 100 * 256)]))
    assert [column.tolist() for column in world.crossings_since(entered)] == [[1], [0], [1], [world.tick]]
    assert world.entered_tick[1] == entered
    world.step(Commands(placements=[Place(1, 300 * 256, 100 * 256)]))
    assert [column.tolist() for column in world.crossings_since(entered + 1)] == [[1], [0], [1], [world.tick]]
    assert world.entered_tick[1] == world.tick


def test_placed_and_walked_over_a_border_in_one_tick_is_told_once_from_the_cell_before_both(
    make_world: MakeWorld,
) -> None:
    world = make_world([(400, 300)])
    before = int(world.cell[1])
    commands = turn({1: RUN | EAST})
    commands.placements = [Place(1, 255 * 256, 100 * 256)]
    world.step(commands)
    assert world.cell[1] == 1
    assert [column.tolist() for column in world.crossings_since(world.tick - 1)] == [[1], [before], [1], [world.tick]]


def test_a_change_of_visibility_needs_a_full_row_and_is_a_crossing(make_world: MakeWorld) -> None:
    world = make_world([(100, 100)])
    wait(world, 1)
    world.step(Commands(visibility=[(1, 2)]))
    assert (world.visible_to[1], world.placed_tick[1], world.changed_tick[1]) == (2, world.tick, world.tick)
    assert world.crossings_since(world.tick - 1).kind.tolist() == [1]
    world.step(Commands(visibility=[(1, 2)]))
    assert world.placed_tick[1] == world.tick - 1


def test_crossings_are_known_for_64_ticks(make_world: MakeWorld) -> None:
    world = make_world([(100, 100)])
    world.step(Commands(placements=[Place(1, 300 * 256, 100 * 256)]))
    wait(world, 63)
    assert world.crossings_since(world.tick - 64).ids.tolist() == [1]
    with pytest.raises(ValueError, match="more than 64 ticks"):
        world.crossings_since(world.tick - 65)


def test_the_cell_grid_covers_the_map_and_the_radius_is_rounded_up(make_world: MakeWorld) -> None:
    world = make_world(cell_px=200, interest_radius_px=401)
    assert (world.cols, world.rows, world.interest_radius) == (3, 2, 3)


# -- doors


def test_a_door_is_worked_from_nearby_and_everyone_hears_of_it(make_world: MakeWorld) -> None:
    world = make_world([(100, 128)], doors=[DOOR])
    events = world.step(Commands(doors=[DoorAction(1, 5, ref=9)]))
    assert events.doors == [DoorChange(5, False, 1)]
    assert (world.doors_open, world.world_revision) == ({5: False}, 1)


def test_a_shut_door_stops_whoever_walks_from_the_tick_it_shuts(make_world: MakeWorld) -> None:
    world = make_world([(128 - 9, 128)], doors=[DOOR])
    commands = turn({1: WALK | EAST})
    commands.doors = [DoorAction(1, 5)]
    world.step(commands)
    assert place_of(world, 1) == (128 - 9, 128)
    world.step(Commands(doors=[DoorAction(1, 5)]))
    assert world.x[1] == (128 - 9) * 256 + 1092


@pytest.mark.parametrize(("x", "shuts"), [(119, True), (120, False), (144, False), (145, True)])
def test_a_door_shuts_only_if_nobody_stands_in_it(make_world: MakeWorld, x: int, shuts: bool) -> None:
    world = make_world([(100, 128), (x, 128)], doors=[DOOR])
    events = world.step(Commands(doors=[DoorAction(1, 5, ref=4)]))
    assert world.doors_open[5] is not shuts
    assert events.refused == ([] if shuts else [Refusal(1, 4, "occupied")])


@pytest.mark.parametrize(("x", "y", "reached"), [(64, 128, True), (63, 128, False), (80, 50, False), (90, 60, True)])
def test_reach_is_measured_to_the_nearest_point_of_the_door(
    make_world: MakeWorld, x: int, y: int, reached: bool
) -> None:
    world = make_world([(x, y)], doors=[DOOR])
    events = world.step(Commands(doors=[DoorAction(1, 5, ref=4)]))
    assert events.refused == ([] if reached else [Refusal(1, 4, "out_of_reach")])


def test_a_door_that_is_not_there_is_an_unknown_target(make_world: MakeWorld) -> None:
    events = make_world([(100, 128)]).step(Commands(doors=[DoorAction(1, 5, ref=4)]))
    assert events.refused == [Refusal(1, 4, "unknown_target")]


def test_the_room_itself_works_doors_from_anywhere(make_world: MakeWorld) -> None:
    world = make_world(doors=[DOOR])
    assert world.step(Commands(doors=[DoorAction(0, 5)])).doors == [DoorChange(5, False, 0)]


def test_a_saved_room_opens_with_its_doors_as_they_were(make_world: MakeWorld) -> None:
    room_map = make_world(doors=[DOOR]).room_map
    world = World(WorldConfig(), room_map, {5: False, 99: True})
    assert world.doors_open == {5: False}
    assert world.raster.solid[12:20, 16].all()


# -- seats


def test_sitting_down_puts_the_avatar_on_the_seat_facing_its_way(make_world: MakeWorld) -> None:
    world = make_world([(180, 200)], furniture=[CHAIR])
    wait(world, 1)
    assert world.step(Commands(seats=[SitAction(1, 1)])).refused == []
    assert (place_of(world, 1), world.course[1]) == ((208, 212), SIT | WEST)
    assert world.placed_tick[1] == world.changed_tick[1] == world.tick
    assert world.crossings_since(world.tick - 1).kind.tolist() == [1]


def test_a_seat_takes_one_at_a_time_within_reach(make_world: MakeWorld) -> None:
    world = make_world([(180, 200), (230, 200), (400, 200)], furniture=[CHAIR])
    events = world.step(
        Commands(seats=[SitAction(1, 1, 6), SitAction(2, 1, 7), SitAction(3, 1, 8), SitAction(2, 2, 9)])
    )
    assert events.refused == [Refusal(2, 7, "occupied"), Refusal(3, 8, "out_of_reach"), Refusal(2, 9, "unknown_target")]


def test_nobody_sits_down_through_a_wall_or_a_shut_door(make_world: MakeWorld) -> None:
    """A chair at (208, 212) behind a wall from top to bottom, with a shut door beside it."""
    walls = ["#" * 16, *["#.....#" + "." * 8 + "#"] * 10, "#" * 16]
    walls[7] = "#" + "." * 14 + "#"
    chair = {**CHAIR, "x": 224}
    door = {"id": 5, "x": 192, "y": 224, "w": 32, "h": 32, "open": False, "style": "wood", "axis": "v"}
    world = make_world([(180, 200), (182, 240)], walls=walls, furniture=[chair], doors=[door])
    events = world.step(Commands(seats=[SitAction(1, 1, 1), SitAction(2, 1, 2)]))
    assert events.refused == [Refusal(1, 1, "out_of_reach"), Refusal(2, 2, "out_of_reach")]
    world.step(Commands(doors=[DoorAction(0, 5)]))
    assert world.step(Commands(seats=[SitAction(1, 1, 3)])).refused == [Refusal(1, 3, "out_of_reach")]
    world.step(Commands(placements=[Place(2, 200 * 256, 240 * 256)]))
    assert world.step(Commands(seats=[SitAction(2, 1, 4)])).refused == []


def test_a_walk_gets_up_and_frees_the_seat_but_standing_still_stays_seated(make_world: MakeWorld) -> None:
    world = make_world([(180, 200), (230, 200)], furniture=[CHAIR])
    world.step(Commands(seats=[SitAction(1, 1)]))
    world.step(turn({1: 0}))
    assert world.course[1] == SIT | WEST
    world.step(turn({1: WALK | EAST}))
    assert world.x[1] == 208 * 256 + 1092
    assert world.step(Commands(seats=[SitAction(2, 1)])).refused == []


def test_whoever_gets_up_from_solid_furniture_stands_beside_it(make_world: MakeWorld) -> None:
    world = make_world([(70, 300)], furniture=[SOFA])
    world.step(Commands(seats=[SitAction(1, 1)]))
    assert place_of(world, 1) == (80, 272)
    world.step(turn({1: WALK | NORTH}))
    assert world.raster.box_is_free(world.x[1:2], world.y[1:2], world.kinematics)[0]
    assert world.placed_tick[1] == world.tick


@pytest.mark.parametrize(
    "commands", [Commands(leaves=[1]), Commands(placements=[Place(1, 300 * 256, 100 * 256)]), turn({1: RUN})]
)
def test_a_seat_is_free_again_once_its_sitter_is_elsewhere(make_world: MakeWorld, commands: Commands) -> None:
    world = make_world([(180, 200), (230, 200)], furniture=[CHAIR])
    world.step(Commands(seats=[SitAction(1, 1)]))
    world.step(commands)
    assert world.course[1] & SIT != SIT
    assert world.step(Commands(seats=[SitAction(2, 1)])).refused == []


# -- away


def test_whoever_loses_the_connection_stops_and_is_marked_away(make_world: MakeWorld) -> None:
    world = make_world([(200, 200)])
    world.step(turn({1: WALK | SOUTH}))
    world.step(Commands(away=[(1, True)]))
    assert world.course[1] == AWAY | SOUTH
    assert world.changed_tick[1] == world.tick
    world.step(turn({1: WALK}))
    assert world.course[1] == AWAY | WALK
    world.step(Commands(away=[(1, False), (9, True)]))
    assert world.course[1] == WALK


def test_away_is_no_change_for_whoever_is_away_already_and_keeps_sitters_seated(make_world: MakeWorld) -> None:
    world = make_world([(180, 200)], furniture=[CHAIR])
    world.step(Commands(seats=[SitAction(1, 1)], away=[(1, True)]))
    changed = world.tick
    world.step(Commands(away=[(1, True)]))
    assert (world.course[1], world.changed_tick[1]) == (AWAY | SIT | WEST, changed)


# -- zones and proximity


def zone(kind: str, x: int, w: int) -> dict[str, Any]:
    return {"id": 4, "kind": kind, "name": kind, "x": x, "y": 32, "w": w, "h": 320, "capacity": None}


def test_entering_and_leaving_a_zone_is_told_with_both_zones(make_world: MakeWorld) -> None:
    world = make_world([(254, 200)], zones=[zone("private", 256, 64)])
    events = world.step(turn({1: RUN | EAST}))
    assert [column.tolist() for column in events.zone_changes] == [[1], [0], [4]]
    assert world.zone[1] == 4
    events = world.step(turn({1: RUN | WEST}))
    assert [column.tolist() for column in events.zone_changes] == [[1], [4], [0]]


def test_a_private_zone_links_all_inside_and_nobody_outside(make_world: MakeWorld) -> None:
    world = make_world([(270, 60), (470, 340), (250, 60)], zones=[zone("private", 256, 224)], proximity_dwell_ms=0)
    assert world.proximity.pairs().tolist() == [[1, 2]]


def test_nobody_is_linked_in_a_silent_zone(make_world: MakeWorld) -> None:
    world = make_world([(270, 60), (280, 60), (250, 60)], zones=[zone("silent", 256, 224)], proximity_dwell_ms=0)
    assert world.proximity.pairs().tolist() == []


def test_the_dwell_time_is_rounded_up_to_the_next_measurement(make_world: MakeWorld) -> None:
    """201 ms are 7 ticks of 30 a second; distances are measured in every third."""
    world = make_world([(200, 200), (240, 200)], tick_rate=30, proximity_dwell_ms=201)
    told = [world.step(Commands()).proximity_joined.tolist() for _ in range(8)]
    assert told == [*[[]] * 7, [[1, 2]]]


# -- checks


def test_checksum_terms_are_those_of_the_standard(make_world: MakeWorld) -> None:
    world = make_world([(200, 200), (300, 333)])
    world.step(turn({2: RUN | 9}))
    for avatar in (1, 2):
        x, y, course = int(world.x[avatar]), int(world.y[avatar]), int(world.course[avatar])
        h = (avatar * 0x9E3779B1 + x * 0x85EBCA6B + y * 0xC2B2AE35 + course * 0x27D4EB2F) % 2**32
        assert world.checksum_terms(np.array([avatar]))[0] == (h ^ (h >> 15)) * 0x2C1B3C6D % 2**32


@pytest.mark.parametrize(
    "wrong",
    [{"tick_rate": 9}, {"tick_rate": 61}, {"capacity": 0}, {"capacity": 65_536}, {"cell_px": 0}, {"walk_px_s": 0}],
)
def test_a_configuration_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        WorldConfig(**wrong)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_equal_worlds_with_equal_commands_stay_equal_and_their_books_are_right(
    busy_room: Callable[[], World], random_commands: Callable[..., Commands], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    one, two = busy_room(), busy_room()
    for _ in range(60):
        before = {name: getattr(one, name).copy() for name in ("alive", "x", "y", "course", "cell")}
        commands = random_commands(rng, one)
        one.step(commands)
        two.step(commands)
        alive = one.alive
        rows = np.flatnonzero(alive)
        assert (one.cell_at(one.x, one.y)[alive] == one.cell[alive]).all()
        standing = rows[one.seat[rows] == 0]
        assert one.raster.box_is_free(one.x[standing], one.y[standing], one.kinematics).all()
        stayed = alive & before["alive"]
        assert (one.changed_tick[stayed & (one.course != before["course"])] == one.tick).all()
        other_cell = set(np.flatnonzero(stayed & (one.cell != before["cell"])).tolist())
        crossings = one.crossings_since(one.tick - 1)
        told = dict(zip(crossings.ids.tolist(), crossings.from_cell.tolist(), strict=True))
        assert len(told) == crossings.ids.size
        assert other_cell <= told.keys()
        assert all(before["cell"][avatar] == cell for avatar, cell in told.items())
        assert (one.entered_tick[sorted(other_cell)] == one.tick).all()
    assert one.state_hash() == two.state_hash()


def test_the_hash_of_the_state_notices_every_change(make_world: MakeWorld) -> None:
    hashes = {make_world([(200, 200)], doors=[DOOR]).state_hash()}
    for change in (turn({1: 1}), Commands(visibility=[(1, 1)]), Commands(doors=[DoorAction(0, 5)]), Commands()):
        world = make_world([(200, 200)], doors=[DOOR])
        world.step(change)
        hashes.add(world.state_hash())
    assert len(hashes) == 5
