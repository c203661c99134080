"""What people write while the database is away, and what a killed server still has: every message it acknowledged."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from protocol.client_session import ClientSession
from protocol.constants import WALKER_FEATURES, Channel, Feature
from protocol.messages import Said, Say, Sent, decode_server, encode
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import Guests, Visitor

DOWN_S = 4.0


class Talker:
    """A visitor who writes to the room."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        visitor.session = ClientSession(agent="hallway-tests", features=WALKER_FEATURES | int(Feature.CHAT))
        self.said: list[str] = []
        """Texts of others, in the order of their arrival."""
        self.safe: set[UUID] = set()
        self._refs = 0
        hear = visitor._received

        def received(payload: bytes, now: float) -> None:
            message = decode_server(payload)
            if isinstance(message, Said):
                self.said.append(message.text)
            elif isinstance(message, Sent):
                assert message.kept
                self.safe.add(UUID(message.id))
            hear(payload, now)

        visitor._received = received  # type: ignore[method-assign]

    def write(self, text: str, message_id: UUID | None = None) -> UUID:
        """Say it to the room; its id."""
        message_id = message_id or uuid4()
        self._refs += 1
        self.visitor.send(encode(Say(self._refs, str(message_id), Channel.ROOM.value, None, text)))
        return message_id

    async def hears(self, text: str) -> None:
        """Wait until somebody else's message is here."""
        await self.visitor.until(f"the message {text!r}", lambda: text in self.said)

    async def knows_safe(self, message_id: UUID) -> None:
        """Wait until the server has acknowledged a message."""
        await self.visitor.until("an acknowledgement", lambda: message_id in self.safe)


async def history(server: ServerProcess, guests: Guests, token: str) -> list[str]:
    """What the room has kept, oldest first."""
    url = f"{server.url}/api/rooms/{guests.room}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http, http.get(url) as answer:
        assert answer.status == 200, await answer.text()
        page: dict[str, Any] = await answer.json()
    return [message["text"] for message in reversed(page["messages"])]


async def test_nothing_acknowledged_is_lost_and_nothing_is_twice(server: ServerProcess, guests: Guests) -> None:
    ana, bo = Talker(await guests.new()), Talker(await guests.new())
    await ana.visitor.come()
    await bo.visitor.come()

    server.kill_database("postgres")
    ends = time.monotonic() + DOWN_S
    written: dict[UUID, str] = {}
    while time.monotonic() < ends:
        server.kill_database_again("postgres")
        text = f"while it is away, {len(written)}"
        written[ana.write(text)] = text
        # People go on reading each other; within the limit of one a second.
        await bo.hears(text)
        await ana.visitor.ticks(25)
    assert len(written) >= 3
    assert len(ana.safe) < len(written)
    await ana.visitor.until("every acknowledgement", lambda: ana.safe >= written.keys())
    assert await history(server, guests, bo.visitor.token) == list(written.values())

    # Said again, as after a lost connection: acknowledged again, and neither sent out nor kept twice.
    for message_id, text in written.items():
        ana.safe.discard(message_id)
        ana.write(text, message_id)
        await ana.knows_safe(message_id)
        await ana.visitor.ticks(30)
    last = ana.write("and then somebody pulled the plug")
    await ana.knows_safe(last)
    await bo.hears("and then somebody pulled the plug")
    assert bo.said == [*written.values(), "and then somebody pulled the plug"]

    server.kill()
    await asyncio.to_thread(server.start)
    cem = Talker(await guests.new())
    await cem.visitor.come()
    assert await history(server, guests, cem.visitor.token) == [*written.values(), "and then somebody pulled the plug"]
