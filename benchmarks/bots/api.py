"""The REST calls that bots need, on aiohttp."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp

from benchmarks.bots.bot import AGENT
from benchmarks.bots.errors import ApiError, BotError

_RETRIES = 5
_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Pass:
    """What lets one bot into a room: the path of the endpoint and a one-use ticket."""

    path: str
    ticket: str


def split_room_url(url: str, room: str | None) -> tuple[str, str | None]:
    """(server, room): `room` may itself be a link to a room, which then also names the server. BotError: no server."""
    if room is not None and "://" in room:
        parts = urlsplit(room)
        url, room = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/").rpartition("/")[2] or None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BotError(f"{url!r} is not the address of a server; write it like http://localhost:8080")
    return f"{parts.scheme}://{parts.netloc}", room


class Api:
    """One server's API. Use as an async context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Api:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        self._http = aiohttp.ClientSession(
            headers={"User-Agent": AGENT}, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def guest(self, name: str) -> str:
        """The access token of a new guest."""
        return str((await self._call("POST", "/api/auth/guest", json={"name": name}))["access_token"])

    async def account(self) -> str:
        """The access token of a new throw-away account: guests may not create rooms."""
        name = f"bots-{secrets.token_hex(4)}"
        body = {"email": f"{name}@example.com", "username": name, "password": secrets.token_urlsafe(18)}
        return str((await self._call("POST", "/api/auth/register", json=body))["access_token"])

    async def join(self, room: UUID, token: str) -> Pass:
        """A ticket for the room."""
        answer = await self._call("POST", f"/api/rooms/{room}/join", token=token, json={"is_bot": True})
        return Pass(str(answer["url"]), str(answer["ticket"]))

    async def room_map(self, room: UUID, token: str) -> dict[str, Any]:
        """The room's public map."""
        return await self._call("GET", f"/api/rooms/{room}/map", token=token)

    async def create_room(self, token: str, template: str, capacity: int) -> UUID:
        """A new room from a template."""
        name = f"Bots {secrets.token_hex(3)}"
        body = {"name": name, "template": template, "max_capacity": capacity, "is_public": True}
        return UUID((await self._call("POST", "/api/rooms", token=token, json=body))["id"])

    async def find_room(self, token: str, room: str) -> UUID:
        """The room with this id or name. BotError if there is none, or several of that name."""
        try:
            return UUID(room)
        except ValueError:
            rooms = (await self._call("GET", "/api/rooms", token=token))["rooms"]
        found = [r["id"] for r in rooms if str(r["name"]).casefold() == room.casefold()]
        if len(found) != 1:
            which = "no room" if not found else f"{len(found)} rooms"
            raise BotError(f"There is {which} named {room!r}. Give the room's id, or --room-template to make one.")
        return UUID(found[0])

    async def metrics(self) -> str | None:
        """The server's metrics, or None if it does not show them, or not in time."""
        try:
            async with self._client().get(f"{self.url}/metrics") as answer:
                return await answer.text() if answer.status == 200 else None
        except (TimeoutError, aiohttp.ClientError):
            return None

    def _client(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise RuntimeError("use Api as an async context manager")
        return self._http

    async def _call(self, method: str, path: str, *, token: str | None = None, json: Any = None) -> dict[str, Any]:
        """The JSON answer. Waits and tries again when told that this was too fast. ApiError for every other refusal."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        for attempt in range(_RETRIES + 1):
            try:
                async with self._client().request(method, self.url + path, json=json, headers=headers) as answer:
                    if answer.status < 400:
                        body: dict[str, Any] = await answer.json()
                        return body
                    if answer.status not in (429, 503) or attempt == _RETRIES:
                        raise ApiError(answer.status, f"{method} {path}: {answer.status} {await _detail(answer)}")
                    wait = _seconds(answer.headers.get("Retry-After"), attempt)
            except (TimeoutError, aiohttp.ClientConnectionError) as error:
                raise BotError(f"No answer from {self.url}: {error or 'timed out'}. Is the server running?") from error
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")


def _seconds(retry_after: str | None, attempt: int) -> float:
    return float(retry_after) if retry_after is not None and retry_after.isdigit() else 0.25 * 2**attempt


async def _detail(answer: aiohttp.ClientResponse) -> str:
    """What a problem+json says, or the reason phrase."""
    try:
        problem = await answer.json(content_type=None)
    except ValueError:
        return answer.reason or ""
    if not isinstance(problem, dict):
        return answer.reason or ""
    fields = [f"{error['field']} {error['reason']}" for error in problem.get("errors") or []]
    return f"{problem.get('detail') or problem.get('title') or ''} {'; '.join(fields)}".strip()
