"""Messages on their way into the history."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

from protocol.constants import Channel
from server.chat.writer import MessageWriter, Outcome
from server.ops.metrics import Metrics
from server.store.messages import Message
from tests.server.chat.people import History


def message(text: str) -> Message:
    return Message(uuid4(), UUID(int=1), "Ana", Channel.ROOM, text, datetime(2026, 1, 1, tzinfo=UTC), UUID(int=2))


async def test_whatever_comes_is_written_and_while_nothing_comes_nothing_is_done() -> None:
    history = History()
    writer = MessageWriter(history, Metrics())
    written: asyncio.Queue[Outcome] = asyncio.Queue()
    running = asyncio.create_task(writer.run())
    try:
        async with asyncio.timeout(10):
            for text in ("first", "second"):
                await asyncio.sleep(0)
                writer.put(message(text), written.put_nowait)
                assert await written.get() is Outcome.SAVED
            history.away = True
            writer.put(message("third"), written.put_nowait)
            while history.writes < 4:
                await asyncio.sleep(0.001)
            history.away = False
            assert await written.get() is Outcome.SAVED
    finally:
        running.cancel()
    assert history.texts() == ["first", "second", "third"]
