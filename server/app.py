"""The only place where the parts are put together: databases, migrations, services, pages, rooms, and their end."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import gc
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from uuid import UUID

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from server.api import add_client_pages, add_routes
from server.api.account_watch import AccountWatch
from server.api.admin_live import live_pages
from server.api.room_access import RoomAccess
from server.auth.endings import Endings
from server.auth.limits import Limits
from server.auth.news import News
from server.auth.passwords import Passwords
from server.auth.tickets import Tickets
from server.auth.tokens import Tokens
from server.banner import addresses_of, started_text
from server.chat.directs import Directs
from server.chat.gestures import RoomGestures
from server.chat.room_chat import RoomChat
from server.chat.writer import MessageWriter
from server.client_files import client_root
from server.cluster.keeper import LeaseKeeper
from server.cluster.metrics import ClusterMetrics
from server.cluster.office import Office, Place
from server.cluster.ownership import LocalOwnership
from server.cluster.redis_ownership import RedisOwnership
from server.cluster.same_key import require_same_key
from server.documents.hub import LOOK_AGAIN_S, DocumentHub
from server.documents.tickets import DocumentTickets
from server.embedded.services import EmbeddedServices
from server.fanout.hub import FanoutHub
from server.gateway.document_socket import DocumentGateway
from server.gateway.global_socket import GlobalGateway
from server.gateway.udp import UdpGateway
from server.gateway.websocket import RoomGateway
from server.media.backend import MediaBackend
from server.media.choice import conductors, make_backend, own_addresses
from server.media.health import LinkMetrics, RoomHealth
from server.media.sharing import ScreenSharing
from server.media.showings import Showings
from server.objects.part import ObjectsPart
from server.ops.dependencies import ASK_EVERY_S, Dependencies
from server.ops.large_pages import AT_ONCE, MORE_EVERY_S, LargePages
from server.ops.logs import configure_logs
from server.ops.metrics import Metrics
from server.ops.metrics_page import add_metrics_page
from server.ops.opening import Port
from server.ops.servers import BEAT_S, Servers
from server.places.part import RoomPlaces
from server.rooms.directory import LocalRooms
from server.rooms.lanes import RoomLanes
from server.rooms.parts import PartMaker
from server.rooms.running import RunningRooms
from server.services import Services
from server.settings import Settings
from server.store.cache import open_cache
from server.store.database import open_database
from server.store.epochs import Epochs
from server.store.errors import StoreUnavailable
from server.store.files import Files
from server.store.members import Members
from server.store.messages import Messages
from server.store.migrations import migrate
from server.store.objects import Objects
from server.store.portals import Portals
from server.store.positions import Positions
from server.store.rooms import Rooms
from server.store.users import PURGE_BATCH, Users
from server.tls import server_context

log = structlog.get_logger()

CLOSE_EMPTY_EVERY_S = 5.0
GC_THRESHOLD = (20_000, 20, 50)
"""What a tick leaves behind is freed by counting references; cycles are rare and may wait for a quieter moment."""
PUBLISH_EVERY_S = 0.5
PURGE_EVERY_S = 600.0
PURGE_BATCHES = 100
SHUTDOWN_S = 3.0
"""How long open requests may take when the server stops."""


def run(settings: Settings) -> int:
    """Serve until a signal says stop; the exit code. Raises `EmbeddedError` with a text for the operator."""
    if settings.workers > 1:
        from server.cluster.supervisor import run_workers

        return run_workers(settings)
    configure_logs(settings)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_serve(settings))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes event loops: uvloop's where there is uvloop."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _serve(settings: Settings) -> int:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        if sys.platform != "win32":
            loop.add_signal_handler(name, stopping.set)
    async with started(settings) as server:
        print(started_text(settings, server.parts, server.urls, color=sys.stdout.isatty()), flush=True)
        # What was made so far stays: the collector need not look at it in the middle of a tick.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLD)
        large_pages = LargePages()
        large_pages.use()
        growing = asyncio.create_task(_repeat(partial(_use_more, large_pages), MORE_EVERY_S))
        await stopping.wait()
        growing.cancel()
        log.info("stopping")
        await server.drain()
    return 0


class Server:
    """A running server: where it answers and what it is made of."""

    def __init__(
        self,
        port: int,
        urls: list[str],
        parts: tuple[tuple[str, str], ...],
        services: Services,
        documents: DocumentHub,
        backend: MediaBackend,
        rooms: LocalRooms,
        office: Office | None,
    ) -> None:
        """`office`: the processes that share its rooms; None: it is alone."""
        self.backend, self.rooms, self.office = backend, rooms, office
        self.port = port
        self.documents = documents
        self.parts = parts
        self.services = services
        self.urls = urls

    async def drain(self, *, but_machine: bool = True) -> None:
        """Before the end: take nobody new, and give the rooms to other servers, if there are any. `but_machine`: not
        to processes of this `hallway serve`, which stop, too."""
        self.services.readiness.drain()
        if self.office is not None and self.services.settings.drain_s:
            went = await self.office.drain(self.services.settings.drain_s, but_machine=but_machine)
            log.info("rooms were handed over", rooms=went, left=self.rooms.count()[0])


@asynccontextmanager
async def started(
    settings: Settings, place: Place | None = None, port: socket.socket | None = None
) -> AsyncIterator[Server]:
    """Start everything, in order; stop everything, in the opposite order. `place`: which of several processes of one
    `hallway serve` this is, `port`: the socket on which they all listen."""
    metrics = Metrics()
    tls = server_context(settings, own_addresses() if settings.lan else ())
    async with AsyncExitStack() as stack:
        listener = Port(settings.host, settings.port, tls, port)
        stack.push_async_callback(listener.close)
        await listener.open()
        embedded = await stack.enter_async_context(EmbeddedServices(settings))
        await migrate(embedded.database_url)
        database = await open_database(embedded.database_url)
        stack.push_async_callback(database.close)
        redis = open_cache(embedded.redis_url)
        stack.push_async_callback(redis.aclose)
        passwords = Passwords()
        stack.callback(passwords.close)
        positions, rooms_store = Positions(database), Rooms(database)
        messages = Messages(database)
        writer = MessageWriter(messages, metrics)
        objects, hub = Objects(database), DocumentHub(settings, database, metrics)
        backend = make_backend(settings, metrics)
        await backend.start()
        stack.push_async_callback(backend.stop)
        links = LinkMetrics(metrics.registry)
        parts: list[PartMaker] = [
            lambda room: RoomChat(room, writer, metrics, time.time),
            lambda room: RoomGestures(room, metrics),
            lambda room: RoomPlaces(room, settings, metrics),
            lambda room: ObjectsPart(room, objects, settings, hub),
            Showings,
            conductors(settings, backend, metrics),
            lambda room: ScreenSharing(room, metrics),
            lambda room: RoomHealth(room, links, metrics),
            lambda room: RoomLanes(room, metrics),
        ]
        servers = Servers(redis, settings, metrics)
        if place is not None:
            servers.id = place.id
        # Whoever has a Redis of its own to itself shares rooms with nobody.
        is_shared, epochs = settings.redis_url is not None, Epochs(database)
        leases = LeaseKeeper(
            RedisOwnership(redis, epochs, servers.id) if is_shared else LocalOwnership(epochs, servers.id),
            ClusterMetrics(metrics.registry),
        )
        running = RunningRooms(
            settings, rooms_store, Portals(database), positions, metrics, leases, parts, writer, documents=hub
        )
        rooms = LocalRooms(settings, running, writer)
        hub.own_room = running.own

        async def end_session(user_id: UUID, session_id: str) -> None:
            hub.end_session(user_id, session_id)
            await rooms.end_session(user_id, session_id)

        secret = secret_key(settings)
        tokens = Tokens(
            redis,
            secret,
            access_token_s=settings.access_token_s,
            refresh_token_s=settings.refresh_token_s,
        )
        services = Services(
            settings=settings,
            db=database,
            redis=redis,
            users=Users(database),
            rooms_store=rooms_store,
            positions=positions,
            passwords=passwords,
            tokens=tokens,
            tickets=Tickets(redis, ticket_s=settings.ticket_s),
            limits=Limits(redis, settings),
            endings=Endings(tokens, end_session),
            news=News(redis),
            servers=servers,
            directory=rooms,
        )
        app, office, own_services = web.Application(client_max_size=64 * 1024), None, services
        if is_shared:
            if place is None:  # of several workers their supervisor has asked
                with contextlib.suppress(RedisError, OSError):
                    await require_same_key(redis, secret)
            office = Office(settings, redis, place, leases, rooms, services, secret, metrics)
            services = dataclasses.replace(services, directory=office.rooms)
        add_routes(app, services)
        add_metrics_page(app, rooms, metrics, office.registry.here if office is not None and place else None)
        if office is not None:
            office.add_routes(app)
        udp = UdpGateway(settings, metrics)
        stack.push_async_callback(udp.stop)
        room_gateway = RoomGateway(settings, services.tickets, Members(database), rooms, metrics, udp)
        document_gateway = DocumentGateway(settings, DocumentTickets(redis), hub, metrics)
        for gateway in (room_gateway, document_gateway):
            gateway.sockets = office.sockets if office is not None else None
            gateway.add_routes(app)
        fanout = None
        if office is not None:
            fanout = FanoutHub(settings, office.guide, office.forwarder, rooms, room_gateway, metrics)
            fanout.add_routes(app)
            room_gateway.spread = fanout
            services.entrance.choose = fanout.server_for
        directs = Directs(
            office.rooms if office is not None else rooms,
            services.users,
            messages,
            writer,
            metrics,
            elsewhere=rooms.lobby.elsewhere,
        )
        GlobalGateway(settings, services, rooms, directs, metrics).add_routes(app)
        add_client_pages(app, client_root())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        if office is not None:
            stack.push_async_callback(office.forwarder.close)
        stack.push_async_callback(runner.cleanup)
        stack.push_async_callback(listener.close)
        number = await listener.hand_over(runner)
        if office is not None:
            stack.push_async_callback(office.stop)
        if fanout is not None:
            stack.push_async_callback(fanout.stop)
        # What was written last is saved after the rooms have ended.
        stack.push_async_callback(writer.write)
        writing = asyncio.create_task(writer.run())
        stack.callback(writing.cancel)
        renewing = asyncio.create_task(leases.run())
        stack.callback(renewing.cancel)
        if office is not None:
            await office.start(runner, number)
            for work in (office.run(), office.neighbours.listen()):
                stack.callback(asyncio.create_task(work).cancel)
        # Rooms end first: people are told, and places are saved, while the databases are still there.
        stack.push_async_callback(hub.stop)
        stack.push_async_callback(rooms.stop)
        # Each process looks after those who are connected to it.
        watch = AccountWatch(own_services, RoomAccess(own_services))
        listening = asyncio.create_task(services.news.listen(watch))
        stack.callback(listening.cancel)
        await udp.start(number)
        server = Server(
            number, addresses_of(settings, number), embedded.describe(), services, hub, backend, rooms, office
        )
        services.servers.address = server.urls[0]
        with contextlib.suppress(RedisError):
            await services.servers.beat(rooms.totals)
        stack.push_async_callback(_say_goodbye, services.servers)
        dependencies = Dependencies(metrics.registry, {"database": database.ping, "redis": redis.ping})
        for job, every_s in (
            (lambda: services.servers.beat(rooms.totals), BEAT_S),
            (live_pages(services).tell, BEAT_S),
            (dependencies.look, ASK_EVERY_S),
            (rooms.close_empty, CLOSE_EMPTY_EVERY_S),
            (rooms.lobby.publish, PUBLISH_EVERY_S),
            (rooms_store.purge, PURGE_EVERY_S),
            (Files(database).purge, PURGE_EVERY_S),
            (hub.look_again, LOOK_AGAIN_S),
            (messages.purge, PURGE_EVERY_S),
            (lambda: purge_guests(services), PURGE_EVERY_S),
            *([(office.exchange, PUBLISH_EVERY_S)] if office is not None else []),
        ):
            keeper = asyncio.create_task(_repeat(job, every_s))
            stack.callback(keeper.cancel)
        stack.push_async_callback(listener.close)  # nobody new comes in while it ends
        yield server


async def _use_more(large_pages: LargePages) -> None:
    large_pages.use(AT_ONCE)


async def _repeat(job: Callable[[], Awaitable[object]], every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await job()
        except (StoreUnavailable, RedisError):
            continue  # that it is away was logged already; there is a next time
        except Exception:
            log.exception("housekeeping failed")


async def _say_goodbye(servers: Servers) -> None:
    with contextlib.suppress(RedisError, OSError):  # else it is forgotten a little later
        await servers.leave()


async def purge_guests(services: Services) -> None:
    """Remove the guests who stayed away, a batch at a time."""
    keep_s = services.settings.guest_keep_s
    for _ in range(PURGE_BATCHES if keep_s else 0):
        if await services.users.purge_guests(keep_s, services.directory.around()) < PURGE_BATCH:
            break
        await asyncio.sleep(0.1)  # others wait for the database, too


def secret_key(settings: Settings) -> str:
    """The key that signs tokens: the one in the settings, else one that is made once and kept in the data folder."""
    if settings.secret_key:
        return settings.secret_key
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    path = settings.data_dir / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(key + "\n")
    return key
