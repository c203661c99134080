"""LiveKit by configuration: tokens for the clients, and orders to its API about what each of them may do.

Clients connect with LiveKit's own library, and subscribe to those with whom they are linked. LiveKit knows rights by
person, not by pair: it is told here what each may publish, and who may subscribe at all, so that nobody whom a
moderator muted is heard, and nobody without links hears anything. That a person with links subscribes to those alone is
their client's doing; see docs/media.md.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import aiohttp
import jwt
import structlog

from protocol.constants import BackendKind, LegState
from server.media.backend import LegEvents, MediaBackend

log = structlog.get_logger()

TOKEN_S: Final = 6 * 3600
ORDER_TOKEN_S: Final = 60
LOOK_S: Final = 5.0
REQUEST_S: Final = 5.0
PATIENCE: Final = 3
"""Looks in a row that may fail before LiveKit counts as away."""
_SOURCES: Final = {1: ("MICROPHONE",), 2: ("CAMERA",), 4: ("SCREEN_SHARE", "SCREEN_SHARE_AUDIO")}


@dataclass(slots=True)
class _Leg:
    room: UUID
    user: UUID
    events: LegEvents
    allowed: int = 0
    hears: bool = False


class LiveKitBackend(MediaBackend):
    """`url`: for clients and for the server. `key`, `secret`: of LiveKit's API."""

    kind = BackendKind.LIVEKIT
    pass_s = TOKEN_S

    def __init__(self, url: str, key: str, secret: str) -> None:
        super().__init__()
        self._url, self._key, self._secret = url, key, secret
        self._api = "http" + url.rstrip("/").removeprefix("ws").removeprefix("http")
        self._available = False
        self._legs: dict[int, _Leg] = {}
        self._dirty: set[int] = set()
        self._removed: list[_Leg] = []
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._look_after()), asyncio.create_task(self._follow())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def available(self) -> bool:
        return self._available

    def pass_for(self, room: UUID, user: UUID, name: str) -> tuple[str | None, str | None]:
        """The token admits one person to one room; there it neither sends nor subscribes before that is allowed, so
        that nobody whom a moderator muted is heard for the moment until LiveKit is told of it."""
        grant = {
            "room": str(room),
            "roomJoin": True,
            "canPublish": False,
            "canSubscribe": False,
            "canPublishData": False,
        }
        return self._url, self._token({"sub": str(user), "name": name, "video": grant}, TOKEN_S)

    def open(self, room: UUID, user: UUID, events: LegEvents) -> int:
        number = self._next_number()
        self._legs[number] = _Leg(room, user, events)
        return number

    def describe(self, leg: int, index: int, form: int, sdp: str) -> None:
        """There is nothing to describe: a client that does is not one of ours."""
        found = self._legs.get(leg)
        if found is not None:
            found.events.changed(leg, LegState.FAILED)

    def publish(self, leg: int, bits: int, allowed: int) -> None:
        # What is switched off is not published. To ask LiveKit each time would come too late for what is switched on.
        found = self._legs.get(leg)
        if found is not None and found.allowed != allowed:
            found.allowed = allowed
            self._note(leg)

    def hear(self, leg: int, speakers: Mapping[int, int]) -> None:
        found = self._legs.get(leg)
        if found is not None:
            found.hears = bool(speakers)
            # Said again with each change, for somebody who connected since.
            self._note(leg)

    def close(self, leg: int) -> None:
        found = self._legs.pop(leg, None)
        if found is not None:
            self._removed.append(found)
            self._changed.set()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _note(self, leg: int) -> None:
        self._dirty.add(leg)
        self._changed.set()

    def _token(self, claims: dict[str, Any], seconds: int) -> str:
        now = int(time.time())
        return jwt.encode({"iss": self._key, "nbf": now - 10, "exp": now + seconds} | claims, self._secret, "HS256")

    async def _look_after(self) -> None:
        """Whether LiveKit is there."""
        failures = 0
        async with aiohttp.ClientSession() as http:
            while True:
                answers = await self._order(http, "ListRooms", {"names": ["-"]}, {"roomList": True}) is not None
                failures = 0 if answers else failures + 1
                if answers != self._available and (answers or failures >= PATIENCE):
                    self._available = answers
                    log.info("LiveKit is there" if answers else "LiveKit is away")
                    if not answers:
                        self._legs.clear()
                    self._tell_watchers(answers)
                await asyncio.sleep(LOOK_S)

    async def _follow(self) -> None:
        """Tell LiveKit what changed. Somebody who has not connected yet is told of again."""
        async with aiohttp.ClientSession() as http:
            while True:
                await self._changed.wait()
                self._changed.clear()
                removed, self._removed = self._removed, []
                for leg in removed:
                    await self._about(http, "RemoveParticipant", leg, {})
                dirty, self._dirty = self._dirty, set()
                again = [number for number in dirty if not await self._permit(http, number)]
                if again and self._available:
                    self._dirty.update(number for number in again if number in self._legs)
                    asyncio.get_running_loop().call_later(0.25, self._changed.set)

    async def _permit(self, http: aiohttp.ClientSession, number: int) -> bool:
        leg = self._legs.get(number)
        if leg is None:
            return True
        sources = [source for bit, names in _SOURCES.items() if leg.allowed & bit for source in names]
        permission = {
            "canSubscribe": leg.hears,
            "canPublish": bool(sources),
            "canPublishData": False,
            "canPublishSources": sources,
        }
        return await self._about(http, "UpdateParticipant", leg, {"permission": permission})

    async def _about(self, http: aiohttp.ClientSession, method: str, leg: _Leg, body: dict[str, Any]) -> bool:
        grant = {"roomAdmin": True, "room": str(leg.room)}
        return (
            await self._order(http, method, {"room": str(leg.room), "identity": str(leg.user)} | body, grant)
            is not None
        )

    async def _order(
        self, http: aiohttp.ClientSession, method: str, body: dict[str, Any], grant: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What LiveKit's RoomService answers; None: it refused, or is away."""
        headers = {"Authorization": "Bearer " + self._token({"video": grant}, ORDER_TOKEN_S)}
        url = f"{self._api}/twirp/livekit.RoomService/{method}"
        try:
            async with http.post(url, json=body, headers=headers, timeout=aiohttp.ClientTimeout(REQUEST_S)) as answer:
                found: dict[str, Any] = await answer.json(content_type=None)
                return found if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
