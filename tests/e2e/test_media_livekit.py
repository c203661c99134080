"""LiveKit by configuration, in a real page with LiveKit's own library, against a stand-in that only answers its API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from livekit.api import TokenVerifier
from playwright.async_api import Browser, Page, expect

from benchmarks.sfu_callers import Participant, PersonApi
from tests.adversity.server_process import running_server
from tests.e2e.media_people import MakeRoom, company

pytest_plugins = ["tests.e2e.media_fixtures"]

KEY, SECRET = "key", "a secret that is long enough for HS256 to be silent"
LOADED = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /livekit/i.test(name))"

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


class StandIn:
    """Says that it is there, notes who knocks with which token, and lets nobody in."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.port = 0

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/twirp/livekit.RoomService/ListRooms", self._rooms)
        app.router.add_get("/rtc{rest:.*}", self._knock)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _rooms(self, _: web.Request) -> web.Response:
        return web.json_response({"rooms": []})

    async def _knock(self, request: web.Request) -> web.Response:
        self.tokens.append(request.query.get("access_token", ""))
        return web.Response(status=503)


@pytest_asyncio.fixture(loop_scope="session")
async def stand_in() -> AsyncIterator[StandIn]:
    found = StandIn()
    runner = await found.start()
    yield found
    await runner.cleanup()


async def loaded(page: Page) -> list[str]:
    """What of LiveKit's library the page has fetched."""
    found: list[str] = await page.evaluate(LOADED)
    return found


async def test_a_page_loads_livekits_library_when_it_is_needed_and_knocks_with_a_token_of_its_own(
    devices: Browser, stand_in: StandIn, make_room: MakeRoom
) -> None:
    settings: dict[str, Any] = {"MEDIA_BACKEND": "livekit", "LIVEKIT_KEY": KEY, "LIVEKIT_SECRET": SECRET}
    settings |= {"LIVEKIT_URL": f"ws://127.0.0.1:{stand_in.port}", "DIRECT_PEOPLE_SOUND": 0, "DIRECT_PEOPLE_VIDEO": 0}
    # Started in a thread: it asks the stand-in, which runs here.
    starting = running_server(**settings)
    livekit_server = await asyncio.to_thread(starting.__enter__)
    try:
        room, _ = await make_room(livekit_server, "office")
        async with company(devices, livekit_server.url) as visitors, PersonApi(livekit_server.url) as api:
            ana = await visitors.speaker("Ana", room)
            ana.tab.expect_text("LiveKit")
            ana.tab.expect_text("livekit")
            ana.tab.expect_text("/rtc")
            assert await loaded(ana.tab.page) == [], "nobody is near: there is nothing to load"
            bo = Participant(1)
            await bo.enter(livekit_server.url, await api.join(room, await api.guest("Bo")))
            async with asyncio.timeout(20):
                while not stand_in.tokens:
                    await asyncio.sleep(0.05)
            assert len(await loaded(ana.tab.page)) > 0
            claims = TokenVerifier(KEY, SECRET).verify(stand_in.tokens[0])
            assert claims.video is not None
            assert (claims.name, claims.video.room, claims.video.room_join) == ("Ana", str(room), True)
            assert not claims.video.can_subscribe, "before the server allows it"
            # Nobody is let in: the person is told, and is linked directly meanwhile.
            told = ana.tab.page.get_by_text("The sound server cannot be reached. You hear each other directly")
            await expect(told).to_be_visible()
            media = await ana.until("the direct way", lambda media: [peer["route"] for peer in media["peers"]] == [1])
            assert media["sfu"]["session"] == 0
            bo.leave()
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)
