"""Two servers, as on two machines: a room at one of them, people's sockets at both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from protocol.constants import ALL_FEATURES
from protocol.messages import Hello, Input, Snapshot, Welcome
from protocol.messages import encode as encoded
from server.app import started
from server.config import load_settings
from tests.server.live.conftest import KEY, Office, Socket, Someone


@pytest.fixture(params=["named", "unnamed"])
async def servers(
    request: pytest.FixtureRequest, fresh_database: str, fresh_redis: str, tmp_path: Any
) -> AsyncIterator[dict[str, Office]]:
    """By name. Unnamed ones do not know it: no proxy brings people to the one that a name is of."""
    flags = {"port": 0, "database_url": fresh_database, "redis_url": fresh_redis, "fanout_people": 1}
    settings = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        own = {"server_name": name} if request.param == "named" else {}
        given = flags | own | {"data_dir": tmp_path / name, "media_backend": "mesh"}
        settings.append(load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=given))
    async with started(settings[0]) as one, started(settings[1]) as two:
        for server in (one, two, one):
            assert server.office is not None
            await server.office.registry.beat()
        offices = {"one": Office(one), "two": Office(two)}
        yield offices
        for office in offices.values():
            await office.close()


async def enter(servers: dict[str, Office], someone: Someone, room: str, at: str) -> tuple[Socket, str]:
    """Come in by the way that the answer names, as a proxy would bring one; without a name, at `at`."""
    answer = await someone.call("POST", f"/api/rooms/{room}/join", {})
    _, _, rest = answer["url"].partition("/at/")
    if rest:
        at = rest.partition("/")[0]
    path = f"/ws/rooms/{room}"
    assert answer["url"] in (path, f"/at/{at}{path}")
    visitor = servers[at].anybody()
    return await visitor.greet(path, Hello(0, ALL_FEATURES, answer["ticket"], None, 0, "test")), at


async def test_people_at_both_servers_are_in_one_room(servers: dict[str, Office]) -> None:
    owner = await servers["one"].account()
    room = await servers["one"].room(owner)
    sockets, ways = [], []
    for number in range(4):
        guest = await servers["one"].guest(f"Guest {number}")
        if not number:
            await guest.call("POST", f"/api/rooms/{room}/join", {})
            has = next(name for name, office in servers.items() if office.server.rooms.opened(UUID(room)))
        socket, way = await enter(servers, guest, room, has if number % 2 == 0 else other(has))
        await socket.hear(Welcome)
        sockets.append(socket)
        ways.append(way)
    assert sorted(ways) == ["one", "one", "two", "two"]
    loop = servers[has].server.rooms.opened(UUID(room))
    assert loop is not None
    assert len(loop.room.sessions) == 4
    connections = [session.connection for session in loop.room.sessions.values()]
    seats = [connection.outbox.seat is not None for connection in connections if connection]
    assert seats == [way != has for way in ways]
    for socket in sockets:
        start = await socket.hear(Snapshot)
        await socket.say(encoded(Input(start.tick, 1, 0, bytes((16, 0)))))
        await socket.hear(Snapshot, lambda snapshot: snapshot.input == 1)


def other(name: str) -> str:
    return "two" if name == "one" else "one"
