"""A client's WebSocket at a gateway: bytes in, bytes out, nothing decided."""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast
from uuid import UUID

from aiohttp import WSMsgType, web

from server.auth.address import UNKNOWN, client_address
from server.fanout.gateway import Gateway
from server.gateway import inbound
from server.gateway.frames import pong_frame
from server.gateway.inbound import InboundFrames
from server.gateway.websocket import MAX_FRAME_BYTES, MOST_PONGS_BYTES, close_soon, tune
from server.settings import Settings

TEXT, PING, PONG = 0, 1, 2
"""`server.fanout.messages.Control.kind`"""
_KINDS = {WSMsgType.TEXT: TEXT, WSMsgType.PING: PING, WSMsgType.PONG: PONG}
_CONTROLS = {inbound.PING: PING, inbound.PONG: PONG}


class ClientSocket:
    """`server.fanout.gateway.Socket`."""

    def __init__(self, transport: asyncio.Transport, socket: web.WebSocketResponse) -> None:
        self._transport, self._socket = transport, socket
        self.unsent = transport.get_write_buffer_size

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    def close(self, code: int, reason: str) -> None:
        close_soon(self._socket, code, reason)

    def abort(self) -> None:
        self._transport.abort()

    def pong(self, data: bytes) -> None:
        if self.unsent() <= MOST_PONGS_BYTES:
            self.write(pong_frame(data))

    def read(self, is_reading: bool) -> None:
        with contextlib.suppress(RuntimeError):  # it is closing
            (self._transport.resume_reading if is_reading else self._transport.pause_reading)()


async def converse(
    gateway: Gateway, settings: Settings, room_id: UUID, request: web.Request, socket: web.WebSocketResponse
) -> None:
    """One accepted connection until its end."""
    transport = cast(asyncio.Transport, request.transport)
    tune(transport)
    frames = InboundFrames(request.protocol, transport, MAX_FRAME_BYTES)
    transport.set_protocol(frames)
    if not gateway.is_open:
        transport.abort()
        return
    address = client_address(request, settings)
    client = gateway.open(ClientSocket(transport, socket), room_id, None if address == UNKNOWN else address)
    try:
        async for message in socket:
            if message.type is WSMsgType.BINARY:
                gateway.hear(client, message.data)
                # What came meanwhile is in aiohttp's queue, and is taken from there before anything new arrives.
                frames.begin(
                    lambda data: gateway.hear(client, data),
                    lambda first, data: gateway.hear_control(client, _CONTROLS[first], data),
                )
            elif (kind := _KINDS.get(message.type)) is not None:
                gateway.hear_control(client, kind, message.data.encode() if kind == TEXT else message.data)
    except ConnectionError:
        pass
    finally:
        gateway.closed(client, int(socket.close_code or 0))
