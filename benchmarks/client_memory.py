"""Whether a page in a room keeps its memory: `python -m benchmarks.client_memory --minutes 20 --people 25`.

People walk, come and go while the page looks on; once a minute the page's garbage is collected and what is left of it
is printed, with the page's nodes and listeners. Before the first minute they come and go many times in quick
succession: pictures of looks are kept up to what their stores hold, and the engine compiles a function once it has run
often enough, which for those that run when somebody comes takes as many people as half an hour brings. All minutes
after that are judged, and the whole heap; at the end it is said which part of it has changed. The exit code is 1 if it
grows.
"""

from __future__ import annotations

import argparse
import asyncio
import math
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


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the heap over some minutes, kB a minute."""

    kb: float
    """By least squares."""
    unsure_kb: float
    """The standard error of that: what people who come and go do to it."""

    @classmethod
    def of(cls, readings: list[Reading]) -> Growth:
        """ValueError: fewer than three readings say nothing."""
        if len(readings) < 3:
            raise ValueError("growth needs three readings")
        minutes = [one.minute for one in readings]
        heaps = [one.heap_mb * 1000 for one in readings]
        middle, mean = sum(minutes) / len(minutes), sum(heaps) / len(heaps)
        spread = sum((minute - middle) ** 2 for minute in minutes)
        pairs = list(zip(minutes, heaps, strict=True))
        kb = sum((minute - middle) * (heap - mean) for minute, heap in pairs) / spread
        left = sum((heap - mean - kb * (minute - middle)) ** 2 for minute, heap in pairs)
        return cls(kb, math.sqrt(left / (len(readings) - 2) / spread))

    def is_flat(self, most_kb: float) -> bool:
        """Whether it may be no more than `most_kb`, and the readings are sure enough to say so."""
        return self.kb - 2 * self.unsure_kb <= most_kb and self.unsure_kb <= most_kb


async def run(options: argparse.Namespace) -> bool:
    """All of it; whether the memory is flat."""
    readings: list[Reading] = []
    size = max(1, options.people // SHIFTS)
    async with watched_page(options) as watched:
        shifts: list[AsyncExitStack] = []
        try:
            seed = options.seed
            for _ in range(SHIFTS):
                seed += 1
                shifts.append(await begin_shift(watched, size, options.behaviour, seed))
            for _ in range(options.rehearsals):
                await asyncio.sleep(options.rehearsal_s)
                seed = await change_shift(watched, shifts, size, options.behaviour, seed)
            frames = await watched.frames()
            before = await watched.heap_kinds()
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
                seed = await change_shift(watched, shifts, size, options.behaviour, seed)
            print(f"since minute 0: {(await watched.heap_kinds()).growth(before)}")
        finally:
            for shift in shifts:
                await shift.aclose()
    if len(readings) < 3:
        print("too short a time to say whether it grows")
        return True
    growth = Growth.of(readings)
    verdict = "flat" if growth.is_flat(options.most_kb) else "it grows"
    print(
        f"whole heap: {growth.kb:+.1f} kB a minute, give or take {2 * growth.unsure_kb:.1f}; "
        f"allowed are {options.most_kb:.0f}: {verdict}"
    )
    return growth.is_flat(options.most_kb)


async def begin_shift(watched: WatchedPage, count: int, behaviour: str, seed: int) -> AsyncExitStack:
    """Some come and walk, until the stack is closed."""
    shift = AsyncExitStack()
    await shift.enter_async_context(walkers(watched, count, behaviour, seed))
    return shift


async def change_shift(
    watched: WatchedPage, shifts: list[AsyncExitStack], count: int, behaviour: str, seed: int
) -> int:
    """Those who have been there the longest go home, and others come; their seed."""
    await shifts.pop(0).aclose()
    shifts.append(await begin_shift(watched, count, behaviour, seed + 1))
    return seed + 1


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_page_options(parser)
    parser.set_defaults(people=24, detail="saver")
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--minute-s", type=float, default=60, help="length of a minute, s")
    parser.add_argument("--rehearsals", type=int, default=60, help="how often people come and go before minute 0")
    parser.add_argument("--rehearsal-s", type=float, default=4, help="time between those, s")
    parser.add_argument("--most-kb", type=float, default=20, help="growth that counts as none, kB a minute")
    raise SystemExit(0 if asyncio.run(run(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
