"""`hallway serve --workers N`: holds the port and the databases, and keeps N workers alive.

Every worker accepts connections from the one listening socket, which is open as long as this process lives, whatever
becomes of them; a room's connection goes to the worker that owns the room (`passing`). A worker that dies is known to
be dead at once, so its rooms need not wait for their leases to run out.

    STARTING --socket answers--> RUNNING --death--> leases given back, WAITING --backoff--> STARTING
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.banner import addresses_of, started_text
from server.cluster.redis_ownership import forget_holder
from server.cluster.registry import forget_process
from server.cluster.same_key import require_same_key
from server.cluster.worker import RESTART, STOP, Order, packed
from server.embedded.services import EmbeddedServices
from server.ops.logs import configure_logs
from server.settings import Settings
from server.store.cache import open_cache
from server.store.migrations import migrate

log = structlog.get_logger()

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 10.0
HEALTHY_S = 30.0
"""A worker that lived so long starts the backoff from the beginning."""
READY_S = 60.0
STOP_S = 10.0
"""How long a worker may take to end, beside handing its rooms over."""
LOOK_S = 0.05
BACKLOG = 1024


class Worker:
    """Keeps one worker running. `number`: from 0 on."""

    def __init__(self, supervisor: Supervisor, number: int) -> None:
        self.number = number
        self._supervisor = supervisor
        self._process: asyncio.subprocess.Process | None = None
        self._id = ""
        self._task: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Of the process; None: there is none now."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Keep it running from now on."""
        self._task = asyncio.create_task(self._keep())

    async def replace(self) -> None:
        """Start another process, and end the old one when the new one can take its rooms."""
        await self._end_task()
        old, old_id = self._process, self._id
        self.ready.clear()
        await self._begin()
        if old is not None:
            await self._end(old, old_id, RESTART)
        self.start()

    async def stop(self) -> None:
        """End it, as one of all that end."""
        await self._end_task()
        if self._process is not None:
            await self._end(self._process, self._id, STOP)

    # --- parts ------------------------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        wait, loop = FIRST_WAIT_S, asyncio.get_running_loop()
        while True:
            began = loop.time()
            if self._process is None:
                await self._begin()
            if self._process is not None:
                code = await self._process.wait()
                log.error("a worker died; its rooms open in the others", worker=self.number, code=code)
                await self._supervisor.bury(self._id)
            self._process = None
            self.ready.clear()
            if loop.time() - began > HEALTHY_S:
                wait = FIRST_WAIT_S
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _begin(self) -> None:
        """Start a process and wait until it answers; it may die meanwhile."""
        self._id = secrets.token_hex(6)
        order = self._supervisor.order(self.number, self._id)
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server.cluster.worker",
            stdin=asyncio.subprocess.PIPE,
            pass_fds=(order.port,),
            start_new_session=True,  # Ctrl-C is for the supervisor
        )
        assert process.stdin is not None  # noqa: S101  (asked for)
        process.stdin.write(packed(order))
        path = order.folder / f"{self._id}.fd"
        try:
            async with asyncio.timeout(READY_S):
                while process.returncode is None and not path.exists():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            log.error("a worker does not become ready", worker=self.number)
            process.kill()
            return
        if process.returncode is None:
            self.ready.set()

    async def _end(self, process: asyncio.subprocess.Process, process_id: str, how: bytes) -> None:
        if process.returncode is None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.write(how)
        try:
            async with asyncio.timeout(self._supervisor.settings.drain_s + STOP_S):
                await process.wait()
        except TimeoutError:
            log.error("a worker did not end", worker=self.number)
            process.kill()
            await process.wait()
        if process.returncode:
            await self._supervisor.bury(process_id)

    async def _end_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


class Supervisor:
    """`settings`: with the addresses of databases that run."""

    def __init__(self, settings: Settings, port: socket.socket, redis: Redis, folder: Path) -> None:
        self.settings = settings
        self._port, self._redis, self._folder = port, redis, folder
        self._machine = secrets.token_hex(6)
        self.workers = [Worker(self, number) for number in range(settings.workers)]

    def order(self, number: int, process_id: str) -> Order:
        """What a worker is told. Each has ports of its own for sound and picture."""
        settings = self.settings
        sfu_port = settings.sfu_port + number * settings.sfu_workers if settings.sfu_port else 0
        own = msgspec.structs.replace(settings, sfu_port=sfu_port)
        return Order(own, process_id, self._machine, self._folder, self._port.fileno())

    async def start(self) -> None:
        """Returns when all workers answer."""
        for worker in self.workers:
            worker.start()
        await asyncio.gather(*(worker.ready.wait() for worker in self.workers))

    async def restart(self) -> None:
        """One worker after the other, each handing its rooms to the others first."""
        for worker in self.workers:
            await worker.replace()
        log.info("all workers were restarted")

    async def stop(self) -> None:
        """End all of them together."""
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    async def bury(self, process_id: str) -> None:
        """A worker is dead for sure: nobody need wait for what it held."""
        try:
            await forget_process(self._redis, process_id)
            given_back = await forget_holder(self._redis, process_id)
        except (RedisError, OSError) as error:
            log.warning("rooms of a dead worker wait for their leases to run out", why=str(error))
        else:
            log.info("rooms of a dead worker were given back", rooms=given_back)


def run_workers(settings: Settings) -> int:
    """Serve until a signal says stop; the exit code. Raises OSError for a port that cannot be had, and as
    `server.app.run`."""
    from server.app import loop_factory

    configure_logs(settings)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_supervise(settings))


async def _supervise(settings: Settings) -> int:
    from server.app import secret_key

    stopping, again, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, again.set)
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(_listen(settings))
        folder = Path(tempfile.mkdtemp(prefix="hallway-workers-"))  # mode 0700
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        async with EmbeddedServices(settings) as embedded:
            await migrate(embedded.database_url)
            redis = open_cache(embedded.redis_url)
            try:
                secret = secret_key(settings)  # made before several want to make it
                with contextlib.suppress(RedisError, OSError):
                    await require_same_key(redis, secret)
                number = int(port.getsockname()[1])
                whole = msgspec.structs.replace(
                    settings, port=number, database_url=embedded.database_url, redis_url=embedded.redis_url
                )
                supervisor = Supervisor(whole, port, redis, folder)
                await supervisor.start()
                urls = addresses_of(settings, number)
                print(started_text(settings, embedded.describe(), urls, color=sys.stdout.isatty()), flush=True)
                await _until_stopped(supervisor, stopping, again)
            finally:
                await redis.aclose()
    return 0


async def _until_stopped(supervisor: Supervisor, stopping: asyncio.Event, again: asyncio.Event) -> None:
    stopped = asyncio.create_task(stopping.wait())
    while not stopped.done():
        asked = asyncio.create_task(again.wait())
        await asyncio.wait((stopped, asked), return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if again.is_set() and not stopped.done():
            again.clear()
            await supervisor.restart()
    log.info("stopping")
    await supervisor.stop()


def _listen(settings: Settings) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    listener.set_inheritable(True)
    return listener
