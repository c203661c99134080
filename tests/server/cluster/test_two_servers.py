"""Two servers on one PostgreSQL and one Redis: log in at one, be in a room of the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from protocol.constants import CloseCode, Continuity
from protocol.messages import Hello, Welcome
from tests.server.live.conftest import Office, Someone, two_offices


@pytest.fixture
async def offices(fresh_database: str, fresh_redis: str, tmp_path: Path) -> AsyncIterator[tuple[Office, Office]]:
    async with two_offices(fresh_database, fresh_redis, tmp_path) as both:
        yield both


def runs(office: Office, room: str) -> bool:
    """Whether the server itself runs the room."""
    return office.server.rooms.opened(UUID(room)) is not None


def elsewhere(someone: Someone, office: Office) -> Someone:
    """The same person, whose requests reach another server."""
    other = office.anybody()
    other.token, other.user = someone.token, someone.user
    return other


async def enter_everywhere(offices: tuple[Office, Office], room: str) -> list[Any]:
    """One guest at each server goes into the room."""
    sockets = []
    for office in offices:
        guest = await office.guest()
        sockets.append((guest, await guest.join(room)))
        await sockets[-1][1].hear(Welcome)
    return sockets


async def test_whoever_asks_whichever_server_is_in_the_same_room(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    rooms = [await offices[0].room(owner) for _ in range(4)]
    for room in rooms:
        await enter_everywhere(offices, room)
        assert [runs(office, room) for office in offices].count(True) == 1
        for office in offices:
            people = await elsewhere(owner, office).call("GET", f"/api/rooms/{room}/users")
            assert len(people["users"]) == 2
    assert {runs(offices[0], room) for room in rooms} == {True, False}, "both servers run rooms"


async def test_what_is_done_to_a_room_reaches_its_owner_whoever_was_asked(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    for _ in range(2):
        room = await offices[0].room(owner)
        for asked in offices:
            (one, one_socket), (two, two_socket) = await enter_everywhere(offices, room)
            boss = elsewhere(owner, asked)
            await boss.call("POST", f"/api/rooms/{room}/kick", {"user_id": str(one.id)})
            assert await one_socket.end() == CloseCode.KICKED
            await boss.call("POST", f"/api/rooms/{room}/bans", {"user_id": str(two.id)})
            assert await two_socket.end() == CloseCode.BANNED
            assert (await boss.call("GET", f"/api/rooms/{room}/users"))["users"] == []


async def test_a_session_resumes_at_its_own_server_only(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    room = await offices[0].room(owner)
    guest = await offices[0].guest()
    socket = await guest.join(room)
    welcome = await socket.hear(Welcome)
    await socket.close()
    ticket = await guest.call("POST", f"/api/rooms/{room}/join", {})
    for office in offices:
        again = await elsewhere(guest, office).show({"url": ticket["url"], "ticket": "x" * 43})
        assert await again.end() == CloseCode.TICKET
    back = await elsewhere(guest, offices[1]).greet(ticket["url"], Hello(0, 0, None, welcome.resume, 0, "test"))
    assert (await back.hear(Welcome)).continuity in (Continuity.RESUMED, Continuity.EVENTS_LOST)


async def test_a_room_that_nobody_runs_is_changed_by_whoever_is_asked(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    room = await offices[0].room(owner)
    await elsewhere(owner, offices[1]).call("PUT", f"/api/rooms/{room}", {"name": "Renamed"})
    assert (await owner.call("GET", f"/api/rooms/{room}"))["name"] == "Renamed"
    assert not any(runs(office, room) for office in offices)


async def test_requests_that_pretend_to_be_handed_on_are_like_any_other(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    room = await offices[0].room(owner)
    headers = {"Hallway-Forwarded": f"{offices[0].services.servers.id} 192.0.2.1 1 {'0' * 64}"}
    async with owner._http.post(f"{owner.base}/internal/rooms/{room}/open", headers=headers) as answer:
        assert answer.status == 404
    assert not any(runs(office, room) for office in offices)
    async with owner._http.post(f"{owner.base}/api/rooms/{room}/join", json={}, headers=headers) as answer:
        assert answer.status == 401
    assert not any(runs(office, room) for office in offices), "nobody who is not known opens a room"


async def test_a_room_that_changes_hands_takes_its_people_with_it(offices: tuple[Office, Office]) -> None:
    owner = await offices[0].account()
    room = await offices[0].room(owner)
    people = await enter_everywhere(offices, room)
    before = [office for office in offices if runs(office, room)]
    await before[0].server.drain(but_machine=False)
    for person, socket in people:
        assert await socket.end() == CloseCode.RESTART
        await (await person.join(room)).hear(Welcome)
    after = [office for office in offices if runs(office, room)]
    assert len(after) == 1
    assert after != before
    users = (await owner.call("GET", f"/api/rooms/{room}/users"))["users"]
    assert len(users) == 2
    async with asyncio.timeout(5):
        await offices[0].guest()


async def test_a_log_in_is_one_at_all_servers_and_wrong_passwords_are_counted_together(
    offices: tuple[Office, Office],
) -> None:
    here = await offices[0].account()
    there = elsewhere(here, offices[1])
    there._http = here._http  # one browser, with one cookie
    for asked in (there, here, there):
        here.token = there.token = (await asked.call("POST", "/api/auth/refresh"))["access_token"]
        await here.call("GET", "/api/auth/me")
        await there.call("GET", "/api/auth/me")
    await here.call("POST", "/api/auth/logout")
    await there.call("POST", "/api/auth/refresh", status=401)
    await there.call("POST", "/api/rooms", {"name": "Room", "template": "office"}, status=401)

    wrong = {"email": here.user["username"], "password": "wrong"}
    statuses = [(await offices[n % 2].anybody().attempt("POST", "/api/auth/login", wrong))[0] for n in range(6)]
    assert statuses == [401] * 5 + [429]
