"""What a browser pays to draw a room full of people: `python -m benchmarks.client_frames --people 100`.

Opens a room on a running server, lets bots walk in it, and looks at one headless Chromium: frames a second, how far
they are apart, and what holds on a busy machine too: processor time and garbage for each frame. `--hidden` looks at
the same page while nobody does.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.client_page import WatchedPage, add_page_options, browser_ms, walkers, watched_page

SAMPLE_BYTES = 1024
PROFILE_US = 250
WARM_S = 8.0
SETTLE_S = 3.0


@dataclass(frozen=True, slots=True)
class Figures:
    """One measured stretch of time."""

    seconds: float
    frames: int
    gaps: list[float]
    """Between frames, ms: p50, p95, p99 and the longest."""
    stats: dict[str, float]
    main_ms: float
    """Processor time of the page's main thread, ms."""
    browser_ms: float
    """Processor time of all of the browser's processes, ms."""

    def print(self, what: str) -> None:
        """As lines for people."""
        frames = max(1, self.frames)
        p50, p95, p99, longest = self.gaps
        print(f"{what}: {self.frames / self.seconds:.1f} frames a second, {self.stats['remotes']} others in view")
        print(f"  gaps p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}, longest {longest:.1f} ms; ", end="")
        print(f"own code p95 {self.stats['workP95']:.2f} ms; {self.stats['fps']} drawn a second")
        print(f"  processor time a frame: main thread {self.main_ms / frames:.2f} ms, ", end="")
        print(f"browser {self.browser_ms / frames:.2f} ms")


async def measure(watched: WatchedPage, seconds: float) -> Figures:
    """Look at the page for a while."""
    clock = asyncio.get_running_loop().time
    frames, began = await watched.frames(), clock()
    main, browser = await watched.main_thread_ms(), browser_ms()
    await asyncio.sleep(seconds)
    main, browser = await watched.main_thread_ms() - main, browser_ms() - browser
    drawn, took = await watched.frames() - frames, clock() - began
    return Figures(took, drawn, await watched.gaps(frames), await watched.stats(), main, browser)


def print_largest(rows: dict[str, float], count: int, line: Callable[[float], str]) -> None:
    """The largest of a table by name, one a line."""
    for name, value in sorted(rows.items(), key=lambda row: -row[1])[:count]:
        print(f"    {line(value)}  {name}")


def place_of(frame: dict[str, Any]) -> str:
    """A function and where it is in the built code."""
    script = str(frame["url"]).rsplit("/", 1)[-1]
    return f"{frame['functionName'] or '(anonymous)'} {script}:{frame['lineNumber']}:{frame['columnNumber']}"


def bytes_by_function(node: dict[str, Any], into: dict[str, float]) -> dict[str, float]:
    """A sampling heap profile as bytes by function."""
    if node["selfSize"]:
        name = place_of(node["callFrame"])
        into[name] = into.get(name, 0) + node["selfSize"]
    for child in node["children"]:
        bytes_by_function(child, into)
    return into


async def print_garbage(watched: WatchedPage, seconds: float) -> None:
    """Bytes allocated for each frame, and where. Sampling slows the page down: never while times are measured."""
    everything = {"includeObjectsCollectedByMajorGC": True, "includeObjectsCollectedByMinorGC": True}
    await watched.session.send("HeapProfiler.startSampling", {"samplingInterval": SAMPLE_BYTES, **everything})
    frames = await watched.frames()
    await asyncio.sleep(seconds)
    frames = max(1, await watched.frames() - frames)
    profile = await watched.session.send("HeapProfiler.stopSampling")
    allocated = bytes_by_function(profile["profile"]["head"], {})
    print(f"  allocated a frame: {sum(allocated.values()) / frames / 1000:.2f} kB")
    print_largest(allocated, 16, lambda size: f"{size / frames:8.0f} B")


async def print_profile(watched: WatchedPage, seconds: float, *, hidden: bool = False) -> None:
    """Where the main thread's time goes, by function: for each frame, or each second of a page that draws none."""
    await watched.session.send("Profiler.enable")
    await watched.session.send("Profiler.setSamplingInterval", {"interval": PROFILE_US})
    await watched.session.send("Profiler.start")
    frames = await watched.frames()
    await asyncio.sleep(seconds)
    units = seconds if hidden else max(1, await watched.frames() - frames)
    profile = (await watched.session.send("Profiler.stop"))["profile"]
    names = {node["id"]: place_of(node["callFrame"]) for node in profile["nodes"]}
    times: dict[str, float] = {}
    for node, microseconds in zip(profile["samples"], profile["timeDeltas"], strict=True):
        times[names[node]] = times.get(names[node], 0) + microseconds / 1000
    print(f"  main thread's time a {'second' if hidden else 'frame'}")
    print_largest(times, 30, lambda ms: f"{ms / units:8.3f} ms")


async def print_hidden(watched: WatchedPage, seconds: float) -> None:
    """What the same page costs while nobody looks at it."""
    await watched.hide()
    await asyncio.sleep(SETTLE_S)
    main, browser, tick = await watched.main_thread_ms(), browser_ms(), await watched.tick()
    await asyncio.sleep(seconds)
    main, browser = await watched.main_thread_ms() - main, browser_ms() - browser
    ticks = await watched.tick() - tick
    print(f"hidden: main thread {main / seconds:.2f} ms a second, browser {browser / seconds:.1f} ms, ", end="")
    print(f"{ticks / seconds:.0f} ticks a second")


async def run(options: argparse.Namespace) -> None:
    """All of it."""
    async with (
        watched_page(options) as watched,
        walkers(watched, options.people, options.behaviour, options.seed),
    ):
        await asyncio.sleep(WARM_S)
        for number in range(options.runs):
            figures = await measure(watched, options.seconds)
            figures.print(f"{options.renderer}, {options.detail}, {options.people} people, run {number + 1}")
        if options.garbage:
            await print_garbage(watched, options.seconds)
        if options.profile:
            await print_profile(watched, options.seconds)
        if options.screenshot:
            await watched.page.screenshot(path=options.screenshot)
        if options.hidden:
            await print_hidden(watched, options.seconds)
            if options.profile:
                await print_profile(watched, options.seconds, hidden=True)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_page_options(parser)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--garbage", action="store_true", help="also what is allocated, and where")
    parser.add_argument("--profile", action="store_true", help="also where the main thread's time goes")
    parser.add_argument("--hidden", action="store_true", help="also what the page costs while it is hidden")
    parser.add_argument("--screenshot", help="file for a picture of the page")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
