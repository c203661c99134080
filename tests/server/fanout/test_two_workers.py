"""Two workers of one server, in one process: a room at one of them, people's sockets at the other."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import WSMsgType

from protocol.constants import ALL_FEATURES, CloseCode, Continuity
from protocol.messages import Hello, Input, Joined, Ping, Pong, Said, Say, Snapshot, Welcome, encode
from server.app import started
from server.cluster.office import Place
from server.cluster.signature import HEADER
from server.config import load_settings
from server.fanout.dial import dial
from server.fanout.gateway import Bounds, Gateway
from server.fanout.line import Line
from server.fanout.messages import VERSION, FanoutError, FromOwner
from server.ops.metrics import Metrics
from tests.server.live.conftest import KEY, Office, Someone

DIRECT = 1


@pytest.fixture
async def workers(fresh_database: str, fresh_redis: str, tmp_path: Any) -> AsyncIterator[list[Office]]:
    """The first owns every room that its own people ask for."""
    flags = {"port": 0, "database_url": fresh_database, "redis_url": fresh_redis, "fanout_people": DIRECT}
    flags |= {"data_dir": tmp_path, "media_backend": "mesh"}
    settings = load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=flags)
    with tempfile.TemporaryDirectory(prefix="hw-") as folder:  # paths of Unix sockets are short
        places = [Place(name, "machine", Path(folder)) for name in ("one", "two")]
        async with started(settings, places[0]) as one, started(settings, places[1]) as two:
            for server in (one, two, one):
                await server.office.registry.beat()
            offices = [Office(one), Office(two)]
            yield offices
            for office in offices:
                await office.close()


async def room_of(workers: list[Office], owner: Someone) -> tuple[str, Office, Office]:
    """A new room, the worker that has it, and the other."""
    room = await workers[0].room(owner)
    await owner.call("POST", f"/api/rooms/{room}/join", {})
    has = [office.server.rooms.opened(UUID(room)) is not None for office in workers]
    return room, workers[has.index(True)], workers[has.index(False)]


async def test_people_at_the_other_worker_are_in_the_room_like_everybody(workers: list[Office]) -> None:
    owner = await workers[0].account()
    room, here, there = await room_of(workers, owner)
    first = await owner.join(room)
    await first.hear(Welcome)
    one, two = await here.guest("One"), await there.guest("Two")
    sockets = [await one.join(room), await two.join(room)]
    welcomes = [await socket.hear(Welcome) for socket in sockets]
    assert all([await socket.hear(Snapshot) for socket in sockets])
    loop = here.server.rooms.opened(UUID(room))
    assert loop is not None
    seats = [session.connection.outbox.seat for session in loop.room.sessions.values() if session.connection]
    assert [seat is not None for seat in seats] == [False, True, True]

    await sockets[0].say(encode(Say(1, str(uuid4()), 1, None, "hello")))
    for socket in (first, sockets[1]):
        assert (await socket.hear(Said)).text == "hello"
    await sockets[1].say(encode(Ping(7, 0)))
    assert (await sockets[1].hear(Pong)).token == 7

    start = await sockets[1].hear(Snapshot)
    await sockets[1].say(encode(Input(start.tick, 1, 0, bytes((16, 0)))))
    moved = await sockets[1].hear(Snapshot, lambda snapshot: snapshot.input == 1)
    assert moved.tick > start.tick

    await sockets[1].close()
    again = await two.greet(f"/ws/rooms/{room}", Hello(0, ALL_FEATURES, None, welcomes[1].resume, 0, "test"))
    assert (await again.hear(Welcome)).continuity in (Continuity.RESUMED, Continuity.EVENTS_LOST)
    await owner.call("POST", f"/api/rooms/{room}/kick", {"user_id": str(one.id)})
    assert await sockets[0].end() == CloseCode.KICKED
    closed = await sockets[0]._socket.receive()
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, CloseCode.KICKED)


async def test_what_is_against_the_standard_ends_a_connection_there_too(workers: list[Office]) -> None:
    owner = await workers[0].account()
    room, _, there = await room_of(workers, owner)
    first = await owner.join(room)
    await first.hear(Welcome)
    guest = await there.guest()
    socket = await guest.join(room)
    await socket.hear(Welcome)
    await first.hear(Joined)
    await socket._socket.send_str("text")
    assert await socket.end() == CloseCode.MALFORMED
    refused = await guest.greet(f"/ws/rooms/{room}", Hello(0, ALL_FEATURES, "x" * 43, None, 0, "test"))
    assert await refused.end() == CloseCode.TICKET
    silent = await guest.join(room)
    await silent.hear(Welcome)
    await silent._socket.ping(b"are you there")
    await silent.hear(Snapshot)


async def test_only_a_process_of_the_same_office_and_release_gets_a_line(workers: list[Office]) -> None:
    first, second = workers
    assert first.server.office is not None
    me = second.server.office.registry.me  # type: ignore[union-attr]
    anybody = second.anybody()
    for version, status in ((VERSION, 404), (VERSION + 1, 409)):
        path = f"/internal/fanout?from=one&version={version}"
        signed = {HEADER: first.server.office.forwarder.signed("GET", path, me, "unknown")} if status == 409 else {}
        async with anybody._http.get(anybody.base + path, headers=signed) as answer:
            assert answer.status == status
    line = Line(Gateway(Bounds(1, 1), Metrics(), lambda: None, lambda call: None), FromOwner)
    with pytest.raises(FanoutError, match="404"):
        await dial(me.socket, f"/internal/fanout?from=one&version={VERSION}", (HEADER, "forged"), line)


async def test_a_rush_into_an_empty_room_is_spread_from_its_first_moment(workers: list[Office]) -> None:
    owner = await workers[0].account()
    room, here, _ = await room_of(workers, owner)
    guests = [await here.guest(f"Guest {number}") for number in range(8)]
    tickets = [await guest.call("POST", f"/api/rooms/{room}/join", {}) for guest in guests]
    sockets = await asyncio.gather(*(guest.show(ticket) for guest, ticket in zip(guests, tickets, strict=True)))
    await asyncio.gather(*(socket.hear(Snapshot) for socket in sockets))
    loop = here.server.rooms.opened(UUID(room))
    assert loop is not None
    connections = [session.connection for session in loop.room.sessions.values()]
    assert sum(connection.outbox.seat is None for connection in connections if connection) == DIRECT
    await asyncio.gather(*(socket.close() for socket in sockets))
