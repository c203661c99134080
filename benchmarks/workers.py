"""The workers of a server to measure: which process has the room, which hold connections, what each spends."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.processor import spent_s

_MODULE: Final = b"server.cluster.worker"


@dataclass(frozen=True, slots=True)
class Worker:
    """`name`: as the metrics call it."""

    pid: int
    name: str

    def cpu_s(self) -> float:
        """User and system time so far, all threads."""
        return spent_s(self.pid)


def workers_of(server_pid: int) -> list[Worker]:
    """All workers of one `hallway serve`."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
            is_worker = _MODULE in (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == server_pid and is_worker:
            pid = int(folder.name)
            found.append(Worker(pid, _name_of(pid)))
    return found


def owner_of(exposition: str | None) -> str | None:
    """The process that runs a room, by the metrics page of all; None: none does."""
    for family in text_string_to_metric_families(exposition or ""):
        for sample in family.samples:
            if sample.name == "hallway_leases" and sample.value > 0:
                return sample.labels.get("process")
    return None


def pin(workers: Sequence[Worker], core: set[int]) -> None:
    """Let them use these cores only. Threads that are there already have to be told one by one."""
    for worker in workers:
        for thread in Path(f"/proc/{worker.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), core)


def _name_of(pid: int) -> str:
    """A worker listens at a Unix socket of its name."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        fields = line.split()
        if len(fields) == 8 and fields[6] in inodes and fields[7].endswith(".fd"):
            return Path(fields[7]).stem
    return ""
