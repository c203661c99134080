"""What a browser pays to draw a room full of people: `python -m benchmarks.client_frames --people 100`.

Opens a room on a running server, lets bots walk in it, and looks at one headless Chromium: frames a second and their
percentiles as the page measures them, and what holds on a busy machine too: processor time and garbage for each frame.
"""

# ruff: noqa: E501 - a line of output is read as one line.

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from dataclasses import dataclass
from typing import Any

import psutil  # type: ignore[import-untyped]
from playwright.async_api import CDPSession, Page, async_playwright

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Swarm, SwarmConfig

FLAGS = [
    "--no-sandbox",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]
SAMPLE_BYTES = 1024
SETTINGS = {"helpSeen": True, "detail": "full", "daylight": "day", "roomSounds": 0, "minimap": False}
COUNT_FRAMES = "() => { window.__frames = 0; const on = () => { window.__frames++; requestAnimationFrame(on) }; on() }"
WARM_S = 8.0


@dataclass(frozen=True, slots=True)
class Figures:
    """One measured stretch of time."""

    seconds: float
    frames: int
    stats: dict[str, float]
    main_ms: float
    """Processor time of the page's main thread, ms."""
    browser_ms: float
    """Processor time of all of the browser's processes, ms."""
    garbage: dict[str, int]
    """Bytes allocated by function."""

    def print(self, what: str) -> None:
        """As lines for people."""
        allocated = sum(self.garbage.values())
        frames = max(1, self.frames)
        print(f"{what}: {self.frames / self.seconds:.1f} frames a second, {self.stats['remotes']} others drawn")
        print(
            f"  gaps p50 {self.stats['frameP50']:.1f}, p95 {self.stats['frameP95']:.1f}, p99 {self.stats['frameP99']:.1f} ms; "
            f"own code p95 {self.stats['workP95']:.1f} ms"
        )
        print(
            f"  processor time a frame: main thread {self.main_ms / frames:.2f} ms, browser {self.browser_ms / frames:.2f} ms"
        )
        print(f"  allocated a frame: {allocated / frames:.0f} B")
        for name, size in sorted(self.garbage.items(), key=lambda one: -one[1])[:14]:
            print(f"    {size / frames:8.0f} B  {name}")


async def thread_ms(session: CDPSession) -> float:
    """Processor time of the main thread so far, ms."""
    found = await session.send("Performance.getMetrics")
    return next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration") * 1000


def browser_ms() -> float:
    """Processor time of everything that this process has started, ms."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                times = process.cpu_times()
                total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total * 1000


def by_function(node: dict[str, Any], into: dict[str, int]) -> dict[str, int]:
    """A sampling heap profile as bytes by function and place."""
    frame = node["callFrame"]
    size = int(node["selfSize"])
    if size:
        script = str(frame["url"]).rsplit("/", 1)[-1]
        name = f"{frame['functionName'] or '(anonymous)'} {script}:{frame['lineNumber']}:{frame['columnNumber']}"
        into[name] = into.get(name, 0) + size
    for child in node["children"]:
        by_function(child, into)
    return into


async def measure(page: Page, session: CDPSession, seconds: float) -> Figures:
    """Look at the page for a while."""
    await session.send(
        "HeapProfiler.startSampling",
        {
            "samplingInterval": SAMPLE_BYTES,
            "includeObjectsCollectedByMajorGC": True,
            "includeObjectsCollectedByMinorGC": True,
        },
    )
    frames = await page.evaluate("() => window.__frames")
    main, browser = await thread_ms(session), browser_ms()
    began = asyncio.get_running_loop().time()
    await asyncio.sleep(seconds)
    took = asyncio.get_running_loop().time() - began
    main, browser = await thread_ms(session) - main, browser_ms() - browser
    frames = await page.evaluate("() => window.__frames") - frames
    stats = await page.evaluate("() => window.__hallway?.stats")
    profile = await session.send("HeapProfiler.stopSampling")
    return Figures(took, frames, stats, main, browser, by_function(profile["profile"]["head"], {}))


async def run(options: argparse.Namespace) -> None:
    """All of it."""
    async with Api(options.url) as api, async_playwright() as playwright:
        owner = await api.account() if options.token is None else options.token
        room = await api.create_room(owner, options.template, options.people + 10)
        swarm = Swarm(
            api,
            SwarmConfig(room, options.people, seconds=3600, behaviour=options.behaviour, seed=options.seed),
            lambda *_: None,
        )
        walking = asyncio.create_task(swarm.run())
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        settings = json.dumps({**SETTINGS, "renderer": options.renderer})
        await context.add_init_script(f"localStorage.setItem('hallway.settings', {settings!r})")
        page = await context.new_page()
        await page.goto(f"{options.url}/rooms/{room}")
        await page.get_by_label("Your name").fill("Viewer")
        await page.get_by_role("button", name="Enter the room").click()
        while not await page.evaluate("() => window.__hallway?.status === 'live'"):  # noqa: ASYNC110 - the page's policy forbids what playwright's own waiting needs
            await asyncio.sleep(0.1)
        session = await context.new_cdp_session(page)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        await page.evaluate(COUNT_FRAMES)
        await asyncio.sleep(WARM_S)
        if options.screenshot:
            await page.screenshot(path=options.screenshot)
        for number in range(options.runs):
            (await measure(page, session, options.seconds)).print(
                f"{options.renderer}, {options.people} people, run {number + 1}"
            )
        if options.hidden:
            await look_hidden(page, session, options.seconds)
        await browser.close()
        swarm.stop()
        await walking


async def look_hidden(page: Page, session: CDPSession, seconds: float) -> None:
    """The same page while nobody looks at it."""
    await page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { get: () => true }); document.dispatchEvent(new Event('visibilitychange')) }"
    )
    await asyncio.sleep(2)
    main, browser, tick = await thread_ms(session), browser_ms(), await page.evaluate("() => window.__hallway.tick")
    await asyncio.sleep(seconds)
    main, browser = await thread_ms(session) - main, browser_ms() - browser
    ticks = await page.evaluate("() => window.__hallway.tick") - tick
    print(
        f"hidden: main thread {main / seconds:.2f} ms a second, browser {browser / seconds:.1f} ms, {ticks / seconds:.0f} ticks taken a second"
    )


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--token", help="access token of somebody who may open rooms")
    parser.add_argument("--template", default="office")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--behaviour", default="crowd")
    parser.add_argument("--renderer", default="canvas")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--screenshot")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
