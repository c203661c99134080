"""The process that owns a room is dead, or sleeps: whoever comes waits until its lease has run out, and is let in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientTimeout
from redis.asyncio import Redis
from structlog.testing import capture_logs

from protocol.messages import Welcome
from server.app import started
from server.cluster.guide import Guide
from server.cluster.redis_ownership import KEY
from server.cluster.registry import Process
from server.config import load_settings
from tests.server.live.conftest import Office

LEFT_S = 0.8
"""How long the lease of the owner lives on."""
PEOPLE = 20


@pytest.fixture
async def office(fresh_database: str, fresh_redis: str, tmp_path: Path) -> AsyncIterator[Office]:
    flags = {"port": 0, "database_url": fresh_database, "redis_url": fresh_redis, "data_dir": tmp_path}
    async with started(load_settings({}, flags=flags)) as server:
        office = Office(server)
        yield office
        await office.close()


async def owned_by(redis: Redis, room: str, port: int) -> None:
    """The room is owned by a process at a port, of which nothing more will be heard."""
    owner = Process(id="owner", machine="elsewhere", url=f"http://127.0.0.1:{port}")
    await redis.set("hallway:process:owner", msgspec.msgpack.encode(owner))
    await redis.set(f"{KEY}{room}", "owner 7", px=int(LEFT_S * 1000))


@pytest.mark.parametrize("sleeps", [False, True], ids=["dead", "asleep"])
async def test_all_who_want_to_come_in_are_let_in_when_the_lease_is_over_and_look_together(
    office: Office, redis: Redis, sleeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not sleeps:
            listener.close()
        monkeypatch.setattr(
            "server.cluster.forward.JOINING", ClientTimeout(total=None, sock_read=0.5, sock_connect=1.0)
        )
        looks = 0
        find = Guide.find

        async def counted(guide: Guide, room_id: object) -> Process | None:
            nonlocal looks
            looks += 1
            return await find(guide, room_id)  # type: ignore[arg-type]

        monkeypatch.setattr(Guide, "find", counted)
        room = await office.room(await office.account())
        people = [await office.guest() for _ in range(PEOPLE)]
        await owned_by(redis, room, port)
        async with asyncio.timeout(5):
            answers = await asyncio.gather(
                *(person.attempt("POST", f"/api/rooms/{room}/join", {}) for person in people)
            )
        assert {status for status, _ in answers} == {200}
        assert looks < 8 * PEOPLE, "those who wait for a room look together"
        inside = await people[0].show(answers[0][1])
        await inside.hear(Welcome)


async def test_who_does_not_wait_is_forgotten_and_nothing_is_logged_as_an_error(office: Office, redis: Redis) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    room = await office.room(await office.account())
    hasty, patient = [await office.guest() for _ in range(2)]
    await owned_by(redis, room, port)
    with capture_logs() as logs:
        gone = [asyncio.create_task(hasty.attempt("POST", f"/api/rooms/{room}/join", {})) for _ in range(5)]
        await asyncio.wait(gone, timeout=LEFT_S / 4)
        for task in gone:
            task.cancel()
        await hasty._http.close()
        assert (await patient.attempt("POST", f"/api/rooms/{room}/join", {}))[0] == 200
    assert [line for line in logs if line["log_level"] not in ("debug", "info")] == []
