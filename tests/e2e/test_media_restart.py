"""The game server is killed in a conversation: sound goes on, and everything is back after its restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.media_people import Company, browser_with_devices, company

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def mortal() -> Iterator[ServerProcess]:
    """A server of this file's own."""
    with running_server() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium for this file."""
    async with browser_with_devices(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, mortal: ServerProcess) -> AsyncIterator[Company]:
    """Pages with fake microphones and cameras."""
    async with company(devices, mortal.url) as people:
        yield people


@pytest_asyncio.fixture(loop_scope="session")
async def room(mortal: ServerProcess) -> UUID:
    owner = await new_account(mortal.url)
    async with PatientApi(mortal.url) as api:
        return await api.create_room(owner, "office", 80)


async def test_sound_goes_on_while_the_server_is_dead_and_after_it_came_back(
    people: Company, mortal: ServerProcess, room: UUID
) -> None:
    ana, bo = await people.speaker("Ana", room), await people.speaker("Bo", room)
    for speaker in (ana, bo):
        speaker.tab.may_be_away = True
        await speaker.toggle_microphone()
    await ana.hears(1)
    await bo.hears(1)
    await asyncio.to_thread(mortal.kill)
    await ana.tab.until("the loss to be noticed", lambda p: p["status"] == "reconnecting")
    before = (await ana.peers())[0]["packets"]
    await asyncio.sleep(2)
    during = (await ana.peers())[0]
    assert during["packets"] > before + 50
    assert during["heard"] > 0.02
    await asyncio.to_thread(mortal.start)
    for speaker in (ana, bo):
        await speaker.tab.until("being back", lambda p: p["status"] == "live")
    for speaker in (ana, bo):
        media = await speaker.until(
            "a link of the new server",
            lambda m: any((peer["link"] or 0) > 0 and peer["heard"] > 0.02 for peer in m["peers"]),
        )
        assert media["own"]["microphone"] == "on"
        assert media["repairs"] == {"restart": 0, "rebuild": 0, "sfu": 0}
    await asyncio.sleep(6)
    await ana.hears(1)
    await bo.hears(1)
    await ana.tab.page.get_by_label("Bo is muted").wait_for(state="hidden")
