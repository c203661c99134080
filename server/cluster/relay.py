"""A connection that reached the wrong process, and cannot be passed: its bytes go to the right one and back.

It costs this process about as much as the room costs the other, so it is the way of last resort: TLS that workers end
themselves, and servers behind a proxy that does not know which of them is which.
"""

from __future__ import annotations

import asyncio
from typing import cast

from aiohttp import web

from server.cluster.passing import Passed

CONNECT_S = 1.0


class _End(asyncio.Protocol):
    """One end of a relayed connection: what comes in here goes out at `other`."""

    def __init__(self, ended: asyncio.Event) -> None:
        self._ended = ended
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        other = self.other.transport if self.other is not None else None
        if other is not None and not other.is_closing():
            other.resume_reading()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()
        self._ended.set()


async def relay(request: web.Request, where: str, head: bytes, *, unix: bool) -> Passed:
    """Be between a client and the process at `where`, a path or `http://host:port`, until one of them ends it. Raises
    OSError and TimeoutError if there is no connection to that process."""
    transport = request.transport
    if transport is None:
        raise ConnectionError("the client is gone")
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    inner, outer = _End(ended), _End(ended)
    inner.other, outer.other, outer.transport = outer, inner, transport
    async with asyncio.timeout(CONNECT_S):
        if unix:
            await loop.create_unix_connection(lambda: inner, where)
        else:
            host, _, port = where.rstrip("/").rpartition("://")[2].rpartition(":")
            await loop.create_connection(lambda: inner, host.strip("[]"), int(port))
    assert inner.transport is not None  # noqa: S101  (connected above)
    transport.set_protocol(outer)
    inner.transport.write(head)
    transport.resume_reading()
    try:
        await ended.wait()
    finally:
        inner.transport.close()
        transport.close()
    return Passed()
