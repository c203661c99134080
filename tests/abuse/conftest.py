"""A server, an office, and an honest observer who is asked at the end whether anything was wrong."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from benchmarks.bots.api import Api
from protocol.client_session import ClientSession
from protocol.messages import Welcome
from tests.abuse.rascal import Rascal
from tests.adversity.fixtures import api, owner  # noqa: F401
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import EAST, NORTH, SOUTH, WEST, Guests, Visitor

MESSAGE_RATE = 60
MESSAGE_BURST = 240
FLOOD = 10 * MESSAGE_RATE * 10
"""Messages within 10 s, above which a connection ends."""
HEARTBEAT_HZ = 10
HEARTBEAT_TICKS = 3
TICKET_S = 5
STALL_S = 4


@pytest.fixture(scope="package")
def server() -> Iterator[ServerProcess]:
    """One server for all tests here. It is in a hurry, so that tests need not wait, and quick to call it a flood."""
    settings = {
        "HELLO_TIMEOUT_S": 1,
        "TICKET_S": TICKET_S,
        "STALL_S": STALL_S,
        "HEARTBEAT_HZ": HEARTBEAT_HZ,
        "MESSAGE_RATE": MESSAGE_RATE,
        "MESSAGE_BURST": MESSAGE_BURST,
        # The observer shares its processor with the rascals: a late acknowledgement is not what is tested here.
        "ACK_MS": 2000,
    }
    with running_server(**settings) as server:
        yield server
        assert server.errors() == [], "nothing that a client does may be an error of the server's"


@dataclass
class Stage:
    """An office with two honest people in it, and the way in for others."""

    server: ServerProcess
    owner: str
    guests: Guests
    observer: Visitor
    walker: Visitor

    async def outside(self) -> Rascal:
        """A socket that has not said HELLO."""
        return await Rascal.connect(self.server.url, self.guests.room)

    async def inside(self, token: str | None = None) -> tuple[Rascal, Welcome]:
        """A rascal in the room; `token`: of a guest who is known already."""
        token = token or await self.guests.api.guest("Rascal")
        entry = await self.guests.api.join(self.guests.room, token)
        rascal = await self.outside()
        rascal.say(ClientSession(agent="rascal").connect(entry.ticket))
        return rascal, (await rascal.hears(Welcome))[0]


@pytest.fixture
async def stage(server: ServerProcess, api: Api, owner: str) -> AsyncIterator[Stage]:  # noqa: F811
    """After the test: the observer missed nothing, saw nobody in a wall, and sees what a newcomer is told."""
    guests = await Guests.of(api, owner)
    observer, walker = await guests.enter_many(2)
    for way in (NORTH, WEST, SOUTH, EAST):
        walker.walk(way)
        await observer.ticks(2)
    yield Stage(server, owner, guests, observer, walker)
    await observer.ticks(HEARTBEAT_TICKS)
    guests.rest()
    newcomer = await guests.enter()
    await observer.until("the newcomer", lambda: newcomer.avatar in observer.seen())
    await observer.until("rest", lambda: not observer.view.now.anyone_moves())
    await newcomer.reach(observer.tick)
    await observer.reach(newcomer.tick)
    assert newcomer.everyone() == observer.everyone()
    assert newcomer.roster == observer.roster
    for honest in (observer, walker):
        assert honest.closed is None
        assert honest.largest_gap <= HEARTBEAT_TICKS, f"no snapshot for {honest.largest_gap} ticks"
        assert honest.checked > 0
        assert honest.faults == 0, "a baseline was missing or a checksum was wrong"
        assert honest.in_walls == []
        assert honest.errors == []
    guests.go()
