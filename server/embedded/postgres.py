"""The embedded PostgreSQL: one `postgres` as a direct child, reached through a Unix socket only."""

import asyncio
import logging
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from server.config import variable_of
from server.embedded.account import Account, hand_over, runnable_tree
from server.embedded.binaries import PostgresPrograms
from server.embedded.errors import StartFailed
from server.embedded.leftover import first_pid, is_alive, stop_left_behind
from server.embedded.process import SupervisedProcess, ended, spawn

log = logging.getLogger("hallway.embedded")

NAME = "hallway"
"""Of the database and of its owner."""

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
}


class Postgres(SupervisedProcess):
    """Data in `<data>/postgres`, log in `<data>/postgres.log`, socket in a short-lived folder."""

    name = "PostgreSQL"
    # Fast shutdown: ends sessions, writes a checkpoint. Immediate: the next start recovers from the log.
    stop_signals = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0))

    def __init__(self, data: Path, sockets: Path, programs: PostgresPrograms, account: Account | None) -> None:
        super().__init__(data / "postgres.log")
        self.cluster = data / "postgres"
        self._data = data
        self._sockets = sockets
        self._programs = programs
        self._account = account
        self._foreign_pid: int | None = None

    @property
    def url(self) -> str:
        """For asyncpg; SQLAlchemy takes it too, with `postgresql+asyncpg` in front."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._sockets), safe='/')}"

    async def prepare(self) -> None:
        """Make the cluster at the first start; at later ones deal with what a killed server left."""
        if not (self.cluster / "PG_VERSION").exists():
            await self._make_cluster()
        self._foreign_pid = None
        pid = first_pid(self.cluster / "postmaster.pid")
        if pid is not None and is_alive(pid) and not stop_left_behind(pid, self.cluster, signal.SIGINT):
            # The file is stale and its pid belongs to another program now. PostgreSQL would take that for a running
            # postmaster; the file must not be removed, since it guards the data against two of them.
            self._foreign_pid = pid
        for socket in self._sockets.glob(".s.PGSQL.*"):
            socket.unlink()

    def launch(self) -> subprocess.Popen[bytes]:
        """Start `postgres` itself, without pg_ctl between it and us."""
        options = OPTIONS | {"unix_socket_directories": str(self._sockets)}
        command: list[str | Path] = [self._program(self._programs.postgres), "-D", self.cluster]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        return spawn(
            command,
            account=self._account,
            folder=self.cluster,
            log_file=self.log_file,
            # An immediate shutdown takes the postmaster's own children along, which SIGKILL would not do at once.
            end_with_parent=signal.SIGQUIT,
            env={"PG_GRANDPARENT_PID": str(self._foreign_pid)} if self._foreign_pid else None,
        )

    async def is_ready(self, pid: int) -> bool:
        """Line 1 of `postmaster.pid` is our child and line 8 says `ready`."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(errors="replace").split("\n")
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    async def _make_cluster(self) -> None:
        """Run initdb in a folder beside the final one, which is there only when the cluster is whole."""
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise StartFailed(
                f"{self.cluster} holds something that is not a PostgreSQL cluster: move it away, or choose another "
                f"data folder with {variable_of('data_dir')}"
            )
        unfinished = self._data / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        hand_over(self._account, unfinished)
        initdb = self._program(self._programs.initdb)
        # The builtin locale sorts alike on every system; PostgreSQL has it from version 17 on.
        locale = ["--locale=C"]
        if await asyncio.to_thread(major_version, initdb) >= 17:
            locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
        flags = ["-A", "trust", "-E", "UTF8", *locale, "-U", NAME, "--no-instructions"]
        await self._run([initdb, *flags, "-D", unfinished], "initdb")
        # Done here, without a server, so that a cluster that is there has its database too.
        statement = self._data / "postgres.sql"
        statement.write_text(f"CREATE DATABASE {NAME};\n", encoding="ascii")
        postgres = self._program(self._programs.postgres)
        await self._run([postgres, "--single", "-D", unfinished, "postgres"], "creating the database", statement)
        statement.unlink()
        if self.cluster.exists():
            self.cluster.rmdir()
        unfinished.rename(self.cluster)

    async def _run(self, command: list[str | Path], what: str, standard_input: Path | None = None) -> None:
        self._log_start = self.log_file.stat().st_size if self.log_file.exists() else 0
        child = spawn(
            command,
            account=self._account,
            folder=self._data,
            log_file=self.log_file,
            end_with_parent=signal.SIGTERM,
            standard_input=standard_input,
        )
        try:
            await ended(child)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if child.returncode != 0:
            raise StartFailed(f"{what} for the embedded PostgreSQL failed: {self._last_words()}")

    def _program(self, program: Path) -> Path:
        """The program, or its copy that the account can run."""
        tree = runnable_tree(self._account, self._programs.install, self._data / "programs", "postgres")
        return tree / program.relative_to(self._programs.install)


def major_version(program: Path) -> int:
    """The major version that a PostgreSQL program reports; 0 if it reports none."""
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    match = re.search(r"(\d+)", result.stdout)
    return int(match[1]) if match else 0
