"""This process as a part of an office that has several: where the parts of `server.cluster` are put together."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

import structlog
from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.auth.errors import TokenError
from server.cluster.errors import ClusterError
from server.cluster.forward import Forwarder, Unreachable
from server.cluster.guide import Guide
from server.cluster.keeper import LeaseKeeper
from server.cluster.neighbours import Neighbours
from server.cluster.passing import Receiver
from server.cluster.redis_ownership import RENEW_S
from server.cluster.registry import Process, Registry
from server.cluster.same_key import fingerprint
from server.cluster.shared_rooms import SharedRooms, state_of
from server.cluster.signature import Signer
from server.cluster.sockets import SocketGuide
from server.media.choice import own_addresses
from server.networks import parse_address
from server.ops.metrics import Metrics
from server.rooms.directory import LocalRooms
from server.services import Services
from server.settings import Settings
from server.store.errors import StoreUnavailable

log = structlog.get_logger()

HAND_OVER_S = 3.0
"""How long a process that shall take a room is waited for; whoever comes then opens it elsewhere."""


COME_IN_S = 0.02
"""For each person in a room that was handed over the next room waits so long: all at once would wait for each other."""
BUSY = 4.0
"""And so many times as long as the hand-over took: what is slow has much to do already."""
FIRST_BEAT_S, FIRST_BEATS = 0.2, 15


@dataclass(frozen=True, slots=True)
class Place:
    """Which of the processes of one `hallway serve` this is. `machine`: an id of all of them. `folder`: for their
    sockets; that for connections is the last to be there."""

    id: str
    machine: str
    folder: Path

    @property
    def socket(self) -> Path:
        """Where the process takes requests of the others."""
        return self.folder / f"{self.id}.http"

    @property
    def passing(self) -> Path:
        """Where the process takes connections of the others."""
        return self.folder / f"{self.id}.fd"


class Office:
    """`keeper` and `rooms` are this process's own. `secret`: what all processes share."""

    def __init__(
        self,
        settings: Settings,
        redis: Redis,
        place: Place | None,
        keeper: LeaseKeeper,
        rooms: LocalRooms,
        services: Services,
        secret: str,
        metrics: Metrics,
    ) -> None:
        process_id = services.servers.id
        me = Process(
            id=process_id,
            machine=place.machine if place else process_id,
            name=settings.server_name or "",
            socket=str(place.socket) if place else "",
            passing=str(place.passing) if place else "",
            key=fingerprint(secret),
        )
        self.registry = Registry(redis, me, metrics)
        self.neighbours = Neighbours(redis, self.registry)
        self.guide = Guide(keeper, self.registry, self.neighbours.process_of)
        rooms.lobby.elsewhere = self.neighbours
        self.neighbours.changed = rooms.lobby.changed_elsewhere
        self.neighbours.tell = lambda said: rooms.lobby.hand_on(said.to, said.message, said.version, said.call)
        self.rooms = SharedRooms(rooms, self.neighbours, services.news)
        """As the REST interface sees them."""
        self._settings, self._place, self._rooms, self._tokens = settings, place, rooms, services.tokens
        self._metrics = keeper.metrics
        self.forwarder = Forwarder(
            settings,
            self.guide,
            Signer(secret),
            keeper.metrics,
            rooms.running.own,
            services.news.tell_room,
            self._may_ask,
        )
        self.sockets = SocketGuide(settings, self.guide, self.forwarder, keeper.metrics)
        self._receiver: Receiver | None = None

    def add_routes(self, app: web.Application) -> None:
        """Mount what other processes ask, and have requests about rooms brought to their owners."""
        app.middlewares.append(self.forwarder.middleware())
        app.router.add_post("/internal/rooms/{room_id}/open", self._open)

    async def start(self, runner: web.AppRunner, port: int) -> None:
        """Be there for the others. `runner`: answers their requests."""
        url = self._settings.peer_url or _peer_url(self._settings, port)
        place = self._place
        if place is not None:
            assert runner.server is not None  # noqa: S101  (set up by the caller)
            await web.UnixSite(runner, place.socket).start()
            self._receiver = Receiver(place.passing, runner.server, self._metrics)
            self._receiver.start()
        self.registry.become(url=url)
        with contextlib.suppress(RedisError, OSError):
            await self.registry.beat()

    async def stop(self) -> None:
        """Be there no longer; what was asked already is still answered, until `forwarder.close`."""
        with contextlib.suppress(RedisError, OSError):
            await self.neighbours.leave()
            await self.registry.leave()
        if self._receiver is not None:
            self._receiver.stop()

    async def run(self) -> None:
        """Say that this process is there, until cancelled. At first more often: those who start together know each
        other before people come, and share the rooms."""
        for beat in count():
            with contextlib.suppress(RedisError, OSError):
                await self.registry.beat()
                self.guide.heard()
            await asyncio.sleep(FIRST_BEAT_S if beat < FIRST_BEATS else RENEW_S)

    async def exchange(self) -> None:
        """Tell the neighbours what is here, and hear what is there. Raises redis-py's errors."""
        await self.neighbours.exchange(state_of(self._rooms), time.monotonic())

    async def drain(self, patience_s: float, *, but_machine: bool) -> int:
        """Give every room to another process, one after the other; how many went. `but_machine`: not to one of this
        `hallway serve`, for all of it stops. Rooms for which there is nobody stay."""
        deadline = time.monotonic() + patience_s
        with contextlib.suppress(RedisError, OSError):
            await self.registry.drain()
        machine = self.registry.me.machine if but_machine else None
        waiting = [(loop.room.id, len(loop.room.sessions)) for loop in self._rooms.loops()]
        for went, (room_id, people) in enumerate(waiting):
            target = self.guide.place(room_id, but_me=True, but_machine=machine)
            left_s = deadline - time.monotonic()
            if target is None or left_s < 0:
                return went
            began = time.monotonic()
            await self._rooms.running.hand_over(room_id, _opener(self.forwarder, target, room_id))
            took_s = time.monotonic() - began
            self._metrics.handed_over.inc()
            log.debug("a room was handed over", room=str(room_id), to=target.id, people=people, ms=round(took_s * 1000))
            await asyncio.sleep(min(people * COME_IN_S + BUSY * took_s, left_s / (len(waiting) - went)))
        return len(waiting)

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """Another process gives us a room."""
        said = self.forwarder.said(request)
        if said is None:
            raise web.HTTPNotFound
        try:
            room_id = UUID(request.match_info["room_id"])
        except ValueError:
            raise web.HTTPNotFound from None
        me = self.registry.me
        if said.to != me.id:
            sibling = self.registry.known.get(said.to)
            if sibling is None or sibling.machine != me.machine:
                raise web.HTTPServiceUnavailable
            await self.forwarder.open(sibling, room_id)
            return web.Response(status=204)
        try:
            await self._rooms.running.own(room_id)
        except (ClusterError, StoreUnavailable, RedisError) as error:
            raise web.HTTPServiceUnavailable(text=str(error)) from error
        return web.Response(status=204)

    def _may_ask(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return request.method in ("GET", "HEAD")
        try:
            if self._tokens.is_console(token.strip()):
                return True
            self._tokens.read_access(token.strip())
        except TokenError:
            return False
        return True


def _opener(forwarder: Forwarder, target: Process, room_id: UUID) -> Callable[[], Awaitable[None]]:
    async def open_there() -> None:
        try:
            async with asyncio.timeout(HAND_OVER_S):
                await forwarder.open(target, room_id)
        except (Unreachable, TimeoutError) as error:
            log.warning("a room was not taken over at once", room=str(room_id), by=target.id, why=str(error))

    return open_there


def _peer_url(settings: Settings, port: int) -> str:
    """How other servers reach this one, as far as it knows itself: where it listens, else its first address."""
    address = parse_address(settings.host)
    if settings.host == "localhost":
        host = "127.0.0.1"
    elif address is not None and not address.is_unspecified:
        host = f"[{address}]" if address.version == 6 else str(address)
    else:
        host = next((known for known in own_addresses() if ":" not in known), "127.0.0.1")
    return f"http://{host}:{port}"
