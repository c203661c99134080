"""Several `hallway serve` on one PostgreSQL and one Redis behind the real nginx; and a Redis that can be stopped."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

import asyncpg
import psutil
import redis as sync_redis

from benchmarks.bots.api import Api
from server.config import load_settings
from server.embedded import EmbeddedServices
from server.embedded.binaries import find_valkey
from server.embedded.postgres import Postgres
from server.ops.nginx import Front, Upstream, nginx_config
from server.store.migrations import migrate
from tests.adversity.server_process import ServerProcess, free_port
from tests.conftest import open_folder
from tests.deploy.nginx_process import running_nginx

KEY = "k" * 40
START_S = 20.0
WRITER = "hallway.server"
"""A variable of a session in PostgreSQL: the name of the server that it belongs to."""
GAP_S = 1.0
"""The longest time without a snapshot in a restart."""


class RedisProcess:
    """A Redis of a test's own, which keeps nothing when it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        program = find_valkey(load_settings({}))
        self._process = subprocess.Popen(
            [str(program.server), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_S
        with sync_redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except sync_redis.ConnectionError:
                    assert time.monotonic() < deadline, "Redis did not start"
                    time.sleep(0.02)

    def stop(self) -> None:
        """As `kill -9`."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class PostgresProcess:
    """A PostgreSQL of a test's own, which keeps everything when it is stopped."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        # The Redis is never asked: that one is named is what keeps another from being started.
        settings = load_settings({"REDIS_URL": "redis://127.0.0.1:1/0"}, flags={"data_dir": folder / "data"})
        self._services = EmbeddedServices(settings)
        self._runner.run(self._services.start())
        self.url = self._services.database_url
        self._runner.run(migrate(self.url))

    def start(self) -> None:
        """Begin, in the main thread; it answers a moment later."""
        postgres = self._postgres
        postgres._child = postgres.launch()

    def stop(self) -> None:
        """As its operator does: sessions are ended, all is written. Nobody starts it again by itself."""
        child = self._postgres._child
        assert child is not None
        child.send_signal(signal.SIGINT)
        child.wait(START_S)

    def close(self) -> None:
        """End it for good."""
        self._runner.run(self._services.stop())
        self._runner.close()

    @property
    def _postgres(self) -> Postgres:
        assert self._services.postgres is not None
        return self._services.postgres


class Offices:
    """`servers`: by name. `url`: of nginx, in front of all."""

    def __init__(self, servers: dict[str, ServerProcess], url: str, database_url: str) -> None:
        self.servers, self.url, self.database_url = servers, url, database_url

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a server and to everything that it started."""
        own = psutil.Process(self.servers[name].pid)
        for process in [own, *own.children(recursive=True)]:
            os.kill(process.pid, number)

    def log(self) -> str:
        """What all of them said."""
        return "".join(f"--- {name}\n{server.log()}" for name, server in self.servers.items())

    async def rooms(self, count: int) -> list[UUID]:
        """New rooms."""
        async with Api(self.url) as api:
            owner = await api.account()
            return [await api.create_room(owner, "office", 60) for _ in range(count)]

    async def query(self, text: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return await connection.fetch(text, *arguments)
        finally:
            await connection.close()

    async def note_writes(self) -> None:
        """From now on the database keeps in a table of its own which server writes what of a room."""
        await self.query("CREATE TABLE written (server text, what text, room uuid, at timestamptz)")
        await self.query(
            "CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES "
            f"(current_setting('{WRITER}', true), TG_TABLE_NAME, "
            "(to_jsonb(coalesce(NEW, OLD)) ->> (CASE TG_TABLE_NAME WHEN 'rooms' THEN 'id' ELSE 'room_id' END))::uuid, "
            "clock_timestamp()); RETURN NULL; END $$"
        )
        for table in ("rooms", "user_sessions", "room_objects", "messages"):
            await self.query(
                f"CREATE TRIGGER note_write AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION note_write()"
            )

    async def writes(self, name: str, since_s: float) -> list[tuple[str, UUID]]:
        """What a server wrote of which room in the last `since_s` seconds."""
        rows = await self.query(
            "SELECT DISTINCT what, room FROM written WHERE server = $1 AND at > now() - make_interval(secs => $2)",
            name,
            since_s,
        )
        return [(row["what"], row["room"]) for row in rows]

    def owned(self, name: str) -> float:
        """How many rooms a server runs, by its own metrics."""
        return self.servers[name].metric("hallway_leases")


@contextmanager
def running_offices(database_url: str, redis_url: str, *names: str, **settings: object) -> Iterator[Offices]:
    """Servers of these names, and nginx in front of them."""
    with ExitStack() as stack:
        servers, upstreams = {}, []
        for name in names:
            folder = stack.enter_context(open_folder())
            given = {
                "DATABASE_URL": f"{database_url}{'&' if '?' in database_url else '?'}{WRITER}={name}",
                "REDIS_URL": redis_url,
                "SECRET_KEY": KEY,
                "SERVER_NAME": name,
                "MEDIA_BACKEND": "mesh",
                "TRUSTED_PROXIES": "127.0.0.1",
                **settings,
            }
            server = servers[name] = ServerProcess(folder, given)
            stack.callback(_stop, server)
            upstreams.append(Upstream(name, f"127.0.0.1:{server.port}"))
        for server in servers.values():
            server.begin()
        for server in servers.values():
            server.await_ready()
        folder, port = stack.enter_context(open_folder()), free_port()
        config = nginx_config(load_settings({}), Front("localhost", http_port=port), upstreams)
        stack.enter_context(running_nginx(folder, config, port))
        offices = Offices(servers, f"http://localhost:{port}", database_url)
        try:
            yield offices
        except BaseException:
            print(offices.log()[-6000:])
            raise


def _stop(server: ServerProcess) -> None:
    try:
        os.kill(server.pid, signal.SIGCONT)  # else it would not hear
    except (RuntimeError, ProcessLookupError):
        return
    server.stop()


async def until(what: str, holds: object, patience_s: float = 20.0) -> None:
    """Wait until `holds()`, a plain or an async function, is true."""
    deadline = time.monotonic() + patience_s
    while True:
        found = holds()  # type: ignore[operator]
        if inspect.isawaitable(found):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, f"waited {patience_s} s for {what}"
        await asyncio.sleep(0.05)
