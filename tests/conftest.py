"""What all tests share: a real PostgreSQL and a real Valkey, and the seeds of everything random."""

import asyncio
import importlib.util
import os
import random
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import hypothesis
import pytest
import redis

from server.config import load_settings
from server.embedded import EmbeddedServices

T = TypeVar("T")

hypothesis.settings.register_profile("developer", print_blob=True, deadline=None)
hypothesis.settings.register_profile("ci", print_blob=True, deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "developer")

SEED = int(os.environ.get("TEST_SEED") or (1 if os.environ.get("CI") else random.SystemRandom().randrange(2**32)))
os.environ["TEST_SEED"] = str(SEED)  # the same for all processes that share the tests

_database_numbers = count(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how to repeat this run's random choices, and why a test was tried a second time."""
    terminalreporter.write_line(f"TEST_SEED={SEED} (hypothesis prints @reproduce_failure for its own)")
    for report in terminalreporter.stats.get("rerun", []):
        why = report.longreprtext.strip().splitlines()
        told = [line for line in why if line.startswith("E ")] or why[-1:]
        terminalreporter.write_line(f"tried again: {report.nodeid} ({report.when})")
        for line in told[:4]:
            terminalreporter.write_line(f"    {line[:200]}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Who takes which file when several processes share the tests (`-n 2`)."""
    from tests.lanes import Lanes

    return Lanes(config, log)


def run(coroutine: Coroutine[object, object, T]) -> T:
    """Run a coroutine from a plain fixture, without touching the loop that the tests themselves run in."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(coroutine)


@pytest.fixture(scope="session")
def seed() -> int:
    """The seed of this run, printed at its start; set TEST_SEED to repeat one."""
    return SEED


@pytest.fixture
def random_source(seed: int, request: pytest.FixtureRequest) -> random.Random:
    """A source of random numbers that depends on the run's seed and on the test, not on the tests before it."""
    return random.Random(f"{seed} {request.node.nodeid}")


@pytest.fixture(scope="session")
def chromium_executable() -> str | None:
    """The system's Chromium for Playwright's `executable_path`; None means the one that Playwright installed.

    The shell without windows is what Playwright takes by itself; the other one makes a window for every page, with
    pages of its own in it that keep a processor busy.
    """
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that another user may enter: as root, the databases run as nobody.

    pytest's own tmp_path is private, hence not that.
    """
    folder = Path(tempfile.mkdtemp(prefix="hallway-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data folder of this test's own, not made yet."""
    with open_folder() as folder:
        yield folder / "data"


@pytest.fixture(scope="session")
def embedded_services() -> Iterator[EmbeddedServices]:
    """One PostgreSQL and one Valkey for the whole run, started the way the server starts them."""
    with open_folder() as folder, asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        services = EmbeddedServices(load_settings({}, flags={"data_dir": folder / "data"}))
        runner.run(services.start())
        try:
            # Tests make hundreds of databases, and none has to survive a power cut.
            runner.run(_execute(services.database_url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))
            yield services
        finally:
            runner.run(services.stop())


@pytest.fixture(scope="session")
def database_url(embedded_services: EmbeddedServices) -> str:
    """A PostgreSQL that all tests share; its database has no tables. Use `fresh_database` for one with them."""
    return embedded_services.database_url


@pytest.fixture(scope="session")
def redis_url(embedded_services: EmbeddedServices) -> str:
    """A Valkey that all tests share."""
    return embedded_services.redis_url


@pytest.fixture
def fresh_redis(redis_url: str) -> str:
    """The shared Valkey, emptied."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture(scope="session")
def template_database(database_url: str) -> str:
    """Name of a database that has been migrated once, from which others are copied."""
    name = "hallway_template"
    run(_execute(database_url, f"CREATE DATABASE {name}"))
    if importlib.util.find_spec("server.store") and importlib.util.find_spec("server.store.migrations"):
        from server.store.migrations import migrate

        run(migrate(url_of(database_url, name)))
    return name


class Stock:
    """Databases that are copied while tests run, so that none has to wait for its own, and are dropped while others
    run."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._maker = ThreadPoolExecutor(max_workers=1)
        self._next = self._maker.submit(create_database, server, template)
        self._drops: list[Future[None]] = []

    def take(self) -> str:
        """URL of one that nobody has used."""
        taken, self._next = self._next, self._maker.submit(create_database, self._server, self._template)
        return url_of(self._server, taken.result())

    def drop(self, url: str) -> None:
        """Nobody needs it any more."""
        self._drops.append(self._maker.submit(drop_database, self._server, name_of(url)))

    def close(self) -> None:
        """Wait for what is under way. Raises what went wrong meanwhile."""
        self._maker.shutdown()
        for drop in self._drops:
            drop.result()


@pytest.fixture(scope="session")
def stock(database_url: str, template_database: str) -> Iterator[Stock]:
    """Migrated, empty databases."""
    stock = Stock(database_url, template_database)
    yield stock
    stock.close()


@pytest.fixture
def fresh_database(stock: Stock) -> Iterator[str]:
    """URL of a migrated, empty database of this test's own."""
    url = stock.take()
    yield url
    stock.drop(url)


@pytest.fixture
def empty_database(database_url: str) -> Iterator[str]:
    """URL of a database of this test's own that has no tables: for tests of the migrations themselves."""
    with copied_database(database_url, "template0") as url:
        yield url


@pytest.fixture(scope="module")
def module_database(stock: Stock) -> Iterator[str]:
    """URL of a migrated database that the tests of one file share."""
    url = stock.take()
    yield url
    stock.drop(url)


@contextmanager
def copied_database(server: str, template: str) -> Iterator[str]:
    """URL of a copy of the template, dropped at the end."""
    name = create_database(server, template)
    try:
        yield url_of(server, name)
    finally:
        drop_database(server, name)


def create_database(server: str, template: str) -> str:
    """Copy the template; the name of the copy."""
    name = f"test_{next(_database_numbers)}"
    run(_execute(server, f"CREATE DATABASE {name} TEMPLATE {template}"))
    return name


def drop_database(server: str, name: str) -> None:
    """Drop it, even if someone is still connected to it."""
    run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


def url_of(server: str, database: str) -> str:
    """The URL of another database on the same server."""
    return server.replace("@/hallway?", f"@/{database}?")


def name_of(url: str) -> str:
    """The name of the database that `url_of` made a URL of."""
    return url.partition("@/")[2].partition("?")[0]


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A real browser, or a server that is killed, waits for a processor that others use too: such a test is tried a
    second time, and the summary says so."""
    for item in items:
        if item.get_closest_marker("browser") or not {"adversity", "live"}.isdisjoint(item.path.parts):
            item.add_marker(pytest.mark.flaky(reruns=1))
