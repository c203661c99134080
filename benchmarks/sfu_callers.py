"""People in a room of a real server who speak and show themselves through its built-in SFU.

The benchmark's own `Caller` sends the media; a game socket tells it where to, and asks for nothing else.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from benchmarks.bots.api import Api, Pass
from benchmarks.bots.bot import AGENT
from benchmarks.bots.errors import BotError
from benchmarks.bots.transports import dial_websocket
from benchmarks.sfu import PATIENCE_S, Caller, send_media
from protocol.client_session import ClientSession
from protocol.constants import WALKER_FEATURES, Description, Feature
from protocol.messages import Describe, Described, Input, Media, Slots, Snapshot, Welcome, encode

MICROPHONE_AND_CAMERA = 0b011
SLOT_BYTES = 6
WIDE_PX = 384


class Participant:
    """Somebody with a game socket and a leg of the SFU. The owner of a connection."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.caller: Caller | None = None
        self.slots = 0
        """Sounds and pictures that reach them."""
        self.gone = ""
        self._session = ClientSession(
            agent=AGENT, features=WALKER_FEATURES | int(Feature.PROXIMITY | Feature.MEDIA | Feature.SFU)
        )
        self._connection: Any = None
        self._connecting: asyncio.Task[None] | None = None
        self._ticket = ""

    async def enter(self, url: str, door: Pass) -> None:
        """Go in."""
        self._ticket = door.ticket
        await dial_websocket(self, url, door.path, self._take)

    def leave(self) -> None:
        """Go."""
        if self._connection is not None:
            self._connection.send(self._session.leave())

    def _take(self, connection: Any) -> None:
        self._connection = connection

    # --- what the connection tells ----------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        self._connection.send(self._session.connect(self._ticket))

    def received(self, payload: bytes, now: float) -> None:
        for message in self._session.receive_data(payload, now):
            if isinstance(message, Welcome):
                self._connection.send(encode(Media(MICROPHONE_AND_CAMERA)))
            elif isinstance(message, Snapshot):
                self._connection.send(encode(Input(message.tick, 0, 0, b"")))
            elif isinstance(message, Slots):
                self.slots = len(message.slots) // SLOT_BYTES
            elif isinstance(message, Described) and message.form == Description.OFFER.value:
                self.caller = Caller(self.number, message.sdp)
                answer = Describe(message.session, message.leg, Description.ANSWER.value, self.caller.answer())
                self._connection.send(encode(answer))
                self._connecting = asyncio.create_task(self.caller.connect())

    def closed(self, code: int, reason: str, now: float) -> None:
        self.gone = f"{code} {reason}"


class PersonApi(Api):
    """Joins as people do: programs are not talked with."""

    async def join(self, room: UUID, token: str) -> Pass:
        answer = await self._call("POST", f"/api/rooms/{room}/join", token=token, json={})
        return Pass(str(answer["url"]), str(answer["ticket"]))

    async def widen(self, room: UUID, token: str) -> None:
        """Let all in a room hear each other, wherever they stand."""
        await self._call("PUT", f"/api/rooms/{room}", token=token, json={"proximity_px": WIDE_PX})


class Conference:
    """So many people in one room, near each other."""

    def __init__(self, api: PersonApi, room: UUID) -> None:
        self._api, self._room = api, room
        self._people: list[Participant] = []

    async def gather(self, people: int, slots: int) -> None:
        """Everybody comes in and gets `slots` sounds and pictures. BotError: they do not."""
        for number in range(1, people + 1):
            participant = Participant(number)
            self._people.append(participant)
            token = await self._api.guest(f"Speaker {number}")
            await participant.enter(self._api.url, await self._api.join(self._room, token))
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not all(each.slots >= slots for each in self._people):
            if asyncio.get_running_loop().time() > deadline:
                found = [(each.slots, each.gone) for each in self._people]
                raise BotError(f"not everybody is heard by everybody: {found}")
            # Pictures get their slots with their first packet.
            await self.talk(0.2)

    async def talk(self, seconds: float) -> None:
        """Everybody speaks and shows their picture."""
        await send_media([each.caller for each in self._people if each.caller is not None], seconds, pictures=True)

    async def listen(self, seconds: float) -> None:
        """Nobody says anything; their connections are kept."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            for each in self._people:
                if each.caller is not None:
                    each.caller.check()
            await asyncio.sleep(min(2.0, max(0.0, end - asyncio.get_running_loop().time())))

    def end(self) -> None:
        """Everybody leaves."""
        for each in self._people:
            each.leave()
