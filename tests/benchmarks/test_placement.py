"""The simulation of many machines: nobody is lost in it, it repeats itself, and the page shows what it prints."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.placement import Costs, Region, World, capacity, fail, failures, filled, main, report, room_sizes
from server.cluster.redis_ownership import LEASE_S

ROOT = Path(__file__).parents[2]
SMALL = World(people=6000, regions=(("Here", 0.6), ("There", 0.4)), festivals=(300,), cores=4)
COSTS = Costs()


def inside(region: Region) -> list[int]:
    return sorted(room for rooms in region.rooms for room in rooms)


@pytest.fixture
def region() -> Region:
    return filled("Here", 3000, SMALL, COSTS)


def test_rooms_hold_exactly_the_people_and_are_not_over_large(seed: int) -> None:
    sizes = room_sizes(5000, SMALL, random.Random(seed))
    assert sum(sizes) == 5000
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 1
    assert sizes[1] <= 400


def test_every_room_is_in_one_process_whose_use_is_the_sum_of_its_rooms(region: Region) -> None:
    assert inside(region) == list(range(len(region.sizes)))
    for used, rooms, connections in zip(region.used, region.rooms, region.connections, strict=True):
        assert used == pytest.approx(sum(COSTS.of_room(region.sizes[room]) for room in rooms))
        assert connections == sum(region.sizes[room] for room in rooms)


def test_small_rooms_are_spread_evenly() -> None:
    world = World(festivals=(), spread=0.3)
    even = filled("Here", 5000, world, COSTS)
    average = sum(even.used) / len(even.used)
    assert max(even.used) < 1.25 * average


@pytest.mark.parametrize("drained", [False, True])
def test_the_rooms_of_a_machine_that_goes_are_open_elsewhere_and_only_there(region: Region, drained: bool) -> None:
    dead = set(region.machines[0].processes)
    lost = {room for index in dead for room in region.rooms[index]}
    found = fail(region, "a machine", dead, SMALL, drained=drained)
    assert found.rooms == len(lost)
    assert found.people == sum(region.sizes[room] for room in lost)
    assert inside(region) == list(range(len(region.sizes)))
    assert not any(region.rooms[index] for index in dead)
    assert 0 < found.half_open_s <= found.all_open_s
    assert drained or found.all_open_s > LEASE_S - 1, "a lease has to run out first"


def test_without_machines_nobody_finds_a_place(region: Region) -> None:
    with pytest.raises(ValueError, match="no process is left"):
        fail(region, "all", set(range(len(region.used))), SMALL)


def test_the_more_is_free_the_fewer_people_a_process_holds() -> None:
    half, quarter = (capacity(World(full=full), COSTS, 10) for full in (0.5, 0.25))
    assert 0 <= half - 2 * quarter <= 20, "whole rooms only"
    assert COSTS.of_room(10) < COSTS.of_room(100) < COSTS.of_room(2000)


def test_the_same_seed_gives_the_same_tables_and_another_one_others() -> None:
    assert report(SMALL, COSTS) == report(SMALL, COSTS)
    other = World(people=6000, regions=SMALL.regions, festivals=(300,), cores=4, seed=2)
    assert report(SMALL, COSTS) != report(other, COSTS)
    assert len(list(failures(filled("Here", 2000, SMALL, COSTS), SMALL, COSTS))) == 4


def test_the_page_shows_what_the_program_prints() -> None:
    import typer

    app = typer.Typer()
    app.command()(main)
    printed = CliRunner().invoke(app, [])
    assert printed.exit_code == 0
    page = (ROOT / "docs/scaling.md").read_text()
    for table in printed.stdout.strip().split("\n\n"):
        assert table in page, "docs/scaling.md shows other tables than `python -m benchmarks.placement` prints"
