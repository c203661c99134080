"""Behind firewalls, through a real coturn: sound over TCP and TLS, refused credentials, rooms that hide addresses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from server.media.ice import turn_credential
from tests.adversity.server_process import ServerProcess, running_server
from tests.e2e.media_network import SECRET, Relay, needs_coturn, running_relay
from tests.e2e.media_people import FIRST, FLAGS, Company, MakeRoom, Speaker, company

pytest_plugins = ["tests.e2e.media_fixtures"]

SOUND_S = 5.0
"""From coming near until sound is heard, with UDP blocked altogether."""
NO_UDP = ["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--ignore-certificate-errors"]
"""Chromium then sends no media over UDP at all, as behind a firewall; and takes certificates that nobody signed."""

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
    """A server whose people are told of this relay."""
    with running_server(**relay.settings("udp", "tcp", "tls")) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def walled_in(chromium_executable: str | None, relayed: ServerProcess) -> AsyncIterator[Company]:
    """People behind a firewall, in a Chromium of their own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_executable, args=FLAGS + NO_UDP)
        async with company(browser, relayed.url) as people:
            yield people
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, relayed: ServerProcess) -> AsyncIterator[Company]:
    """People with nothing in their way."""
    async with company(devices, relayed.url) as people:
        yield people


def only(how: str) -> str:
    """A script for a page whose firewall leaves this way to the relay: its URL is the only one that is tried."""
    way = {"tcp": "turn:", "tls": "turns:"}[how]
    return f"""
(() => {{
  const open = ({{ urls }}) => [urls].flat().filter((url) => url.startsWith('{way}') && url.endsWith('tcp'))
  const through = (config) => config?.iceServers === undefined ? config : {{ ...config, iceServers:
    config.iceServers.map((server) => ({{ ...server, urls: open(server) }})).filter(({{ urls }}) => urls.length > 0) }}
  window.RTCPeerConnection = class extends RTCPeerConnection {{
    constructor(config) {{ super(through(config)) }}
    setConfiguration(config) {{ super.setConfiguration(through(config)) }}
  }}
}})()
"""


CANDIDATES = """async () => {
  const pairs = []
  for (const connection of window.__connections) {
    const report = await connection.getStats()
    report.forEach((stat) => {
      if (stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded') {
        const { candidateType, relayProtocol, protocol } = report.get(stat.localCandidateId)
        pairs.push({ candidateType, relayProtocol, protocol })
      }
    })
  }
  return pairs
}"""


async def test_with_udp_blocked_altogether_sound_comes_through_the_relay_over_tcp_and_over_tls(
    walled_in: Company, relayed: ServerProcess, make_room: MakeRoom
) -> None:
    room, _ = await make_room(relayed, "office")
    ana = await walled_in.speaker("Ana", room, script=FIRST + only("tcp"))
    await ana.toggle_microphone()
    bo = await walled_in.speaker("Bo", room, script=FIRST + only("tls"))
    await bo.toggle_microphone()
    for speaker, way in ((bo, "tls"), (ana, "tcp")):
        await speaker.hears(1)
        sound_ms = await speaker.first("sound")
        pairs = await speaker.tab.page.evaluate(CANDIDATES)
        print(f"{way}: sound {sound_ms:.0f} ms after the link; {pairs}")
        assert sound_ms < SOUND_S * 1000
        assert {(pair["candidateType"], pair["relayProtocol"]) for pair in pairs} == {("relay", way)}
        await speaker.until("the page to know of the relay", lambda m: m["peers"][0]["health"]["relayed"])


GATHER = """async ({ urls, username, credential }) => {
  const iceServers = [{ urls, username, credential }]
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' })
  connection.createDataChannel('x')
  const found = { relays: 0, errors: [] }
  const done = new Promise((resolve) => {
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null) resolve()
      else if (candidate.type === 'relay') found.relays += 1
    })
  })
  connection.addEventListener('icecandidateerror', ({ errorCode }) => found.errors.push(errorCode))
  await connection.setLocalDescription()
  await done
  connection.close()
  return found
}"""


async def test_the_connection_test_names_the_ways_and_a_relay_refuses_other_credentials(
    walled_in: Company, relayed: ServerProcess, relay: Relay, make_room: MakeRoom
) -> None:
    room, _ = await make_room(relayed, "office")
    cleo = await walled_in.speaker("Cleo", room)
    page = cleo.tab.page
    await page.get_by_role("button", name="Sound and picture").click()
    await page.get_by_role("button", name="Test the connection").click()
    await page.get_by_text("It works, by a detour").wait_for()
    await page.get_by_text("Your network blocks UDP.").wait_for()
    for way in ("TCP", "TLS"):
        await page.get_by_role("listitem").filter(has_text=f"over {way}").get_by_text("Works.").wait_for()

    user, other = UUID(int=7), UUID(int=8)
    now = int(time.time())
    username, password = turn_credential(SECRET, user, now + 600)

    async def gathered(name: str, word: str) -> dict[str, Any]:
        asked = {"urls": relay.url("tcp"), "username": name, "credential": word}
        found: dict[str, Any] = await page.evaluate(GATHER, asked)
        return found

    assert (await gathered(username, password))["relays"] >= 1
    refused = {
        "expired": turn_credential(SECRET, user, now - 10),
        "another user's": (username.replace(str(user), str(other)), password),
        "longer than it was given": (username.replace(str(now + 600), str(now + 60_000)), password),
        "made up": (username, "made up"),
    }
    for what, (name, word) in refused.items():
        found = await gathered(name, word)
        assert found["relays"] == 0, what
        assert 401 in found["errors"], f"{what}: {found}"


async def ways(speaker: Speaker) -> set[str]:
    """Kinds of the own addresses that are in use."""
    pairs: list[dict[str, Any]] = await speaker.tab.page.evaluate(CANDIDATES)
    return {pair["candidateType"] for pair in pairs}


ADDRESSES = """() => window.__connections.filter(({ connectionState }) => connectionState !== 'closed')
  .flatMap(({ localDescription }) => [...(localDescription?.sdp ?? '').matchAll(/a=candidate:.* typ (\\w+)/g)])
  .map(([, type]) => type)"""


async def test_a_room_can_be_made_to_hide_addresses_while_people_talk(
    people: Company, relayed: ServerProcess, make_room: MakeRoom
) -> None:
    room, owner = await make_room(relayed, "office")
    ana, bo = await people.together(room, "Ana", "Bo")
    for speaker in (ana, bo):
        await speaker.toggle_microphone()
    for speaker in (ana, bo):
        await speaker.hears(1)
    assert "relay" not in await ways(ana)
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {owner}"}) as http,
        http.put(f"{relayed.url}/api/rooms/{room}", json={"relay_only": True}) as answer,
    ):
        assert answer.status == 200, await answer.text()
    for speaker in (ana, bo):
        for _ in range(200):
            if await ways(speaker) == {"relay"}:
                break
            await asyncio.sleep(0.1)
        await is_relayed_only(speaker)
        await speaker.hears(1)
    # Who comes in now names no address of their own to anybody.
    await bo.tab.page.reload()
    await bo.tab.inside()
    await bo.hears(1)
    assert set(await bo.tab.page.evaluate(ADDRESSES)) == {"relay"}
    await is_relayed_only(bo)


async def is_relayed_only(speaker: Speaker) -> None:
    """A way is in use, and while the statistics name none yet no other one is."""
    for _ in range(50):
        found = await ways(speaker)
        assert found <= {"relay"}
        if found:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("no way at all")
