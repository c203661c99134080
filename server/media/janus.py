"""Janus's VideoRoom behind the interface of media backends.

Clients never speak with Janus's API: the server attaches two handles for each leg, one that publishes and one that
subscribes, and subscribes it to exactly those whom it may hear. Janus forwards; who is heard is decided here.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import aiohttp
import structlog

from protocol.constants import MAX_PICTURES, MAX_SOUNDS, BackendKind, Description, LegState, Source
from server.media.backend import LegEvents, MediaBackend, SlotRow, Wish
from server.media.janus_api import JanusError, JanusSession, Json

log = structlog.get_logger()

FIRST_RETRY_S: Final = 0.5
LONGEST_RETRY_S: Final = 15.0
MAX_ORDERS: Final = 200
"""Requests of one leg that wait for Janus; more, and the leg ends."""
BITRATE: Final = 900_000
_BIT_OF: Final = {Source.MICROPHONE: 1, Source.CAMERA: 2, Source.SCREEN: 4, Source.SCREEN_SOUND: 4}
_TYPE_OF: Final = {Description.OFFER: "offer", Description.ANSWER: "answer"}


@dataclass(slots=True)
class _Leg:
    """`sends`, `receives`: handles, 0: not attached. `subscribed`: what was asked of Janus, (leg, source)."""

    room: UUID
    events: LegEvents
    orders: asyncio.Queue[Callable[[], Awaitable[None]]]
    task: asyncio.Task[None] | None = None
    sends: int = 0
    receives: int = 0
    bits: int = 0
    silenced: dict[Source, bool] = field(default_factory=dict)
    hears: dict[int, int] = field(default_factory=dict)
    most: int = MAX_PICTURES
    wishes: list[Wish] = field(default_factory=list)
    subscribed: set[tuple[int, Source]] = field(default_factory=set)
    connected: bool = False
    published: bool = False
    syncing: bool = False
    closed: bool = False


class JanusBackend(MediaBackend):
    """`url`, `secret`: of Janus's HTTP API. `admin_key`: of its VideoRoom, if it has one."""

    kind = BackendKind.JANUS

    def __init__(self, url: str, secret: str | None, admin_key: str | None) -> None:
        super().__init__()
        self._url, self._secret, self._admin_key = url, secret, admin_key
        self._session: JanusSession | None = None
        self._task: asyncio.Task[None] | None = None
        self._legs: dict[int, _Leg] = {}
        self._by_handle: dict[int, int] = {}
        self._rooms: dict[UUID, int] = {}
        self._making = asyncio.Lock()

    # --- the whole --------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def available(self) -> bool:
        return self._session is not None

    async def _keep(self) -> None:
        """Hold a session with Janus, and begin anew when it is gone."""
        wait = FIRST_RETRY_S
        async with aiohttp.ClientSession() as http:
            while True:
                session = JanusSession(http, self._url, self._secret, self._take)
                try:
                    await session.open()
                    log.info("Janus is there")
                    wait = FIRST_RETRY_S
                    self._session = session
                    self._tell_watchers(True)
                    await session.poll()
                except JanusError as error:
                    log.warning("Janus is away", error=str(error), wait_s=wait)
                finally:
                    self._lose()
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_S)

    def _lose(self) -> None:
        was, self._session = self._session, None
        for leg in self._legs.values():
            leg.closed = True
            if leg.task is not None:
                leg.task.cancel()
        self._legs.clear()
        self._by_handle.clear()
        self._rooms.clear()
        if was is not None:
            self._tell_watchers(False)

    # --- legs -------------------------------------------------------------------------------------------------------

    def open(self, room: UUID, user: UUID, events: LegEvents) -> int:
        number = self._next_number()
        leg = self._legs[number] = _Leg(room, events, asyncio.Queue(MAX_ORDERS))
        leg.task = asyncio.create_task(self._work(number, leg))
        self._order(number, lambda: self._join(number, leg))
        return number

    def describe(self, leg: int, index: int, form: int, sdp: str) -> None:
        found = self._legs.get(leg)
        if found is None:
            return
        if (index, form) == (0, Description.OFFER.value):
            self._order(leg, lambda: self._publish(leg, found, sdp))
        elif (index, form) == (1, Description.ANSWER.value) and found.receives:
            self._order(leg, lambda: self._start(leg, found, sdp))
        else:
            found.events.changed(leg, LegState.FAILED)

    def candidate(self, leg: int, index: int, candidate: str | None) -> None:
        found = self._legs.get(leg)
        handle = 0 if found is None else (found.sends, found.receives)[index]
        if not handle:
            return
        said: Json = {"completed": True}
        if candidate is not None:
            said = {"candidate": candidate, "sdpMLineIndex": 0}
        self._order(leg, lambda: self._trickle(handle, said))

    def publish(self, leg: int, bits: int, allowed: int) -> None:
        found = self._legs.get(leg)
        if found is not None:
            found.bits = bits
            self._order(leg, lambda: self._silence(leg, found))
            self._resubscribe_listeners(leg)

    def hear(self, leg: int, speakers: Mapping[int, int]) -> None:
        found = self._legs.get(leg)
        if found is not None:
            found.hears = dict(speakers)
            self._sync(leg, found)

    def look(self, leg: int, most: int, wishes: Sequence[Wish]) -> None:
        found = self._legs.get(leg)
        if found is not None:
            found.most, found.wishes = most, list(wishes)
            self._sync(leg, found)

    def close(self, leg: int) -> None:
        found = self._legs.pop(leg, None)
        if found is None:
            return
        found.closed = True
        if found.task is not None:
            found.task.cancel()
        self._by_handle.pop(found.sends, None)
        self._by_handle.pop(found.receives, None)
        session = self._session
        if session is not None:
            for handle in (found.sends, found.receives):
                if handle:
                    _in_background(_quietly(session.detach(handle)))
            if not any(each.room == found.room for each in self._legs.values()):
                number = self._rooms.pop(found.room, None)
                if number is not None:
                    _in_background(_quietly(self._destroy(session, number)))

    # --- one after the other, for each leg --------------------------------------------------------------------------

    def _order(self, number: int, what: Callable[[], Awaitable[None]]) -> None:
        leg = self._legs.get(number)
        if leg is None:
            return
        try:
            leg.orders.put_nowait(what)
        except asyncio.QueueFull:
            leg.events.changed(number, LegState.FAILED)

    async def _work(self, number: int, leg: _Leg) -> None:
        while True:
            what = await leg.orders.get()
            try:
                await what()
            except JanusError as error:
                log.warning("Janus refused", error=str(error))
                if not leg.closed:
                    leg.events.changed(number, LegState.FAILED)
                return

    async def _join(self, number: int, leg: _Leg) -> None:
        session = self._needed()
        room = await self._room(session, leg.room)
        leg.sends = await session.attach()
        self._by_handle[leg.sends] = number
        await session.message(leg.sends, {"request": "join", "ptype": "publisher", "room": room, "id": number})
        leg.events.described(number, 0, Description.WANTED.value, "")

    async def _publish(self, number: int, leg: _Leg, sdp: str) -> None:
        body = {"request": "configure", "bitrate": BITRATE}
        answer = await self._needed().message(leg.sends, body, {"type": "offer", "sdp": sdp})
        self._hand_on(number, leg, 0, answer)

    async def _begin(self, number: int, leg: _Leg) -> None:
        """The client is connected: only now Janus lets others subscribe, and only after what must be silent is so."""
        leg.connected = True
        await self._silence(number, leg)
        leg.published = True
        self._resubscribe_listeners(number)

    async def _silence(self, number: int, leg: _Leg) -> None:
        """Let Janus drop what may not be handed on, whatever the client sends."""
        if not leg.connected:
            return
        for source, bit in _BIT_OF.items():
            silent = not leg.bits & bit
            if leg.silenced.get(source, False) == silent:
                continue
            leg.silenced[source] = silent
            body = {"request": "moderate", "room": self._rooms[leg.room], "id": number, "mid": str(source.value)}
            await self._needed().message(leg.sends, {**body, "mute": silent, "secret": self._room_secret})

    async def _start(self, number: int, leg: _Leg, sdp: str) -> None:
        answer = await self._needed().message(leg.receives, {"request": "start"}, {"type": "answer", "sdp": sdp})
        self._hand_on(number, leg, 1, answer)

    async def _trickle(self, handle: int, candidate: Json) -> None:
        await self._needed().trickle(handle, candidate)

    def _sync(self, number: int, leg: _Leg) -> None:
        """Subscribe to what is wanted now, when it is this one's turn."""
        if not leg.syncing:
            leg.syncing = True
            self._order(number, lambda: self._subscribe(number, leg))

    async def _subscribe(self, number: int, leg: _Leg) -> None:
        leg.syncing = False
        wanted = self._wanted(leg)
        if wanted == leg.subscribed or (not wanted and not leg.receives):
            return
        session = self._needed()
        new, old = sorted(wanted - leg.subscribed), sorted(leg.subscribed - wanted)
        leg.subscribed = wanted
        if not leg.receives:
            leg.receives = await session.attach()
            self._by_handle[leg.receives] = number
            body: Json = {"request": "join", "ptype": "subscriber", "room": self._rooms[leg.room]}
            answer = await session.message(leg.receives, body | {"streams": _streams(new)})
        else:
            # Somebody who left is unsubscribed by Janus itself.
            gone = [key for key in old if key[0] in self._legs]
            if not new and not gone:
                return
            body = {"request": "update"}
            if new:
                body["subscribe"] = _streams(new)
            if gone:
                body["unsubscribe"] = _streams(gone)
            answer = await session.message(leg.receives, body)
        self._hand_on(number, leg, 1, answer)

    def _wanted(self, leg: _Leg) -> set[tuple[int, Source]]:
        """What the leg may hear and see, the nearest first, as much as a client has sections for."""
        sounds: list[tuple[int, int, Source]] = []
        pictures: list[tuple[int, int, int, Source]] = []
        wishes = {(wish.who, wish.source): (at, wish.size) for at, wish in enumerate(leg.wishes)}
        for who, near in leg.hears.items():
            speaker = self._legs.get(who)
            if speaker is None or not speaker.published:
                continue
            for source, bit in _BIT_OF.items():
                if source is Source.MICROPHONE:
                    # Kept while it is muted: to be heard again must need no negotiation.
                    sounds.append((-near, who, source))
                elif speaker.bits & bit and source is Source.SCREEN_SOUND:
                    sounds.append((-near, who, source))
                elif speaker.bits & bit:
                    at, size = wishes.get((who, source), (len(wishes), 1))
                    if size:
                        pictures.append((at, -near, who, source))
        chosen: set[tuple[int, Source]] = {(who, source) for _, who, source in sorted(sounds)[:MAX_SOUNDS]}
        return chosen | {(who, source) for _, _, who, source in sorted(pictures)[: leg.most]}

    def _resubscribe_listeners(self, speaker: int) -> None:
        for number, leg in self._legs.items():
            if speaker in leg.hears:
                self._sync(number, leg)

    # --- events -----------------------------------------------------------------------------------------------------

    def _take(self, handle: int, event: Json) -> None:
        """What Janus says without being asked."""
        number = self._by_handle.get(handle)
        leg = self._legs.get(number) if number is not None else None
        if number is None or leg is None:
            return
        kind = event.get("janus")
        if kind == "webrtcup" and handle == leg.sends:
            leg.events.changed(number, LegState.CONNECTED)
            self._order(number, lambda: self._begin(number, leg))
        elif kind == "hangup":
            leg.events.changed(number, LegState.FAILED)
        elif kind == "event":
            self._hand_on(number, leg, 0 if handle == leg.sends else 1, event)

    def _hand_on(self, number: int, leg: _Leg, index: int, event: Json) -> None:
        """Descriptions and sections that came with an event."""
        if leg.closed:
            return
        jsep = event.get("jsep")
        if isinstance(jsep, dict):
            form = Description.OFFER if jsep.get("type") == "offer" else Description.ANSWER
            leg.events.described(number, index, form.value, str(jsep.get("sdp", "")))
        streams = event.get("plugindata", {}).get("data", {}).get("streams")
        if index == 1 and isinstance(streams, list):
            leg.events.filled(number, [row for row in map(_row, streams) if row is not None])

    # --- rooms ------------------------------------------------------------------------------------------------------

    _room_secret: Final = secrets.token_hex(16)

    async def _room(self, session: JanusSession, room: UUID) -> int:
        """The number of Janus's room for ours; made if there is none."""
        async with self._making:
            if room in self._rooms:
                return self._rooms[room]
            number = secrets.randbits(48)
            handle = await session.attach()
            body: Json = {
                "request": "create",
                "room": number,
                "secret": self._room_secret,
                "is_private": True,
                "publishers": 1000,
                "bitrate": BITRATE,
                "audiocodec": "opus",
                "videocodec": "vp8",
                "audiolevel_event": False,
                "notify_joining": False,
            }
            if self._admin_key:
                body["admin_key"] = self._admin_key
            await session.message(handle, body)
            await session.detach(handle)
            self._rooms[room] = number
            return number

    async def _destroy(self, session: JanusSession, number: int) -> None:
        handle = await session.attach()
        await session.message(handle, {"request": "destroy", "room": number, "secret": self._room_secret})
        await session.detach(handle)

    def _needed(self) -> JanusSession:
        if self._session is None:
            raise JanusError("away")
        return self._session


def _streams(keys: Sequence[tuple[int, Source]]) -> list[Json]:
    return [{"feed": who, "mid": str(source.value)} for who, source in keys]


def _row(stream: Any) -> SlotRow | None:
    """A section of a subscriber, None if nothing comes out of it."""
    if not isinstance(stream, dict) or not stream.get("active", True) or "feed_id" not in stream:
        return None
    try:
        source = Source(int(stream["feed_mid"]))
        return SlotRow(1, int(stream["mid"]), int(stream["feed_id"]), source, 0)
    except (KeyError, ValueError, TypeError):
        return None


_background: set[asyncio.Task[None]] = set()


def _in_background(what: Any) -> None:
    task = asyncio.get_running_loop().create_task(what)
    _background.add(task)
    task.add_done_callback(_background.discard)


async def _quietly(what: Awaitable[None]) -> None:
    with contextlib.suppress(JanusError):
        await what
