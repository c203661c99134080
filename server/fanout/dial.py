"""How a gateway reaches an owner: by a request to its own HTTP interface, whose connection then is the line."""

from __future__ import annotations

import asyncio
from typing import Final, cast

from server.fanout.line import Line
from server.fanout.messages import FanoutError

PATH: Final = "/internal/fanout"
UPGRADED: Final = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: hallway-fanout\r\n\r\n"
CONNECT_S: Final = 1.0
_HEAD_BYTES: Final = 4096


class _Dial(asyncio.Protocol):
    """Until the answer is there."""

    def __init__(self, head: bytes, line: Line) -> None:
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._head, self._line = head, line
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._head)

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None  # noqa: S101 - it was made
        self._heard += data
        head, end, rest = self._heard.partition(b"\r\n\r\n")
        if not end and len(head) < _HEAD_BYTES:
            return
        if not head.startswith(b"HTTP/1.1 101 "):
            self._fail(head.partition(b"\r\n")[0].decode("latin-1"))
            self._transport.abort()
            return
        self._transport.set_protocol(self._line)
        self._line.connection_made(self._transport)
        if rest:
            self._line.data_received(rest)
        if not self.answered.done():
            self.answered.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("the connection was closed")

    def _fail(self, why: str) -> None:
        if not self.answered.done():
            self.answered.set_exception(FanoutError(why))


async def dial(where: str, target: str, header: tuple[str, str], line: Line) -> None:
    """Connect `line` to the process that listens at `where`, a Unix socket's path or `http://host:port`. `target`: of
    the request. `header`: says who we are. Raises `FanoutError`, OSError and TimeoutError."""
    lines = [f"GET {target} HTTP/1.1", "Host: process", "Connection: Upgrade", "Upgrade: hallway-fanout"]
    head = "\r\n".join([*lines, ": ".join(header), "", ""]).encode()
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT_S):
        if where.startswith("http://"):
            host, _, port = where.rstrip("/").removeprefix("http://").rpartition(":")
            _, dialled = await loop.create_connection(lambda: _Dial(head, line), host.strip("[]"), int(port))
        else:
            _, dialled = await loop.create_unix_connection(lambda: _Dial(head, line), where)
        await dialled.answered
