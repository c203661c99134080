"""Where everybody is comes by WebTransport, and over the WebSocket again soon after the network swallows UDP."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from uuid import UUID

import pytest

from tests.adversity.server_process import ServerProcess, free_port, running_server
from tests.adversity.visitor import EAST, WEST, Guests, PatientApi, Visitor, new_account
from tests.e2e.conftest import OpenTab
from tests.e2e.media_network import Weather, udp_way

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONGEST_GAP_MS = 1000
WATCH = """
() => {
  const watch = { gap: 0, tick: 0, at: performance.now() }
  window.__watch = watch
  setInterval(() => {
    const now = performance.now()
    const tick = window.__hallway?.tick ?? 0
    if (tick !== watch.tick) {
      watch.gap = Math.max(watch.gap, now - watch.at)
      watch.tick = tick
      watch.at = now
    }
  }, 10)
}
"""


@pytest.fixture
def server_with_udp() -> Iterator[tuple[ServerProcess, int]]:
    """A server that takes datagrams, and the port of those."""
    port = free_port()
    with running_server(UDP_PORT=port) as server:
        yield server, port
        assert server.errors() == []


async def test_positions_come_as_datagrams_and_no_second_is_missed_when_they_stop(
    open_tab: OpenTab, server_with_udp: tuple[ServerProcess, int]
) -> None:
    server, port = server_with_udp
    owner = await new_account(server.url)
    async with PatientApi(server.url) as api:
        guests = await Guests.of(api, owner)
        walker = await guests.enter()
        await _watch(open_tab, server, port, guests.room, walker)
        await walker.leave()


async def _watch(open_tab: OpenTab, server: ServerProcess, port: int, room: UUID, walker: Visitor) -> None:
    async with udp_way(Weather(), Random(1)) as way:
        # The server's end of the way is there from the start; the page's is told by its first datagram.
        way.ends[1].peer = ("127.0.0.1", port)
        tab = await open_tab(server.url)
        # It tries again later, and the browser says so.
        tab.expect_text("QUIC_NETWORK_IDLE_TIMEOUT")
        await tab.page.add_init_script(by_port(port, way.ends[0].port))
        await tab.come_as_guest(room, "Ada")
        await tab.until("datagrams", lambda probe: probe["stats"]["carrier"] == "webtransport")
        moves = server.metric("hallway_lane_moves_total")
        await tab.page.evaluate(WATCH)
        # Somebody turns all the time, so that there is news in every tick.
        for turn in range(40):
            walker.walk(EAST if turn % 2 else WEST)
            await walker.ticks(3)
            if turn == 12:
                carried = way.carried
                way.weather.silent = True
        probe = await tab.until("the WebSocket", lambda probe: probe["stats"]["carrier"] == "websocket")
        assert carried > 12, "the state of the room did not go this way"
        assert probe["stats"]["fallbacks"] == 1
        assert probe["status"] in ("live", "slow")
        gap = await tab.page.evaluate("window.__watch.gap")
        assert gap <= LONGEST_GAP_MS, f"nothing was known of the room for {gap:.0f} ms"
        assert server.metric("hallway_lane_moves_total") > moves
    walker.stand()


def by_port(port: int, other: int) -> str:
    """A script for a page: whatever is at `port` by UDP is reached by another one."""
    return f"""
window.WebTransport = class extends WebTransport {{
  constructor(url, options) {{ super(url.replace(':{port}/', ':{other}/'), options) }}
}}
"""
