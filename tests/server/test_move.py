"""An office moves to other databases with everything in it, or says why not and stays as it was."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from subprocess import CalledProcessError
from typing import Any

import asyncpg
import pytest
import redis
from aiohttp import ClientSession, CookieJar
from click.testing import Result
from typer.testing import CliRunner

from server.cli import app
from server.ops.move import fingerprint
from server.store.database import open_database
from server.store.users import Users
from tests.adversity.server_process import ServerProcess
from tests.conftest import copied_database, open_folder, run
from tests.deploy.external import external_postgres

PASSWORD = "correct horse battery"


def moved(source: str, redis_url: str, *words: str, **env: str) -> Result:
    own = {"DATABASE_URL": source, "REDIS_URL": redis_url, "TO_DATABASE_URL": "", "TO_REDIS_URL": ""}
    return CliRunner().invoke(app, ["move-database", *words], env=own | env)


async def add_account(url: str) -> None:
    database = await open_database(url)
    await Users(database).create_account(email="ann@example.org", username="ann", password_hash="x", look=bytes(6))
    await database.close()


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
def source(fresh_database: str) -> str:
    run(add_account(fresh_database))
    return fresh_database


@pytest.fixture
def target(database_url: str) -> Iterator[str]:
    with copied_database(database_url, "template0") as url:
        yield url


def test_all_rows_arrive_and_the_old_database_stays(source: str, target: str, redis_url: str) -> None:
    before = run(fingerprint(source))
    result = moved(source, redis_url, TO_DATABASE_URL=target)
    assert result.exit_code == 0, result.output
    assert "equal to the old ones" in result.output
    assert run(fingerprint(target)) == before == run(fingerprint(source))
    assert sum(rows for rows, _ in before.values()) >= 2


def test_a_fingerprint_notices_every_change(source: str) -> None:
    before = run(fingerprint(source))
    run(execute(source, "UPDATE users SET username = 'Ann'"))
    assert {table for table, found in run(fingerprint(source)).items() if found != before[table]} == {"users"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("CREATE TABLE theirs (a int)", "is not empty: it has 1 tables, such as theirs"),
        ("CREATE SCHEMA nothing", None),
    ],
)
def test_only_an_empty_database_is_filled(
    source: str, target: str, redis_url: str, make: str, said: str | None
) -> None:
    run(execute(target, make))
    result = moved(source, redis_url, "--to", target)
    assert result.exit_code == (1 if said else 0), result.output
    assert said is None or said in result.output


def test_an_office_does_not_move_onto_itself_or_onto_another(source: str, target: str, redis_url: str) -> None:
    assert "has already" in moved(source, redis_url, "--to", source).output
    assert moved(source, redis_url, "--to", target).exit_code == 0
    again = moved(source, redis_url, "--to", target)
    assert (again.exit_code, "is not empty" in again.output) == (1, True)


def test_a_server_that_runs_on_the_old_database_is_in_the_way(source: str, target: str, redis_url: str) -> None:
    async def attempt() -> Result:
        database = await open_database(source)
        try:
            return await asyncio.to_thread(moved, source, redis_url, "--to", target)
        finally:
            await database.close()

    result = run(attempt())
    assert (result.exit_code, "stop it first" in result.output) == (1, True), result.output
    assert run(fingerprint(target)) == {}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--to", "postgresql://u:geheim@127.0.0.1:1/x"], 1, "127.0.0.1:1/x cannot be used"),
        (["--to", "mysql://u@h/x"], 2, "postgresql://"),
        (["--redis-to", "http://h"], 2, "redis://"),
        (["--redis-to", "redis://:geheim@127.0.0.1:1/0"], 1, "127.0.0.1:1/0 cannot be used"),
        ([], 2, "say where to"),
    ],
)
def test_a_target_that_cannot_be_used_is_named_without_its_password(
    source: str, redis_url: str, words: list[str], code: int, said: str
) -> None:
    result = moved(source, redis_url, *words)
    assert (result.exit_code, said in result.output, "geheim" in result.output) == (code, True, False), result.output


def test_an_office_with_people_in_it_moves_to_servers_of_its_own_and_nobody_logs_in_again(redis_url: str) -> None:
    """From the embedded databases to a PostgreSQL over TCP with a password, and to a Redis."""
    password = secrets.token_urlsafe(12)
    new_redis = redis_url + ("&" if "?" in redis_url else "?") + "db=9"
    with open_folder() as folder, external_postgres(password) as new_database:
        with redis.Redis.from_url(new_redis) as client:
            client.flushdb()
        old = ServerProcess(folder, {})
        old.start()
        try:
            cookies, room = run(furnished(old.url))
            with pytest.raises(CalledProcessError) as refused:
                old.command("move-database", "--to", new_database)
            assert "needs the server stopped" in refused.value.stderr
        finally:
            old.stop()
        wrong = new_database.replace(password, "wrong")
        with pytest.raises(CalledProcessError) as refused:
            old.command("move-database", "--to", wrong)
        assert "cannot be used: password" in refused.value.stderr
        said = old.command("move-database", "--to", new_database, "--redis-to", new_redis)
        assert "Redis: " in said
        new = ServerProcess(folder, {})
        new._environment |= {"DATABASE_URL": new_database, "REDIS_URL": new_redis}
        (folder / "data" / "postgres").rename(folder / "gone")
        new.start()
        try:
            run(found_again(new.url, cookies, room))
            assert password not in new.log()
        finally:
            new.stop()
            with redis.Redis.from_url(new_redis) as client:
                client.flushdb()


async def furnished(url: str) -> tuple[str, dict[str, Any]]:
    """An account with a room; the refresh cookie, and the room."""
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as http:
        account = {"email": "ann@example.org", "username": "Ann", "password": PASSWORD}
        async with http.post("/api/auth/register", json=account) as answer:
            token, cookie = (await answer.json())["access_token"], answer.cookies["hallway_refresh"].value
        http.headers["Authorization"] = f"Bearer {token}"
        async with http.post("/api/rooms", json={"name": "Réunion ☕", "template": "office"}) as answer:
            return cookie, await answer.json()


async def found_again(url: str, cookie: str, room: dict[str, Any]) -> None:
    """The log-in goes on, the room is the same, and the password is known."""
    async with ClientSession(url) as http:
        async with http.post("/api/auth/refresh", cookies={"hallway_refresh": cookie}) as answer:
            assert answer.status == 200, await answer.text()
            token = (await answer.json())["access_token"]
        async with http.get("/api/rooms/" + room["id"], headers={"Authorization": f"Bearer {token}"}) as answer:
            assert (await answer.json())["name"] == "Réunion ☕"
        async with http.post("/api/auth/login", json={"email": "Ann", "password": PASSWORD}) as answer:
            assert answer.status == 200
