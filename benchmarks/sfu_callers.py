"""People in a room of a real server who speak and show themselves through its built-in SFU.

The benchmark's own `Caller` sends the media; a game socket tells it where to, and asks for nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from struct import Struct
from typing import Any
from uuid import UUID

from benchmarks.bots.api import Api, Pass
from benchmarks.bots.bot import AGENT
from benchmarks.bots.errors import BotError
from benchmarks.bots.transports import dial_websocket
from benchmarks.sfu import PATIENCE_S, Caller, rest, send_media
from protocol.client_session import ClientSession
from protocol.constants import WALKER_FEATURES, Description, Feature, LegState, PathFlag
from protocol.messages import (
    Delivery,
    Describe,
    Described,
    Input,
    Links,
    Media,
    Plan,
    Slots,
    Snapshot,
    Welcome,
    encode,
)

MICROPHONE_AND_CAMERA = 0b011
SLOT_ROW, LINK_ROW, PATH_ROW = Struct("<BBHBB"), Struct("<HIB"), Struct("<IB")
"""Of SLOTS, LINKS and DELIVERY."""
WIDE_PX = 384


class Participant:
    """Somebody with a game socket and a leg of the SFU. The owner of a connection. `shows`: what they say is on, as in
    `Media`; `caller`: what sends and receives for them, made of their number and the SFU's offer."""

    def __init__(
        self, number: int, *, shows: int = MICROPHONE_AND_CAMERA, caller: Callable[[int, str], Caller] = Caller
    ) -> None:
        self.number = number
        self.caller: Caller | None = None
        self.avatars: dict[int, int] = {}
        """Who is in which section of the leg now."""
        self._shows, self._make_caller = shows, caller
        self._links: list[int] = []
        self._session_number = 0
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

    def report(self) -> None:
        """Say that what is to come through the SFU does, so that the old way is taken away."""
        if self.caller is not None and self.caller.inbound is not None and self._connection is not None:
            rows = b"".join(PATH_ROW.pack(link, PathFlag.SFU) for link in self._links)
            self._connection.send(encode(Delivery(self._session_number, LegState.CONNECTED, rows)))

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
                self._connection.send(encode(Media(self._shows)))
            elif isinstance(message, Snapshot):
                self._connection.send(encode(Input(message.tick, 0, 0, b"")))
            elif isinstance(message, Slots):
                rows = [SLOT_ROW.unpack(each) for each in split(message.slots, SLOT_ROW.size)]
                self.slots, self.avatars = len(rows), {mid: avatar for _, mid, avatar, _, _ in rows}
            elif isinstance(message, Links):
                self._links = [link for _, link, _ in map(LINK_ROW.unpack, split(message.links, LINK_ROW.size))]
            elif isinstance(message, Plan):
                self._session_number = message.session
            elif isinstance(message, Described) and message.form == Description.OFFER.value:
                self.caller = self._make_caller(self.number, message.sdp)
                answer = Describe(message.session, message.leg, Description.ANSWER.value, self.caller.answer())
                self._connection.send(encode(answer))
                self._connecting = asyncio.create_task(self.caller.connect())

    def closed(self, code: int, reason: str, now: float) -> None:
        self.gone = f"{code} {reason}"


def split(rows: bytes, size: int) -> list[bytes]:
    """Rows of `size` bytes each."""
    return [rows[at : at + size] for at in range(0, len(rows), size)]


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

    @property
    def callers(self) -> list[Caller]:
        """Those who are connected."""
        return [each.caller for each in self._people if each.caller is not None]

    async def talk(self, seconds: float) -> None:
        """Everybody speaks and shows their picture."""
        await send_media(self.callers, seconds, pictures=True)

    async def listen(self, seconds: float) -> None:
        """Nobody says anything."""
        await rest(self.callers, seconds)

    def end(self) -> None:
        """Everybody leaves."""
        for each in self._people:
            each.leave()
