"""Two people who hear each other through the SFU, and the game's socket or server fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.media_people import TONE_RMS, Company, Speaker, browser_with_devices, company
from tests.e2e.pulse import Pulse, undisturbed
from tests.e2e.tones import MEASURED, arm, calm, listening, measured, tones

LONGEST_GAP_MS = 100
STOOD_STILL_S = 0.06
HEARD = 0.3 * TONE_RMS
SOCKETS = """
window.__sockets = []
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given)
    window.__sockets.push(this)
  }
}
"""

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def mortal() -> Iterator[ServerProcess]:
    """A server of this file's own, where everything goes through the SFU."""
    with running_server(SFU_PORT=0, DIRECT_PEOPLE_SOUND=0, DIRECT_PEOPLE_VIDEO=0) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium for this file."""
    async with browser_with_devices(chromium_executable) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def pair(devices: Browser, mortal: ServerProcess) -> AsyncIterator[list[Speaker]]:
    """Ana and Bo, who hear each other."""
    owner = await new_account(mortal.url)
    async with PatientApi(mortal.url) as api:
        room: UUID = await api.create_room(owner, "office", 80)
    async with company(devices, mortal.url) as people:
        people.prepare = [measured, calm, _sockets]
        yield await _talking(people, room)


async def _sockets(person: BrowserContext) -> None:
    await person.add_init_script(SOCKETS)


async def _talking(people: Company, room: UUID) -> list[Speaker]:
    pair = [await people.speaker(name, room, **MEASURED) for name in ("Ana", "Bo")]
    for speaker in pair:
        speaker.tab.may_be_away = True
        await speaker.toggle_microphone()
        await listening(speaker)
    for listener, other in zip(pair, reversed(pair), strict=True):
        await heard(listener, other)
        [peer] = await listener.peers()
        assert (peer["route"], peer["path"]) == (2, "sfu")
    return pair


async def heard(listener: Speaker, other: Speaker, patience_s: float = 20.0) -> None:
    """Until the tone is there."""
    async with asyncio.timeout(patience_s):
        while (await tones(listener))[other.pitch].level < HEARD:
            await asyncio.sleep(0.05)


async def test_what_goes_through_the_sfu_goes_on_while_the_games_socket_is_away(
    pair: list[Speaker], mortal: ServerProcess
) -> None:
    ana, bo = pair
    undisturbed(mortal.pid)
    session = (await ana.media())["sfu"]["session"]
    with Pulse() as pulse:
        await arm(ana, bo)
        await ana.tab.page.evaluate("window.__sockets.forEach((socket) => socket.close())")
        await ana.tab.until("the loss to be noticed", lambda probe: probe["status"] == "reconnecting")
        await ana.tab.until("being back", lambda probe: probe["status"] == "live")
        await asyncio.sleep(1)
        gaps = [(await tones(ana))[bo.pitch].gap_ms, (await tones(bo))[ana.pitch].gap_ms]
    print(f"without the game's socket: longest gap {max(gaps):.0f} ms")
    if max(gaps) > LONGEST_GAP_MS and pulse.worst_s > STOOD_STILL_S:
        pytest.skip(f"this machine stood still for {pulse.worst_s * 1000:.0f} ms: {gaps}")
    assert max(gaps) <= LONGEST_GAP_MS
    assert (await ana.media())["sfu"]["session"] == session


async def test_everything_is_back_after_the_server_was_killed_and_came_back(
    pair: list[Speaker], mortal: ServerProcess
) -> None:
    ana, bo = pair
    await asyncio.to_thread(mortal.kill)
    await ana.tab.until("the loss to be noticed", lambda probe: probe["status"] == "reconnecting")
    await asyncio.to_thread(mortal.start)
    for speaker in pair:
        await speaker.tab.until("being back", lambda probe: probe["status"] == "live")
    await heard(ana, bo)
    await heard(bo, ana)
    for speaker in pair:
        # The new server's SFU starts while they hear each other directly already.
        media = await speaker.until("the SFU", lambda media: [peer["path"] for peer in media["peers"]] == ["sfu"])
        assert media["own"]["microphone"] == "on"
    await heard(ana, bo)
    await heard(bo, ana)
