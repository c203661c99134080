"""What operators see of the servers, and what they do to accounts and rooms while people are inside."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from protocol.global_messages import Rooms
from protocol.messages import Goodbye, Welcome
from server.ops.metrics import Metrics
from server.ops.servers import FORGOTTEN_S, Servers
from tests.server.live.conftest import PASSWORD, PATIENCE_S


@pytest.fixture
async def operator(office: Any) -> Any:
    account = await office.account()
    await office.services.users.set_operator(account.id, True)
    return account


async def test_the_servers_of_an_office_are_listed_with_how_they_do(office: Any, operator: Any) -> None:
    services = office.services
    room = await office.room(operator)
    inside = await operator.join(room)
    await inside.hear(Welcome)
    async with asyncio.timeout(PATIENCE_S):  # until the room has ticked
        while not [entry for entry in await services.servers.list() if entry.load > 0]:
            await services.servers.beat(services.directory.totals)
    second = Servers(services.redis, services.settings, Metrics())
    second.address = "http://second.example.org"
    await second.beat(lambda: (3, 40, 41))
    listed = {entry["id"]: entry for entry in (await operator.call("GET", "/api/admin/servers"))["servers"]}
    ours, other = listed[services.servers.id], listed[second.id]
    assert (ours["rooms"], ours["people"], ours["connections"], ours["is_this"]) == (1, 1, 1, True)
    assert ours["tick_rate"] == services.settings.tick_rate
    assert 0 < ours["load"] < 1
    assert (other["rooms"], other["people"], other["is_this"]) == (3, 40, False)
    assert other["address"] == "http://second.example.org"
    age = datetime.now(UTC) - datetime.fromisoformat(ours["seen_at"])
    assert age.total_seconds() < FORGOTTEN_S
    assert await services.redis.ttl(f"hallway:server:{second.id}") <= FORGOTTEN_S, "a killed one is forgotten"
    await second.leave()
    assert second.id not in {entry.id for entry in await services.servers.list()}


async def test_an_account_that_is_switched_off_is_out_at_once_until_it_is_switched_on(
    office: Any, operator: Any
) -> None:
    ann = await office.account("Ann")
    room = await office.room(operator)
    inside, around = await ann.join(room), await ann.look_around()
    await inside.hear(Welcome)
    await around.hear(Rooms)
    path = f"/api/admin/people/{ann.id}"
    changed = await operator.call("PUT", path, {"disabled": True})
    assert (changed["disabled"], changed["role"]) == (True, "user")
    for socket in (inside, around):
        assert (await socket.hear(Goodbye)).reason == "This account cannot be used any more."
    log_in = {"email": "Ann", "password": PASSWORD}
    refused = await office.anybody().call("POST", "/api/auth/login", log_in, status=403)
    assert refused["code"] == "account_disabled"
    assert (await ann.attempt("GET", "/api/auth/me"))[0] == 401
    assert not (await operator.call("PUT", path, {"disabled": False}))["disabled"]
    await office.anybody().call("POST", "/api/auth/login", log_in)
    entries = (await operator.call("GET", "/api/admin/audit"))["entries"]
    assert [entry["action"] for entry in entries[:2]] == ["person.enabled", "person.disabled"]
    guest = await office.guest()
    refused = await operator.call("PUT", f"/api/admin/people/{guest.id}", {"disabled": True}, status=409)
    assert refused["code"] == "needs_account"
    await operator.call("PUT", f"/api/admin/people/{operator.id}", {"disabled": True}, status=409)


async def test_a_reset_link_sets_a_password_once(office: Any, operator: Any) -> None:
    ann = await office.account("Ann")
    made = await operator.call("POST", f"/api/admin/people/{ann.id}/reset-password", {"hours": 2})
    address, _, token = made["url"].partition("#")
    assert address == f"{operator.base}/reset-password"
    body = {"token": token, "new_password": "quite another one"}
    await office.anybody().call("POST", "/api/auth/reset-password", body)
    await office.anybody().call("POST", "/api/auth/reset-password", body, status=400)
    await office.anybody().call("POST", "/api/auth/login", {"email": "Ann", "password": "quite another one"})
    assert (await ann.attempt("GET", "/api/auth/me"))[0] == 401, "the log-ins of before have ended"


async def test_a_room_that_an_operator_closes_is_empty_and_can_be_entered_again(office: Any, operator: Any) -> None:
    owner, guest = await office.account(), await office.guest()
    room = await office.room(owner)
    sockets = [await owner.join(room), await guest.join(room)]
    for socket in sockets:
        await socket.hear(Welcome)
    await owner.call("POST", f"/api/admin/rooms/{room}/close", status=403)
    await operator.call("POST", f"/api/admin/rooms/{room}/close")
    for socket in sockets:
        goodbye = await socket.hear(Goodbye)
        assert goodbye.reason == "An operator closed the room. You can come in again."
    await (await guest.join(room)).hear(Welcome)
