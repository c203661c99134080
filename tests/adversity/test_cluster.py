"""Two servers share an office; one dies, sleeps too long, or is restarted: people come back by themselves."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from protocol.constants import CloseCode
from tests.adversity.crowd import Crowd
from tests.adversity.offices import GAP_S, Offices, running_offices, until
from tests.deploy.nginx_process import NGINX

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")

PEOPLE = int(os.environ.get("CLUSTER_PEOPLE") or 60)
ROOMS = int(os.environ.get("CLUSTER_ROOMS") or 10)
WORKERS = int(os.environ.get("CLUSTER_WORKERS") or 1)
OPEN_WITHIN_S = 5.0


@pytest.fixture
def offices(fresh_database: str, fresh_redis: str) -> Iterator[Offices]:
    with running_offices(fresh_database, fresh_redis, "one", "two", WORKERS=WORKERS) as offices:
        yield offices


async def in_two_rooms(offices: Offices) -> list[object]:
    """People of whom the database says that they are in more than one room."""
    return list(
        await offices.query("SELECT user_id FROM user_sessions WHERE is_active GROUP BY user_id HAVING count(*) > 1")
    )


async def test_after_kill_9_of_a_server_its_rooms_are_open_on_the_other_and_everybody_is_back(
    offices: Offices,
) -> None:
    rooms = await offices.rooms(ROOMS)
    async with Crowd(offices.url, rooms, PEOPLE) as crowd:
        before = {name: offices.owned(name) for name in offices.servers}
        assert sum(before.values()) == ROOMS
        assert min(before.values()) > 0, f"rooms are not spread: {before}"
        epochs = {row["id"]: row["epoch"] for row in await offices.query("SELECT id, epoch FROM rooms")}
        joins = crowd.joins()

        offices.signal("one", signal.SIGKILL)
        began = time.monotonic()
        await until("all rooms at the other server", lambda: offices.owned("two") == ROOMS, OPEN_WITHIN_S)
        opened_s = time.monotonic() - began
        back_s = await crowd.until_all_inside(15, began)
        print(f"{PEOPLE} people in {ROOMS} rooms: open after {opened_s:.1f} s, all back after {back_s:.1f} s")

        assert await in_two_rooms(offices) == []
        changed = [
            row["id"] for row in await offices.query("SELECT id, epoch FROM rooms") if row["epoch"] != epochs[row["id"]]
        ]
        assert len(changed) == before["one"], "rooms of the server that lives were left alone"
        assert crowd.joins() - joins <= PEOPLE * (before["one"] / ROOMS) + 3, "only who was thrown out came anew"
        offices.servers["one"].stop()


async def test_a_server_that_slept_too_long_finds_its_rooms_taken_and_changes_nothing(offices: Offices) -> None:
    rooms = await offices.rooms(ROOMS)
    async with Crowd(offices.url, rooms, PEOPLE) as crowd:
        asleep = offices.owned("one")
        offices.signal("one", signal.SIGSTOP)
        began = time.monotonic()
        await until("all rooms at the other server", lambda: offices.owned("two") == ROOMS, 12)
        # Whoever's request reached the sleeper waits for an answer until it is asked anew.
        await crowd.until_all_inside(25, began)
        epochs = await offices.query("SELECT id, epoch FROM rooms ORDER BY id")

        offices.signal("one", signal.SIGCONT)
        woke = time.monotonic()
        await until("the sleeper to give up", lambda: offices.owned("one") == 0)
        gave_up_s = time.monotonic() - woke
        print(f"slept with {asleep:.0f} rooms, gave them up {gave_up_s:.2f} s after it woke")
        await crowd.until_all_inside(5, time.monotonic())
        assert await in_two_rooms(offices) == []
        assert await offices.query("SELECT id, epoch FROM rooms ORDER BY id") == epochs
        assert crowd.longest_gap(woke + 0.5) < GAP_S, "nobody was disturbed"
        errors = offices.servers["one"].errors()
        assert errors == [], errors[0][:3000]


async def test_servers_are_restarted_one_after_the_other_and_nobody_waits_for_a_second(offices: Offices) -> None:
    rooms = await offices.rooms(ROOMS)
    async with Crowd(offices.url, rooms, PEOPLE) as crowd:
        began = time.monotonic()
        for server in offices.servers.values():
            server.ask_to_stop()
            await until("its end", server.has_ended)
            server.begin()
            await until("its start", lambda server=server: asyncio.to_thread(server.is_ready))
            # nginx leaves a server alone for two seconds that did not answer; whoever restarts several waits so long.
            ready = time.monotonic()
            await until("nginx", lambda ready=ready: time.monotonic() - ready > 2.2)
        await crowd.until_all_inside(5, time.monotonic())
        gap = crowd.longest_gap(began)
        ends = sum((person.ends for person in crowd.people), start=type(crowd.people[0].ends)())
        print(f"{PEOPLE} people, {ROOMS} rooms, restarted: longest time without a snapshot {gap:.2f} s, ends {ends}")
        print("longest ways back, ms:", *crowd.longest_returns(began), sep="\n  ")
        assert gap < GAP_S
        assert set(ends) <= {CloseCode.RESTART}
        assert await in_two_rooms(offices) == []
