"""People in a real room who share sound through the SFU: a game socket each, and a WebRTC stack."""

from __future__ import annotations

import asyncio
import contextlib
import struct

from protocol.constants import ALL_FEATURES, Description, LegState, PathFlag, Route
from protocol.messages import (
    Backend,
    Delivery,
    Describe,
    Described,
    Input,
    Links,
    Media,
    Plan,
    Quality,
    Slots,
    Snapshot,
    Welcome,
    encode,
)
from tests.media.sfu.people import Person, TwoLegged
from tests.server.live.conftest import Office, Socket, Someone

COUNTED = ("a=ice-ufrag", "a=ice-pwd", "a=fingerprint:sha-256", "a=setup")


class Voice:
    """Somebody with a tone of their own, who does what STANDARD.md section 7.3 asks of a client."""

    def __init__(self, someone: Someone, number: int) -> None:
        self.someone, self.number = someone, number
        self.person: Person | None = None
        self.legs: list[Person] = []
        self.avatar = 0
        self.links: dict[int, int] = {}
        """Avatar by link number."""
        self.plan: Plan | None = None
        self.backend: Backend | None = None
        self.quality: Quality | None = None
        self.slots: dict[int, int] = {}
        """Avatar by mid, of sounds."""
        self.sessions: list[int] = []
        self.delivers = True
        self.socket: Socket | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def enter(cls, office: Office, room: str, number: int, *, sound: bool = True) -> Voice:
        voice = cls(await office.guest(f"Person {number}"), number)
        await voice.join(room, sound=sound)
        return voice

    async def join(self, room: str, *, sound: bool = True) -> None:
        self.socket = await self.someone.join(room, ALL_FEATURES)
        self._task = asyncio.create_task(self._listen(self.socket))
        if sound:
            await self.socket.say(encode(Media(1)))

    def route(self, other: Voice) -> Route:
        """Which way the link to somebody goes."""
        number = next((number for number, avatar in self.links.items() if avatar == other.avatar), None)
        rows = {} if self.plan is None else dict(struct.iter_unpack("<IB", self.plan.routes))
        return Route(rows.get(number, Route.DIRECT)) if number is not None else Route.DIRECT

    def hears(self, other: Voice) -> bool:
        return self.person is not None and self.person.hears(other.number)

    async def _listen(self, socket: Socket) -> None:
        with contextlib.suppress(AssertionError):
            while True:
                await self._take(socket, await socket.hear(object))

    async def _take(self, socket: Socket, message: object) -> None:
        if isinstance(message, Welcome):
            self.avatar = message.avatar
        elif isinstance(message, Snapshot):
            await socket.say(encode(Input(message.tick, 0, 0, b"")))
        elif isinstance(message, Links):
            self.links = {number: avatar for avatar, number, _ in struct.iter_unpack("<HIB", message.links)}
            await self._report(socket)
        elif isinstance(message, Backend):
            self.backend = message
        elif isinstance(message, Plan):
            if self.plan is not None and self.plan.session != message.session:
                await self._drop()
            self.plan = message
            if message.session and message.session not in self.sessions:
                self.sessions.append(message.session)
            await self._report(socket)
        elif isinstance(message, Quality):
            self.quality = message
        elif isinstance(message, Slots):
            rows = struct.iter_unpack("<BBHBB", message.slots)
            self.slots = {mid: avatar for _, mid, avatar, source, _ in rows if source == 0}
        elif isinstance(message, Described) and self.plan is not None and message.session == self.plan.session:
            await self._answer(socket, message)

    async def _answer(self, socket: Socket, message: Described) -> None:
        if message.form == Description.WANTED.value:
            self.person = two = TwoLegged(self.number)
            await self._describe(socket, message, Description.OFFER, await two.offer())
            return
        if isinstance(self.person, TwoLegged):
            if message.leg == 0:
                await self.person.take_answer(message.sdp)
            else:
                await self._describe(socket, message, Description.ANSWER, await self.person.answer(message.sdp))
            return
        self.person = Person(self.number)
        self.legs.append(self.person)
        answer = await self.person.answer(message.sdp)
        # aiortc's answers are long: what counts of them is not.
        lines = "\r\n".join(line for line in answer.splitlines() if line.startswith(COUNTED)) + "\r\n"
        await socket.say(encode(Describe(message.session, message.leg, Description.ANSWER.value, lines)))

    async def _describe(self, socket: Socket, message: Described, form: Description, sdp: str) -> None:
        # aiortc names each certificate three times.
        lines = [
            line for line in sdp.splitlines() if not line.startswith(("a=fingerprint:sha-384", "a=fingerprint:sha-5"))
        ]
        text = "\r\n".join(lines) + "\r\n"
        await socket.say(encode(Describe(message.session, message.leg, form.value, text)))

    async def report(self) -> None:
        """Say what arrives."""
        assert self.socket is not None
        await self._report(self.socket)

    async def _report(self, socket: Socket) -> None:
        if self.plan is None:
            return
        bits = PathFlag.DIRECT | (PathFlag.SFU if self.person is not None and self.person.connected else 0)
        rows = b"".join(struct.pack("<IB", number, bits) for number in self.links) if self.delivers else b""
        connected = self.person is not None and self.person.connected
        state = LegState.CONNECTED if connected else LegState.CONNECTING
        await socket.say(encode(Delivery(self.plan.session, state.value, rows)))

    async def _drop(self) -> None:
        if self.person is not None:
            await self.person.close()
            self.person = None

    async def leave(self) -> None:
        """Close the page."""
        if self._task is not None:
            self._task.cancel()
        if self.socket is not None:
            await self.socket.close()
        await self._drop()
