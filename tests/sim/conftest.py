"""Small rooms to run the simulation in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.commands import Admission, BubbleAction, Commands, DoorAction, Join, LockAction, Place, SitAction
from sim.maps import RoomMap, parse_map
from sim.world import World, WorldConfig

CATALOGUE: dict[str, Any] = {
    "chair": {"size": [32, 32], "solid": [], "seats": [[16, 20, "left"]]},
    "sofa": {"size": [64, 32], "solid": [[0, 0, 64, 32]], "seats": [[16, 16, "down"], [48, 16, "down"]]},
    "desk": {"size": [64, 32], "solid": [[0, 8, 64, 24]], "seats": []},
}


def map_json(width: int = 16, height: int = 12, **changes: Any) -> dict[str, Any]:
    """An empty hall with walls all round, 32 px tiles, and what the test adds."""
    inner = "#" + "." * (width - 2) + "#"
    return {
        "format": "hallway.map/1",
        "name": "hall",
        "description": "",
        "width": width,
        "height": height,
        "floor": {"palette": ["wood"], "rows": ["a" * width] * height},
        "walls": ["#" * width, *[inner] * (height - 2), "#" * width],
        "furniture": [],
        "doors": [],
        "zones": [],
        "spawns": [{"x": width * 16, "y": height * 16}],
        **changes,
    }


@pytest.fixture
def make_map() -> Callable[..., RoomMap]:
    def make(**changes: Any) -> RoomMap:
        return parse_map(map_json(**changes), CATALOGUE)

    return make


@pytest.fixture
def make_world(make_map: Callable[..., RoomMap]) -> Callable[..., World]:
    """A world of `people` = [(x, y) in px, ...] with ids 1, 2, ...; further arguments change map or configuration."""

    def make(people: list[tuple[int, int]] | None = None, **changes: Any) -> World:
        names = WorldConfig.__dataclass_fields__
        config = {name: changes.pop(name) for name in list(changes) if name in names}
        world = World(WorldConfig(**{"capacity": 20, **config}), make_map(**changes))
        joins = [Join(number, x * 256, y * 256) for number, (x, y) in enumerate(people or [], 1)]
        world.step(Commands(joins=joins))
        return world

    return make


@pytest.fixture(scope="session")
def busy_room() -> Callable[..., World]:
    """Makes equal rooms with walls, a door, seats, zones and small cells, empty."""

    def make(**config: Any) -> World:
        data = map_json(
            walls=["#" * 16, *["#......w.......#"] * 4, "#" + "." * 14 + "#", *["#......#.......#"] * 5, "#" * 16],
            furniture=[
                {"id": 1, "kind": "chair", "x": 288, "y": 192, "facing": "left"},
                {"id": 2, "kind": "sofa", "x": 64, "y": 96, "facing": "down"},
                {"id": 3, "kind": "desk", "x": 352, "y": 96, "facing": "down"},
            ],
            doors=[{"id": 5, "x": 232, "y": 160, "w": 8, "h": 32, "open": True, "style": "wood", "axis": "v"}],
            zones=[
                {"id": 1, "kind": "private", "name": "den", "x": 32, "y": 32, "w": 128, "h": 128, "capacity": 4}
                | {"lockable": True},
                {"id": 2, "kind": "silent", "name": "hush", "x": 320, "y": 224, "w": 96, "h": 96, "capacity": None},
                {"id": 3, "kind": "stage", "name": "dais", "x": 160, "y": 288, "w": 96, "h": 64, "capacity": 2},
                {"id": 4, "kind": "table", "name": "nook", "x": 256, "y": 160, "w": 96, "h": 96, "capacity": None},
            ],
            spawns=[{"x": 120, "y": 250}],
        )
        values = {"capacity": 20, "cell_px": 128, "proximity_dwell_ms": 100, **config}
        return World(WorldConfig(**values), parse_map(data, CATALOGUE))

    return make


@pytest.fixture(scope="session")
def random_commands() -> Callable[[np.random.Generator, World], Commands]:
    """A busy tick: everything that can be asked for, much of it refused."""

    def make(rng: np.random.Generator, world: World) -> Commands:
        alive = np.flatnonzero(world.alive).tolist()
        free = sorted(set(range(1, world.config.capacity + 1)) - set(alive))
        pick = [int(avatar) for avatar in rng.permutation(alive)]
        spot = [(int(a), int(b)) for a, b in rng.integers(0, 512 * 256, (4, 2))]
        commands = Commands(
            joins=[Join(avatar, *spot[0]) for avatar in free[:1] if rng.random() < 0.3],
            leaves=pick[:1] if rng.random() < 0.05 else [],
            placements=[Place(avatar, *spot[1]) for avatar in pick[1:2] if rng.random() < 0.1],
            seats=[SitAction(avatar, int(rng.integers(1, 5)), 1) for avatar in pick[2:3]],
            doors=[DoorAction(avatar, 5, 2) for avatar in pick[3:4]],
            away=[(avatar, bool(rng.integers(0, 2))) for avatar in pick[4:5] if rng.random() < 0.2],
            visibility=[(avatar, int(rng.integers(0, 256))) for avatar in pick[5:6] if rng.random() < 0.1],
            ranks=[(avatar, int(rng.integers(0, 4))) for avatar in pick[6:7] if rng.random() < 0.3],
            areas={int(rng.integers(1, 3)): int(rng.integers(0, 4))} if rng.random() < 0.05 else None,
            locks=[LockAction(avatar, 1, bool(rng.integers(0, 2)), 3) for avatar in pick[3:4]],
            admissions=[Admission(a, 1, b, world.tick + 20) for a, b in pairwise(pick[3:5])],
            bubbles=[BubbleAction(a, b if rng.random() < 0.7 else 0, 4) for a, b in pairwise(pick[5:7])],
            ghosts=[(avatar, bool(rng.integers(0, 2))) for avatar in pick[2:3] if rng.random() < 0.2],
            capacities={3: int(rng.integers(0, 4))} if rng.random() < 0.05 else None,
            lockable={1: bool(rng.integers(0, 2))} if rng.random() < 0.05 else None,
            radii=(int(rng.integers(48, 144)), 160) if rng.random() < 0.05 else None,
        )
        turns = np.array(rng.permutation(pick)[:3], np.uint16)
        commands.courses = (turns, rng.integers(0, 48, turns.size).astype(np.uint8))
        return commands

    return make
