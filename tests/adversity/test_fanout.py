"""A large room in real processes: simulated by one worker, most of its people's connections at two others."""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import aiohttp
import psutil
import pytest

from protocol.constants import CloseCode
from tests.adversity.crowd import Crowd
from tests.adversity.offices import Offices, until
from tests.adversity.server_process import ServerProcess, running_server
from tests.adversity.test_cluster_workers import workers

WORKERS, PEOPLE, DIRECT = 3, 20, 2


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with running_server(WORKERS=WORKERS, MEDIA_BACKEND="mesh", FANOUT_PEOPLE=DIRECT) as server:
        yield server


@pytest.fixture
def office(server: ServerProcess) -> Offices:
    return Offices({"only": server}, server.url, "")


def series(server: ServerProcess, name: str, label: str) -> dict[str, float]:
    """The values of a metric by one of its labels, over all processes; those that are 0 are left out."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    pattern = re.compile(rf'^{name}{{[^}}]*\b{label}="([^"]+)"[^}}]*}} (\S+)$', re.MULTILINE)
    found: dict[str, float] = {}
    for key, value in pattern.findall(page):
        found[key] = found.get(key, 0.0) + float(value)
    return {key: value for key, value in found.items() if value}


def pid_of(server: ServerProcess, process_id: str) -> int:
    """Of the worker with this id: the one that listens for connections by that name."""

    def listens(pid: int) -> bool:
        paths: list[Any] = [each.laddr for each in psutil.Process(pid).net_connections(kind="unix")]
        return any(f"/{process_id}.fd" in str(path) for path in paths)

    return next(pid for pid in workers(server) if listens(pid))


async def until_workers_know_each_other(server: ServerProcess) -> None:
    """A process that has just begun takes a while to be ready, and a second more to be known: before that nobody gives
    it anything."""

    async def known(pid: int) -> set[str]:
        paths: list[Any] = [each.laddr for each in psutil.Process(pid).net_connections(kind="unix")]
        (path,) = {str(path) for path in paths if str(path).endswith(".http")}  # those who are connected share it
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(path)) as http,
            http.get("http://worker/metrics") as answer,
        ):
            return set(re.findall(r'\bprocess="([^"]+)"', await answer.text()))

    async def everybody() -> bool:
        try:
            views = [await known(pid) for pid in workers(server)]
        except (ValueError, psutil.NoSuchProcess, aiohttp.ClientError):
            return False  # it does not listen yet
        return len(views) == WORKERS and all(view == views[0] and len(view) == WORKERS for view in views)

    await until("workers that know each other", everybody)


def owners(server: ServerProcess) -> list[str]:
    """The processes of whose rooms others hold connections, that with the most first."""
    held = series(server, "hallway_fanout_clients", "process")
    return sorted(held, key=lambda process: -held[process])


async def test_people_behind_gateways_walk_and_come_back_by_themselves_when_one_is_killed(
    server: ServerProcess, office: Offices
) -> None:
    await until_workers_know_each_other(server)
    async with Crowd(server.url, await office.rooms(1), PEOPLE) as crowd:
        behind = series(server, "hallway_fanout_clients", "gateway")
        owner = owners(server)[0]
        assert len(behind) == WORKERS - 1
        assert owner not in behind
        assert max(behind.values()) - min(behind.values()) <= 1
        rows = series(server, "hallway_snapshot_rows_total", "process")
        await until(
            "walkers seen at both",
            lambda: all(
                series(server, "hallway_snapshot_rows_total", "process").get(gateway, 0) > rows.get(gateway, 0) + 20
                for gateway in behind
            ),
        )

        killed, others = max(behind), min(behind)
        joins, began = crowd.joins(), time.monotonic()
        os.kill(pid_of(server, killed), signal.SIGKILL)
        await until("somebody to notice", lambda: any(not person.is_inside for person in crowd.people))
        back_s = await crowd.until_all_inside(10, began)
        thrown_out = [person for person in crowd.people if person.ends]
        print(f"{len(thrown_out)} of {PEOPLE} were behind it and are back after {back_s:.2f} s")
        assert len(thrown_out) == behind[killed]
        assert back_s < 5.0
        assert crowd.joins() == joins, "the same avatars go on: nobody needed a ticket"
        assert series(server, "hallway_resumed_total", "process").get(owner) == len(thrown_out)
        assert series(server, "hallway_fanout_clients", "gateway")[others] > behind[others]


async def test_when_the_owner_is_killed_the_room_opens_in_another_worker_and_everybody_is_back(
    server: ServerProcess, office: Offices
) -> None:
    await until_workers_know_each_other(server)
    async with Crowd(server.url, await office.rooms(1), PEOPLE) as crowd:
        owner = owners(server)[0]
        began = time.monotonic()
        os.kill(pid_of(server, owner), signal.SIGKILL)
        await until("somebody to notice", lambda: any(not person.is_inside for person in crowd.people))
        back_s = await crowd.until_all_inside(15, began)
        print(f"{PEOPLE} people are back after {back_s:.2f} s")
        assert back_s < 8.0
        await until("gateways of the next owner", lambda: set(owners(server)) - {owner})


async def test_workers_are_replaced_and_everybody_goes_on(server: ServerProcess, office: Offices) -> None:
    await until_workers_know_each_other(server)
    async with Crowd(server.url, await office.rooms(1), PEOPLE) as crowd:
        before = set(workers(server))
        os.kill(server.pid, signal.SIGHUP)
        await until("new workers", lambda: not before & set(workers(server)) and len(workers(server)) == WORKERS, 40)
        await crowd.until_all_inside(8, time.monotonic())
        said = {code for person in crowd.people for code in person.ends}
        assert said <= {CloseCode.RESTART, CloseCode.RESUME, 1006}, said
