"""Whether a page in a room keeps its memory: `python -m benchmarks.client_memory --minutes 20 --people 25`.

People walk, come and go while the page looks on; once a minute the page's garbage is collected and what is left of it
is printed, with the page's nodes and listeners. The slope over the second half says whether it grows: in the first,
pictures of looks and names are kept that are new.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

from benchmarks.client_page import WatchedPage, add_page_options, walkers, watched_page

SHIFTS = 4
"""The people are so many groups; each minute one of them goes home and another comes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page holds, after garbage was collected."""

    minute: float
    heap_mb: float
    nodes: int
    listeners: int
    frames: int
    """Drawn since the last reading."""


async def read(watched: WatchedPage, minute: float, frames_before: int) -> Reading:
    """One reading."""
    heap = await watched.heap_bytes() / 1e6
    metrics = await watched.metrics()
    frames = await watched.frames() - frames_before
    return Reading(minute, heap, int(metrics["Nodes"]), int(metrics["JSEventListeners"]), frames)


def slope(readings: list[Reading]) -> float:
    """MB a minute, by least squares. ValueError: fewer than two readings."""
    if len(readings) < 2:
        raise ValueError("a slope needs two readings")
    minutes = [one.minute for one in readings]
    heaps = [one.heap_mb for one in readings]
    middle, mean = sum(minutes) / len(minutes), sum(heaps) / len(heaps)
    spread = sum((minute - middle) ** 2 for minute in minutes)
    return sum((minute - middle) * (heap - mean) for minute, heap in zip(minutes, heaps, strict=True)) / spread


async def run(options: argparse.Namespace) -> None:
    """All of it."""
    readings: list[Reading] = []
    size = max(1, options.people // SHIFTS)
    async with watched_page(options) as watched:
        shifts: list[AsyncExitStack] = []
        try:
            frames, seed = 0, options.seed
            for _ in range(SHIFTS):
                seed += 1
                shifts.append(await begin_shift(watched, size, options.behaviour, seed))
            for minute in range(options.minutes + 1):
                reading = await read(watched, minute, frames)
                frames += reading.frames
                readings.append(reading)
                print(
                    f"minute {minute:2d}: heap {reading.heap_mb:7.2f} MB, {reading.nodes} nodes, "
                    f"{reading.listeners} listeners, {reading.frames} frames",
                    flush=True,
                )
                if minute == options.minutes:
                    break
                await asyncio.sleep(options.minute_s)
                await shifts.pop(0).aclose()
                seed += 1
                shifts.append(await begin_shift(watched, size, options.behaviour, seed))
        finally:
            for shift in shifts:
                await shift.aclose()
    half = readings[len(readings) // 2 :]
    if len(half) > 1:
        print(f"slope of the second half: {slope(half) * 1000:+.1f} kB a minute")


async def begin_shift(watched: WatchedPage, count: int, behaviour: str, seed: int) -> AsyncExitStack:
    """Some come and walk, until the stack is closed."""
    shift = AsyncExitStack()
    await shift.enter_async_context(walkers(watched, count, behaviour, seed))
    return shift


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_page_options(parser)
    parser.set_defaults(people=24, detail="saver")
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--minute-s", type=float, default=60, help="length of a minute, s")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
