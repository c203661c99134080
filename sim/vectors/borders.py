"""Golden walks at the borders of areas (STANDARD.md section 4.4): the browser's avatar stops where the world's does."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sim.commands import Commands, Join, LockAction
from sim.maps import parse_map
from sim.world import World, WorldConfig

SEED: Final = 20261122
WALKS: Final = 30
TICKS: Final = 120
_ZONES: Final = (
    (1, "private", 128, 64, 160, 160),
    (2, "area", 224, 128, 160, 160),
    (3, "stage", 352, 64, 96, 96),
    (4, "private", 64, 256, 96, 96),
)


def make_borders() -> dict[str, Any]:
    """Walks of one avatar across areas that are locked, full or closed to its role, tick by tick."""
    rng = np.random.default_rng(SEED)
    rows = ["#" * 16, *["#" + "." * 14 + "#"] * 10, "#" * 16]
    zones = [
        {"id": n, "kind": kind, "name": kind, "x": x, "y": y, "w": w, "h": h, "lockable": True}
        for n, kind, x, y, w, h in _ZONES
    ]
    data = {
        "format": "hallway.map/1",
        "name": "borders",
        "width": 16,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 16] * 12},
        "walls": rows,
        "furniture": [],
        "doors": [],
        "zones": zones,
        "spawns": [{"x": 48, "y": 48}],
    }
    room_map = parse_map(data, {})
    walks = []
    for _ in range(WALKS):
        role = int(rng.integers(0, 4))
        least = {int(zone): int(rng.integers(1, 4)) for zone in rng.permutation([1, 2, 3, 4])[:2]}
        capacities = {int(rng.integers(1, 5)): 1}
        locked = int(rng.integers(1, 5))
        world = World(WorldConfig(capacity=6), room_map)
        # One who may be anywhere holds the locked area, another fills the one with room for one.
        guards = [(2, locked), (3, next(iter(capacities)))]
        joins = [Join(n, (_ZONES[zone - 1][2] + 8) * 256, (_ZONES[zone - 1][3] + 8) * 256) for n, zone in guards]
        world.step(Commands(joins=joins, ranks=[(2, 9), (3, 9)], capacities=capacities))
        world.step(Commands(locks=[LockAction(2, locked, True)], areas=least))
        x, y = (int(value) * 256 for value in rng.integers(40, 60, 2))
        world.step(Commands(joins=[Join(1, x, y)], ranks=[(1, role)]))
        start = [int(world.x[1]), int(world.y[1])]
        rules = [
            [
                int(zone),
                int(zone in world.areas.locked_ids()),
                *world.areas.rules_of(int(zone)),
                int(world.areas.inside[index]),
            ]
            for index, zone in enumerate(world.zones.ids)
        ]
        courses, places = [], []
        for tick in range(TICKS):
            course = int(rng.choice([0x10, 0x20]) | rng.choice([0, 1, 2, 3, 4, 8, 12])) if tick % 6 == 0 else -1
            turn = Commands()
            if course >= 0:
                turn.courses = (np.array([1], np.uint16), np.array([course], np.uint8))
            world.step(turn)
            courses.append(course)
            places.append([int(world.x[1]), int(world.y[1]), int(world.course[1])])
        walks.append({"role": role, "rules": rules, "start": start, "courses": courses, "places": places})
    kinematics = world.kinematics
    return {
        "format": "hallway.border-vectors/1",
        "width": 16,
        "height": 12,
        "walls": rows,
        "zones": zones,
        "kinematics": [kinematics.walk, kinematics.run, kinematics.half_w, kinematics.half_h],
        "walks": walks,
    }
