"""What tests of sound and picture share: one Chromium with devices, people on the server of all pages, and two of them
who are handed from test to test.

A test file takes them with `pytest_plugins = ["tests.e2e.media_fixtures"]`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error

from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi
from tests.e2e.media_people import Company, MakeRoom, Pair, browser_with_devices, company
from tests.e2e.outcome import has_failed
from tests.e2e.owners import owner_of
from tests.e2e.tones import calm, measured


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium whose pages may use microphones and cameras."""
    async with browser_with_devices(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, server: ServerProcess) -> AsyncIterator[Company]:
    """Pages with fake microphones and cameras."""
    async with company(devices, server.url) as people:
        yield people


@pytest.fixture(scope="session")
def crossing() -> Iterator[ServerProcess]:
    """A server where few people are a crowd, with a third link somebody's go through the SFU; and where nobody whose
    connection is gone is waited for long."""
    with running_server(SFU_PORT=0, DIRECT_PEOPLE_SOUND=2, DIRECT_PEOPLE_VIDEO=2, RESUME_S=6) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def listeners(devices: Browser, crossing: ServerProcess) -> AsyncIterator[Company]:
    """Pages that measure what they hear, on that server."""
    async with company(devices, crossing.url) as people:
        people.prepare = [measured, calm]
        yield people


@pytest.fixture(scope="session")
def make_room() -> MakeRoom:
    """Makes a room of a template on a server: its id, and the access token of its owner, good for some minutes."""

    async def make(server: ServerProcess, template: str) -> tuple[UUID, str]:
        owner = await owner_of(server)
        async with PatientApi(server.url) as api:
            return await api.create_room(owner, template, 80), owner

    return make


class PairKeeper:
    """Ana and Bo in a room of their own, for as long as all goes well with them."""

    def __init__(self, browser: Browser, server: ServerProcess, make_room: MakeRoom) -> None:
        self._browser, self._server, self._make_room = browser, server, make_room
        self._stack = AsyncExitStack()
        self._pair: Pair | None = None

    async def take(self) -> Pair:
        """Both muted and without a picture, near each other."""
        if self._pair is None:
            room, owner = await self._make_room(self._server, "office")
            people = await self._stack.enter_async_context(company(self._browser, self._server.url))
            # One after the other: Ana has the first spawn point, and the way to her right is long enough to walk out of
            # hearing.
            ana, bo = await people.speaker("Ana", room), await people.speaker("Bo", room)
            self._pair = Pair(ana, bo, people, room, owner)
        return self._pair

    async def give_back(self) -> None:
        """As they were taken; whoever came to them leaves."""
        if self._pair is not None and not await self._pair.is_as_before():
            await self.part()

    async def part(self) -> None:
        """They go; the next test gets others."""
        self._pair = None
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def pair_keeper(devices: Browser, server: ServerProcess, make_room: MakeRoom) -> AsyncIterator[PairKeeper]:
    """Of one file."""
    keeper = PairKeeper(devices, server, make_room)
    yield keeper
    await keeper.part()


@pytest_asyncio.fixture(loop_scope="session")
async def pair(pair_keeper: PairKeeper, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Ana and Bo, who do not speak yet. Pages of a test that failed are not used again."""
    yield await pair_keeper.take()
    try:
        if has_failed(request.node):
            await pair_keeper.part()
        else:
            await pair_keeper.give_back()
    except Error:
        await pair_keeper.part()
