"""Messages on their way into the history: batched off the tick, kept while the database is away.

    put -> waiting (bounded) -> write: one statement for all -> settled, each in its turn

Whoever put a message is told when it is safe, and only then tells its sender: an acknowledged message is never lost.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Protocol
from uuid import UUID

import structlog

from server.ops.metrics import Metrics
from server.store.errors import StoreUnavailable
from server.store.messages import Message

log = structlog.get_logger()

MOST_WAITING = 2_000
"""Messages of one room, and of all direct ones together, that may wait while the database is away."""
BATCH = 500
WRITE_EVERY_S = 0.1


class Outcome(Enum):
    """What became of a message."""

    SAVED = "saved"
    REFUSED = "refused"
    """Its id belongs to another message, or its place is gone."""
    WITHDRAWN = "withdrawn"


Settled = Callable[[Outcome], None]


class MessageStore(Protocol):
    """Where messages are written; `server.store.messages.Messages` in a running server."""

    async def save_many(self, messages: list[Message]) -> set[UUID]:
        """Write all of them; the ids of those that are there now. Raises `StoreUnavailable`."""
        ...


class MessageWriter:
    """All messages of this process that are not yet written. Bound: `MOST_WAITING` a room and for direct ones."""

    def __init__(self, store: MessageStore, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics
        self._waiting: dict[UUID, tuple[Message, Settled]] = {}
        self._counts: Counter[UUID | None] = Counter()
        self._turn = asyncio.Lock()
        self._put = asyncio.Event()

    def has_room(self, room_id: UUID | None) -> bool:
        """Whether one more message of the room (None: a direct one) may wait."""
        return self._counts[room_id] < MOST_WAITING

    def put(self, message: Message, settled: Settled) -> None:
        """Write the message soon. `settled`: told once what became of it. The caller asked `has_room`."""
        self._waiting[message.id] = (message, settled)
        self._counts[message.room_id] += 1
        self._metrics.chat_waiting.set(len(self._waiting))
        self._put.set()

    async def withdraw(self, message_id: UUID, sender_id: UUID | None = None) -> bool:
        """Do not write the message (None: whoever wrote it) if that did not happen yet; True: it was still waiting.
        Until this returns no write is under way, so that whoever deletes it afterwards finds it if it is there."""
        async with self._turn:
            found = self._waiting.get(message_id)
            if found is None or sender_id not in (None, found[0].sender_id):
                return False
            return self._take(message_id, Outcome.WITHDRAWN)

    async def write(self) -> bool:
        """Write what waits. False: the database is away; all of it is kept for the next time."""
        async with self._turn:
            while self._waiting:
                batch = [message for message, _ in list(self._waiting.values())[:BATCH]]
                try:
                    saved = await self._store.save_many(batch)
                except StoreUnavailable as error:
                    self._metrics.chat_write_failures.inc()
                    log.debug("messages not saved, will try again", messages=len(batch), why=str(error))
                    return False
                except Exception:
                    log.exception("messages that cannot be saved")
                    batch, saved = await self._one_by_one(batch)
                for message in batch:
                    self._take(message.id, Outcome.SAVED if message.id in saved else Outcome.REFUSED)
            return True

    async def run(self) -> None:
        """Write whatever comes, until cancelled. While nothing waits, this does not wake the process."""
        while True:
            if not self._waiting:
                self._put.clear()
                await self._put.wait()
            await self.write()
            await asyncio.sleep(WRITE_EVERY_S)

    async def _one_by_one(self, batch: list[Message]) -> tuple[list[Message], set[UUID]]:
        """One message that the database does not take must not hold up the others: which were tried, and which of them
        are saved."""
        tried: list[Message] = []
        saved: set[UUID] = set()
        for message in batch:
            try:
                saved |= await self._store.save_many([message])
            except StoreUnavailable:
                break
            except Exception:
                log.warning("a message was dropped", room=str(message.room_id), sender=str(message.sender_id))
            tried.append(message)
        return tried, saved

    def _take(self, message_id: UUID, outcome: Outcome) -> bool:
        found = self._waiting.pop(message_id, None)
        if found is None:
            return False
        message, settled = found
        self._counts[message.room_id] -= 1
        if not self._counts[message.room_id]:
            del self._counts[message.room_id]
        self._metrics.chat_waiting.set(len(self._waiting))
        settled(outcome)
        return True
