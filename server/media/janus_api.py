"""Janus's HTTP API: one session, requests, and the long poll that brings its events.

https://janus.conf.meetecho.com/docs/rest: a request is answered at once, or acknowledged, and its answer is an event
with the same transaction.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import aiohttp

PLUGIN: Final = "janus.plugin.videoroom"
REQUEST_S: Final = 10.0
POLL_S: Final = 40.0
"""Janus answers a poll after 30 s with a sign of life."""
MAX_EVENTS: Final = 20

Json: TypeAlias = dict[str, Any]


class JanusError(Exception):
    """Janus is away, or refused. `code`: of its own list; 0: there was no answer."""

    def __init__(self, reason: str, code: int = 0) -> None:
        super().__init__(f"{reason} ({code})" if code else reason)
        self.code = code


class JanusSession:
    """One session. `on_event`: handle and event, for everything that answers no request."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, secret: str | None, on_event: Callable[[int, Json], None]
    ) -> None:
        self._http, self._url, self._secret, self._on_event = http, url.rstrip("/"), secret, on_event
        self._session = 0
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    async def open(self) -> None:
        """Create the session. Raises JanusError."""
        answer = await self._post(self._url, {"janus": "create"})
        self._session = int(answer["data"]["id"])

    async def poll(self) -> None:
        """Hand on events until Janus is gone. Raises JanusError."""
        params = {"maxev": str(MAX_EVENTS)} | ({"apisecret": self._secret} if self._secret else {})
        try:
            while True:
                events = await self._exchange(
                    self._http.get(f"{self._url}/{self._session}", params=params, timeout=_timeout(POLL_S))
                )
                for event in events if isinstance(events, list) else [events]:
                    self._take(event)
        finally:
            for waiting in self._waiting.values():
                waiting.cancel()

    async def attach(self) -> int:
        """A new handle of the VideoRoom plugin."""
        answer = await self._post(f"{self._url}/{self._session}", {"janus": "attach", "plugin": PLUGIN})
        return int(answer["data"]["id"])

    async def detach(self, handle: int) -> None:
        """The handle ends, and its connection with it."""
        await self._post(f"{self._url}/{self._session}/{handle}", {"janus": "detach"})

    async def message(self, handle: int, body: Mapping[str, Any], jsep: Mapping[str, str] | None = None) -> Json:
        """Ask the plugin; returns the event or the answer. Raises JanusError, also if the plugin refused."""
        transaction = secrets.token_hex(8)
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = waiting
        request: Json = {"janus": "message", "transaction": transaction, "body": dict(body)}
        if jsep is not None:
            request["jsep"] = dict(jsep)
        try:
            answer = await self._post(f"{self._url}/{self._session}/{handle}", request)
            if answer.get("janus") == "ack":
                async with asyncio.timeout(REQUEST_S):
                    answer = await waiting
        except TimeoutError:
            raise JanusError("no answer in time") from None
        finally:
            self._waiting.pop(transaction, None)
        data = answer.get("plugindata", {}).get("data", {})
        if "error_code" in data:
            raise JanusError(str(data.get("error")), int(data["error_code"]))
        return answer

    async def trickle(self, handle: int, candidate: Mapping[str, Any]) -> None:
        """A candidate of the client's."""
        await self._post(f"{self._url}/{self._session}/{handle}", {"janus": "trickle", "candidate": dict(candidate)})

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _post(self, url: str, body: Json) -> Json:
        body.setdefault("transaction", secrets.token_hex(8))
        if self._secret:
            body["apisecret"] = self._secret
        answer = await self._exchange(self._http.post(url, json=body, timeout=_timeout(REQUEST_S)))
        if not isinstance(answer, dict):
            raise JanusError("an answer that is none")
        return answer

    async def _exchange(self, request: Any) -> Json | list[Json]:
        try:
            async with request as response:
                answer: Json | list[Json] = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise JanusError(f"not reached: {type(error).__name__}") from None
        if isinstance(answer, dict) and answer.get("janus") == "error":
            refusal = answer.get("error", {})
            raise JanusError(str(refusal.get("reason")), int(refusal.get("code", 0)))
        return answer

    def _take(self, event: Json) -> None:
        waiting = self._waiting.get(str(event.get("transaction")))
        if waiting is not None and not waiting.done() and event.get("janus") == "event":
            waiting.set_result(event)
        elif "sender" in event:
            self._on_event(int(event["sender"]), event)


def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)
