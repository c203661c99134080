"""Whoever logs out, or is disabled, is out of the rooms within a second: a whole server, real sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from protocol.client_session import ClientSession as Wire
from protocol.constants import SUBPROTOCOL
from server.app import Server, started
from server.auth.endings import Endings
from server.auth.tokens import Tokens
from server.config import load_settings
from server.store.cache import open_cache

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
    server: Server
    redis_url: str
    owner: Person
    room: str
    log_in: Callable[[str], Awaitable[Person]]


@pytest.fixture
async def office(fresh_database: str, fresh_redis: str, tmp_path: Path) -> AsyncIterator[Office]:
    flags = {"database_url": fresh_database, "redis_url": fresh_redis, "port": 0, "data_dir": tmp_path}
    settings = load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=flags)
    async with started(settings) as server, AsyncExitStack() as stack:
        url = f"http://127.0.0.1:{server.port}"

        async def sign_in(path: str, body: dict[str, str]) -> Person:
            session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            async with session.post(f"{url}/api/auth/{path}", json=body) as response:
                answer = await response.json()
            return Person(url, session, UUID(answer["user"]["id"]), answer["access_token"])

        async def log_in(name: str) -> Person:
            return await sign_in("login", {"email": name, "password": PASSWORD})

        owner = await sign_in("register", {"email": "o@example.org", "username": "Owner", "password": PASSWORD})
        room = (await owner.call("POST", "/api/rooms", {"name": "Room", "template": "office"}))["id"]
        yield Office(server, fresh_redis, owner, room, log_in)


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


async def disable_from_another_process(office: Office, person: Person) -> None:
    """What `hallway user disable` does: it has nothing but the databases."""
    await office.server.services.users.set_disabled(person.user_id, True)
    redis = open_cache(office.redis_url)
    await Endings(redis, Tokens(redis, KEY)).end_all(person.user_id)
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
