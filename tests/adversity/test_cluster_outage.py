"""Redis, then PostgreSQL, is away for longer than a lease while people are in the rooms of two servers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import pytest
import redis as sync_redis

from benchmarks.bots.api import Api
from server.cluster.redis_ownership import KEY, LEASE_S
from tests.adversity.crowd import Crowd
from tests.adversity.offices import Offices, PostgresProcess, RedisProcess, running_offices, until
from tests.conftest import open_folder
from tests.deploy.nginx_process import NGINX

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")

PEOPLE = int(os.environ.get("CLUSTER_PEOPLE") or 24)
ROOMS = int(os.environ.get("CLUSTER_ROOMS") or 6)
WORKERS = int(os.environ.get("CLUSTER_WORKERS") or 1)
AWAY_S = float(os.environ.get("CLUSTER_AWAY_S") or 2 * LEASE_S)
LOST_S = 2.0
"""The longest time without a snapshot, beside what other tests take of the processor."""


@dataclass
class Estate:
    """Two servers, and databases that can be stopped."""

    offices: Offices
    redis: RedisProcess
    postgres: PostgresProcess

    def holders(self, rooms: list[UUID]) -> dict[UUID, str | None]:
        """Who holds the lease of each of these rooms, and its epoch, as Redis has it. Others come and go meanwhile:
        rooms that have stood empty for a minute are closed."""
        with sync_redis.Redis.from_url(self.redis.url, decode_responses=True) as client:
            return {room: client.get(f"{KEY}{room}") for room in rooms}


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with open_folder() as folder:
        redis, postgres = RedisProcess(folder), PostgresProcess(folder)
        redis.start()
        try:
            with running_offices(postgres.url, redis.url, "one", "two", WORKERS=WORKERS) as offices:
                yield Estate(offices, redis, postgres)
        finally:
            redis.stop()
            postgres.close()


@dataclass
class Doorbell:
    """Somebody who wants to come in, and what they are told."""

    offices: Offices
    room: UUID
    token: str = ""
    statuses: list[int] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)

    async def ring(self, http: aiohttp.ClientSession) -> bool:
        """Ask once, at any server; whether the door opened."""
        url = f"{self.offices.url}/api/rooms/{self.room}/join"
        async with http.post(url, json={}, headers={"Authorization": f"Bearer {self.token}"}) as answer:
            self.statuses.append(answer.status)
            if answer.status == 503:
                assert int(answer.headers["Retry-After"]) > 0
                problem = await answer.json()
                assert problem["code"] == "unavailable"
                self.reasons.add(problem["detail"])
            return answer.status == 200


class Outage:
    """What goes on in the rooms while something is away."""

    def __init__(self, estate: Estate, crowd: Crowd, bell: Doorbell, http: aiohttp.ClientSession) -> None:
        self.estate, self.crowd, self.bell, self._http = estate, crowd, bell, http
        self.said = 0

    async def pass_away(self, what: str, start: Callable[[], None]) -> float:
        """`AWAY_S` of an outage, of which people notice nothing; when it was over (monotonic, s)."""
        crowd, began = self.crowd, time.monotonic()
        walked = [person.confirmed for person in crowd.people]
        met = {room: sum(person.met for person in crowd.inside(room)) for room in crowd.rooms}
        while time.monotonic() - began < AWAY_S:
            self.said += 1
            for room in crowd.rooms:
                people = crowd.inside(room)
                people[self.said % len(people)].say(f"{what} {self.said}")
            await asyncio.gather(self.bell.ring(self._http), asyncio.sleep(1.0))  # a sentence a second
        dropped = [crowd.inside(room)[0] for room in crowd.rooms]
        ways = {person: len(person.returns) for person in dropped}
        for person in dropped:
            person.drop()
        await until("those whose line broke", lambda: all(len(person.returns) > ways[person] for person in dropped), 5)
        away_s = time.monotonic() - began
        start()
        over = time.monotonic()

        assert all(now.confirmed > before for now, before in zip(crowd.people, walked, strict=True)), "all walked"
        for room in crowd.rooms:
            assert sum(person.met for person in crowd.inside(room)) > met[room], "people met and parted"
        gap = crowd.longest_gap(began)
        print(
            f"{what} away for {away_s:.0f} s: {len(crowd.people)} people in {len(crowd.rooms)} rooms, longest time "
            f"without a snapshot {gap:.2f} s, {self.bell.statuses.count(503)} joins refused: {self.bell.reasons}"
        )
        assert away_s > 1.5 * LEASE_S
        assert gap < LOST_S
        return over

    async def everybody_heard_everything(self, what: str) -> None:
        """All that was said reached all others in its room, once."""
        for room in self.crowd.rooms:
            people = self.crowd.inside(room)
            for number in range(1, self.said + 1):
                others = [person for at, person in enumerate(people) if at != number % len(people)]
                counts = {person.heard[f"{what} {number}"] for person in others}
                assert counts == {1}, f"{what} {number}: {counts}"


@asynccontextmanager
async def people_inside(estate: Estate) -> AsyncIterator[Outage]:
    """A crowd, and somebody before the door."""
    offices = estate.offices
    rooms = await offices.rooms(ROOMS)
    async with Crowd(offices.url, rooms, PEOPLE) as crowd, aiohttp.ClientSession() as http:
        async with Api(offices.url) as api:
            bell = Doorbell(offices, rooms[0], await api.guest("Outsider"))
        assert min(offices.owned(name) for name in offices.servers) > 0, "both have rooms"
        yield Outage(estate, crowd, bell, http)
        await crowd.until_all_inside(5, time.monotonic())
        assert sum(person.ends.total() for person in crowd.people) == len(rooms), "whose line a test broke, and no more"
        assert crowd.joins() == PEOPLE, "everybody is where they were"
        await everything_agrees(estate, crowd)


async def everything_agrees(estate: Estate, crowd: Crowd) -> None:
    """Both servers and the database say of every room that the same people are in it, and of everybody one room."""
    offices, wanted = estate.offices, {str(room): len(crowd.inside(room)) for room in crowd.rooms}
    async with Api(offices.url) as api, aiohttp.ClientSession() as http:
        token = await api.account()

        async def told(url: str) -> dict[str, int]:
            found = {}
            for room in wanted:
                headers = {"Authorization": f"Bearer {token}"}
                async with http.get(f"{url}/api/rooms/{room}/users", headers=headers) as answer:
                    found[room] = len((await answer.json()).get("users", ())) if answer.status == 200 else -1
            return found

        for server in offices.servers.values():
            await until("the server to know who is where", lambda url=server.url: _is(told(url), wanted))

    async def stored() -> dict[str, int]:
        rows = await offices.query(
            "SELECT room_id, count(*) FROM user_sessions WHERE is_active AND room_id = ANY($1) GROUP BY 1", crowd.rooms
        )
        return {str(row["room_id"]): row["count"] for row in rows}

    await until("the database to know who is where", lambda: _is(stored(), wanted))
    twice = "SELECT user_id FROM user_sessions WHERE is_active GROUP BY user_id HAVING count(*) > 1"
    assert await offices.query(twice) == []


async def _is(found: object, wanted: object) -> bool:
    return bool(await found == wanted)  # type: ignore[misc]


async def epochs(offices: Offices, rooms: list[UUID]) -> dict[UUID, int]:
    rows = await offices.query("SELECT id, epoch FROM rooms WHERE id = ANY($1)", rooms)
    return {row["id"]: row["epoch"] for row in rows}


async def test_without_redis_rooms_go_on_at_their_owners_and_after_it_everything_agrees(estate: Estate) -> None:
    offices = estate.offices
    async with people_inside(estate) as outage:
        crowd, bell = outage.crowd, outage.bell
        before, owners = await epochs(offices, crowd.rooms), estate.holders(crowd.rooms)
        estate.redis.stop()
        over = await outage.pass_away("Redis", estate.redis.start)
        assert set(bell.statuses) == {503}, "nobody comes in"

        await until("leases in a Redis that knew nothing", lambda: estate.holders(crowd.rooms) == owners, 5)
        # It came back empty, so log-ins are forgotten: the outsider logs in anew, like anybody who comes later.
        async with Api(offices.url) as api:
            bell.token = await api.guest("Outsider")
        async with aiohttp.ClientSession() as http:
            await until("the door", lambda: bell.ring(http), 10)
        print(f"the door opened {time.monotonic() - over:.1f} s after Redis was back")
        assert await epochs(offices, crowd.rooms) == before, "no room changed hands"
        await outage.everybody_heard_everything("Redis")


async def test_without_postgresql_rooms_go_on_and_after_it_all_is_saved(estate: Estate) -> None:
    offices = estate.offices
    async with people_inside(estate) as outage:
        crowd, bell = outage.crowd, outage.bell
        before, owners = await epochs(offices, crowd.rooms), estate.holders(crowd.rooms)
        estate.postgres.stop()
        over = await outage.pass_away("PostgreSQL", estate.postgres.start)
        assert set(bell.statuses) == {503}, "nobody comes in"

        async with aiohttp.ClientSession() as http:
            await until("the door", lambda: bell.ring(http), 10)
        print(f"the door opened {time.monotonic() - over:.1f} s after PostgreSQL was back")
        await outage.everybody_heard_everything("PostgreSQL")
        said = outage.said * len(crowd.rooms)

        async def kept() -> int:
            rows = await offices.query(
                "SELECT count(DISTINCT (room_id, text)) FROM messages WHERE text ~ '^Postgre' AND room_id = ANY($1)",
                crowd.rooms,
            )
            return int(rows[0]["count"])

        await until("all that was said to be kept", lambda: _is(kept(), said), 10)

        async def unsaved() -> int:
            rows = await offices.query(
                "SELECT count(*) FROM user_sessions WHERE is_active AND room_id = ANY($1) AND last_active < "
                "now() - make_interval(secs => $2)",
                crowd.rooms,
                time.monotonic() - over,
            )
            return int(rows[0]["count"])

        await until("all places to be saved", lambda: _is(unsaved(), 0), 15)
        print(f"all places and {said} messages were saved {time.monotonic() - over:.1f} s after PostgreSQL was back")
        assert await epochs(offices, crowd.rooms) == before, "no room changed hands"
        assert estate.holders(crowd.rooms) == owners
