"""The embedded databases as the server gets them: only what is missing, on a private socket only, always running."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis.asyncio
from redis.asyncio import Redis

from server.config import load_settings
from server.embedded import EmbeddedError, EmbeddedServices
from server.embedded.errors import FolderInUse, ProgramMissing, StartFailed
from server.embedded.postgres import Postgres, major_version
from server.embedded.services import where


def family(services: EmbeddedServices) -> list[psutil.Process]:
    assert services.postgres is not None
    assert services.valkey is not None
    found = [psutil.Process(services.postgres.pid), psutil.Process(services.valkey.pid)]
    return found + found[0].children(recursive=True)


async def test_the_database_is_utf8_and_sorts_alike_on_every_system(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        row = await connection.fetchrow(
            "SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider::text AS provider, datlocale AS locale, "
            "current_user AS me FROM pg_database WHERE datname = current_database()"
        )
    finally:
        await connection.close()
    assert row is not None
    assert dict(row) == {"encoding": "UTF8", "provider": "b", "locale": "C.UTF-8", "me": "hallway"}


async def test_valkey_keeps_an_append_only_file(redis_url: str) -> None:
    client: Redis = redis.asyncio.from_url(redis_url)
    try:
        kept = await client.config_get("append*")
    finally:
        await client.aclose()
    assert (kept["appendonly"], kept["appendfsync"]) == ("yes", "everysec")


def test_nothing_listens_on_the_network(embedded_services: EmbeddedServices) -> None:
    listening = [link for process in family(embedded_services) for link in process.net_connections(kind="inet")]
    assert listening == []


def test_the_sockets_are_in_a_folder_for_the_children_only(embedded_services: EmbeddedServices) -> None:
    folder = Path(embedded_services.redis_url.removeprefix("unix://")).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert f"host={folder}" in embedded_services.database_url
    longest = max(len(os.fsencode(path)) for path in folder.iterdir())
    assert longest < 104


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give its children away")
def test_as_root_every_child_runs_as_nobody(embedded_services: EmbeddedServices) -> None:
    for process in family(embedded_services):
        assert process.username() == "nobody"
        assert 0 not in {*process.uids(), *process.gids()}


def test_both_are_direct_children_in_sessions_of_their_own(embedded_services: EmbeddedServices) -> None:
    for process in family(embedded_services)[:2]:
        assert process.ppid() == os.getpid()
        assert os.getsid(process.pid) == process.pid


async def test_a_second_server_on_the_folder_is_refused_and_harms_nothing(embedded_services: EmbeddedServices) -> None:
    assert embedded_services.postgres is not None
    folder = embedded_services.postgres.cluster.parent
    with pytest.raises(FolderInUse, match="HALLWAY_DATA"):
        await EmbeddedServices(load_settings({}, flags={"data_dir": folder})).start()
    connection = await asyncpg.connect(embedded_services.database_url)
    await connection.close()


async def test_own_urls_win_and_start_nothing(data_dir: Path) -> None:
    env = {"DATABASE_URL": "postgresql://me:word@db.example.org:5433/office", "REDIS_URL": "redis://cache.example.org"}
    async with EmbeddedServices(load_settings(env, flags={"data_dir": data_dir})) as services:
        assert (services.database_url, services.redis_url) == (env["DATABASE_URL"], env["REDIS_URL"])
        assert services.describe() == (("PostgreSQL", "db.example.org:5433/office"), ("Valkey", "cache.example.org"))
    assert not data_dir.exists()


async def test_what_runs_beside_an_own_url_comes_back_when_it_is_killed(data_dir: Path, database_url: str) -> None:
    settings = load_settings({"DATABASE_URL": database_url}, flags={"data_dir": data_dir})
    async with EmbeddedServices(settings) as services:
        assert services.postgres is None
        assert services.valkey is not None
        assert services.describe()[1] == ("Valkey", f"embedded, in {data_dir / 'valkey'}")
        services.valkey.poll_s = 0.01
        client: Redis = redis.asyncio.from_url(services.redis_url)
        await client.set("kept", "42")
        first = services.valkey.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(10):
            while services.valkey.pid in (None, first) or not await services.valkey.is_ready(0):
                await asyncio.sleep(0.01)
        await client.connection_pool.disconnect()
        assert await client.get("kept") == b"42"
        await client.aclose()
    assert not (data_dir / "postgres").exists()
    assert not (data_dir / "sockets").exists()


async def test_before_the_start_there_are_no_urls() -> None:
    services = EmbeddedServices(load_settings({}))
    with pytest.raises(RuntimeError):
        _ = services.database_url
    with pytest.raises(RuntimeError):
        _ = services.redis_url


async def test_without_programs_the_start_fails_before_anything_is_made(data_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing):
        await EmbeddedServices(load_settings({}, flags={"data_dir": data_dir, "postgres_bin": tmp_path})).start()
    assert not data_dir.exists()


async def test_a_start_that_fails_halfway_stops_the_rest_and_frees_the_folder(data_dir: Path) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o711)
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "notes.txt").write_text("mine")
    for _ in range(2):  # the second time shows that the lock is free again
        with pytest.raises(StartFailed, match="move it away"):
            await EmbeddedServices(load_settings({}, flags={"data_dir": data_dir})).start()
    assert (data_dir / "postgres" / "notes.txt").read_text() == "mine"
    running = [p for p in psutil.Process().children(recursive=True) if str(data_dir) in " ".join(p.cmdline())]
    assert running == []


async def test_on_windows_the_text_names_wsl_and_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(EmbeddedError, match="WSL2, or set DATABASE_URL"):
        await EmbeddedServices(load_settings({})).start()
    with pytest.raises(EmbeddedError, match="WSL2, or set REDIS_URL"):
        await EmbeddedServices(load_settings({"DATABASE_URL": "postgresql://a/b"})).start()


@pytest.mark.parametrize(
    ("content", "ready"),
    [
        ("7\n/data\n0\n5432\n/tmp\n\n 1 2\nready   \n", True),
        ("7\n/data\n0\n5432\n/tmp\n\n 1 2\nstarting\n", False),
        ("8\n/data\n0\n5432\n/tmp\n\n 1 2\nready   \n", False),
        ("7\n/data\n", False),
        ("", False),
        (None, False),
    ],
)
async def test_postgres_is_ready_when_its_file_says_so_of_our_child(
    embedded_services: EmbeddedServices, tmp_path: Path, content: str | None, ready: bool
) -> None:
    assert embedded_services.postgres is not None
    postgres = Postgres(tmp_path, tmp_path, embedded_services.postgres._programs, None)
    postgres.cluster.mkdir()
    if content is not None:
        (postgres.cluster / "postmaster.pid").write_text(content)
    assert await postgres.is_ready(7) is ready


def test_the_major_version_of_a_program_is_read(embedded_services: EmbeddedServices) -> None:
    assert embedded_services.postgres is not None
    assert major_version(embedded_services.postgres._programs.postgres) == 18


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://me:word@host:5433/db", "host:5433/db"),
        ("redis://:word@host/0", "host/0"),
        ("redis://host", "host"),
        ("unix:///run/valkey.sock?db=1", "/run/valkey.sock"),
        ("postgresql://me@/db?host=/run", "local socket/db"),
    ],
)
def test_a_url_is_shown_without_user_and_password(url: str, place: str) -> None:
    assert where(url) == place
