"""The game's socket or server fails in a conversation: sound goes on, directly and through the SFU where that can be,
and everything is back when the server is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.adversity.server_process import ServerProcess, running_server
from tests.e2e.media_people import Company, MakeRoom, Speaker, company
from tests.e2e.pulse import Gap, steadily, undisturbed
from tests.e2e.tones import HEARD, MEASURED, arm, calm, listening, longest_gap, measured, tones

pytest_plugins = ["tests.e2e.media_fixtures"]

LONGEST_GAP_MS = 100
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
    """A server of this file's own, where two people talk directly and three through the SFU."""
    with running_server(SFU_PORT=0, DIRECT_PEOPLE_SOUND=1, DIRECT_PEOPLE_VIDEO=1) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, mortal: ServerProcess) -> AsyncIterator[Company]:
    """Pages that measure what they hear."""

    async def sockets(person: BrowserContext) -> None:
        await person.add_init_script(SOCKETS)

    async with company(devices, mortal.url) as people:
        people.prepare = [measured, calm, sockets]
        yield people


async def talking(people: Company, mortal: ServerProcess, make_room: MakeRoom, *names: str) -> list[Speaker]:
    """People in a room of their own who all hear each other."""
    room, _ = await make_room(mortal, "meeting")
    speakers = await people.together(room, *names, **MEASURED)
    for speaker in speakers:
        speaker.tab.may_be_away = True
        await speaker.toggle_microphone()
        await listening(speaker)
    await all_heard(speakers)
    return speakers


async def all_heard(speakers: list[Speaker], patience_s: float = 20.0) -> None:
    """Until everybody's tone is at everybody's ears."""
    for listener in speakers:
        async with asyncio.timeout(patience_s):
            while not all([await hears(listener, other) for other in speakers if other is not listener]):
                await asyncio.sleep(0.05)


async def hears(listener: Speaker, other: Speaker) -> bool:
    return (await tones(listener))[other.pitch].level > HEARD


def all_by(path: str) -> object:
    return lambda media: media["peers"] and {peer["path"] for peer in media["peers"] if peer["link"]} == {path}


async def test_sound_goes_on_without_the_games_socket_and_server_and_everything_is_back_with_it(
    people: Company, mortal: ServerProcess, make_room: MakeRoom
) -> None:
    crowd = await talking(people, mortal, make_room, "Cleo", "Dan", "Eve")
    cleo = crowd[0]
    for speaker in crowd:
        await speaker.until("the SFU", all_by("sfu"))
    undisturbed(mortal.pid)
    session = (await cleo.media())["sfu"]["session"]

    async def without_socket() -> Gap:
        await arm(*crowd)
        await cleo.tab.page.evaluate("window.__sockets.at(-1).close()")
        await cleo.tab.until("the loss to be noticed", lambda probe: probe["status"] == "reconnecting")
        await cleo.tab.until("being back", lambda probe: probe["status"] == "live")
        await asyncio.sleep(0.5)
        return await longest_gap(crowd)

    gap = await steadily(without_socket, LONGEST_GAP_MS)
    print(f"without the game's socket: longest gap {gap.ms:.0f} ms ({gap.who})")
    assert gap.ms <= LONGEST_GAP_MS + gap.excuse_ms
    assert (await cleo.media())["sfu"]["session"] == session

    ana, bo = await talking(people, mortal, make_room, "Ana", "Bo")
    await asyncio.to_thread(mortal.kill)
    await ana.tab.until("the loss to be noticed", lambda probe: probe["status"] == "reconnecting")
    before = (await ana.peers())[0]["packets"]
    await asyncio.sleep(1.5)
    during = (await ana.peers())[0]
    assert during["packets"] > before + 30
    assert await hears(ana, bo)
    await asyncio.to_thread(mortal.start)
    for speaker in people.speakers:
        await speaker.tab.until("being back", lambda probe: probe["status"] == "live")
    for speaker in (ana, bo):
        media = await speaker.until("a link of the new server", lambda m: any((p["link"] or 0) > 0 for p in m["peers"]))
        assert media["own"]["microphone"] == "on"
        assert media["repairs"] == {"restart": 0, "rebuild": 0, "sfu": 0}
    await all_heard([ana, bo])
    for speaker in crowd:
        # The new server's SFU starts while they hear each other directly already.
        media = await speaker.until("the SFU", all_by("sfu"), 40)
        assert media["own"]["microphone"] == "on"
    await all_heard(crowd)
    await ana.tab.page.get_by_label("Bo is muted").wait_for(state="hidden")
