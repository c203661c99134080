"""How tests start Chromium, and how a page is handed on from one test to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, CDPSession, Error, Page, async_playwright

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Where there is no graphics card its part is played by a processor, which has enough to do.
    "--disable-gpu",
    # Pages that are not in front go on drawing: two of them are watched at once.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]
SETTLED = """
if (localStorage.getItem('hallway.settings') === null)
  localStorage.setItem('hallway.settings', JSON.stringify({ helpSeen: true, renderer: 'canvas', detail: 'saver' }))
"""
"""What somebody chooses whose computer has no graphics card: a plain canvas, drawn 30 times a second. And the keys were
explained."""
VIEWPORT = {"width": 1000, "height": 700}
EMULATED = frozenset({"viewport", "color_scheme", "reduced_motion"})
"""What a page can be told when it is there already."""


@asynccontextmanager
async def chromium(executable: str | None, *more: str) -> AsyncIterator[Browser]:
    """A running Chromium. `more`: further flags."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *more])
        yield browser
        await browser.close()


class SharedPages:
    """Pages for people who come one after the other, as to a computer in a library.

    Until its person stands in a room, a new page keeps a processor busy for two seconds or three, mostly with code that
    a page which was used before has compiled already. Whoever comes next finds nothing of the last one: no cookie, no
    storage, no second window.
    """

    def __init__(self, browser: Browser, origin: str) -> None:
        """`origin`: of the server whose pages these are."""
        self._browser, self._origin = browser, origin
        self._free: list[Page] = []
        self._tools: dict[Page, CDPSession] = {}

    async def take(self, *, viewport: dict[str, int] = VIEWPORT, **media: Any) -> Page:
        """A page of nobody's. `media`: what Playwright's `emulate_media` takes."""
        page = self._free.pop() if self._free else await self._new()
        if viewport != VIEWPORT:
            await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        if media:
            await page.emulate_media(**media)
        return page

    async def _new(self) -> Page:
        person = await self._browser.new_context(viewport=VIEWPORT)  # type: ignore[arg-type]
        await person.add_init_script(SETTLED)
        page = await person.new_page()
        self._tools[page] = await person.new_cdp_session(page)
        return page

    async def give_back(self, page: Page) -> None:
        """The person has gone. A page that cannot be cleaned is thrown away."""
        person = page.context
        try:
            for other in person.pages:
                if other is not page:
                    await other.close()
            await page.mouse.move(0, 0)
            # Nothing of the client, but of its origin: the page stays in its process, with what that has compiled.
            await page.goto(f"{self._origin}/favicon.svg")
            await self._tools[page].send(
                "Storage.clearDataForOrigin",
                {"origin": self._origin, "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"},
            )
            await person.clear_cookies()
            await person.clear_permissions()
            await page.set_viewport_size(VIEWPORT)  # type: ignore[arg-type]
            await page.emulate_media(color_scheme="null", reduced_motion="null")
        except Error:
            await person.close()
        else:
            self._free.append(page)
