"""A digest of a world: equal worlds have equal digests, on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.world import World


def digest_of(world: World) -> str:
    """Of everything that later steps and snapshots depend on."""
    digest = hashlib.sha256(f"{world.tick} {world.world_revision} {sorted(world.doors_open.items())}".encode())
    for column in (
        world.alive,
        world.x,
        world.y,
        world.course,
        world.zone,
        world.cell,
        world.visible_to,
        world.seat,
        world.ghost,
        world.changed_tick,
        world.previous_change,
        world.placed_tick,
        world.entered_tick,
    ):
        digest.update(column.astype("<i8").tobytes())
    for part in (world.proximity, world.areas, world.bubbles):
        digest.update(part.state_hash().encode())
    return digest.hexdigest()
