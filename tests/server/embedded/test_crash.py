"""Whatever is killed, and in whichever order: no child stays, no data goes, and the next start works."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis.asyncio
from redis.asyncio import Redis

from server.config import load_settings
from server.embedded import EmbeddedServices
from server.embedded.account import child_account
from server.embedded.leftover import is_left_behind

ROOT = Path(__file__).parents[3]


@dataclass
class CrashingServer:
    process: subprocess.Popen[str]
    database_url: str
    redis_url: str
    pids: list[int]

    def family(self) -> list[psutil.Process]:
        """Both databases and all of their own children."""
        found = [psutil.Process(pid) for pid in self.pids]
        return found + [child for process in found for child in process.children(recursive=True)]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def crashing_server(data: Path, *words: str) -> Iterator[CrashingServer]:
    command = [sys.executable, str(Path(__file__).with_name("crashing_server.py")), str(data), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server = CrashingServer(process, **json.loads(process.stdout.readline()))
        try:
            yield server
        finally:
            process.kill()
            for pid in server.pids:
                if is_left_behind(pid, data / "postgres") or is_left_behind(pid, data / "valkey"):
                    os.kill(pid, signal.SIGKILL)


def gone(processes: list[psutil.Process], within_s: float) -> list[psutil.Process]:
    """Those that still run after `within_s`; a zombie that nobody has collected yet does not run."""
    deadline = time.monotonic() + within_s
    while running := [process for process in processes if _runs(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.001)
    return running


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def write_something(server: CrashingServer) -> None:
    connection = await asyncpg.connect(server.database_url)
    await connection.execute("CREATE TABLE kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (42)")
    cache: Redis = redis.asyncio.from_url(server.redis_url)
    await cache.set("kept", "42")
    await cache.aclose()
    await connection.close()


async def what_was_kept(services: EmbeddedServices) -> tuple[int, bytes]:
    connection = await asyncpg.connect(services.database_url)
    cache: Redis = redis.asyncio.from_url(services.redis_url)
    try:
        return await connection.fetchval("SELECT n FROM kept"), await cache.get("kept")
    finally:
        await cache.aclose()
        await connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
async def test_a_killed_server_takes_its_children_along_and_the_next_start_has_the_data(data_dir: Path) -> None:
    with crashing_server(data_dir) as server:
        await write_something(server)
        family = server.family()
        assert len(family) > 4
        server.kill()
        assert gone(family, within_s=1.0) == []
    async with EmbeddedServices(load_settings({}, flags={"data_dir": data_dir})) as services:
        assert await what_was_kept(services) == (42, b"42")


async def test_after_a_power_cut_the_next_start_has_the_data_though_pids_are_taken(data_dir: Path) -> None:
    with crashing_server(data_dir) as server:
        await write_something(server)
        family = server.family()
        server.process.send_signal(signal.SIGSTOP)  # so that it does not start them again
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):  # PostgreSQL's own children go when it goes
                process.kill()
        server.kill()
        assert gone(family, within_s=5.0) == []

    # Another program of the same user has PostgreSQL's old process id now.
    stale = data_dir / "postgres" / "postmaster.pid"
    old_pid, rest = stale.read_text().split("\n", 1)
    assert int(old_pid) == server.pids[0]
    account = child_account()
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account else None)
    try:
        stale.write_text(f"{stranger.pid}\n{rest}")
        async with EmbeddedServices(load_settings({}, flags={"data_dir": data_dir})) as services:
            assert await what_was_kept(services) == (42, b"42")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_children_that_outlived_their_server_are_stopped_by_the_next_start(data_dir: Path) -> None:
    with crashing_server(data_dir, "untied") as server:
        await write_something(server)
        family = server.family()
        sockets = Path(server.redis_url.removeprefix("unix://")).parent
        server.kill()
        assert all(_runs(process) for process in family[:2])
        async with EmbeddedServices(load_settings({}, flags={"data_dir": data_dir})) as services:
            assert gone(family[:2], within_s=0) == []
            assert await what_was_kept(services) == (42, b"42")
        assert not sockets.exists()
