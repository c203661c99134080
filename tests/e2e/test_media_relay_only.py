"""A room whose people do not learn each other's addresses: everything goes through the relay, from the change on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.media_network import Relay, needs_coturn, running_relay
from tests.e2e.media_people import Company, Speaker, browser_with_devices, company
from tests.e2e.test_media_turn import CANDIDATES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(240),
    needs_coturn,
]


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """One coturn for this file."""
    with running_relay(tmp_path_factory.mktemp("coturn")) as relay:
        yield relay


@pytest.fixture(scope="module")
def relayed(relay: Relay) -> Iterator[ServerProcess]:
    """A server with a relay."""
    with running_server(**relay.settings("udp", "tcp")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium for this file."""
    async with browser_with_devices(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, relayed: ServerProcess) -> AsyncIterator[Company]:
    async with company(devices, relayed.url) as people:
        yield people


async def ways(speaker: Speaker) -> set[str]:
    """Kinds of the own addresses that are in use."""
    pairs: list[dict[str, Any]] = await speaker.tab.page.evaluate(CANDIDATES)
    return {pair["candidateType"] for pair in pairs}


async def change(server: ServerProcess, token: str, room: UUID, relay_only: bool) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.put(f"{server.url}/api/rooms/{room}", json={"relay_only": relay_only}) as answer,
    ):
        assert answer.status == 200, await answer.text()


ADDRESSES = """() => window.__connections.filter(({ connectionState }) => connectionState !== 'closed')
  .flatMap(({ localDescription }) => [...(localDescription?.sdp ?? '').matchAll(/a=candidate:.* typ (\\w+)/g)])
  .map(([, type]) => type)"""


async def test_a_room_can_be_made_to_hide_addresses_while_people_talk(people: Company, relayed: ServerProcess) -> None:
    owner = await new_account(relayed.url)
    async with PatientApi(relayed.url) as api:
        room = await api.create_room(owner, "office", 80)
    ana, bo = await people.speaker("Ana", room), await people.speaker("Bo", room)
    for speaker in (ana, bo):
        await speaker.toggle_microphone()
    for speaker in (ana, bo):
        await speaker.hears(1)
    assert "relay" not in await ways(ana)
    await change(relayed, owner, room, True)
    for speaker in (ana, bo):
        for _ in range(200):
            if await ways(speaker) == {"relay"}:
                break
            await asyncio.sleep(0.1)
        assert await ways(speaker) == {"relay"}
        await speaker.hears(1)
    # Who comes in now names no address of their own to anybody.
    await bo.tab.page.reload()
    await bo.tab.inside()
    await bo.hears(1)
    assert set(await bo.tab.page.evaluate(ADDRESSES)) == {"relay"}
    assert await ways(bo) == {"relay"}
