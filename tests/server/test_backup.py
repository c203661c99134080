"""Backups are whole, restores are all or nothing, and neither harms an office that is in use."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.cli import app
from server.config import load_settings
from server.embedded import EmbeddedServices
from server.store.database import open_database
from server.store.migrations import migrate
from server.store.rooms import Rooms
from server.store.users import Users
from tests.conftest import copied_database, run


def hallway(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"DATABASE_URL": "", "REDIS_URL": ""} | env)


async def add(database_url: str, *names: str) -> None:
    database = await open_database(database_url)
    for name in names:
        await Users(database).create_account(
            email=f"{name}@example.org", username=name, password_hash="x", look=bytes(6)
        )
    await database.close()


async def names_in(database_url: str) -> list[str]:
    connection = await asyncpg.connect(database_url)
    try:
        return [row["username"] for row in await connection.fetch("SELECT username FROM users ORDER BY username")]
    finally:
        await connection.close()


async def execute(database_url: str, statement: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def source(fresh_database: str) -> str:
    """A database with two people in it."""
    run(add(fresh_database, "anna", "ben"))
    return fresh_database


@pytest.fixture
def file(source: str, redis_url: str, tmp_path: Path) -> Path:
    """Its backup."""
    path = tmp_path / "office.dump"
    result = hallway("backup", str(path), DATABASE_URL=source, REDIS_URL=redis_url)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def target(database_url: str) -> Iterator[str]:
    """An empty database."""
    with copied_database(database_url, "template0") as url:
        yield url


def restored(file: Path, url: str, redis_url: str, *flags: str) -> Result:
    return hallway("restore", str(file), *flags, DATABASE_URL=url, REDIS_URL=redis_url)


def test_a_backup_brings_everything_back(source: str, target: str, redis_url: str, tmp_path: Path) -> None:
    async def furnish() -> None:
        database = await open_database(source)
        anna = await Users(database).find_account("anna")
        assert anna is not None
        await database.execute(
            "INSERT INTO rooms (owner_id, name, max_capacity, room_config) VALUES ($1, $2, 9, $3)",
            anna.id,
            "Réunion",
            {"template": "office", "open_doors": [3]},
        )
        await database.close()

    async def look() -> tuple[str, list[int] | None, str]:
        database = await open_database(target)
        anna = await Users(database).find_account("ANNA")
        assert anna is not None
        [room] = await database.fetch("SELECT id FROM rooms WHERE owner_id = $1", anna.id)
        found = await Rooms(database).get(room["id"])
        assert found is not None
        await database.close()
        return found.name, found.open_doors, found.owner_name

    run(furnish())
    path = tmp_path / "furnished.dump"
    assert hallway("backup", str(path), DATABASE_URL=source, REDIS_URL=redis_url).exit_code == 0
    result = restored(path, target, redis_url)
    assert result.exit_code == 0, result.output
    assert run(look()) == ("Réunion", [3], "anna")
    assert run(migrate(target)) is False


def test_a_backup_is_its_owners_only_and_replaces_no_file_unasked(file: Path, source: str, redis_url: str) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    result = hallway("backup", str(file), DATABASE_URL=source, REDIS_URL=redis_url)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert file.read_bytes() == before
    assert hallway("backup", str(file), "--overwrite", DATABASE_URL=source, REDIS_URL=redis_url).exit_code == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_backup_that_fails_leaves_no_file(redis_url: str, source: str, tmp_path: Path) -> None:
    missing = source.rpartition("/test_")[0] + "/not_there?" + source.partition("?")[2]
    file = tmp_path / "office.dump"
    assert hallway("backup", str(file), DATABASE_URL=missing, REDIS_URL=redis_url).exit_code == 1
    assert list(tmp_path.iterdir()) == []
    result = hallway("backup", str(tmp_path / "none" / "x"), DATABASE_URL=source, REDIS_URL=redis_url)
    assert (result.exit_code, "cannot be written" in result.stderr) == (1, True)


def test_people_who_are_there_are_replaced_only_when_that_is_said(file: Path, source: str, redis_url: str) -> None:
    run(add(source, "cleo"))
    result = restored(file, source, redis_url)
    assert (result.exit_code, "--replace" in result.stderr) == (1, True)
    assert run(names_in(source)) == ["anna", "ben", "cleo"]
    assert restored(file, source, redis_url, "--replace").exit_code == 0
    assert run(names_in(source)) == ["anna", "ben"]


def test_a_server_that_uses_the_database_is_not_restored_over(file: Path, source: str, redis_url: str) -> None:
    async def while_used() -> Result:
        database = await open_database(source)  # as a server does
        result = await asyncio.to_thread(restored, file, source, redis_url, "--replace")
        await database.close()
        return result

    run(add(source, "cleo"))
    result = run(while_used())
    assert (result.exit_code, "a Hallway server uses this database" in result.stderr) == (1, True)
    assert run(names_in(source)) == ["anna", "ben", "cleo"]


@pytest.mark.parametrize("damage", ["cut off", "changed", "overwritten", "empty", "text", "missing"])
def test_a_damaged_backup_changes_nothing(file: Path, source: str, redis_url: str, damage: str) -> None:
    content = file.read_bytes()
    match damage:
        case "cut off":
            file.write_bytes(content[: len(content) * 2 // 3])
        case "changed":
            file.write_bytes(content[:9000] + bytes([content[9000] ^ 1]) + content[9001:])
        case "overwritten":
            file.write_bytes(content[:2000] + b"\0" * (len(content) - 2000))
        case "empty":
            file.write_bytes(b"")
        case "text":
            file.write_text("DROP TABLE users;")
        case "missing":
            file.unlink()
    run(add(source, "cleo"))
    result = restored(file, source, redis_url, "--replace")
    assert result.exit_code == 1, result.output
    assert len(result.stderr.splitlines()) == 1
    assert run(names_in(source)) == ["anna", "ben", "cleo"]


def test_a_restore_that_fails_halfway_changes_nothing(file: Path, source: str, redis_url: str) -> None:
    # Something outside the tables that are dropped is in the way.
    run(add(source, "cleo"))
    run(execute(source, "CREATE SCHEMA other; CREATE VIEW public.users_too AS SELECT username FROM users"))
    run(
        execute(
            source,
            "CREATE FUNCTION public.block() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF tg_tag = 'CREATE INDEX' THEN RAISE EXCEPTION 'in the way'; END IF; END $$",
        )
    )
    run(execute(source, "ALTER FUNCTION public.block() SET SCHEMA other"))
    run(execute(source, "CREATE EVENT TRIGGER block ON ddl_command_start EXECUTE FUNCTION other.block()"))
    result = restored(file, source, redis_url, "--replace")
    assert (result.exit_code, "in the way" in result.stderr) == (1, True)
    assert run(names_in(source)) == ["anna", "ben", "cleo"]


def test_a_backup_of_a_newer_version_is_refused(source: str, target: str, redis_url: str, tmp_path: Path) -> None:
    run(execute(source, "UPDATE alembic_version SET version_num = '9999'"))
    file = tmp_path / "newer.dump"
    assert hallway("backup", str(file), "--database-url", source, REDIS_URL=redis_url).exit_code == 1
    run(execute(source, "UPDATE alembic_version SET version_num = '0001'"))
    # As a backup that was made by another version would be.
    from server.ops.backup import backup

    run(execute(source, "UPDATE alembic_version SET version_num = '9999'"))
    backup(load_settings({}), source, file)
    result = restored(file, target, redis_url)
    assert (result.exit_code, "revision 9999" in result.stderr) == (1, True)


def test_another_programs_database_is_left_alone(file: Path, target: str, redis_url: str) -> None:
    run(execute(target, "CREATE TABLE theirs (id int)"))
    result = restored(file, target, redis_url, "--replace")
    assert (result.exit_code, "another program" in result.stderr) == (1, True)


def test_an_embedded_office_is_backed_up_while_it_runs_and_restored_only_when_it_does_not(
    data_dir: Path, tmp_path: Path
) -> None:
    file, services = tmp_path / "office.dump", EmbeddedServices(load_settings({}, flags={"data_dir": data_dir}))
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(services.start())
        try:
            runner.run(migrate(services.database_url))
            runner.run(add(services.database_url, "anna", "ben"))
            assert hallway("backup", str(file), "--data", str(data_dir)).exit_code == 0
            assert "anna@example.org" in hallway("user", "list", "--data", str(data_dir)).stdout
            result = hallway("restore", str(file), "--data", str(data_dir), "--replace")
            assert (result.exit_code, "is in use by the process" in result.stderr) == (1, True)
            runner.run(add(services.database_url, "cleo"))
        finally:
            runner.run(services.stop())
    assert len(hallway("user", "list", "--data", str(data_dir)).stdout.splitlines()) == 3
    assert hallway("restore", str(file), "--data", str(data_dir), "--replace").exit_code == 0
    names = [line.split()[0] for line in hallway("user", "list", "--data", str(data_dir)).stdout.splitlines()]
    assert names == ["anna", "ben"]
    # A folder that holds nothing becomes the office.
    other = data_dir.parent / "other"
    assert hallway("restore", str(file), "--data", str(other)).exit_code == 0
    assert len(hallway("user", "list", "--data", str(other)).stdout.splitlines()) == 2
