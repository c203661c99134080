"""How a bot reaches its room. A transport is a line in `TRANSPORTS`: what opens a connection for an owner."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

from benchmarks.bots.bot import AGENT, Bot
from benchmarks.bots.connection import Connection, Owner, Traffic
from benchmarks.bots.errors import JoinError
from benchmarks.bots.framing import Handshake
from protocol.constants import SUBPROTOCOL

if TYPE_CHECKING:
    from benchmarks.bots.datagrams import Open


class BotConnection(Protocol):
    """What the swarm needs of a connection, whatever carries it."""

    traffic: Traffic

    def send(self, payload: bytes) -> None:
        """Send one message."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End it in good order."""

    def abort(self) -> None:
        """Drop it without a word."""

    def read(self, reading: bool) -> None:
        """Read what comes, or leave it to the kernel."""


Prepare: TypeAlias = Callable[[BotConnection], None]
"""Called with the connection before anything can happen on it."""
Dial: TypeAlias = Callable[[Owner, str, str, Prepare], Awaitable[None]]
"""(owner, the server's address, the path of the endpoint, prepare): connect. JoinError if that is impossible."""


async def dial_websocket(owner: Owner, url: str, path: str, prepare: Prepare) -> None:
    """A WebSocket on a raw TCP or TLS connection."""
    server = urlsplit(url)
    secure = server.scheme == "https"
    connection = Connection(owner, Handshake(server.netloc, path, SUBPROTOCOL, AGENT))
    prepare(connection)
    try:
        await asyncio.get_running_loop().create_connection(
            lambda: connection,
            server.hostname or "",
            server.port or (443 if secure else 80),
            ssl=ssl.create_default_context() if secure else None,
        )
    except OSError as error:
        raise JoinError(f"Cannot connect to {url}: {error}") from error


async def dial_webtransport(owner: Owner, url: str, path: str, prepare: Prepare) -> None:
    """A WebSocket, and WebTransport's datagrams beside it as soon as the server says where they may go."""
    from benchmarks.bots.datagrams import by_webtransport

    await _dial_both(owner, url, path, prepare, by_webtransport)


async def dial_datachannel(owner: Owner, url: str, path: str, prepare: Prepare) -> None:
    """The same with a data channel."""
    from benchmarks.bots.datagrams import by_datachannel

    await _dial_both(owner, url, path, prepare, by_datachannel)


async def _dial_both(owner: Owner, url: str, path: str, prepare: Prepare, open_carrier: Open) -> None:
    from benchmarks.bots.datagrams import DatagramConnection, host_of

    if not isinstance(owner, Bot):
        raise JoinError("Only a bot can have its state as datagrams.")
    connection = DatagramConnection(owner, host_of(url), open_carrier)

    def prepare_both(socket: BotConnection) -> None:
        connection.socket = cast(Connection, socket)
        prepare(connection)

    await dial_websocket(connection, url, path, prepare_both)


TRANSPORTS: Final[dict[str, Dial]] = {
    "websocket": dial_websocket,
    "webtransport": dial_webtransport,
    "datachannel": dial_datachannel,
}
