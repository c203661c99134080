"""Where everybody is comes as datagrams of one kind or the other, and over the WebSocket again within a second after
the network swallows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from tests.adversity.server_process import ServerProcess, free_port, running_server
from tests.adversity.visitor import EAST, WEST, Guests, PatientApi, Visitor, new_account
from tests.e2e.conftest import OpenTab
from tests.e2e.media_network import UdpWay, Weather, only_by, udp_way
from tests.e2e.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONGEST_GAP_MS = 1000
EXPECTED_PACKETS = 12
TICK_RATE = 20
WATCH = """
(tickMs) => {
  // How long nothing new was known of the room, by the clock without the time for which this page itself did nothing,
  // or by the server's ticks, if it was the server that had no time.
  const watch = { gap: 0, tick: window.__hallway.tick, at: performance.now(), looked: performance.now() }
  clearInterval(window.__watch?.timer)
  window.__watch = watch
  watch.timer = setInterval(() => {
    const now = performance.now()
    watch.at += Math.max(0, now - watch.looked - 50)
    watch.looked = now
    const { tick } = window.__hallway
    if (tick === watch.tick) return
    watch.gap = Math.max(watch.gap, Math.min(now - watch.at, (tick - watch.tick) * tickMs))
    watch.tick = tick
    watch.at = now
  }, 10)
}
"""


@pytest.fixture
def server_with_udp() -> Iterator[tuple[ServerProcess, int]]:
    """A server that takes datagrams, and the port of those."""
    port = free_port()
    with running_server(UDP_PORT=port, TICK_RATE=TICK_RATE) as server:
        yield server, port
        assert server.errors() == []


async def test_no_second_is_missed_when_one_kind_of_datagrams_stops_and_then_the_other(
    open_tab: OpenTab, server_with_udp: tuple[ServerProcess, int]
) -> None:
    server, port = server_with_udp
    owner = await new_account(server.url)
    async with (
        PatientApi(server.url) as api,
        udp_way(Weather(), Random(1)) as quic,
        udp_way(Weather(), Random(2)) as ice,
    ):
        # The server's end of each way is there from the start; the page's is told by its first datagram.
        for way in (quic, ice):
            way.ends[1].peer = ("127.0.0.1", port)
        guests = await Guests.of(api, owner)
        tab = await open_tab(server.url)
        # WebTransport tries again later, and the browser says so.
        tab.expect_text("QUIC_NETWORK_IDLE_TIMEOUT")
        await tab.page.add_init_script(by_port(port, quic.ends[0].port) + only_by(ice.ends[0]))
        walker, _ = await asyncio.gather(guests.enter(), tab.come_as_guest(guests.room, "Ada"))
        async with restless(walker):
            ways = {"webtransport": quic, "datachannel": ice}
            # WebTransport first, but for a machine that is so busy that it is given up.
            while ways:
                await _stops(tab, ways)
        # There and back, twice.
        assert server.metric("hallway_lane_moves_total") >= 4
        await walker.leave()


async def _stops(tab: Tab, ways: dict[str, UdpWay]) -> None:
    """The state comes by one of these ways, which then swallows everything and is taken out of them."""
    probe = await tab.until("datagrams", lambda probe: probe["stats"]["carrier"] in ways)
    way, before = ways.pop(probe["stats"]["carrier"]), probe["stats"]["fallbacks"]
    await tab.page.evaluate(WATCH, 1000 / TICK_RATE)
    carried = way.carried
    await tab.until("news by datagram", lambda _: way.carried > carried + EXPECTED_PACKETS)
    way.weather.silent = True
    probe = await tab.until("the WebSocket", lambda probe: probe["stats"]["fallbacks"] > before)
    known = probe["tick"]
    probe = await tab.until("news over the WebSocket", lambda probe: probe["tick"] > known + 2)
    assert probe["status"] in ("live", "slow")
    gap = await tab.page.evaluate("window.__watch.gap")
    assert gap <= LONGEST_GAP_MS, f"nothing was known of the room for {gap:.0f} ms"


@asynccontextmanager
async def restless(walker: Visitor) -> AsyncIterator[None]:
    """Somebody turns all the time, so that there is always news."""

    async def turn() -> None:
        while True:
            for direction in (EAST, WEST):
                walker.walk(direction)
                await walker.ticks(2)

    turning = asyncio.create_task(turn())
    try:
        yield
    finally:
        turning.cancel()
        walker.stand()


def by_port(port: int, other: int) -> str:
    """A script for a page: whatever is at `port` by UDP is reached by another one."""
    return f"""
window.WebTransport = class extends WebTransport {{
  constructor(url, options) {{ super(url.replace(':{port}/', ':{other}/'), options) }}
}};
"""
