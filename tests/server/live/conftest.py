"""A whole server on an ephemeral port, with people who have real connections to it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, TCPConnector, WSMsgType

from protocol.constants import ALL_FEATURES, SUBPROTOCOL
from protocol.global_messages import GLOBAL_SUBPROTOCOL, Greet, decode_global_server, encode_global
from protocol.messages import Goodbye, Hello, decode_server, encode
from server.app import Server, started
from server.config import load_settings

M = TypeVar("M")
PASSWORD = "correct horse battery"
PATIENCE_S = 20.0
KEY = "k" * 40
"""The secret that the servers of one office share."""


class Socket:
    """One connection, and everything that was heard on it."""

    def __init__(self, socket: ClientWebSocketResponse, decode: Callable[[bytes], Any]) -> None:
        self._socket, self._decode = socket, decode
        self.heard: list[Any] = []

    async def say(self, data: bytes) -> None:
        await self._socket.send_bytes(data)

    async def hear(self, kind: type[M], matches: Callable[[M], bool] = lambda _: True) -> M:
        """The next message of a kind that matches. Fails when the connection ends without one."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    message = await self._next()
                    if message is None:
                        raise AssertionError(f"no {kind.__name__} before the end; heard {self.heard[-3:]}")
                    if isinstance(message, kind) and matches(message):
                        return message
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__} for {PATIENCE_S:.0f} s; heard {self.heard[-3:]}") from None

    async def end(self) -> int:
        """The code of the GOODBYE that ends the connection."""
        goodbye = await self.hear(Goodbye)
        return goodbye.code

    async def close(self) -> None:
        await self._socket.close()

    async def _next(self) -> Any:
        message = await self._socket.receive()
        if message.type is not WSMsgType.BINARY:
            return None
        decoded = self._decode(message.data)
        self.heard.append(decoded)
        return decoded


class Someone:
    """A person with a client of their own."""

    def __init__(self, http: ClientSession, base: str) -> None:
        self._http, self.base = http, base
        self.token = ""
        self.user: dict[str, Any] = {}

    @property
    def id(self) -> UUID:
        return UUID(self.user["id"])

    async def call(self, method: str, path: str, body: object = None, *, status: int | None = None) -> Any:
        """The JSON of an answer, None for an empty one; `status` is expected if given, else any success."""
        found, answer = await self.attempt(method, path, body)
        assert found == status if status else found < 400, f"{method} {path}: {found} {answer}"
        return answer

    async def attempt(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and JSON of an answer. A server that asks for another try in a moment gets it."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        options: dict[str, Any] = {} if body is None else {"json": body}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                async with self._http.request(method, self.base + path, headers=headers, **options) as answer:
                    if answer.status != 503:
                        text = await answer.text()
                        return answer.status, await answer.json(content_type=None) if text else None
                    await asyncio.sleep(float(answer.headers["Retry-After"]))

    async def join(self, room: str, features: int = ALL_FEATURES, **body: object) -> Socket:
        """Enter a room: a ticket, and a connection that has said HELLO."""
        ticket = await self.call("POST", f"/api/rooms/{room}/join", body)
        return await self.show(ticket, features)

    async def show(self, ticket: dict[str, Any], features: int = ALL_FEATURES) -> Socket:
        """A connection that has shown a ticket."""
        return await self.greet(ticket["url"], Hello(0, features, ticket["ticket"], None, 0, "test"))

    async def greet(self, path: str, hello: Hello) -> Socket:
        """A connection that has said HELLO in a way of the caller's own."""
        url = self.base.replace("http", "ws") + path
        socket = Socket(await self._http.ws_connect(url, protocols=(SUBPROTOCOL,)), decode_server)
        await socket.say(encode(hello))
        return socket

    async def look_around(self, token: str | None = None, *, version: int = 0) -> Socket:
        """A connection to /ws/global that has said GREET."""
        url = self.base.replace("http", "ws") + "/ws/global"
        socket = Socket(await self._http.ws_connect(url, protocols=(GLOBAL_SUBPROTOCOL,)), decode_global_server)
        await socket.say(encode_global(Greet(version, self.token if token is None else token, "test")))
        return socket


class Office:
    """The server, and a way to bring people to it."""

    def __init__(self, server: Server, scheme: str = "http") -> None:
        """`scheme`: https, if the server has a certificate; nobody looks whose it is."""
        self.server, self.services = server, server.services
        self.documents = server.documents
        self._base = f"{scheme}://127.0.0.1:{server.port}"
        self._clients: list[ClientSession] = []

    def anybody(self) -> Someone:
        self._clients.append(ClientSession(cookie_jar=CookieJar(unsafe=True), connector=TCPConnector(ssl=False)))
        return Someone(self._clients[-1], self._base)

    async def guest(self, name: str = "Guest") -> Someone:
        someone = self.anybody()
        return await self._sign_in(someone, "/api/auth/guest", {"name": name})

    async def account(self, name: str | None = None) -> Someone:
        name = name or f"user{secrets.token_hex(5)}"
        body = {"username": name, "email": f"{secrets.token_hex(5)}@example.org", "password": PASSWORD}
        return await self._sign_in(self.anybody(), "/api/auth/register", body)

    async def room(self, owner: Someone, **fields: object) -> str:
        """A new room's id."""
        made = await owner.call("POST", "/api/rooms", {"name": "Room", "template": "office", **fields})
        return str(made["id"])

    async def _sign_in(self, someone: Someone, path: str, body: object) -> Someone:
        answer = await someone.call("POST", path, body)
        someone.token, someone.user = answer["access_token"], answer["user"]
        return someone

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@pytest.fixture
def more_settings() -> dict[str, object]:
    """Beside those that every office here has; a test that wants some is parametrized with them."""
    return {}


@pytest.fixture
async def office(
    fresh_database: str, redis_url: str, data_dir: Any, more_settings: dict[str, object]
) -> AsyncIterator[Office]:
    flags = {"port": 0, "database_url": fresh_database, "redis_url": redis_url, "data_dir": data_dir, **more_settings}
    async with started(load_settings({}, flags=flags)) as server:
        office = Office(server)
        yield office
        await office.close()


@asynccontextmanager
async def two_offices(database_url: str, redis_url: str, folder: Path) -> AsyncIterator[tuple[Office, Office]]:
    """Two servers that share PostgreSQL and Redis, and know of each other; their own files are in `folder`."""
    shared = {"port": 0, "database_url": database_url, "redis_url": redis_url}
    folders = [folder / name for name in ("first", "second")]
    for own in folders:
        own.mkdir()
    first, second = (load_settings({"HALLWAY_SECRET_KEY": KEY}, flags=shared | {"data_dir": own}) for own in folders)
    async with started(first) as one, started(second) as other:
        for server in (one, other, one):
            await server.office.registry.beat()
        both = (Office(one), Office(other))
        yield both
        for office in both:
            await office.close()
