"""PostgreSQL and Valkey as operators run them: servers of their own, over TCP, with passwords."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg

from server.config import load_settings
from server.embedded.account import child_account, hand_over, runnable_tree
from server.embedded.binaries import find_postgres
from tests.adversity.server_process import free_port
from tests.conftest import open_folder, run

START_S = 30.0


@contextmanager
def external_postgres(password: str, user: str = "hallway") -> Iterator[str]:
    """The URL of a new PostgreSQL with one empty database, both named `user`."""
    with open_folder() as folder:
        account = child_account()
        place = folder / "postgres"
        place.mkdir()
        secret = folder / "password"
        secret.write_text(password)
        for path in (place, secret):
            hand_over(account, path)
        found = find_postgres(load_settings({}))
        programs = runnable_tree(account, found.install, folder / "programs", "postgres") / "bin"
        as_account = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        options = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C"}, "stdin": subprocess.DEVNULL, **as_account}
        initdb = ["-D", place, "-U", user, "-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        subprocess.run([programs / "initdb", *initdb], check=True, capture_output=True, **options)
        port = free_port()
        tcp = ["-c", f"port={port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        with (folder / "log").open("wb") as log:
            command = [programs / "postgres", "-D", place, *tcp, "-c", "fsync=off"]
            process = subprocess.Popen(command, stdout=log, stderr=log, **options)
        try:
            server = f"postgresql://{user}:{password}@127.0.0.1:{port}"
            run(_first_database(f"{server}/postgres", user))
            yield f"{server}/{user}"
        finally:
            _end(process, signal.SIGINT)


async def _first_database(url: str, name: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            connection = await asyncpg.connect(url)
            break
        except (OSError, asyncpg.PostgresError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


@contextmanager
def started_process(
    command: list[str], port: int, folder: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that listens on a TCP port; it is ended afterwards."""
    with (folder / "process.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + START_S
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{(folder / 'process.log').read_text()[-3000:]}")
            time.sleep(0.03)
        yield process
    finally:
        _end(process, signal.SIGTERM)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    process.kill()
    process.wait()
