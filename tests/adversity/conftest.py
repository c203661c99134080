"""People, and a server that can be killed."""

from collections.abc import AsyncIterator, Iterator

import pytest

from benchmarks.bots.api import Api
from tests.adversity.fixtures import api, owner  # noqa: F401
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.visitor import Guests

TICK_RATE = 30
RESUME_S = 3
STALL_S = 5
HEARTBEAT_HZ = 10
ACK_MS = 1000


@pytest.fixture(scope="package")
def server() -> Iterator[ServerProcess]:
    """One server for all tests here; they kill it, and leave it running. Its patience is short."""
    with running_server(RESUME_S=RESUME_S, STALL_S=STALL_S, HEARTBEAT_HZ=HEARTBEAT_HZ, ACK_MS=ACK_MS) as server:
        yield server
        assert server.errors() == []


@pytest.fixture
async def guests(api: Api, owner: str) -> AsyncIterator[Guests]:  # noqa: F811
    """A new office and who may come in."""
    guests = await Guests.of(api, owner)
    yield guests
    guests.go()
