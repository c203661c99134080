"""The history: written once, read in pages, searched, deleted, and gone with those who wrote it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from protocol.constants import Channel
from server.store.audit import Actor, AuditLog
from server.store.database import Database
from server.store.messages import PAGE, Message, Messages, words_of
from server.store.personal_data import PersonalData
from server.store.rooms import Room, Rooms
from server.store.users import User, Users

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def account(database: Database, name: str) -> User:
    return await Users(database).create_account(
        email=f"{name}@example.org", username=name, password_hash="hash", look=bytes(6)
    )


async def a_room(database: Database, owner: User, **settings: object) -> Room:
    return await Rooms(database).create(owner_id=owner.id, name="Room", template="office", **settings)


def said(room: Room, sender: User, text: str, at: datetime = NOON, message_id: UUID | None = None) -> Message:
    return Message(message_id or uuid4(), sender.id, sender.username, Channel.ROOM, text, at, room.id)


def direct(sender: User, receiver: User, text: str, at: datetime = NOON) -> Message:
    return Message(uuid4(), sender.id, sender.username, Channel.DIRECT, text, at, recipient_id=receiver.id)


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


async def test_a_batch_is_kept_in_its_order_and_each_message_once(database: Database) -> None:
    ana, messages = await account(database, "Ana"), Messages(database)
    room = await a_room(database, ana)
    batch = [said(room, ana, str(number)) for number in range(5)]
    assert await messages.save_many(batch) == {message.id for message in batch}
    assert await messages.save_many([batch[2], said(room, ana, "5")]) >= {batch[2].id}
    assert texts(await messages.of_room(room.id)) == ["5", "4", "3", "2", "1", "0"]


async def test_what_has_no_place_or_somebody_elses_id_is_left_out_and_holds_up_nothing(database: Database) -> None:
    ana, bo, messages = await account(database, "Ana"), await account(database, "Bo"), Messages(database)
    room = await a_room(database, ana)
    first = said(room, ana, "mine")
    await messages.save_many([first])
    gone = await account(database, "Gone")
    to_gone, of_gone = direct(ana, gone, "?"), said(room, gone, "?")
    await database.execute("DELETE FROM users WHERE id = $1", gone.id)
    good = said(room, bo, "good")
    saved = await messages.save_many([said(room, bo, "yours", message_id=first.id), to_gone, of_gone, good])
    assert saved == {good.id}
    assert texts(await messages.of_room(room.id)) == ["good", "mine"]


async def test_pages_go_back_to_the_beginning_without_gaps_or_doubles(database: Database) -> None:
    ana, messages = await account(database, "Ana"), Messages(database)
    room = await a_room(database, ana)
    await messages.save_many([said(room, ana, str(number)) for number in range(PAGE * 2 + 7)])
    found: list[str] = []
    before = None
    while page := await messages.of_room(room.id, before):
        found += texts(page)
        before = page[-1].seq
        await messages.save_many([said(room, ana, "meanwhile")])
    assert found == [str(number) for number in reversed(range(PAGE * 2 + 7))]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("kettle", ["The kettle is on"]),
        ("KETT", ["The kettle is on"]),
        ("is kettle", ["The kettle is on"]),
        ("kettle off", []),
        ("example", ["see https://example.org/x"]),
        ("!!! ' & | :* \\", []),
        ("~", []),
        ("_", []),
        ("", ["see https://example.org/x", "The kettle is on"]),
    ],
)
async def test_a_search_finds_words_and_their_beginnings(database: Database, search: str, found: list[str]) -> None:
    ana, messages = await account(database, "Ana"), Messages(database)
    room, other = await a_room(database, ana), await a_room(database, ana)
    await messages.save_many([said(room, ana, "The kettle is on"), said(room, ana, "see https://example.org/x")])
    await messages.save_many([said(other, ana, "kettle elsewhere")])
    assert texts(await messages.of_room(room.id, None, search)) == found


def test_a_search_is_never_a_query_of_its_own() -> None:
    assert words_of("a'b & c:* | !d <-> e") == "'a':* & 'b':* & 'c':* & 'd':* & 'e':*"


async def test_only_the_two_have_what_they_wrote_and_know_what_is_unread(database: Database) -> None:
    ana, bo, cem = [await account(database, name) for name in ("Ana", "Bo", "Cem")]
    messages = Messages(database)
    await messages.save_many([direct(ana, bo, "one"), direct(bo, ana, "two"), direct(cem, ana, "three")])
    assert (
        texts(await messages.between(ana.id, bo.id)) == texts(await messages.between(bo.id, ana.id)) == ["two", "one"]
    )
    assert texts(await messages.between(cem.id, bo.id)) == []
    with_ana = await messages.conversations(ana.id)
    assert [(each.other_name, each.newest.text, each.unread) for each in with_ana] == [
        ("Cem", "three", 1),
        ("Bo", "two", 1),
    ]
    assert await messages.mark_read(ana.id, bo.id) == 1
    assert [each.unread for each in await messages.conversations(ana.id)] == [1, 0]
    assert await messages.has_written(bo.id, ana.id)
    assert not await messages.has_written(bo.id, cem.id)


async def test_deleting_is_logged_when_it_was_somebody_elses(database: Database) -> None:
    ana, bo, messages = await account(database, "Ana"), await account(database, "Bo"), Messages(database)
    room = await a_room(database, ana)
    message = said(room, bo, "rude")
    await messages.save_many([message])
    author = await messages.author_in(room.id, message.id)
    assert author == (bo.id, "Bo")
    assert await messages.author_in(uuid4(), message.id) is None
    await messages.delete_in(room.id, message.id, Actor(ana.id, "Ana"), author, logged=True)
    assert await messages.of_room(room.id) == []
    [entry] = [e for e in await AuditLog(database).of_room(room.id) if e.action == "message.deleted"]
    assert (entry.actor_name, entry.target_name, entry.details) == ("Ana", "Bo", {})


async def test_nobody_deletes_a_direct_message_of_somebody_else(database: Database) -> None:
    ana, bo, messages = await account(database, "Ana"), await account(database, "Bo"), Messages(database)
    message = direct(ana, bo, "hi")
    await messages.save_many([message])
    assert not await messages.delete_direct(bo.id, ana.id, message.id)
    assert await messages.delete_direct(ana.id, bo.id, message.id)


async def test_what_a_room_does_not_keep_any_more_is_purged(database: Database) -> None:
    ana, messages, now = await account(database, "Ana"), Messages(database), datetime.now(UTC)
    weekly, silent = await a_room(database, ana, chat_days=7), await a_room(database, ana, chat_kept=False)
    for_good = await a_room(database, ana)
    for room in (weekly, silent, for_good):
        await messages.save_many([said(room, ana, "old", now - timedelta(days=8)), said(room, ana, "new", now)])
    assert await messages.purge() == 3
    assert [texts(await messages.of_room(room.id)) for room in (weekly, silent, for_good)] == [
        ["new"],
        [],
        ["new", "old"],
    ]


async def test_an_account_takes_with_it_what_it_wrote_and_was_sent_and_exports_it_before(database: Database) -> None:
    ana, bo, messages = await account(database, "Ana"), await account(database, "Bo"), Messages(database)
    room = await a_room(database, ana)
    await messages.save_many([said(room, bo, "in the room"), direct(ana, bo, "to Bo"), said(room, ana, "stays")])
    records = await PersonalData(database).records(bo.id)
    assert [row["text"] for row in records["messages.sender_id"]] == ["in the room"]
    assert [row["text"] for row in records["messages.recipient_id"]] == ["to Bo"]
    assert "words" not in records["messages.sender_id"][0]
    await PersonalData(database).delete(bo.id, with_rooms=False)
    assert texts(await messages.of_room(room.id)) == ["stays"]
    assert await messages.conversations(ana.id) == []
