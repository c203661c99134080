"""Backup and restore of the database, with PostgreSQL's own programs.

A backup is what `pg_dump --format=custom` writes, and a last line with its SHA-256, for `pg_restore` takes a file that
was cut off for a whole one. `pg_restore` of the same version or newer reads it too, on any system.
A restore is one transaction: it replaces everything, or it fails and nothing has changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from server.embedded.binaries import find_postgres
from server.embedded.errors import ProgramMissing
from server.settings import Settings
from server.store.database import CONNECT_TIMEOUT_S, reported_as_unavailable
from server.store.errors import StoreError
from server.store.migrations import migrate
from server.store.migrations.upgrade import NEWEST, REVISIONS

UNFINISHED = ".unfinished"
SEAL = b"\nhallway backup sha256 "
SEAL_BYTES = len(SEAL) + 64 + 1
APPLICATION = "hallway"
"""The name that servers give their connections."""

# Everything of ours, whatever revision it has: tables with what hangs on them, also their own sequences; then the rest.
_DROPS = """
SELECT format('DROP %s IF EXISTS %s CASCADE;', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
       WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')
UNION ALL
SELECT format('DROP TYPE IF EXISTS %s CASCADE;', oid::regtype)
FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %s CASCADE;', oid::regprocedure) FROM pg_proc p
WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


class BackupError(StoreError):
    """A backup or a restore did not succeed; the text is for the operator."""


def backup(settings: Settings, database_url: str, file: Path) -> int:
    """Write everything in the database to `file`, readable by its owner only; its size in bytes.

    The file is there when it is whole. Raises `BackupError`, `ProgramMissing`.
    """
    program = _program(settings, "pg_dump")
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise BackupError(f"{unfinished} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as output:
            options = ["--format=custom", "--no-owner", "--no-privileges", "--schema=public"]
            _run([program, *options, "-d"], database_url, stdout=output)
            output.flush()
            output.seek(0, os.SEEK_END)
            output.write(_seal_of(unfinished, unfinished.stat().st_size))
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(file)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return file.stat().st_size


async def restore(settings: Settings, database_url: str, file: Path, *, replace: bool) -> None:
    """Put what `file` holds in the place of everything in the database, and bring it to this version's schema.

    Without `replace`, only into a database without accounts. Raises `BackupError`, `ProgramMissing`, `StoreError`.
    """
    script = await asyncio.to_thread(_script_of, settings, file)
    drops = await _prepared(database_url, replace=replace)
    with tempfile.TemporaryDirectory(prefix="hallway-restore-") as folder:
        path = Path(folder) / "restore.sql"
        with path.open("wb") as output:
            output.write("\n".join(drops).encode() + b"\n" + script)
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={path}"]
        await asyncio.to_thread(
            _run, [_program(settings, "psql"), *options, "-d"], database_url, stdout=subprocess.DEVNULL
        )
    await migrate(database_url)


def _script_of(settings: Settings, file: Path) -> bytes:
    """The backup as SQL, after a look at whose it is and whether this version can read it."""
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    size = file.stat().st_size - SEAL_BYTES
    with file.open("rb") as stream:
        stream.seek(max(0, size))
        if size <= 0 or stream.read() != _seal_of(file, size):
            raise BackupError(f"{file} is not a whole backup: it is another file, was cut off or was changed")
    program = _program(settings, "pg_restore")
    common: list[str | Path] = [program, "--no-owner", "--no-privileges", "--schema=public", "--file=-"]
    try:
        revision = _run([*common, "--data-only", "--table=alembic_version", str(file)], None)
        script = _run([*common, str(file)], None)
    except BackupError as error:
        raise BackupError(f"{file} is not a backup that can be read: {error}") from None
    found = re.search(rb"COPY public\.alembic_version .*\n(.*)\n", revision)
    if found is None:
        raise BackupError(f"{file} is not a backup of a Hallway")
    if found[1].decode() not in REVISIONS:
        raise BackupError(
            f"{file} has schema revision {found[1].decode()}, which this version of Hallway does not know (its newest "
            f"is {NEWEST}): install the version that made the backup, or a newer one"
        )
    return script


async def _prepared(database_url: str, *, replace: bool) -> list[str]:
    """The statements that empty the database, once it is sure that this may be done."""
    async with reported_as_unavailable():
        connection = await asyncpg.connect(database_url, timeout=CONNECT_TIMEOUT_S)
        try:
            others = await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
                APPLICATION,
            )
            if others:
                raise BackupError("a Hallway server uses this database: stop it first")
            tables = await connection.fetchval(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
            if tables and await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
                raise BackupError("the database holds tables of another program: name another database")
            if tables and not replace and await connection.fetchval("SELECT EXISTS (SELECT 1 FROM users)"):
                raise BackupError("the database holds accounts, which would be replaced: say --replace if they may go")
            return [row[0] for row in await connection.fetch(_DROPS)]
        finally:
            await connection.close()


def _seal_of(file: Path, size: int) -> bytes:
    """The last line of a backup, made from the `size` bytes before it."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while size > 0 and (chunk := stream.read(min(size, 1 << 20))):
            digest.update(chunk)
            size -= len(chunk)
    return SEAL + digest.hexdigest().encode() + b"\n"


def _program(settings: Settings, name: str) -> Path:
    program = find_postgres(settings).initdb.with_name(name)
    if not program.is_file():
        raise ProgramMissing(f"{program.parent} has no {name}: install PostgreSQL's client programs")
    return program


def _run(command: list[str | Path], database_url: str | None, stdout: IO[bytes] | int = subprocess.PIPE) -> bytes:
    """Run a program of PostgreSQL's, with the database as the last argument; what it prints."""
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    arguments = [os.fspath(part) for part in command]
    if database_url is not None:
        # The arguments of a process can be read by everyone on the computer, its environment cannot.
        url, env["PGPASSWORD"] = _without_password(database_url)
        arguments.append(url)
    done = subprocess.run(arguments, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE)  # noqa: S603
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").splitlines()
        words = " / ".join([line.strip() for line in lines if "error" in line.lower()][:3] or lines[:3])
        raise BackupError(words or f"{Path(arguments[0]).name} ended with code {done.returncode}")
    return done.stdout or b""


def _without_password(database_url: str) -> tuple[str, str]:
    parts = urlsplit(database_url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}@{host}" if user else host)), unquote(password)
