"""Rooms for measuring, as map files: a wide office with walls here and there, and a hall in which everybody sees
everybody."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any, Final

TILE_PX: Final = 32
OFFICE_TILES: Final = 100
OFFICE_WALLS: Final = 0.08
"""Share of the tiles that are walls."""
CROWD_TILES: Final = 20
_SPAWN_EVERY: Final = 4


def office_map(seed: int = 1) -> dict[str, Any]:
    """100 x 100 tiles, 8 % of them walls in runs of one to four; spawns are spread over the whole floor."""
    random = Random(seed)  # noqa: S311 - a map needs to be repeatable, not secret
    size = OFFICE_TILES
    walls = _framed(size)
    wanted = int(size * size * OFFICE_WALLS)
    while sum(row.count("#") for row in walls) < wanted:
        x, y = random.randrange(2, size - 2), random.randrange(2, size - 2)
        across = random.random() < 0.5
        for step in range(random.randint(1, 4)):
            column, line = (min(x + step, size - 3), y) if across else (x, min(y + step, size - 3))
            walls[line][column] = "#"
    return _map("Benchmark office", walls)


def crowd_map() -> dict[str, Any]:
    """20 x 20 tiles and nothing in them."""
    return _map("Benchmark crowd", _framed(CROWD_TILES + 2))


def write_maps(folder: Path) -> None:
    """`benchmark-office.json` and `benchmark-crowd.json`, for the setting `templates_dir`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (("office", office_map()), ("crowd", crowd_map())):
        (folder / f"benchmark-{name}.json").write_text(json.dumps(data))


def _framed(size: int) -> list[list[str]]:
    edge = {0, size - 1}
    return [["#" if x in edge or y in edge else "." for x in range(size)] for y in range(size)]


def _map(name: str, walls: list[list[str]]) -> dict[str, Any]:
    size = len(walls)
    spawns = [
        {"x": x * TILE_PX + TILE_PX // 2, "y": y * TILE_PX + TILE_PX // 2}
        for y in range(2, size - 2, _SPAWN_EVERY)
        for x in range(2, size - 2, _SPAWN_EVERY)
        if walls[y][x] == "."
    ]
    # In the order of the rows, a hundred people would all stand at the top.
    Random(1).shuffle(spawns)  # noqa: S311 - a map needs to be repeatable, not secret
    return {
        "format": "hallway.map/1",
        "name": name,
        "description": "Made for measuring.",
        "width": size,
        "height": size,
        "floor": {"palette": ["wood"], "rows": ["a" * size] * size},
        "walls": ["".join(row) for row in walls],
        "furniture": [],
        "doors": [],
        "zones": [],
        "spawns": spawns,
    }
