"""PostgreSQL is away while people are in a room: they stay, what they do holds, and nothing answered is lost."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from protocol.messages import Act, Door, Ping, Pong, Welcome, encode
from sim.commands import Place
from tests.server.api.test_outages import Away


async def refused(someone: Any, method: str, path: str, body: object = None) -> None:
    """Expect a 503 that says when to come back."""
    headers = {"Authorization": f"Bearer {someone.token}"}
    async with someone._http.request(method, someone.base + path, headers=headers, json=body or {}) as answer:
        assert (answer.status, (await answer.json())["code"]) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_room_goes_on_without_its_database_and_keeps_what_happened(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, late = await office.account(), await office.guest()
    room = await office.room(owner)
    path = f"/api/rooms/{room}"
    inside = await owner.join(room)
    await inside.hear(Welcome)
    (loop,) = office.services.directory.loops()
    session = next(iter(loop.room.sessions.values()))
    door = loop.room.map.doors[0]
    was_open = loop.room.world.doors_open[door.id]

    with monkeypatch.context() as patch:
        patch.setattr(office.services.db, "pool", Away(ConnectionRefusedError()))
        for method, where, body in (
            ("POST", f"{path}/join", None),
            ("PUT", path, {"name": "Lost?"}),
            ("POST", f"{path}/kick", {"user_id": str(owner.id)}),
            ("PUT", "/api/presence", {"status": "dnd"}),
        ):
            await refused(late if where.endswith("/join") else owner, method, where, body)
        # Beside the door: the way there is not what this is about.
        loop.room.commands.placements.append(Place(session.avatar, (door.x - 16) * 256, (door.y + 8) * 256))
        await inside.say(encode(Ping(1, 0)))
        await inside.hear(Pong)
        await inside.say(encode(Act(1, 1, door.id)))
        heard = await inside.hear(Door)
        assert heard.open is not was_open
        await loop._save_now()
        assert loop.room.doors_changed, "the doors wait for the database"
        assert loop.room.place_of(owner.id) is not None, "and so do places"

    async with asyncio.timeout(20):
        while loop.room.doors_changed or loop.room.place_of(owner.id) is not None:
            await asyncio.sleep(0.05)
    stored = await office.services.rooms_store.get(loop.room.id)
    assert stored is not None
    assert (door.id in stored.open_doors) is heard.open
    assert stored.name == "Room", "what was refused was not done"
    world = loop.room.world
    place = await office.services.positions.load(loop.room.id, owner.id)
    assert place == (int(world.x[session.avatar]), int(world.y[session.avatar]))
    await (await late.join(room)).hear(Welcome)
