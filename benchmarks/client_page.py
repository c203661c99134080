"""One headless Chromium page in a room that bots walk in, and meters on it: for the benchmarks of the browser client."""

# ruff: noqa: E501 - a script for the page is read as one line.

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psutil  # type: ignore[import-untyped]
from playwright.async_api import CDPSession, Page, async_playwright

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Swarm, SwarmConfig
from benchmarks.heap_kinds import HeapKinds

FLAGS = [
    "--no-sandbox",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]
NO_COMPILERS = "--js-flags=--no-maglev --no-turbofan --no-sparkplug"
"""Code is run as it is read. What the engine compiles lies on the heap of the page, and becomes more for a long time."""
SETTINGS = {"helpSeen": True, "daylight": "day", "roomSounds": 0, "minimap": False}
COUNT_FRAMES = """() => {
  const gaps = new Float32Array(1 << 20)
  const counted = { frames: 0, gaps }
  window.__counted = counted
  let last = performance.now()
  const on = (now) => { gaps[counted.frames++ & (gaps.length - 1)] = now - last; last = now; document.hidden || requestAnimationFrame(on) }
  requestAnimationFrame(on)
}"""
"""Writes each frame's distance from the one before into an array that is there already."""
GAPS = """(from) => {
  const { gaps, frames } = window.__counted
  const sorted = gaps.slice(from, frames).sort()
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return [0.5, 0.95, 0.99, 1].map(at)
}"""
FRAMES = "() => window.__counted.frames"
HIDE = """() => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })
  document.dispatchEvent(new Event('visibilitychange'))
}"""
ENTRY_S = 30.0


def add_page_options(parser: argparse.ArgumentParser) -> None:
    """What each of these benchmarks may be told of the room and of the page."""
    parser.add_argument("--url", default="http://localhost:8080")
    parser.add_argument("--token", help="access token of somebody who may open rooms")
    parser.add_argument("--template", default="office")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--behaviour", default="crowd")
    parser.add_argument("--renderer", default="canvas", choices=("canvas", "webgl"))
    parser.add_argument("--detail", default="full", choices=("auto", "full", "saver", "audio"))
    parser.add_argument("--daylight", default="day", choices=("day", "night", "local"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-compilers", action="store_true", help="an engine that compiles nothing")


@dataclass(slots=True)
class WatchedPage:
    """A page inside a room, and what can be read from it."""

    page: Page
    session: CDPSession
    api: Api
    room: UUID

    async def metrics(self) -> dict[str, float]:
        """Chromium's own counters of the page: `TaskDuration` in s of processor time, `Nodes`, `JSEventListeners`..."""
        found = await self.session.send("Performance.getMetrics")
        return {str(one["name"]): float(one["value"]) for one in found["metrics"]}

    async def main_thread_ms(self) -> float:
        """Processor time of the page's main thread so far, ms."""
        return (await self.metrics())["TaskDuration"] * 1000

    async def heap_bytes(self) -> int:
        """What is alive on the JavaScript heap: after two collections, for the second takes what the first let go."""
        for _ in range(2):
            await self.session.send("HeapProfiler.collectGarbage")
        return int((await self.session.send("Runtime.getHeapUsage"))["usedSize"])

    async def heap_kinds(self) -> HeapKinds:
        """What the heap is made of, after garbage was collected. The page stands still for about a second."""
        chunks: list[str] = []

        def take(event: dict[str, str]) -> None:
            chunks.append(event["chunk"])

        self.session.on("HeapProfiler.addHeapSnapshotChunk", take)
        try:
            await self.heap_bytes()
            await self.session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        finally:
            self.session.remove_listener("HeapProfiler.addHeapSnapshotChunk", take)
        return HeapKinds.of("".join(chunks))

    async def stats(self) -> dict[str, float]:
        """The figures of the page's debug overlay."""
        return dict(await self.page.evaluate("() => window.__hallway.stats"))

    async def frames(self) -> int:
        """How many frames the display asked for since the page was opened."""
        return int(await self.page.evaluate(FRAMES))

    async def gaps(self, since: int) -> list[float]:
        """Times between frames from the frame `since` on, ms: p50, p95, p99 and the longest."""
        return [float(one) for one in await self.page.evaluate(GAPS, since)]

    async def hide(self) -> None:
        """Let the page believe that another tab is in front: a browser that is driven keeps all of its pages in front.

        Its timers are not slowed as a hidden tab's are, so that it costs rather more than in life.
        """
        await self.page.evaluate(HIDE)

    async def tick(self) -> int:
        """The newest tick that the page has taken."""
        return int(await self.page.evaluate("() => window.__hallway.tick"))


def browser_ms() -> float:
    """Processor time of all of the browser's processes that this process has started, ms."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                times = process.cpu_times()
                total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total * 1000


@asynccontextmanager
async def watched_page(
    options: argparse.Namespace, settings: dict[str, Any] | None = None
) -> AsyncIterator[WatchedPage]:
    """Open a room on a running server and a page in it, as the options say; `settings`: of the page, beside the usual."""
    async with Api(options.url) as api, async_playwright() as playwright:
        owner = await api.account() if options.token is None else options.token
        room = await api.create_room(owner, options.template, options.people + 10)
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=[*FLAGS, NO_COMPILERS] if options.no_compilers else FLAGS,
        )
        try:
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            chosen = {"renderer": options.renderer, "detail": options.detail, "daylight": options.daylight}
            stored = json.dumps({**SETTINGS, **chosen, **(settings or {})})
            await context.add_init_script(f"localStorage.setItem('hallway.settings', {stored!r})")
            page = await context.new_page()
            await page.goto(f"{options.url}/rooms/{room}")
            await page.get_by_label("Your name").fill("Viewer")
            await page.get_by_role("button", name="Enter the room").click()
            async with asyncio.timeout(ENTRY_S):
                while not await page.evaluate("() => window.__hallway?.status === 'live'"):  # noqa: ASYNC110 - the page's policy forbids what playwright's own waiting needs
                    await asyncio.sleep(0.1)
            session = await context.new_cdp_session(page)
            await session.send("Performance.enable", {"timeDomain": "threadTicks"})
            await page.evaluate(COUNT_FRAMES)
            yield WatchedPage(page, session, api, room)
        finally:
            await browser.close()


@asynccontextmanager
async def walkers(watched: WatchedPage, count: int, behaviour: str, seed: int) -> AsyncIterator[None]:
    """Bots that walk in the page's room."""
    inside = asyncio.Event()

    async def ready() -> None:
        inside.set()

    config = SwarmConfig(watched.room, count, seconds=7200, behaviour=behaviour, seed=seed)
    swarm = Swarm(watched.api, config, lambda *_: None, ready)
    walking = asyncio.create_task(swarm.run())
    try:
        await asyncio.wait([walking, asyncio.create_task(inside.wait())], return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        swarm.stop()
        await walking
