"""The packed rows of AREAS, INSIDE and STANCES (STANDARD.md sections 12.4 and 12.5)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final

import numpy as np

from protocol.constants import AreaFlag
from sim.world import World

_AREA: Final = struct.Struct("<HBBH")
_INSIDE: Final = struct.Struct("<HHB")
_STANCE: Final = struct.Struct("<HHHB")
MOST_CAPACITY: Final = 0xFFFF


def area_rows(world: World, zones: Iterable[int]) -> bytes:
    """How these areas (zone ids) stand now."""
    areas, rows = world.areas, b""
    for zone in zones:
        index = world.zones.index_of(zone)
        if index is None:
            continue
        flags = AreaFlag.LOCKABLE * bool(areas.lockable[index]) | AreaFlag.LOCKED * bool(areas.locked[index])
        least, capacity = areas.rules_of(zone)
        rows += _AREA.pack(zone, flags, least, min(capacity, MOST_CAPACITY))
    return rows


def inside_rows(changes: Iterable[tuple[int, int, bool]]) -> bytes:
    """(zone, avatar, inside?) as INSIDE has it."""
    return b"".join(_INSIDE.pack(*change) for change in changes)


def everyone_inside(world: World) -> list[tuple[int, int, bool]]:
    """Who is in which zone now."""
    ids = np.flatnonzero(world.alive)
    at, index = np.nonzero(world.zones.member[world.areas.place[ids]])
    zones = world.zones.ids[index] if index.size else index
    return [(zone, avatar, True) for zone, avatar in zip(zones.tolist(), ids[at].tolist(), strict=True)]


def stance_row(world: World, avatar: int, follows: int) -> bytes:
    """What is to be seen of one avatar."""
    return _STANCE.pack(avatar, int(world.bubbles.of[avatar]), follows, int(world.ghost[avatar]))
