"""The world both sides compute, one integer at a time (STANDARD.md 4 and 5.6)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

UNITS_PER_PX = 256
CELL_BITS = 11  # a raster cell is 8 px = 2,048 units
M32 = 0xFFFFFFFF
C = (256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237)


@dataclass(frozen=True)
class Avatar:
    course: int
    x: int
    y: int


@dataclass(frozen=True)
class Kinematics:
    """WELCOME.kinematics (section 5.1)."""

    walk: int
    run: int
    half_w: int
    half_h: int


@dataclass
class PublicMap:
    """GET /api/rooms/{id}/map: the solid raster without doors, and the doors' rectangles in raster cells."""

    cols: int
    rows: int
    solid: list[bool]
    doors: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> PublicMap:
        cols, rows = body["width"] * 4, body["height"] * 4
        packed = base64.b64decode(body["solid"], validate=True)
        if len(packed) != (cols * rows + 7) // 8:
            raise ValueError(f"solid has {len(packed)} bytes for a raster of {cols} x {rows}")
        solid = [bool(packed[i >> 3] >> (i & 7) & 1) for i in range(cols * rows)]
        doors = {d["id"]: (d["x"] // 8, d["y"] // 8, d["w"] // 8, d["h"] // 8) for d in body["doors"]}
        return cls(cols, rows, solid, doors)

    @property
    def width_px(self) -> int:
        return self.cols * 8


class Raster:
    """The map's solid cells and those of shut doors; everything outside is solid (section 4.2)."""

    def __init__(self, public_map: PublicMap, open_doors: frozenset[int]) -> None:
        self._map = public_map
        self._shut: set[tuple[int, int]] = set()
        for door, (left, top, width, height) in public_map.doors.items():
            if door not in open_doors:
                self._shut |= {(c, r) for c in range(left, left + width) for r in range(top, top + height)}

    def solid(self, col: int, row: int) -> bool:
        if not (0 <= col < self._map.cols and 0 <= row < self._map.rows):
            return True
        return self._map.solid[row * self._map.cols + col] or (col, row) in self._shut


def _component(v: int, c: int) -> int:
    size = (v * abs(c) + 128) >> 8
    return size if c > 0 else -size if c < 0 else 0


def _slide(position: int, move: int, half: int, across: range, solid: Any) -> int:
    """One axis of one sub-step; solid(along, across) asks the raster."""
    if move > 0:
        edge = (position + move + half - 1) >> CELL_BITS
        return (edge << CELL_BITS) - half if any(solid(edge, a) for a in across) else position + move
    if move < 0:
        edge = (position + move - half) >> CELL_BITS
        return ((edge + 1) << CELL_BITS) + half if any(solid(edge, a) for a in across) else position + move
    return position


def _spanned(position: int, half: int) -> range:
    return range((position - half) >> CELL_BITS, ((position + half - 1) >> CELL_BITS) + 1)


def step(avatar: Avatar, kinematics: Kinematics, raster: Raster) -> Avatar:
    """One tick of one avatar (section 4.2)."""
    gait = avatar.course >> 4 & 3
    if gait not in (1, 2):
        return avatar
    v = kinematics.walk if gait == 1 else kinematics.run
    direction = avatar.course & 15
    dx, dy = _component(v, C[direction]), _component(v, C[(direction + 12) % 16])
    n = max(1, (v + 2047) >> 11)
    x, y = avatar.x, avatar.y
    for i in range(n):
        mx = (abs(dx) * (i + 1) // n - abs(dx) * i // n) * (1 if dx > 0 else -1)
        my = (abs(dy) * (i + 1) // n - abs(dy) * i // n) * (1 if dy > 0 else -1)
        x = _slide(x, mx, kinematics.half_w, _spanned(y, kinematics.half_h), raster.solid)
        y = _slide(y, my, kinematics.half_h, _spanned(x, kinematics.half_w), lambda row, col: raster.solid(col, row))
    return Avatar(avatar.course, x, y)


@dataclass(frozen=True)
class Grid:
    """Cells and interest (section 4.3)."""

    cell_px: int
    radius: int
    cols: int

    @classmethod
    def of(cls, width_px: int, cell_px: int, radius: int) -> Grid:
        return cls(cell_px, radius, -(-width_px // cell_px))

    def cell(self, x: int, y: int) -> int:
        side = self.cell_px * UNITS_PER_PX
        return (y // side) * self.cols + x // side

    def in_interest(self, cell: int, home: int) -> bool:
        column, row = cell % self.cols, cell // self.cols
        return abs(column - home % self.cols) <= self.radius and abs(row - home // self.cols) <= self.radius


def checksum(avatars: dict[int, Avatar]) -> int:
    """Section 5.6."""
    total = 0
    for avatar_id, a in avatars.items():
        h = (avatar_id * 0x9E3779B1 + a.x * 0x85EBCA6B + a.y * 0xC2B2AE35 + a.course * 0x27D4EB2F) & M32
        total += ((h ^ (h >> 15)) * 0x2C1B3C6D) & M32
    return total & M32
