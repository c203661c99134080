"""Two servers share an office; one dies, sleeps too long, or is restarted: people come back by themselves."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from benchmarks.bots.api import Api
from protocol.constants import CloseCode
from tests.adversity.crowd import Crowd
from tests.adversity.observer import Observer
from tests.adversity.offices import GAP_S, Offices, running_offices, until
from tests.adversity.priority import before_all_others
from tests.adversity.visitor import Plan
from tests.deploy.nginx_process import NGINX

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")

PEOPLE = int(os.environ.get("CLUSTER_PEOPLE") or 60)
ROOMS = int(os.environ.get("CLUSTER_ROOMS") or 10)
WORKERS = int(os.environ.get("CLUSTER_WORKERS") or 1)
OPEN_WITHIN_S = 5.0
FORGOTTEN_S = 5.0
"""So old a place may be that somebody is brought back to."""
SAVE_S = 3.5
"""Somewhat longer than the time between two saves."""
OBSERVED = 3
"""Rooms in which somebody computes where everybody is."""


@pytest.fixture
def offices(fresh_database: str, fresh_redis: str) -> Iterator[Offices]:
    # Heartbeats as often as can be: observers know of every place where somebody was.
    with running_offices(fresh_database, fresh_redis, "one", "two", WORKERS=WORKERS, HEARTBEAT_HZ=10) as offices:
        yield offices


@asynccontextmanager
async def observers(offices: Offices, rooms: Sequence[UUID]) -> AsyncIterator[list[Observer]]:
    """Somebody in each of the rooms."""
    async with Api(offices.url) as api:
        plan = Plan(await api.room_map(rooms[0], await api.account())) if rooms else None
        there: list[Observer] = []
        try:
            for number, room in enumerate(rooms):
                assert plan is not None
                there.append(Observer(api, room, await api.guest(f"Observer {number}"), plan))
                await there[-1].come()
            yield there
        finally:
            for observer in there:
                observer.drop()


async def _all_write(offices: Offices) -> bool:
    return all([await offices.writes(name, 60) for name in offices.servers])


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
        thrown_out = [person for person in crowd.people if person.server == "one"]
        spared = {person: person.joins for person in crowd.people if person.server != "one"}
        lost = sorted({person.room for person in thrown_out})
        assert len(lost) == before["one"]
        async with observers(offices, lost[:OBSERVED]) as watching:
            await until("a while of walking", lambda: all(observer.remembers(FORGOTTEN_S) for observer in watching))
            offices.signal("one", signal.SIGKILL)
            began = time.monotonic()
        saved = {
            row["username"]: (row["position_x"], row["position_y"])
            for row in await offices.query(
                "SELECT username, position_x, position_y FROM user_sessions s JOIN users u ON u.id = s.user_id "
                "WHERE room_id = ANY($1) AND is_active",
                lost,
            )
        }
        await until("all rooms at the other server", lambda: offices.owned("two") == ROOMS, OPEN_WITHIN_S)
        opened_s = time.monotonic() - began
        back_s = await crowd.until_all_inside(15, began)
        print(
            f"{PEOPLE} people in {ROOMS} rooms, {len(thrown_out)} in the {len(lost)} of the server that was killed: "
            f"all open after {opened_s:.1f} s, all back after {back_s:.1f} s"
        )

        ages = {
            name: observer.age(name, place, began)
            for observer in watching
            for name, place in saved.items()
            if observer.sees(name)
        }
        print(f"places of {len(ages)} people were at most {max(ages.values()):.2f} s old")
        assert len(ages) >= OBSERVED
        assert max(ages.values()) < FORGOTTEN_S, ages
        for person in thrown_out:
            assert next(where for at, where in person.places if at > began) == saved[person.name]

        assert await in_two_rooms(offices) == []
        changed = [
            row["id"] for row in await offices.query("SELECT id, epoch FROM rooms") if row["epoch"] != epochs[row["id"]]
        ]
        assert sorted(changed) == lost, "rooms of the server that lives were left alone"
        assert {person: person.joins for person in spared} == spared, "nobody else came anew"
        offices.servers["one"].stop()


async def test_a_server_that_slept_too_long_finds_its_rooms_taken_and_changes_nothing(offices: Offices) -> None:
    rooms = await offices.rooms(ROOMS)
    await offices.note_writes()
    async with Crowd(offices.url, rooms, PEOPLE) as crowd:
        asleep = offices.owned("one")
        await until("writes of both", lambda: _all_write(offices), 10)
        offices.signal("one", signal.SIGSTOP)
        began = time.monotonic()
        await until("all rooms at the other server", lambda: offices.owned("two") == ROOMS, 12)
        opened_s = time.monotonic() - began
        # Whoever's request reached the sleeper waits for an answer until it is asked anew.
        back_s = await crowd.until_all_inside(25, began)
        epochs = await offices.query("SELECT id, epoch FROM rooms ORDER BY id")

        offices.signal("one", signal.SIGCONT)
        woke = time.monotonic()
        await until("the sleeper to give up", lambda: offices.owned("one") == 0)
        gave_up_s = time.monotonic() - woke
        print(
            f"{PEOPLE} people, {asleep:.0f} of {ROOMS} rooms at a server that slept: all open after {opened_s:.1f} s, "
            f"all back after {back_s:.1f} s, given up {gave_up_s:.2f} s after it woke"
        )
        await crowd.until_all_inside(5, time.monotonic())
        assert await in_two_rooms(offices) == []
        assert await offices.query("SELECT id, epoch FROM rooms ORDER BY id") == epochs
        # So long that it would have saved what it believed.
        await until("a while", lambda: time.monotonic() - woke > SAVE_S)
        assert await offices.writes("one", time.monotonic() - woke) == []
        assert len(await offices.writes("two", SAVE_S)) >= ROOMS, "whose rooms they are, writes"
        assert crowd.longest_gap(woke + 0.5) < GAP_S, "nobody was disturbed"
        errors = offices.servers["one"].errors()
        assert errors == [], errors[0][:3000]


async def test_servers_are_restarted_one_after_the_other_and_nobody_waits_for_a_second(offices: Offices) -> None:
    rooms = await offices.rooms(ROOMS)
    with before_all_others():
        await restart_all(offices, rooms)


async def restart_all(offices: Offices, rooms: list[UUID]) -> None:
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
        print(
            f"{PEOPLE} people, {ROOMS} rooms, restarted: longest time without a snapshot "
            f"{f'{gap:.2f}' if gap else 'under 0.3'} s, ends {ends}"
        )
        print("longest ways back, ms:", *crowd.longest_returns(began), sep="\n  ")
        assert gap < GAP_S
        assert set(ends) <= {CloseCode.RESTART}
        assert await in_two_rooms(offices) == []
