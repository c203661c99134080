"""The WebSocket endpoint of documents: aiohttp on one side, `DocumentSession` and `Document` on the other."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import cast
from uuid import UUID

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from protocol.constants import CloseCode
from protocol.document_messages import DOCUMENT_MESSAGE_BYTES, DOCUMENT_SUBPROTOCOL, Cursor, Open, Update
from protocol.document_session import DocumentSession
from protocol.server_session import State
from server.auth.address import UNKNOWN, client_address
from server.cluster.errors import ClusterError
from server.cluster.sockets import SocketGuide
from server.documents.document import Document, Writer
from server.documents.hub import RETRY_MS, DocumentHub
from server.documents.merger import MergerGone
from server.documents.tickets import DocumentTickets
from server.gateway.conversation import Conversation
from server.ops import log_context
from server.ops.metrics import Metrics
from server.settings import Settings
from server.store.errors import StoreUnavailable

log = structlog.get_logger()

PING_S = 25.0
"""Proxies close what is silent for a minute; whoever does not answer a ping is gone."""
CLOSE_TIMEOUT_S = 2.0
WAITING_BYTES = 4 << 20
"""What may wait for a client that does not read, beside the document itself."""


class DocumentGateway:
    """Takes connections to documents."""

    def __init__(self, settings: Settings, tickets: DocumentTickets, hub: DocumentHub, metrics: Metrics) -> None:
        self.settings, self.tickets, self.hub, self.metrics = settings, tickets, hub, metrics
        self.waiting_bytes = WAITING_BYTES + (settings.document_max_mb << 21)
        self._connections = 0
        self.sockets: SocketGuide | None = None
        """Brings connections to the process that owns the document's room, where there are several."""

    def add_routes(self, app: web.Application) -> None:
        """Mount the endpoint."""
        app.router.add_get("/ws/documents/{object_id}", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its upgrade to its end."""
        try:
            object_id = UUID(request.match_info["object_id"])
        except ValueError:
            raise web.HTTPNotFound(text="no such document") from None
        with contextlib.suppress(ValueError):
            room_id = UUID(request.query.get("room", ""))
            if self.sockets is not None and (passed := await self.sockets.bring(request, room_id)) is not None:
                return passed
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if DOCUMENT_SUBPROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPBadRequest(text=f"the subprotocol {DOCUMENT_SUBPROTOCOL} must be offered")
        limit = self.settings.max_clients
        if limit and self._connections >= limit:
            raise web.HTTPServiceUnavailable(text="the server is full", headers={"Retry-After": "10"})
        socket = web.WebSocketResponse(
            protocols=(DOCUMENT_SUBPROTOCOL,),
            compress=False,
            max_msg_size=DOCUMENT_MESSAGE_BYTES + 1,
            timeout=CLOSE_TIMEOUT_S,
            heartbeat=PING_S,
        )
        await socket.prepare(request)
        address = client_address(request, self.settings)
        transport = cast(asyncio.Transport, request.transport)
        self._connections += 1
        try:
            await _Conversation(self, object_id, socket, transport, None if address == UNKNOWN else address).run()
        finally:
            self._connections -= 1
        return socket


class _Conversation(Conversation):
    """One connection, and the `Line` of its writer."""

    def __init__(
        self,
        gateway: DocumentGateway,
        object_id: UUID,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        address: str | None,
    ) -> None:
        self.wire = DocumentSession(time.monotonic(), open_timeout=gateway.settings.hello_timeout_s)
        super().__init__(self.wire, socket, transport, gateway.metrics, gateway.waiting_bytes)
        self._gateway, self._object_id, self._address = gateway, object_id, address
        self._entered: tuple[Document, Writer] | None = None

    def left(self) -> None:
        if self._entered is not None:
            document, writer = self._entered
            document.leave(writer)

    def pause(self) -> float:
        return self.wire.pause(time.monotonic())

    async def receive(self, data: bytes) -> None:
        message = self.wire.receive_data(data, time.monotonic())
        try:
            if isinstance(message, Open):
                await self._open(message)
            elif self._entered is not None:
                document, writer = self._entered
                if isinstance(message, Update):
                    await document.update(writer, message)
                elif isinstance(message, Cursor):
                    document.cursor(writer, message)
        except (StoreUnavailable, RedisError, MergerGone, ClusterError, OSError) as error:
            log.debug("a document is not available", object=str(self._object_id), why=str(error))
            self.wire.close(CloseCode.INTERNAL, "The server cannot do that at present.", RETRY_MS)

    async def _open(self, opening: Open) -> None:
        hub, wire = self._gateway.hub, self.wire
        claims = await self._gateway.tickets.redeem(opening.ticket, self._object_id)
        granted = await hub.grant(claims, self._address) if claims else None
        if claims is None or granted is None:
            wire.close(CloseCode.TICKET, "This ticket is not valid. Open it again.", 0)
            return
        log_context.add(user=str(claims.user_id), session=claims.session_id, room=str(claims.room_id))
        entered = await hub.enter(claims, granted[1], opening, self, self._welcome)
        if isinstance(entered, str):
            wire.close(CloseCode.CLOSED, entered)
        elif wire.state is not State.LIVE:
            entered[0].leave(entered[1])
        else:
            self._entered = entered

    def _welcome(self, writer: Writer, update: bytes, state_vector: bytes) -> None:
        if self.wire.state is State.GREETING:
            self.wire.accept(writer.editor, update, state_vector, may_edit=writer.may_edit)
