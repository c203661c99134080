"""Whoever logs out, or is disabled, is out of the rooms within a second: a whole server, real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from protocol.client_session import ClientSession as Wire
from protocol.constants import SUBPROTOCOL
from server.app import Server, started
from server.auth.endings import Endings
from server.auth.news import News
from server.auth.tokens import Tokens
from server.config import load_settings
from server.rooms.roles import Role
from server.store.cache import open_cache
from tests.adversity.proxy import Proxy, proxied

PASSWORD = "correct horse battery"
KEY = "k" * 40


@dataclass
class Person:
    """Somebody with a browser, and a connection to a room."""

    url: str
    session: ClientSession
    user_id: UUID
    token: str
    socket: ClientWebSocketResponse | None = None

    async def call(self, method: str, path: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, self.url + path, json=body, headers=headers) as response:
            assert response.ok, await response.text()
            return await response.json() if response.status != 204 else None

    async def enter(self, room: str) -> None:
        joining = await self.call("POST", f"/api/rooms/{room}/join", {})
        self.socket = await self.session.ws_connect(self.url + joining["url"], protocols=(SUBPROTOCOL,))
        await self.socket.send_bytes(Wire(agent="test").connect(joining["ticket"]))
        assert (await self.socket.receive(timeout=5)).type is WSMsgType.BINARY

    async def closed_after(self, started_at: float) -> float:
        """Seconds until the socket is closed."""
        assert self.socket is not None
        while (await self.socket.receive(timeout=5)).type is WSMsgType.BINARY:
            pass
        return time.monotonic() - started_at

    async def is_inside(self, room: str) -> bool:
        people = (await self.call("GET", f"/api/rooms/{room}/users"))["users"]
        return str(self.user_id) in {person["id"] for person in people}


@dataclass
class Office:
    """`line`: between the server and Redis; other processes have one of their own, at `redis_url`."""

    server: Server
    redis_url: str
    line: Proxy
    owner: Person
    room: str
    log_in: Callable[[str], Awaitable[Person]]
    register: Callable[[str], Awaitable[Person]]


@pytest.fixture
async def office(fresh_database: str, fresh_redis: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        address = urlsplit(fresh_redis)
        target = (address.hostname or "", address.port or 6379) if address.scheme == "redis" else address.path
        line = await stack.enter_async_context(proxied(target))
        redis_url = f"redis://127.0.0.1:{line.port}"
        flags = {"database_url": fresh_database, "redis_url": redis_url, "port": 0, "data_dir": tmp_path}
        settings = load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=flags)
        server = await stack.enter_async_context(started(settings))
        url = f"http://127.0.0.1:{server.port}"

        async def sign_in(path: str, body: dict[str, str]) -> Person:
            session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            async with session.post(f"{url}/api/auth/{path}", json=body) as response:
                answer = await response.json()
            return Person(url, session, UUID(answer["user"]["id"]), answer["access_token"])

        async def log_in(name: str) -> Person:
            return await sign_in("login", {"email": name, "password": PASSWORD})

        async def register(name: str) -> Person:
            return await sign_in("register", {"email": f"{name}@example.org", "username": name, "password": PASSWORD})

        owner = await register("Owner")
        room = (await owner.call("POST", "/api/rooms", {"name": "Room", "template": "office"}))["id"]
        yield Office(server, fresh_redis, line, owner, room, log_in, register)


async def log_out(office: Office, person: Person) -> None:
    await person.call("POST", "/api/auth/logout")


async def end_from_another_browser(office: Office, person: Person) -> None:
    other = await office.log_in("Owner")
    sessions = (await other.call("GET", "/api/auth/sessions"))["sessions"]
    [session_id] = [entry["id"] for entry in sessions if entry["method"] == "registration"]
    await other.call("DELETE", f"/api/auth/sessions/{session_id}")


async def change_the_password_elsewhere(office: Office, person: Person) -> None:
    other = await office.log_in("Owner")
    body = {"current_password": PASSWORD, "new_password": "another password"}
    await other.call("PUT", "/api/auth/password", body)


async def end_from_another_process(office: Office, person: Person) -> None:
    redis = open_cache(office.redis_url)
    await Endings(Tokens(redis, KEY)).end_all(person.user_id)
    await redis.aclose()


async def disable_in_the_database_only(office: Office, person: Person) -> None:
    """What is left of `hallway user disable` when Redis is away for it, too."""
    await office.server.services.users.set_disabled(person.user_id, True)


async def disable_from_another_process(office: Office, person: Person) -> None:
    """What `hallway user disable` does: it has nothing but the databases."""
    await office.server.services.users.set_disabled(person.user_id, True)
    redis = open_cache(office.redis_url)
    await Endings(Tokens(redis, KEY)).end_all(person.user_id)
    await redis.aclose()


@pytest.mark.parametrize(
    "end", [log_out, end_from_another_browser, change_the_password_elsewhere, disable_from_another_process]
)
async def test_the_socket_is_closed_within_a_second(
    office: Office, end: Callable[[Office, Person], Awaitable[None]]
) -> None:
    person = office.owner
    await person.enter(office.room)
    assert await person.is_inside(office.room)
    closing = asyncio.create_task(person.closed_after(time.monotonic()))
    await end(office, person)
    ended_at = time.monotonic()
    await closing
    assert time.monotonic() - ended_at < 1
    assert person.user_id not in {user_id for user_id, *_ in office.server.services.directory.people(UUID(office.room))}


async def test_a_ticket_that_was_handed_out_before_lets_nobody_in_afterwards(office: Office) -> None:
    joining = await office.owner.call("POST", f"/api/rooms/{office.room}/join", {})
    await office.owner.call("POST", "/api/auth/logout")
    socket = await office.owner.session.ws_connect(office.owner.url + joining["url"], protocols=(SUBPROTOCOL,))
    await socket.send_bytes(Wire(agent="test").connect(joining["ticket"]))
    while (message := await socket.receive(timeout=5)).type is WSMsgType.BINARY:
        pass
    assert message.type is WSMsgType.CLOSE


async def test_other_log_ins_of_the_person_stay(office: Office) -> None:
    other = await office.log_in("Owner")
    await other.enter(office.room)
    await office.owner.call("POST", "/api/auth/logout")
    await asyncio.sleep(0.5)  # longer than the server looks for connections that were just being let in
    assert other.socket is not None
    assert not other.socket.closed
    assert await other.is_inside(office.room)


@pytest.mark.parametrize("end", [end_from_another_process, disable_from_another_process, disable_in_the_database_only])
async def test_what_ended_while_redis_was_out_of_reach_is_closed_when_it_is_back(
    office: Office, end: Callable[[Office, Person], Awaitable[None]]
) -> None:
    person, bystander = office.owner, await office.register("Bystander")
    await person.enter(office.room)
    await bystander.enter(office.room)
    people = office.server.services.directory.people
    office.line.cut()
    await end(office, person)
    closing = asyncio.create_task(person.closed_after(time.monotonic()))
    done, _ = await asyncio.wait([closing], timeout=1.0)  # long enough to see that nobody is told yet
    assert not done
    assert len(people(UUID(office.room))) == 2, "nobody notices that Redis is away"
    back_at = time.monotonic()
    office.line.restore()
    await closing
    print(f"closed {time.monotonic() - back_at:.2f} s after Redis was back")
    assert time.monotonic() - back_at < 2
    assert [user_id for user_id, *_ in people(UUID(office.room))] == [bystander.user_id]
    assert bystander.socket is not None
    assert not bystander.socket.closed


async def test_an_operator_made_by_a_command_is_one_at_once_where_they_are(office: Office) -> None:
    person = await office.register("Newly")
    await person.enter(office.room)
    loop = next(iter(office.server.services.directory.loops()))
    redis = open_cache(office.redis_url)
    news = News(redis)
    for operates in (True, False):
        await office.server.services.users.set_operator(person.user_id, operates)
        await news.tell_change(person.user_id)
        async with asyncio.timeout(2):
            while (loop.room.session_of(person.user_id).standing.role is Role.OPERATOR) is not operates:
                await asyncio.sleep(0.01)
    await redis.aclose()
