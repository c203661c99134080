"""The movement kernel: one tick of every walking avatar, on integers only (STANDARD.md section 4).

The same arithmetic runs in `client_web/src/sim/kernel.ts`; `sim/vectors/` holds the proof that both agree bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.raster import CELL_SHIFT, UNITS_PER_PX, Raster

STAND: Final = 0
WALK: Final = 1
RUN: Final = 2
SIT: Final = 3

DIRECTION_MASK: Final = 0x0F
GAIT_SHIFT: Final = 4
GAIT_MASK: Final = 0x30
AWAY: Final = 0x40
INTENT_MASK: Final = DIRECTION_MASK | GAIT_MASK

# Section 4.1: cosines of k * 22.5 degrees in 1/256.
COSINES: Final = (256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237)

# By course byte: does the kernel move it?
MOVES: Final[NDArray[np.bool_]] = np.array([(c & GAIT_MASK) >> GAIT_SHIFT in (WALK, RUN) for c in range(256)])

_Blocked = Callable[[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]], NDArray[np.bool_]]
_CELL: Final = 1 << CELL_SHIFT
MAX_SPEED: Final = 1 << 16


@dataclass(frozen=True)
class _AxisSteps:
    """What one sub-step does along one axis, by the low six bits of the course (int32[64] each)."""

    move: NDArray[np.int32]
    """Signed way, 1/256 px."""
    edge: NDArray[np.int32]
    """From the position to the leading edge of the box after the move."""
    snap: NDArray[np.int32]
    """From the near border of the blocking cell's index to the position that touches it."""


@dataclass(frozen=True)
class Kinematics:
    """How fast avatars move and how large their feet box is; fixed for the life of a room.

    `walk`, `run` in 1/256 px a tick; `half_w`, `half_h` in 1/256 px. ValueError for values the kernel cannot take.
    """

    walk: int
    run: int
    half_w: int = 2304
    half_h: int = 1280

    def __post_init__(self) -> None:
        if not (0 <= self.walk <= MAX_SPEED and 0 <= self.run <= MAX_SPEED):
            raise ValueError(f"speeds must be 0 to {MAX_SPEED} units a tick, not walk {self.walk}, run {self.run}")
        if not (0 < self.half_w <= MAX_SPEED and 0 < self.half_h <= MAX_SPEED):
            raise ValueError(f"half extents must be 1 to {MAX_SPEED} units, not {self.half_w} x {self.half_h}")

    @classmethod
    def for_rate(cls, tick_rate: int, walk_px_s: int = 128, run_px_s: int = 224) -> Kinematics:
        """Speeds given in px a second, at `tick_rate` ticks a second; fractions of a unit are dropped."""
        if tick_rate < 1:
            raise ValueError(f"tick_rate must be at least 1, not {tick_rate}")
        return cls(walk=walk_px_s * UNITS_PER_PX // tick_rate, run=run_px_s * UNITS_PER_PX // tick_rate)

    @cached_property
    def sub_steps(self) -> tuple[tuple[_AxisSteps, _AxisSteps], ...]:
        """The (x, y) tables of every sub-step, section 4.2 steps 1 and 2. A gait with fewer sub-steps has zeros."""
        count = max(_sub_step_count(self.walk), _sub_step_count(self.run))
        return tuple(
            (self._axis_steps(index, 0, self.half_w), self._axis_steps(index, 12, self.half_h))
            for index in range(count)
        )

    def _axis_steps(self, index: int, phase: int, half: int) -> _AxisSteps:
        move = np.zeros(64, np.int32)
        for gait, speed in ((WALK, self.walk), (RUN, self.run)):
            parts = _sub_step_count(speed)
            if index >= parts:
                continue
            for direction in range(16):
                component = COSINES[(direction + phase) % 16]
                way = (speed * abs(component) + 128) >> 8
                part = way * (index + 1) // parts - way * index // parts
                move[(gait << GAIT_SHIFT) | direction] = part if component > 0 else -part
        return _AxisSteps(
            move=move,
            edge=np.where(move > 0, move + half - 1, move - half).astype(np.int32),
            snap=np.where(move > 0, -half, _CELL + half).astype(np.int32),
        )


def _sub_step_count(speed: int) -> int:
    return max(1, (speed + _CELL - 1) >> CELL_SHIFT)


def advance(
    raster: Raster, kin: Kinematics, x: NDArray[np.int32], y: NDArray[np.int32], course: NDArray[np.uint8]
) -> None:
    """Move everyone by one tick, in place.

    `x`, `y`: int32[n] in 1/256 px; `course`: uint8[n]. Only gaits 1 and 2 move.
    """
    advance_rows(raster, kin, x, y, course, np.flatnonzero(MOVES[course]))


def advance_rows(
    raster: Raster,
    kin: Kinematics,
    x: NDArray[np.int32],
    y: NDArray[np.int32],
    course: NDArray[np.uint8],
    rows: NDArray[np.intp],
) -> None:
    """As `advance`, for the given rows only, which must have gait 1 or 2."""
    if not rows.size:
        return
    intent = (course[rows] & INTENT_MASK).astype(np.intp)
    px = x[rows]
    py = y[rows]
    for along_x, along_y in kin.sub_steps:
        px = _step_axis(along_x, intent, px, py, kin.half_h, raster.column_blocked)
        py = _step_axis(along_y, intent, py, px, kin.half_w, raster.row_blocked)
    x[rows] = px
    y[rows] = py


def _step_axis(
    steps: _AxisSteps,
    intent: NDArray[np.intp],
    position: NDArray[np.int32],
    across: NDArray[np.int32],
    half_across: int,
    blocked: _Blocked,
) -> NDArray[np.int32]:
    """One sub-step along one axis, section 4.2 step 3: the new positions on that axis."""
    move = steps.move[intent]
    line = (position + steps.edge[intent]) >> CELL_SHIFT
    hit = blocked(line, (across - half_across) >> CELL_SHIFT, (across + (half_across - 1)) >> CELL_SHIFT)
    hit &= move != 0
    moved: NDArray[np.int32] = position + move
    np.copyto(moved, (line << CELL_SHIFT) + steps.snap[intent], where=hit)
    return moved
