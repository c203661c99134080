"""The history over REST: who may read it, search it, and delete from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from protocol.constants import Channel
from server.store.messages import PAGE, Message, Messages


def uuid_of(browser: Any) -> UUID:
    return UUID(browser.user["id"])


async def write(site: Any, author: Any, texts: list[str], *, room: str | None = None, to: Any = None) -> list[UUID]:
    """What somebody wrote in a room, or to somebody; the ids."""
    batch = [
        Message(
            uuid4(),
            uuid_of(author),
            author.user["username"],
            Channel.ROOM if to is None else Channel.DIRECT,
            text,
            datetime.now(UTC),
            None if room is None else UUID(room),
            None if to is None else uuid_of(to),
        )
        for text in texts
    ]
    await Messages(site.services.db).save_many(batch)
    return [message.id for message in batch]


async def read(browser: Any, path: str, **query: object) -> dict[str, Any]:
    response = await browser.get(path, params={name: str(value) for name, value in query.items()})
    assert response.status == 200, await response.text()
    found: dict[str, Any] = await response.json()
    return found


def texts(page: dict[str, Any]) -> list[str]:
    return [message["text"] for message in page["messages"]]


async def test_whoever_is_inside_reads_and_others_do_not(site: Any) -> None:
    owner, guest = await (await site.browser()).register(), await (await site.browser()).enter()
    room = (await owner.make_room())["id"]
    await write(site, owner, ["<b>hello</b>"], room=room)
    path = f"/api/rooms/{room}/messages"
    assert (await guest.get(path)).status == 403
    site.rooms.inside[UUID(room)] = [(uuid_of(guest), "Guest", True)]
    page = await read(guest, path)
    assert texts(page) == ["<b>hello</b>"]
    assert (page["kept"], page["next"]) == (True, None)
    assert page["messages"][0]["name"] == owner.user["username"]


async def test_a_room_that_keeps_nothing_shows_nothing(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = (await owner.make_room(chat_kept=False, chat_days=7))["id"]
    await write(site, owner, ["from before"], room=room)
    assert await read(owner, f"/api/rooms/{room}/messages") == {"messages": [], "next": None, "kept": False}


async def test_pages_follow_each_other_and_a_search_finds_words(site: Any) -> None:
    owner = await (await site.browser()).register()
    room = (await owner.make_room())["id"]
    await write(site, owner, [f"number {number}" for number in range(PAGE + 5)], room=room)
    path = f"/api/rooms/{room}/messages"
    first = await read(owner, path)
    rest = await read(owner, path, before=first["next"])
    assert texts(first) + texts(rest) == [f"number {number}" for number in reversed(range(PAGE + 5))]
    assert rest["next"] is None
    assert texts(await read(owner, path, q="numb 42")) == ["number 42"]
    for query in ("before=0", "before=x", f"q={'x' * 101}"):
        assert (await owner.get(f"{path}?{query}")).status == 422


async def test_who_wrote_it_or_a_moderator_deletes_and_those_inside_are_told(site: Any) -> None:
    owner, ana, bo = [await (await site.browser()).register() for _ in range(3)]
    room = (await owner.make_room())["id"]
    site.rooms.inside[UUID(room)] = [(uuid_of(each), "x", False) for each in (ana, bo)]
    mine, rude = await write(site, ana, ["mine", "rude"], room=room)
    path = f"/api/rooms/{room}/messages"
    assert (await bo.delete(f"{path}/{mine}")).status == 403
    assert (await ana.delete(f"{path}/{mine}")).status == 204
    assert (await ana.delete(f"{path}/{mine}")).status == 404
    assert (await owner.delete(f"{path}/{rude}")).status == 204
    told = [call for call in site.rooms.calls if call[0] == "tell_message_removed"]
    assert told == [("tell_message_removed", UUID(room), mine), ("tell_message_removed", UUID(room), rude)]
    log = await (await owner.get(f"/api/rooms/{room}/audit")).json()
    deeds = [(entry["action"], entry["target"]) for entry in log["entries"] if entry["action"].startswith("message")]
    assert deeds == [("message.deleted", ana.user["username"])]


async def test_a_message_of_another_room_is_not_found(site: Any) -> None:
    owner = await (await site.browser()).register()
    room, other = (await owner.make_room())["id"], (await owner.make_room())["id"]
    [message] = await write(site, owner, ["here"], room=room)
    assert (await owner.delete(f"/api/rooms/{other}/messages/{message}")).status == 404


async def test_direct_messages_are_for_the_two_alone(site: Any) -> None:
    ana, bo, eve = [await (await site.browser()).register() for _ in range(3)]
    [message] = await write(site, ana, ["only you"], to=bo)
    about_bo, about_ana = f"/api/direct/{bo.user['id']}", f"/api/direct/{ana.user['id']}"
    assert texts(await read(ana, f"{about_bo}/messages")) == texts(await read(bo, f"{about_ana}/messages"))
    for other in (about_ana, about_bo):
        assert texts(await read(eve, f"{other}/messages")) == []
        assert (await eve.delete(f"{other}/messages/{message}")).status == 404
    [conversation] = (await read(bo, "/api/direct"))["conversations"]
    assert (conversation["name"], conversation["unread"]) == (ana.user["username"], 1)
    assert (await bo.put(f"{about_ana}/read", {})).status == 204
    assert (await read(bo, "/api/direct"))["conversations"][0]["unread"] == 0
    assert (await bo.delete(f"{about_ana}/messages/{message}")).status == 404
    assert (await ana.delete(f"{about_bo}/messages/{message}")).status == 204
    assert texts(await read(bo, f"{about_ana}/messages")) == []


@pytest.mark.parametrize(("days", "status"), [(1, 200), (3650, 200), (None, 200), (0, 422), (3651, 422), ("7", 422)])
async def test_how_long_messages_are_kept_has_limits(site: Any, days: object, status: int) -> None:
    owner = await (await site.browser()).register()
    room = (await owner.make_room())["id"]
    response = await owner.put(f"/api/rooms/{room}", {"chat_days": days})
    assert response.status == status
    if status == 200:
        assert (await response.json())["chat_days"] == days
