"""A connection that reached one process is given to another of the same computer: its descriptor, and what was read.

The request of a room's socket is known before anything is answered, so the whole connection can change its process
then (SCM_RIGHTS); afterwards nothing of it goes through the first one. With TLS this cannot be done: the keys stay.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from server.cluster.metrics import ClusterMetrics

log = structlog.get_logger()

HEAD_BYTES = 48 * 1024
"""The longest request that is passed on; aiohttp takes no longer ones."""


class Passed(web.StreamResponse):
    """Stands for an answer that somebody else gives, or for another protocol that goes on: writes nothing."""

    def __init__(self) -> None:
        super().__init__(status=101)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return None


def head_of(request: web.Request, *more: tuple[str, str]) -> bytes:
    """The request as it was read, with headers of our own."""
    mine = {name.lower().encode() for name, _ in more}
    lines = [f"{request.method} {request.raw_path} HTTP/1.1".encode()]
    lines += [name + b": " + value for name, value in request.raw_headers if name.lower() not in mine]
    lines += [f"{name}: {value}".encode() for name, value in more]
    return b"\r\n".join([*lines, b"", b""])


def can_be_passed(request: web.Request) -> bool:
    """Whether the connection is plain TCP or a Unix socket, so that another process can go on with it."""
    transport = request.transport
    return transport is not None and transport.get_extra_info("ssl_object") is None and hasattr(socket, "send_fds")


def pass_to(path: str, request: web.Request, head: bytes) -> Passed:
    """Give the request's connection to the process that listens at `path`. Raises OSError: it is still ours."""
    transport = request.transport
    if transport is None:
        raise ConnectionError("the client is gone")
    connection = transport.get_extra_info("socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as post:
        post.setblocking(False)
        post.connect(path)
        socket.send_fds(post, [head], [connection.fileno()])
    # Ours is closed after this answer that writes nothing; the connection lives on in the other process.
    request.protocol.force_close()
    return Passed()


class Receiver:
    """Takes connections at a Unix socket, and answers what was already read of them with `server`."""

    def __init__(self, path: Path, server: web.Server, metrics: ClusterMetrics) -> None:
        self.path = path
        self._server, self._metrics = server, metrics
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to listen."""
        self._socket.setblocking(False)
        self._socket.bind(str(self.path))
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._receive)

    def stop(self) -> None:
        """Take no more."""
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
        with contextlib.suppress(OSError):
            self.path.unlink()

    def _receive(self) -> None:
        while True:
            try:
                head, descriptors, _, _ = socket.recv_fds(self._socket, HEAD_BYTES, 4)
            except BlockingIOError:
                return
            except OSError as error:
                log.warning("a connection could not be taken over", why=str(error))
                return
            for descriptor in descriptors[1:]:
                os.close(descriptor)
            if descriptors:
                task = asyncio.create_task(self._take(head, socket.socket(fileno=descriptors[0])))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _take(self, head: bytes, connection: socket.socket) -> None:
        connection.setblocking(False)
        try:
            _, protocol = await asyncio.get_running_loop().connect_accepted_socket(self._server, connection)
        except OSError as error:
            log.debug("a connection ended while it was taken over", why=str(error))
            connection.close()
            return
        self._metrics.passed.inc()
        protocol.data_received(head)
