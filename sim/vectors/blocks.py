"""How a block of kernel cases is drawn and run. `client_web/src/sim/kernel.test.ts` does exactly the same.

draw(n) of a block = mix(seed + n * 0x9E3779B9) with mix the 32-bit finaliser of MurmurHash3, everything modulo 2^32;
draws are numbered from 0. below(n, k) = draw(n) mod k.

1. `rects` solid rectangles, 4 draws each: x below width, y below height, w = 1 + below 6, h = 1 + below 6 (cells of
   8 px), cut off at the border of the map.
2. `doors` doors, 5 draws each, drawn the same way, then shut = below 2. Shut ones are set in order.
3. `cases` avatars, 3 draws each: x below width * 2048, y below height * 2048, course below 128. Any place will do, also
   inside a wall: the kernel is defined everywhere.
4. `ticks` ticks. Before tick 2 (counted from 0) every door changes to the other state, in order. After each tick the
   digest takes in all x, then all y: digest = mix(digest ^ value) * 5 + 0xE6546B64, starting from 0.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel import Kinematics, advance
from sim.raster import CELL_PX, CELL_SHIFT, Raster

GOLDEN: Final = 0x9E3779B9
MASK: Final = 0xFFFFFFFF
TOGGLE_TICK: Final = 2


@dataclass(frozen=True)
class Block:
    """The numbers that describe a block. `width`, `height` in cells of 8 px; `rate` is there to be read."""

    seed: int
    width: int
    height: int
    rects: int
    doors: int
    cases: int
    ticks: int
    rate: int
    walk: int
    run: int
    half_w: int
    half_h: int


def mix(value: int) -> int:
    """The finaliser of MurmurHash3 on one 32-bit number."""
    value ^= value >> 16
    value = value * 0x85EBCA6B & MASK
    value ^= value >> 13
    value = value * 0xC2B2AE35 & MASK
    return value ^ value >> 16


def run_block(block: Block) -> int:
    """The digest of all positions that the cases of `block` come through."""
    draws = _Draws(block.seed)
    solid = np.zeros((block.height, block.width), np.bool_)
    for _ in range(block.rects):
        x, y, w, h = draws.rect(block)
        solid[y : y + h, x : x + w] = True
    raster = Raster(solid)
    doors: list[tuple[tuple[int, int, int, int], bool]] = []
    for _ in range(block.doors):
        x, y, w, h = draws.rect(block)
        doors.append(((x * CELL_PX, y * CELL_PX, w * CELL_PX, h * CELL_PX), draws.below(2) == 1))
    for rect, shut in doors:
        raster.set_rect(rect, shut)
    places = [
        (draws.below(block.width << CELL_SHIFT), draws.below(block.height << CELL_SHIFT), draws.below(128))
        for _ in range(block.cases)
    ]
    x_, y_, course = (np.array(column, np.int32) for column in zip(*places, strict=True))
    kin = Kinematics(block.walk, block.run, block.half_w, block.half_h)
    digest = 0
    for tick in range(block.ticks):
        if tick == TOGGLE_TICK:
            for rect, shut in doors:
                raster.set_rect(rect, not shut)
        advance(raster, kin, x_, y_, course.astype(np.uint8))
        digest = _digest(_digest(digest, x_), y_)
    return digest


def _digest(digest: int, values: NDArray[np.int32]) -> int:
    for value in values.tolist():
        digest = (mix(digest ^ (value & MASK)) * 5 + 0xE6546B64) & MASK
    return digest


class _Draws:
    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._number = 0

    def below(self, bound: int) -> int:
        value = mix((self._seed + self._number * GOLDEN) & MASK)
        self._number += 1
        return value % bound

    def rect(self, block: Block) -> tuple[int, int, int, int]:
        x, y = self.below(block.width), self.below(block.height)
        w, h = 1 + self.below(6), 1 + self.below(6)
        return x, y, min(w, block.width - x), min(h, block.height - y)


def make_blocks() -> list[Block]:
    """64 blocks: tick rates 10 to 60, open floor to thicket, the product's speeds and boxes and others."""
    blocks: list[Block] = []
    for index in range(64):
        rate = (10, 12, 15, 20, 25, 30, 40, 60)[index % 8]
        kin = _kinematics(index, rate)
        width, height = 24 + mix(index + 1000) % 100, 24 + mix(index + 2000) % 100
        blocks.append(
            Block(
                seed=mix(index + 3000),
                width=width,
                height=height,
                rects=width * height * (index % 5) // 160,
                doors=index % 7,
                cases=2048,
                ticks=4,
                rate=rate,
                walk=kin.walk,
                run=kin.run,
                half_w=kin.half_w,
                half_h=kin.half_h,
            )
        )
    return blocks


def _kinematics(index: int, rate: int) -> Kinematics:
    """Two of three blocks as the product has them, the others anything.

    Of these, half have ways that end in exactly half a unit and a quarter run whole cells, where only the right
    rounding gives the right place.
    """
    if index % 3 != 2:
        return Kinematics.for_rate(rate)
    walk, run, half_w, half_h = (mix(index * 4 + number) for number in range(4))
    if index % 2:
        walk, run = walk // 256 * 256 + 128, run // 128 * 128 + 64
    elif index % 4 == 0:
        run = run // 2048 * 2048
    return Kinematics(walk=walk % 4096, run=2048 + run % 8192, half_w=1 + half_w % 6000, half_h=1 + half_h % 6000)


def make_vectors() -> dict[str, Any]:
    """The whole golden file."""
    return {
        "format": "hallway.kernel-vectors/1",
        "blocks": [{**asdict(block), "digest": run_block(block)} for block in make_blocks()],
    }
