"""One `hallway serve` with several workers behind its one port."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from protocol.constants import CloseCode
from tests.adversity.crowd import Crowd
from tests.adversity.offices import GAP_S, Offices, until
from tests.adversity.server_process import ServerProcess, running_server

WORKERS = 3
PEOPLE, ROOMS = 24, 9


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server(WORKERS=WORKERS, MEDIA_BACKEND="mesh") as server:
        yield server


@pytest.fixture
def office(server: ServerProcess) -> Offices:
    return Offices({"only": server}, server.url, "")


def workers(server: ServerProcess) -> list[int]:
    """Process ids, without those that are children of others."""
    found: list[int] = []
    for process in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended between the two questions
            if "server.cluster.worker" in " ".join(process.cmdline()):
                found.append(process.pid)
    return sorted(found)


async def test_a_dead_worker_takes_only_its_rooms_with_it_and_they_open_in_the_others(
    server: ServerProcess, office: Offices
) -> None:
    async with Crowd(server.url, await office.rooms(ROOMS), PEOPLE) as crowd:
        before = workers(server)
        assert len(before) == WORKERS
        began = time.monotonic()
        os.kill(before[0], signal.SIGKILL)
        await until("somebody to notice", lambda: any(not person.is_inside for person in crowd.people))
        back_s = await crowd.until_all_inside(10, began)
        thrown_out = [person for person in crowd.people if person.ends]
        print(f"{len(thrown_out)} of {PEOPLE} were thrown out and are back after {back_s:.2f} s")
        assert 0 < len({person.room for person in thrown_out}) < ROOMS
        assert back_s < 5.0
        await until("another worker in its place", lambda: len(workers(server)) == WORKERS)
        assert before[0] not in workers(server)


async def test_workers_are_restarted_one_by_one_and_nobody_waits_for_a_second(
    server: ServerProcess, office: Offices
) -> None:
    async with Crowd(server.url, await office.rooms(ROOMS), PEOPLE) as crowd:
        before, began = set(workers(server)), time.monotonic()
        os.kill(server.pid, signal.SIGHUP)
        await until("new workers", lambda: not before & set(workers(server)) and len(workers(server)) == WORKERS, 40)
        await crowd.until_all_inside(5, time.monotonic())
        gap = crowd.longest_gap(began)
        print(f"longest time without a snapshot: {gap:.2f} s")
        assert gap < GAP_S
        ends = {code for person in crowd.people for code in person.ends}
        assert ends <= {CloseCode.RESTART}


async def test_it_stops_as_a_whole(server: ServerProcess) -> None:
    started = workers(server)
    server.ask_to_stop()
    await until("the end", server.has_ended)
    assert not any(psutil.pid_exists(pid) for pid in started)
    server.start()
