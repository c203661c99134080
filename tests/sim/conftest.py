"""Small rooms to run the simulation in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.commands import Commands, Join
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


def px(*values: int) -> tuple[int, ...]:
    """Pixels as 1/256 px."""
    return tuple(value * 256 for value in values)


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
