"""The history of what people wrote in rooms and to one another: written in batches, read in pages, searched."""

# ruff: noqa: S608 - the only text put into queries is the constants below

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from protocol.constants import Channel
from server.store import audit
from server.store.audit import Actor
from server.store.database import Database, columns

if TYPE_CHECKING:
    from server.store.database import Record

PAGE = 50
"""Messages of one page."""
CONVERSATIONS = 200
"""Most people with whom somebody is shown to have written."""
PURGE_BATCH = 5000
SEARCH_WORDS = 8

_COLUMNS = ("seq", "id", "room_id", "sender_id", "sender_name", "recipient_id", "channel", "text", "at", "read_at")
_SELECT = f"SELECT {columns(_COLUMNS, 'm')} FROM messages m "
_BETWEEN = (
    "m.recipient_id IS NOT NULL AND least(m.sender_id, m.recipient_id) = least($1::uuid, $2::uuid) "
    "AND greatest(m.sender_id, m.recipient_id) = greatest($1::uuid, $2::uuid)"
)

# Whose room, receiver or account is gone meanwhile is left out: one such message must not hold up the others.
_SAVE = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::smallint[], $7::text[],
                         $8::timestamptz[], $9::bigint[])
        WITH ORDINALITY AS g (id, room_id, sender_id, sender_name, recipient_id, channel, text, at, epoch, ord)
), held AS (
    -- as `server.store.epochs.HELD`, for many rooms
    SELECT r.id, r.epoch FROM rooms r
    WHERE EXISTS (SELECT FROM given g WHERE g.room_id = r.id AND (g.epoch IS NULL OR g.epoch = r.epoch))
    ORDER BY r.id FOR SHARE
), inserted AS (
    INSERT INTO messages (id, room_id, sender_id, sender_name, recipient_id, channel, text, at)
    SELECT g.id, g.room_id, g.sender_id, g.sender_name, g.recipient_id, g.channel, g.text, g.at
    FROM given g JOIN users s ON s.id = g.sender_id
    LEFT JOIN held r ON r.id = g.room_id AND (g.epoch IS NULL OR g.epoch = r.epoch)
    LEFT JOIN users o ON o.id = g.recipient_id
    WHERE (g.room_id IS NULL OR r.id IS NOT NULL) AND (g.recipient_id IS NULL OR o.id IS NOT NULL)
    ORDER BY g.ord
    ON CONFLICT (id) DO NOTHING
    RETURNING id
)
SELECT id FROM inserted
UNION
SELECT g.id FROM given g JOIN messages m ON m.id = g.id AND m.sender_id = g.sender_id
"""

# From one partner to the next by the index: what was written to each of them is not read.
_CONVERSATIONS = f"""
WITH RECURSIVE written (other) AS (
    (SELECT recipient_id FROM messages WHERE sender_id = $1 AND recipient_id IS NOT NULL
     ORDER BY recipient_id LIMIT 1)
    UNION ALL
    SELECT (SELECT recipient_id FROM messages WHERE sender_id = $1 AND recipient_id > w.other
            ORDER BY recipient_id LIMIT 1)
    FROM written w WHERE w.other IS NOT NULL
), got (other) AS (
    (SELECT sender_id FROM messages WHERE recipient_id = $1 ORDER BY sender_id LIMIT 1)
    UNION ALL
    SELECT (SELECT sender_id FROM messages WHERE recipient_id = $1 AND sender_id > g.other
            ORDER BY sender_id LIMIT 1)
    FROM got g WHERE g.other IS NOT NULL
), partners AS (
    SELECT other FROM written WHERE other IS NOT NULL UNION SELECT other FROM got WHERE other IS NOT NULL
)
SELECT {columns(_COLUMNS, "m")}, u.id AS other_id, u.username AS other_name, u.is_guest AS other_is_guest,
    (SELECT count(*) FROM messages n
     WHERE n.recipient_id = $1 AND n.sender_id = p.other AND n.read_at IS NULL) AS unread
FROM partners p
CROSS JOIN LATERAL (SELECT id, username, is_guest FROM users WHERE id = p.other LIMIT 1) u
CROSS JOIN LATERAL (
    {_SELECT} WHERE m.recipient_id IS NOT NULL AND least(m.sender_id, m.recipient_id) = least($1::uuid, p.other)
        AND greatest(m.sender_id, m.recipient_id) = greatest($1::uuid, p.other) ORDER BY m.seq DESC LIMIT 1
) m
ORDER BY m.seq DESC LIMIT {CONVERSATIONS}
"""


@dataclass(frozen=True, slots=True)
class Message:
    """Something written. Exactly one of `room_id` and `recipient_id` is not None. `seq` 0: not in the database yet.
    `epoch`: of the room's owner where it was written; it is kept only if that owner is still the newest. None: any."""

    id: UUID
    sender_id: UUID
    sender_name: str
    channel: Channel
    text: str
    at: datetime
    room_id: UUID | None = None
    recipient_id: UUID | None = None
    read_at: datetime | None = None
    seq: int = 0
    epoch: int | None = None

    @classmethod
    def from_record(cls, record: Record) -> Self:
        values = {name: record[name] for name in _COLUMNS}
        return cls(**(values | {"channel": Channel(values["channel"])}))


@dataclass(frozen=True, slots=True)
class Conversation:
    """What two people wrote to each other, as one of them sees it. `unread`: how many for them."""

    other_id: UUID
    other_name: str
    other_is_guest: bool
    newest: Message
    unread: int


class Messages:
    """The table `messages`. Methods raise `StoreUnavailable` when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_many(self, messages: Sequence[Message]) -> set[UUID]:
        """Write all of them in one statement, in their order; the ids of those that are there now, written before by
        the same sender included. What is missing has an id of somebody else's message, or a place that is gone."""
        records = await self._database.fetch(
            _SAVE,
            [message.id for message in messages],
            [message.room_id for message in messages],
            [message.sender_id for message in messages],
            [message.sender_name for message in messages],
            [message.recipient_id for message in messages],
            [int(message.channel) for message in messages],
            [message.text for message in messages],
            [message.at for message in messages],
            [message.epoch for message in messages],
        )
        return {record["id"] for record in records}

    async def of_room(self, room_id: UUID, before: int | None = None, search: str = "") -> list[Message]:
        """The newest `PAGE` messages of a room older than number `before`, newest first; with `search`, those that
        have each of its words or one that begins with it."""
        return await self._page("m.room_id = $1 AND $2::uuid IS NULL", room_id, None, before, search)

    async def between(self, one: UUID, other: UUID, before: int | None = None, search: str = "") -> list[Message]:
        """The same for what two people wrote to each other."""
        return await self._page(_BETWEEN, one, other, before, search)

    async def conversations(self, user_id: UUID) -> list[Conversation]:
        """With whom the user wrote, who wrote last first."""
        return [
            Conversation(
                record["other_id"],
                record["other_name"],
                record["other_is_guest"],
                Message.from_record(record),
                record["unread"],
            )
            for record in await self._database.fetch(_CONVERSATIONS, user_id)
        ]

    async def mark_read(self, user_id: UUID, other: UUID) -> int:
        """The user has read everything from the other; how many that were."""
        return await self._database.execute(
            "UPDATE messages SET read_at = now() WHERE recipient_id = $1 AND sender_id = $2 AND read_at IS NULL",
            user_id,
            other,
        )

    async def has_written(self, sender: UUID, receiver: UUID) -> bool:
        """Whether one wrote to the other directly."""
        found: bool = await self._database.fetchval(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE sender_id = $1 AND recipient_id = $2)", sender, receiver
        )
        return found

    async def author_in(self, room_id: UUID, message_id: UUID) -> tuple[UUID, str] | None:
        """Who wrote a message of the room: (id, name)."""
        record = await self._database.fetchrow(
            "SELECT sender_id, sender_name FROM messages WHERE id = $1 AND room_id = $2", message_id, room_id
        )
        return (record["sender_id"], record["sender_name"]) if record else None

    async def delete_in(
        self, room_id: UUID, message_id: UUID, actor: Actor, author: tuple[UUID, str], *, logged: bool
    ) -> None:
        """Delete a message of a room; one that is not there is no error. `logged`: it goes into the audit log."""
        async with self._database.transaction() as connection:
            await connection.execute("DELETE FROM messages WHERE id = $1 AND room_id = $2", message_id, room_id)
            if logged:
                await audit.write(connection, actor, "message.deleted", room_id=room_id, target=author)

    async def delete_direct(self, sender_id: UUID, recipient_id: UUID, message_id: UUID) -> bool:
        """Delete what one wrote to the other, for both. False: there is no such message."""
        return bool(
            await self._database.execute(
                "DELETE FROM messages WHERE id = $1 AND sender_id = $2 AND recipient_id = $3",
                message_id,
                sender_id,
                recipient_id,
            )
        )

    async def purge(self) -> int:
        """Delete up to `PURGE_BATCH` messages that their rooms do not keep any more; how many."""
        rooms = await self._database.fetch(
            "SELECT id, chat_kept, chat_days FROM rooms WHERE NOT chat_kept OR chat_days IS NOT NULL"
        )
        deleted, now = 0, datetime.now(UTC)
        for room in rooms:
            oldest = now - timedelta(days=room["chat_days"]) if room["chat_kept"] else now
            deleted += await self._database.execute(
                "DELETE FROM messages WHERE seq IN (SELECT seq FROM messages WHERE room_id = $1 AND at < $2 "
                "ORDER BY at LIMIT $3)",
                room["id"],
                oldest,
                PURGE_BATCH - deleted,
            )
            if deleted >= PURGE_BATCH:
                break
        return deleted

    async def _page(self, where: str, one: UUID, other: UUID | None, before: int | None, search: str) -> list[Message]:
        newest = (1 << 63) - 1 if before is None else before
        arguments: list[object] = [one, other, newest]
        found = ""
        if search:
            found = "AND m.words @@ to_tsquery('simple', $4) "
            arguments.append(words_of(search))
        records = await self._database.fetch(
            f"{_SELECT} WHERE {where} AND m.seq < $3 {found}ORDER BY m.seq DESC LIMIT {PAGE}", *arguments
        )
        return [Message.from_record(record) for record in records]


def words_of(search: str) -> str:
    """A search as `to_tsquery` takes it: each word, or the beginning of one. Nothing that could be a word: finds
    nothing."""
    words = re.findall(r"[^\W_]+", search)[:SEARCH_WORDS]
    return " & ".join(f"'{word}':*" for word in words)
