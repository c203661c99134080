"""Real Chromium pages on a real server process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from benchmarks.bots.api import Api
from server.client_files import client_root
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi
from tests.e2e.chromium import EMULATED, SETTLED, VIEWPORT, SharedPages, chromium
from tests.e2e.outcome import has_failed, pytest_runtest_makereport
from tests.e2e.owners import owner_of
from tests.e2e.tab import Tab

__all__ = ["pytest_runtest_makereport"]  # pytest looks for hooks here

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
    async with chromium(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def shared_pages(browser: Browser, server: ServerProcess) -> SharedPages:
    """Pages that tests hand on to each other."""
    return SharedPages(browser, server.url)


@pytest_asyncio.fixture(loop_scope="session")
async def open_tab(
    browser: Browser, server: ServerProcess, shared_pages: SharedPages, request: pytest.FixtureRequest
) -> AsyncIterator[OpenTab]:
    """Opens pages, each of a person of its own; at the end none of them may have had an error.

    `url`: of another server, or of a proxy; `never_used`: nothing of the client is in the browser's cache, and the
    page's scripts may be added to; else the keywords are Playwright's, for a new context.
    """
    tabs: list[Tab] = []
    handed_on: list[Page] = []

    async def open_one(url: str = server.url, *, never_used: bool = False, **context: Any) -> Tab:
        if url == server.url and context.keys() <= EMULATED and not never_used:
            page = await shared_pages.take(**context)
            handed_on.append(page)
        else:
            person = await browser.new_context(**{"viewport": VIEWPORT, **context})
            await person.add_init_script(SETTLED)
            page = await person.new_page()
        tabs.append(Tab(page, url))
        return tabs[-1]

    yield open_one
    failed = has_failed(request.node)
    problems = [problem for tab in tabs for problem in tab.problems()]
    for tab in tabs:
        tab.look_away()
        clean = tab.page in handed_on and not failed
        await (shared_pages.give_back(tab.page) if clean else tab.page.context.close())
    assert problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def api(server: ServerProcess) -> AsyncIterator[Api]:
    """The server's REST interface."""
    async with PatientApi(server.url) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def owner(server: ServerProcess) -> str:
    """The access token of an account that may open rooms."""
    return await owner_of(server)


@pytest_asyncio.fixture(loop_scope="session")
async def office(api: Api, owner: str) -> UUID:
    """A new room of the office template."""
    return await api.create_room(owner, "office", 80)


@pytest_asyncio.fixture(loop_scope="session")
async def meeting(api: Api, owner: str) -> UUID:
    """A new room of the meeting template."""
    return await api.create_room(owner, "meeting", 80)
