"""Behind firewalls: sound through a real coturn over TCP and TLS without UDP; credentials that are refused."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from server.media.ice import turn_credential
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import PatientApi, new_account
from tests.e2e.media_network import SECRET, Relay, needs_coturn, running_relay
from tests.e2e.media_people import FLAGS, Company, Speaker, company

SOUND_S = 5.0
"""From coming near until sound is heard, with UDP blocked altogether."""
NO_UDP = ["--webrtc-ip-handling-policy=disable_non_proxied_udp", "--ignore-certificate-errors"]
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


@pytest.fixture(scope="module", params=["tcp", "tls"])
def way(request: pytest.FixtureRequest) -> str:
    """How the relay is reached."""
    return str(request.param)


@pytest.fixture(scope="module")
def guarded(relay: Relay, way: str) -> Iterator[ServerProcess]:
    """A server whose people are told of this relay only."""
    with running_server(**relay.settings("udp", way)) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def devices(chromium_executable: str | None) -> AsyncIterator[Browser]:
    """One Chromium behind the firewall."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_executable, args=FLAGS + NO_UDP)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def people(devices: Browser, guarded: ServerProcess) -> AsyncIterator[Company]:
    async with company(devices, guarded.url) as people:
        yield people


@pytest_asyncio.fixture(loop_scope="session")
async def room(guarded: ServerProcess) -> UUID:
    owner = await new_account(guarded.url)
    async with PatientApi(guarded.url) as api:
        return await api.create_room(owner, "office", 80)


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


async def test_with_udp_blocked_altogether_sound_comes_through_the_relay(people: Company, room: UUID, way: str) -> None:
    ana = await people.speaker("Ana", room)
    await ana.toggle_microphone()
    began = time.monotonic()
    bo = await people.speaker("Bo", room)
    await bo.toggle_microphone()
    await bo.hears(1)
    await ana.hears(1)
    first: dict[str, Any] = await bo.tab.page.evaluate("window.__first.sound")
    [sound_ms] = first.values()
    pairs = await bo.tab.page.evaluate(CANDIDATES)
    print(f"{way}: sound {sound_ms:.0f} ms after the link, {time.monotonic() - began:.1f} s after entering; {pairs}")
    assert sound_ms < SOUND_S * 1000
    assert {(pair["candidateType"], pair["relayProtocol"]) for pair in pairs} == {("relay", way)}
    await bo.until("the page to know of the relay", lambda m: m["peers"][0]["health"]["relayed"])


async def test_the_connection_test_says_which_way_is_open(people: Company, room: UUID, way: str) -> None:
    bo = await people.speaker("Bo", room)
    page = bo.tab.page
    await page.get_by_role("button", name="Sound and picture").click()
    await page.get_by_role("button", name="Test the connection").click()
    await page.get_by_text("It works, by a detour").wait_for()
    await page.get_by_text("Your network blocks UDP.").wait_for()
    open_way = page.get_by_role("listitem").filter(has_text=f"over {way.upper()}")
    await open_way.get_by_text("Works.").wait_for()


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


async def test_a_browser_gets_no_relay_with_an_expired_or_somebody_elses_credential(
    people: Company, room: UUID, relay: Relay, way: str
) -> None:
    cleo: Speaker = await people.speaker("Cleo", room)
    user, other = UUID(int=7), UUID(int=8)

    async def gathered(username: str, credential: str) -> dict[str, Any]:
        asked = {"urls": relay.url(way), "username": username, "credential": credential}
        found: dict[str, Any] = await cleo.tab.page.evaluate(GATHER, asked)
        return found

    now = int(time.time())
    username, password = turn_credential(SECRET, user, now + 600)
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
