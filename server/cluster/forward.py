"""Requests about a room are answered by the process that owns it, whichever process got them.

    client -> any process -> (find the owner) -> owner -> the same handler as ever -> back the same way

So whoever kicks, mutes, bans, changes or asks to come in does so where the room runs. A process that nobody answers for
is waited for as long as its lease may live; then the room is somebody else's.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import aiohttp
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from redis.exceptions import RedisError
from yarl import URL

from server.api.problems import Problem
from server.auth.address import TOLD_ADDRESS, client_address
from server.cluster.errors import ClusterError, OwnedElsewhere
from server.cluster.guide import Guide
from server.cluster.metrics import ClusterMetrics
from server.cluster.redis_ownership import LEASE_S
from server.cluster.registry import Process
from server.cluster.signature import HEADER, Forwarded, Signer
from server.settings import Settings

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONNECT_S = 1.0
ANSWERING = aiohttp.ClientTimeout(total=None, sock_read=60.0, sock_connect=CONNECT_S)
JOINING = aiohttp.ClientTimeout(total=None, sock_read=LEASE_S, sock_connect=CONNECT_S)
AGAIN_S = 0.15
"""How often it is looked whether a room has left a process that does not answer."""
LOOKS = 7
"""So many looks later that process is asked again."""
PATIENCE_S = LEASE_S + 1.5
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"}
    | {"upgrade", HEADER.lower()}
)
MOVING = "This room is moving to another server. Try again in a moment."


class Unreachable(Exception):  # noqa: N818
    """The other process does not answer; nothing of the request was read."""


class Forwarder:
    """`own(room_id)`: makes this process the owner, raises `ClusterError`. `look_again(room_id)`: have the room's
    owner compare it with the database. `may_ask(request)`: whether the sender is worth opening a room for."""

    def __init__(
        self,
        settings: Settings,
        guide: Guide,
        signer: Signer,
        metrics: ClusterMetrics,
        own: Callable[[UUID], Awaitable[object]],
        look_again: Callable[[UUID], Awaitable[None]],
        may_ask: Callable[[web.Request], bool],
    ) -> None:
        self._settings, self._guide, self._signer, self._metrics = settings, guide, signer, metrics
        self._own, self._look_again, self._may_ask = own, look_again, may_ask
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._looks: dict[UUID, asyncio.Task[None]] = {}

    def middleware(self) -> Middleware:
        """Put it inside of the one that answers with problems."""

        @web.middleware
        async def hand_on(request: web.Request, handler: Handler) -> web.StreamResponse:
            said = self.said(request)
            if said is not None:
                request[TOLD_ADDRESS] = said.client
            if not request.path.startswith("/api/"):
                return await handler(request)
            room_id = room_of(request)
            if said is not None:
                return await self._told(request, handler, said, room_id)
            if room_id is None or not self._may_ask(request):
                return await handler(request)
            return await self._to_owner(request, handler, room_id)

        return hand_on

    async def close(self) -> None:
        """Close the lines to the others."""
        for look in self._looks.values():
            look.cancel()
        for session in self._sessions.values():
            await session.close()

    def said(self, request: web.Request) -> Forwarded | None:
        """What another process says of a request that it hands on; None: it comes from outside."""
        value = request.headers.get(HEADER)
        return self._signer.read(request.method, request.raw_path, value, time.time()) if value else None

    def signed(self, method: str, path: str, process: Process, client: str) -> str:
        """The header for a request to a process."""
        return self._signer.sign(method, path, Forwarded(process.id, client), time.time())

    async def open(self, process: Process, room_id: UUID) -> None:
        """Have a process open a room that nobody owns. Raises `Unreachable`."""
        path = f"/internal/rooms/{room_id}/open"
        headers = {HEADER: self.signed("POST", path, process, "unknown")}
        session, base = self._line(process)
        try:
            async with session.post(f"{base}{path}", headers=headers) as answer:
                if answer.status != 204:
                    raise Unreachable(f"{answer.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(str(error)) from error

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _told(
        self, request: web.Request, handler: Handler, said: Forwarded, room_id: UUID | None
    ) -> web.StreamResponse:
        """Answer what another process handed on, or hand it to the worker that is meant."""
        me = self._guide.me
        if said.to != me.id:
            sibling = self._guide.registry.known.get(said.to)
            if sibling is None or sibling.machine != me.machine or not sibling.socket:
                raise moving()
            try:
                return await self._forward(request, sibling, said.client)
            except Unreachable:
                raise moving() from None
        if room_id is not None and is_join(request):
            try:
                await self._own(room_id)
            except ClusterError as error:
                raise moving(str(error)) from None
        return await handler(request)

    async def _to_owner(self, request: web.Request, handler: Handler, room_id: UUID) -> web.StreamResponse:
        joins, reads = is_join(request), request.method in ("GET", "HEAD")
        deadline = time.monotonic() + PATIENCE_S
        client = client_address(request, self._settings)
        while time.monotonic() < deadline:
            holder: str | None = None
            try:
                owner = await self._guide.find(room_id)
                holder = owner.id if owner is not None else None
                if owner is None and joins:
                    owner = self._guide.place(room_id) or self._guide.me
                    if owner is self._guide.me:
                        await self._own(room_id)
                if owner is None:
                    return await self._here(request, handler, room_id)
                if owner.id == self._guide.me.id:
                    return await handler(request)
                return await self._forward(request, owner, client)
            except OwnedElsewhere as error:
                holder = error.holder
            except ClusterError as error:
                raise moving(str(error)) from None
            except Unreachable as error:
                log.debug("the owner of a room does not answer", room=str(room_id), why=str(error))
            except (RedisError, OSError):
                # It cannot be asked whose the room is. What needs to know says so itself.
                return await handler(request)
            if reads:
                return await handler(request)
            await self._until_it_moves(room_id, holder)
            if request.transport is None:  # the client did not wait
                break
        raise moving()

    async def _until_it_moves(self, room_id: UUID, holder: str | None) -> None:
        """Wait until the room is not `holder`'s any more, or that one may be asked again. All who wait for a room look
        together: when a server dies, hundreds do."""
        look = self._looks.get(room_id)
        if look is None:
            look = self._looks[room_id] = asyncio.create_task(self._look_for(room_id, holder))
            look.add_done_callback(lambda _: self._looks.pop(room_id, None))
        await asyncio.wait({look})

    async def _look_for(self, room_id: UUID, holder: str | None) -> None:
        for _ in range(LOOKS if holder is not None else 1):
            await asyncio.sleep(AGAIN_S)
            try:
                owner = await self._guide.find(room_id)
            except OwnedElsewhere as error:
                if error.holder != holder:
                    return
            except (RedisError, OSError):
                return
            else:
                if owner is None or owner.id != holder:
                    return

    async def _here(self, request: web.Request, handler: Handler, room_id: UUID) -> web.StreamResponse:
        """Nobody runs the room. Should somebody have begun to meanwhile, they are told to look at it again."""
        response = await handler(request)
        if request.method not in ("GET", "HEAD"):
            with contextlib.suppress(RedisError, OSError, ClusterError):
                owner = await self._guide.find(room_id)
                if owner is not None and owner.id != self._guide.me.id:
                    await self._look_again(room_id)
        return response

    async def _forward(self, request: web.Request, process: Process, client: str) -> web.StreamResponse:
        """Hand a request on. Raises `Unreachable`; also for a join that a process takes and does not answer, as one
        does that sleeps: it can be asked anew, of whoever has the room by then."""
        session, base = self._line(process)
        joins = is_join(request)
        body = await request.read() if joins else request.content if request.can_read_body else None
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        headers.append((HEADER, self.signed(request.method, request.raw_path, process, client)))
        try:
            answer = await session.request(
                request.method,
                URL(f"{base}{request.raw_path}", encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
                timeout=JOINING if joins else ANSWERING,
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        self._metrics.forwarded.inc()
        async with answer:
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP]
            response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=dict(kept))
            for name, value in kept:
                if name.lower() == "set-cookie" and value not in response.headers.getall(name, ()):
                    response.headers.add(name, value)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response

    def _line(self, process: Process) -> tuple[aiohttp.ClientSession, str]:
        is_near = process.machine == self._guide.me.machine and process.socket != ""
        where = process.socket if is_near else process.url
        if not where:
            raise Unreachable("it does not say how it is reached")
        session = self._sessions.get(where)
        if session is None:
            # Each request on a connection of its own: one that the other side just closed cannot be sent again.
            connector: aiohttp.BaseConnector = (
                aiohttp.UnixConnector(where, force_close=True)
                if is_near
                else aiohttp.TCPConnector(force_close=True, limit=200)
            )
            session = self._sessions[where] = aiohttp.ClientSession(
                connector=connector,
                timeout=ANSWERING,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        return session, "http://office" if is_near else where.rstrip("/")


def room_of(request: web.Request) -> UUID | None:
    """The room that a request of the REST interface is about, if its owner has to answer it."""
    resource = request.match_info.route.resource
    path = resource.canonical if resource is not None else ""
    if not path.startswith(("/api/rooms/{id}", "/api/admin/rooms/{id}")):
        return None
    if request.method in ("GET", "HEAD") and path in ("/api/rooms/{id}", "/api/rooms/{id}/map"):
        return None
    try:
        return UUID(request.match_info["id"])
    except ValueError:
        return None


def is_join(request: web.Request) -> bool:
    """Whether somebody wants to come in, or to open a document: then the room must have an owner."""
    return request.method == "POST" and request.path.endswith(("/join", "/open"))


def moving(why: str = MOVING) -> Problem:
    """503: ask again."""
    return Problem("unavailable", why, headers={"Retry-After": "1"})
