"""What an operator decides on one server is felt on the others: two servers that share PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from protocol.constants import CloseCode
from protocol.global_messages import Notice, Rooms
from protocol.messages import Welcome
from server.api.account_watch import AccountWatch
from server.api.room_access import RoomAccess
from server.app import started
from server.config import load_settings
from tests.server.live.conftest import KEY, PATIENCE_S, Office, Someone, two_offices


@pytest.fixture
async def offices(fresh_database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[tuple[Office, Office]]:
    async with two_offices(fresh_database, redis_url, tmp_path) as both:
        yield both


@pytest.fixture
async def operator(offices: tuple[Office, Office]) -> Any:
    """Somebody who runs the office, at the first server."""
    account = await offices[0].account()
    await offices[0].services.users.set_operator(account.id, True)
    return account


async def until_known(office: Office, room: str, someone: Someone) -> None:
    """Until the server knows that the person is in the room, which may be at the other one."""
    async with asyncio.timeout(PATIENCE_S):
        while not office.services.directory.is_inside(UUID(room), someone.id):
            await asyncio.sleep(0.01)


async def test_a_word_to_everybody_is_heard_once_at_each_server(offices: tuple[Office, Office], operator: Any) -> None:
    sockets = []
    for office in offices:
        sockets.append(await (await office.account()).look_around())
        await sockets[-1].hear(Rooms)
    for text in ("First", "Second"):
        await operator.call("POST", "/api/admin/notice", {"text": text})
    for socket in sockets:
        assert (await socket.hear(Notice)).text == "First"
        assert (await socket.hear(Notice)).text == "Second"


async def test_what_was_said_before_a_server_started_is_not_said_again(
    offices: tuple[Office, Office], operator: Any, fresh_database: str, redis_url: str, tmp_path: Any
) -> None:
    await operator.call("POST", "/api/admin/notice", {"text": "Before"})
    (tmp_path / "third").mkdir()
    flags = {"port": 0, "database_url": fresh_database, "redis_url": redis_url, "data_dir": tmp_path / "third"}
    async with started(load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=flags)) as server:
        third = Office(server)
        socket = await (await third.account()).look_around()
        await socket.hear(Rooms)
        await operator.call("POST", "/api/admin/notice", {"text": "After"})
        assert (await socket.hear(Notice)).text == "After"
        await third.close()


async def test_a_ban_ends_connections_to_every_server(offices: tuple[Office, Office], operator: Any) -> None:
    other = offices[1]
    ann, ben = await other.account("Ann"), await other.account("Ben")
    room = await other.room(ben)
    inside, around = await ann.join(room), await ann.look_around()
    bens = await ben.join(room)
    for socket in (inside, bens):
        await socket.hear(Welcome)
    await around.hear(Rooms)
    await operator.call("POST", "/api/admin/bans", {"user_id": str(ann.id), "reason": "Shouting."})
    async with asyncio.timeout(2):
        assert [await socket.end() for socket in (inside, around)] == [CloseCode.BANNED] * 2
    await until_known(other, room, ben)
    assert (await ann.call("POST", f"/api/rooms/{room}/join", {}, status=403))["code"] == "banned"


async def test_a_ban_by_address_ends_whoever_comes_from_there_but_operators(
    offices: tuple[Office, Office], operator: Any
) -> None:
    """All come from this computer, as from one office: only an operator stays."""
    first, other = offices
    ann, neighbour = await first.account("Ann"), await other.guest()
    room = await first.room(operator)
    inside, elsewhere, operators = await ann.join(room), await neighbour.look_around(), await operator.look_around()
    await inside.hear(Welcome)
    await elsewhere.hear(Rooms)
    await operators.hear(Rooms)
    await until_known(first, room, ann)
    ban = await operator.call("POST", "/api/admin/bans", {"user_id": str(ann.id), "by_address": True})
    for socket in (inside, elsewhere):
        assert await socket.end() == CloseCode.BANNED
    assert await (await neighbour.look_around()).end() == CloseCode.BANNED
    await operator.call("POST", "/api/admin/notice", {"text": "Still here"})
    assert (await operators.hear(Notice)).text == "Still here"
    await operator.call("DELETE", f"/api/admin/bans/{ban['id']}")
    await (await neighbour.look_around()).hear(Rooms)


async def test_a_ban_that_was_not_told_is_found_when_the_line_is_back(
    offices: tuple[Office, Office], operator: Any
) -> None:
    """As `look_at_all` does after Redis was away: the truth is in the database."""
    other = offices[1]
    ann, ben = await other.account("Ann"), await other.account("Ben")
    anns, bens = await ann.look_around(), await ben.look_around()
    for socket in (anns, bens):
        await socket.hear(Rooms)
    await other.services.db.execute("INSERT INTO bans (user_id, reason) VALUES ($1, 'Told nobody.')", ann.id)
    await AccountWatch(other.services, RoomAccess(other.services)).look_at_all()
    assert await anns.end() == CloseCode.BANNED
    await operator.call("POST", "/api/admin/notice", {"text": "Still here"})
    assert (await bens.hear(Notice)).text == "Still here"
