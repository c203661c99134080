"""A TCP proxy that breaks like a network does: it cuts and it falls silent, and it comes back. In-process, asyncio."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHUNK = 65_536


class Proxy:
    """Stands between clients and a server.

    `cut`: connections break and new ones are refused. `hold`: nothing moves in either direction, and nobody is told,
    as when a cable is pulled. Both last until `restore`; what was held then goes on.
    """

    def __init__(self, target: tuple[str, int] | str) -> None:
        """`target`: host and port, or the path of a Unix socket."""
        self._target = target
        self._server: asyncio.Server | None = None
        self._pairs: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Event()
        self._moving.set()
        self._refusing = False
        self.port = 0
        self.accepted = 0

    @property
    def url(self) -> str:
        """Where clients find the server."""
        return f"http://localhost:{self.port}"

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        self._break_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Break every connection now and refuse new ones."""
        self._refusing = True
        self._break_all()

    def hold(self) -> None:
        """Let nothing through, in silence."""
        self._moving.clear()

    def restore(self) -> None:
        """Be a good line again."""
        self._refusing = False
        self._moving.set()

    def _break_all(self) -> None:
        for writer in list(self._pairs):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._pairs.add(writer)
        upstream: asyncio.StreamWriter | None = None
        try:
            if self._refusing:
                return
            self.accepted += 1
            await self._moving.wait()
            if isinstance(self._target, str):
                from_server, upstream = await asyncio.open_unix_connection(self._target)
            else:
                from_server, upstream = await asyncio.open_connection(*self._target)
            self._pairs.add(upstream)
            await asyncio.gather(self._pump(reader, upstream), self._pump(from_server, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for side in (writer, upstream):
                if side is not None:
                    self._pairs.discard(side)
                    side.transport.abort()
            self._tasks.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await self._moving.wait()
            data = await reader.read(CHUNK)
            # Bytes that were read when the line went dead stay on this side of it.
            await self._moving.wait()
            if not data:
                with contextlib.suppress(OSError):
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def proxied(target: tuple[str, int] | str) -> AsyncIterator[Proxy]:
    """A proxy in front of `target`, gone afterwards."""
    proxy = Proxy(target)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
