"""The port, and who answers on it until the server is open: alive, but not started, and why.

Databases have to start and schemas to be brought up to date, which takes minutes in a large office. An orchestrator
that gets no answer meanwhile would end the process; a browser that does would say that there is nobody.
"""

from __future__ import annotations

import asyncio
import socket
from ssl import SSLContext

from aiohttp import web

from server.api.endpoint import json_response
from server.api.models import Health
from server.api.problems import unavailable

BACKLOG = 1024
RETRY_S = 2
CLOSE_S = 1.0
REASON = "The server is starting: its databases are being started, or their schema is brought up to date."
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Hallway</title>
<body style="font:1.125rem/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:90vh;margin:0">
<p role="status">The office is opening. This page follows by itself.</p></body></html>
"""


class Port:
    """A listening port whose connections are answered here at first, and by the runner of `hand_over` from then on.

    It is one and the same listener all the time: nobody is refused in between.
    """

    def __init__(self, host: str, port: int, tls: SSLContext | None, shared: socket.socket | None = None) -> None:
        """`shared`: a socket on which others listen, too, instead of one of its own at `host` and `port`."""
        self._host, self._port, self._tls, self._shared = host, port, tls, shared
        self._server: asyncio.Server | None = None
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", _answer)
        self._opening: web.AppRunner | None = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_S)
        self._runner = self._opening

    async def open(self) -> None:
        """Listen. Nobody answers yet on a port that is shared: the others do. Raises OSError if it cannot."""
        if self._shared is None:
            assert self._opening is not None  # noqa: S101 - that is until `hand_over`
            await self._opening.setup()
            await self._listen()

    async def hand_over(self, runner: web.AppRunner) -> int:
        """From now on the runner answers; the number of the port."""
        self._runner = runner
        server = self._server or await self._listen()
        if self._opening is not None:
            await self._opening.cleanup()
            self._opening = None
        return int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take no more connections; those that are there are the runner's."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._opening is not None:
            await self._opening.cleanup()
            self._opening = None

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        if self._shared is not None:
            server = await loop.create_server(self._taken, sock=self._shared, ssl=self._tls, backlog=BACKLOG)
        else:
            server = await loop.create_server(self._taken, self._host, self._port, ssl=self._tls, backlog=BACKLOG)
        self._server = server
        return server

    def _taken(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        server = self._runner.server if self._runner is not None else None
        if server is None:
            raise RuntimeError("nobody answers on this port")
        return server()


async def _answer(request: web.Request) -> web.StreamResponse:
    if request.path == "/api/health/live":
        response: web.StreamResponse = json_response(Health("alive"))
    elif request.path.startswith("/api/health/"):
        response = json_response(Health("starting", {}, REASON), 503)
    elif request.path.startswith("/api/"):
        response = unavailable("The server is starting. Try again in a moment.").response()
    else:
        response = web.Response(status=503, text=PAGE, content_type="text/html", headers={"Cache-Control": "no-store"})
    if response.status == 503:
        response.headers["Retry-After"] = str(RETRY_S)
    # The next request of whoever asked is for the server itself.
    response.force_close()
    return response
