"""A whole Hallway server to measure: embedded databases, a data folder that is thrown away, a core of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.bots.errors import BotError
from benchmarks.maps import write_maps
from benchmarks.processor import spent_s

START_S: Final = 90.0
STOP_S: Final = 20.0
_ADDRESS: Final = re.compile(r"http://localhost:(\d+)")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. `pid` is the process with the rooms; its databases are others."""

    url: str
    pid: int

    def cpu_s(self) -> float:
        """User and system time of the server's own process so far, all its threads."""
        return spent_s(self.pid)

    def memory_bytes(self) -> int:
        """Memory that only this process has (private pages)."""
        kib = 0
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                kib += int(line.split()[1])
        return kib * 1024


def cores() -> tuple[set[int], set[int]]:
    """(for the server, for the load): two different cores, or the same one where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return {allowed[0]}, set(allowed[1:]) or {allowed[0]}


@contextmanager
def serving(
    settings: Mapping[str, str | int] | None = None, core: set[int] | None = None, databases: set[int] | None = None
) -> Iterator[Served]:
    """Start a server with these settings beside those that measuring needs, wait until it answers, and stop it at the
    end. `core`: the cores it may use; `databases`: those of its embedded databases, None: all. BotError if it does not
    start."""
    folder = Path(tempfile.mkdtemp(prefix="hallway-benchmark-"))
    folder.chmod(0o711)  # root runs the database as somebody else, who has to get through
    write_maps(folder / "maps")
    values = {
        "port": 0,
        "data": folder / "data",
        "templates_dir": folder / "maps",
        "unlimited_addresses": "127.0.0.0/8, ::1",
        "max_clients": 0,
        "log_level": "warning",
    } | dict(settings or {})
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
    environment |= {f"HALLWAY_{name.upper()}": str(value) for name, value in values.items()}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = _wait(process, folder / "log")
        for pid, where in ((process.pid, core), *((child, databases) for child in _descendants(process.pid))):
            if where:
                # Threads that are there already have to be told one by one.
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(thread.name), where)
        yield Served(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _descendants(pid: int) -> list[int]:
    """The processes that a process started, and what those started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has ended meanwhile
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
    found = [pid]
    for parent in found:
        found.extend(child for child, its_parent in parents.items() if its_parent == parent)
    return found[1:]


def _wait(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        text = log.read_text(errors="replace")
        found = _ADDRESS.search(text)
        if found:
            return found.group(0)
        if process.poll() is not None:
            raise BotError(f"The server to measure did not start:\n{text[-2000:]}")
        time.sleep(0.05)
    raise BotError(f"The server to measure did not start within {START_S:.0f} s.")
