"""The WebSocket endpoint `/ws/global`: aiohttp on one side, `GlobalSession` and `Lobby` on the other."""

from __future__ import annotations

import asyncio
import time
from typing import cast

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from protocol.constants import CloseCode
from protocol.global_messages import GLOBAL_SUBPROTOCOL, TOKEN_CLOSE_CODE, Greet
from protocol.global_session import GlobalSession
from protocol.messages import Say, Type
from protocol.server_session import State
from server.auth.address import UNKNOWN, client_address
from server.auth.errors import TokenError
from server.chat.directs import Directs
from server.gateway.conversation import Conversation
from server.gateway.websocket import MAX_FRAME_BYTES
from server.ops import log_context
from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms
from server.rooms.lobby import Viewer
from server.services import Services
from server.settings import Settings
from server.store.bans import Bans
from server.store.errors import StoreUnavailable
from server.store.members import Members
from server.store.presence import Presences

log = structlog.get_logger()

PING_S = 25.0
"""Proxies close what is silent for a minute; whoever does not answer a ping is gone."""
CLOSE_TIMEOUT_S = 2.0
WAITING_BYTES = 1 << 20
"""What may wait for a client that does not read."""
RETRY_MS = 2000


class GlobalGateway:
    """Takes connections to `/ws/global`."""

    def __init__(
        self, settings: Settings, services: Services, rooms: LocalRooms, directs: Directs, metrics: Metrics
    ) -> None:
        self.settings, self.metrics, self.rooms, self.directs = settings, metrics, rooms, directs
        self._services = services
        self._members, self._presences = Members(services.db), Presences(services.db)
        self._bans = Bans(services.db)

    def add_routes(self, app: web.Application) -> None:
        """Mount the endpoint."""
        app.router.add_get("/ws/global", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its upgrade to its end."""
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if GLOBAL_SUBPROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise web.HTTPBadRequest(text=f"the subprotocol {GLOBAL_SUBPROTOCOL} must be offered")
        limit = self.settings.max_clients
        if limit and self.rooms.lobby.count() >= limit:
            raise web.HTTPServiceUnavailable(text="the server is full", headers={"Retry-After": "10"})
        socket = web.WebSocketResponse(
            protocols=(GLOBAL_SUBPROTOCOL,),
            compress=False,
            max_msg_size=MAX_FRAME_BYTES,
            timeout=CLOSE_TIMEOUT_S,
            heartbeat=PING_S,
        )
        await socket.prepare(request)
        address = client_address(request, self.settings)
        transport = cast(asyncio.Transport, request.transport)
        await _Conversation(self, socket, transport, None if address == UNKNOWN else address).run()
        return socket

    async def admit(self, greet: Greet, line: _Conversation) -> Viewer | None:
        """Find out who greets; None: the connection was refused. Raises the stores' errors."""
        services, wire = self._services, line.wire
        try:
            claims = services.tokens.read_access(greet.token)
            if not await services.tokens.confirm(claims):
                raise TokenError("the log-in has ended")
        except TokenError:
            wire.close(TOKEN_CLOSE_CODE, "This access token is not good any more.", 0)
            return None
        log_context.add(user=str(claims.user_id), session=claims.session_id)
        with self.rooms.changes.during(None, claims.user_id) as lookup:
            while True:
                lookup.stale = False
                user = await services.users.get(claims.user_id)
                if user is None or user.disabled_at is not None:
                    wire.close(CloseCode.ENDED, "This account cannot be used.")
                    return None
                ban = await self._bans.of_server_for(user.id, line.address)
                if ban is not None and not user.is_operator:
                    wire.close(CloseCode.BANNED, f"You were banned from this server. {ban.reason}".strip())
                    return None
                rooms = await self._members.rooms_of(user.id)
                presence = await self._presences.get(user.id)
                # Whoever was thrown out meanwhile is not let in with what was true before.
                if not lookup.stale:
                    break
        if wire.state is not State.GREETING or not await services.tokens.confirm(claims):
            wire.close(CloseCode.ENDED, "You logged out.")
            return None
        wire.accept()
        self.rooms.presence.choose(user.id, presence)
        viewer = Viewer(
            user.id,
            claims.session_id,
            user.username,
            user.look,
            user.is_guest,
            rooms,
            line,
            wire.version,
            line.address,
        )
        self.rooms.lobby.enter(viewer)
        return viewer


class _Conversation(Conversation):
    """One connection, and the `Line` of its viewer."""

    def __init__(
        self,
        gateway: GlobalGateway,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport,
        address: str | None,
    ) -> None:
        self.address = address
        self.wire = GlobalSession(time.monotonic(), hello_timeout=gateway.settings.hello_timeout_s)
        super().__init__(self.wire, socket, transport, gateway.metrics, WAITING_BYTES)
        self._gateway = gateway
        self._viewer: Viewer | None = None

    def left(self) -> None:
        if self._viewer is not None:
            self._gateway.rooms.lobby.leave(self._viewer)

    async def receive(self, data: bytes) -> None:
        message = self.wire.receive_data(data, time.monotonic())
        if message is None:
            return
        if isinstance(message, Greet):
            try:
                self._viewer = await self._gateway.admit(message, self)
            except (StoreUnavailable, RedisError, OSError) as error:
                log.debug("cannot admit to the lobby", why=str(error))
                self.wire.close(CloseCode.INTERNAL, "The database does not answer at present.", RETRY_MS)
        elif self._viewer is None:
            return
        elif isinstance(message, Say | Type):
            await self._gateway.directs.receive(self._viewer, message)
        else:
            self._gateway.rooms.lobby.receive(self._viewer, message)
