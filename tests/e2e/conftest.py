"""Real Chromium pages on a real server process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from benchmarks.bots.api import Api
from server.client_files import client_root
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.tab import Tab

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages that are not in front go on drawing: two of them are watched at once.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]
SETTLED = """
if (localStorage.getItem('hallway.settings') === null)
  localStorage.setItem('hallway.settings', JSON.stringify({ helpSeen: true, renderer: 'canvas' }))
"""
"""Software rendering holds 60 frames a second in several pages only on a plain canvas; and the keys were explained."""

OpenTab = Callable[..., Awaitable[Tab]]


@pytest.fixture(scope="package")
def server() -> Iterator[ServerProcess]:
    """One server for all pages; tests that kill it leave it running."""
    if client_root() is None:
        pytest.fail("the client is not built: make client")
    with running_server() as server:
        yield server
        assert server.errors() == []


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def browser(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_executable, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_tab(browser: Browser, server: ServerProcess) -> AsyncIterator[OpenTab]:
    """Opens pages, each of a person of its own; at the end none of them may have had an error."""
    tabs: list[Tab] = []

    async def open_one(url: str = server.url, **context: object) -> Tab:
        settings: dict[str, object] = {"viewport": {"width": 1000, "height": 700}, **context}
        person = await browser.new_context(**settings)  # type: ignore[arg-type]
        await person.add_init_script(SETTLED)
        tab = Tab(await person.new_page(), url)
        tabs.append(tab)
        return tab

    yield open_one
    problems = [problem for tab in tabs for problem in tab.problems()]
    for tab in tabs:
        await tab.page.context.close()
    assert problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def api(server: ServerProcess) -> AsyncIterator[Api]:
    """The server's REST interface."""
    async with PatientApi(server.url) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def owner(server: ServerProcess) -> str:
    """The access token of an account that may open rooms; a new one for each test, for it is good for ten minutes."""
    return await new_account(server.url)


@pytest_asyncio.fixture(loop_scope="session")
async def office(api: Api, owner: str) -> UUID:
    """A new room of the office template."""
    return await api.create_room(owner, "office", 80)


@pytest_asyncio.fixture(loop_scope="session")
async def meeting(api: Api, owner: str) -> UUID:
    """A new room of the meeting template."""
    return await api.create_room(owner, "meeting", 80)
