"""One connection that is no room's: aiohttp on one side, a `GreetedSession` on the other."""

from __future__ import annotations

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from typing import Any

from aiohttp import WSMsgType, web

from protocol.constants import CloseCode
from protocol.greeted_session import GreetedSession
from protocol.server_session import State
from server.gateway.websocket import SocketTransport
from server.ops.metrics import Metrics


class Conversation(ABC):
    """The connection's coroutine, and the `Line` on which others speak to its client. `receive` and `left` are what
    the endpoints differ in."""

    def __init__(
        self,
        wire: GreetedSession[Any, Any],
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        metrics: Metrics,
        waiting_bytes: int,
    ) -> None:
        """`waiting_bytes`: so much may wait for a client that does not read."""
        self._wire, self._socket, self._metrics, self._waiting_bytes = wire, socket, metrics, waiting_bytes
        self._transport = SocketTransport(transport)
        self._closing: asyncio.Task[None] | None = None

    @abstractmethod
    async def receive(self, data: bytes) -> None:
        """A binary message arrived."""

    @abstractmethod
    def left(self) -> None:
        """The connection is over."""

    def pause(self) -> float:
        """For how long nothing more is to be read, s."""
        return 0.0

    async def run(self) -> None:
        """Until the connection ends."""
        wire, loop = self._wire, asyncio.get_running_loop()
        due = wire.next_timeout() or 0.0
        timer = loop.call_later(max(0.0, due - time.monotonic()) + 0.01, self._check_timeout)
        try:
            async for message in self._socket:
                if message.type is WSMsgType.BINARY:
                    await self.receive(message.data)
                elif message.type is WSMsgType.TEXT:
                    wire.receive_text()
                self._pump()
                if (pause := self.pause()) > 0:
                    await asyncio.sleep(pause)
        except ConnectionError:
            pass
        finally:
            timer.cancel()
            wire.connection_lost()
            self.left()
            if self._closing is not None:
                await asyncio.gather(self._closing, return_exceptions=True)

    def send(self, message: bytes) -> None:
        """Queue one message. A client that does not read is dropped; it comes again and gets what it lacks."""
        if self._wire.state is not State.LIVE:
            return
        self._wire.send_encoded(message)
        if self._transport.buffered() > self._waiting_bytes:
            self._metrics.refused.labels(str(CloseCode.STALLED.value)).inc()
            self._wire.connection_lost()
            self._transport.abort()
        else:
            self._pump()

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Say GOODBYE and end the connection."""
        self._wire.close(code, reason, retry_ms)
        self._pump()

    def _check_timeout(self) -> None:
        self._wire.handle_timeout(time.monotonic())
        self._pump()

    def _pump(self) -> None:
        messages = self._wire.data_to_send()
        if messages:
            self._transport.write(*messages)
        if self._wire.close_code is not None and self._closing is None:
            self._metrics.refused.labels(str(self._wire.close_code)).inc()
            self._closing = asyncio.create_task(self._close(self._wire.close_code, self._wire.close_reason))

    async def _close(self, code: int, reason: str) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._socket.close(code=code, message=reason.encode()[:120])
