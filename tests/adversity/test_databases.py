"""The databases die while people walk: nobody in the room notices, and the door opens again by itself."""

import asyncio
import json

import aiohttp
import pytest

from benchmarks.bots.api import Api
from benchmarks.bots.swarm import Swarm, SwarmConfig
from tests.adversity.conftest import TICK_RATE
from tests.adversity.server_process import ServerProcess
from tests.adversity.test_lines import assert_unaffected
from tests.adversity.visitor import EAST, NORTH, PATIENCE_S, SOUTH, WEST, Guests


@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
async def test_a_killed_database_comes_back_and_nobody_inside_notices(
    server: ServerProcess, guests: Guests, program: str
) -> None:
    people = await guests.enter_many(4)
    for person, way in zip(people, (NORTH, EAST, SOUTH, WEST), strict=True):
        person.walk(way)
    outsider = await guests.new()
    first = people[0]
    await first.ticks(10)

    server.kill_database(program)
    began = first.tick
    statuses: list[int] = []
    join = f"{server.url}/api/rooms/{guests.room}/join"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {outsider.token}"}) as http:
        async with asyncio.timeout(PATIENCE_S):
            while not statuses or statuses[-1] != 200:
                async with http.post(join, json={}) as answer:
                    statuses.append(answer.status)
                    if answer.status == 503:
                        assert int(answer.headers["Retry-After"]) > 0
                        assert (await answer.json())["code"] == "unavailable"
                for person in people:
                    person.walk(first.tick % 16)
                await first.ticks(1)
    assert set(statuses) <= {200, 503}
    assert 503 in statuses, "the kill was not noticed at all"
    print(f"{program}: {statuses.count(503)} refusals over {first.tick - began} ticks")

    await outsider.come()
    await first.until("the newcomer", lambda: outsider.avatar in first.roster)
    for person in people:
        assert_unaffected(person)
    places = {person: person.here for person in people}
    for person in people:
        person.stand()
    await first.until("everybody at rest", lambda: not first.view.now.anyone_moves())
    places = {person: first.place_of(person.avatar) for person in people}
    for person in people:
        await person.leave()
    for person in people:
        await person.come()
    assert {person: person.here for person in people} == places


PEOPLE = 50
DOWN_S = 6.0


class Doorbell:
    """Somebody outside who tries the door all the time."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._headers = url, {"Authorization": f"Bearer {token}"}
        self.statuses: list[int] = []
        self.all_is_well = False
        """Whether to go away when the door opens."""

    async def ring_until_let_in(self) -> None:
        async with aiohttp.ClientSession(headers=self._headers) as http, asyncio.timeout(2 * PATIENCE_S):
            while not (self.all_is_well and self.statuses and self.statuses[-1] == 200):
                async with http.post(self._url, json={}) as answer:
                    self.statuses.append(answer.status)
                    assert answer.status in (200, 503)
                    if answer.status == 503:
                        problem = await answer.json()
                        assert (problem["code"], bool(problem["detail"])) == ("unavailable", True)
                        assert int(answer.headers["Retry-After"]) > 0
                await asyncio.sleep(0.1)  # the outsider's own patience; nothing is waited for


@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
async def test_fifty_people_do_not_notice_that_a_database_is_stopped_for_seconds_and_started_again(
    server: ServerProcess, guests: Guests, api: Api, program: str
) -> None:
    people = await guests.enter_many(4)
    first, leaver = people[0], await guests.enter()
    outsider = await guests.new()
    crowd = PEOPLE - len(people) - 1
    swarm = Swarm(api, SwarmConfig(guests.room, crowd, 60.0, watchers=2), lambda *_: None)
    running = asyncio.create_task(swarm.run())
    await first.until("the crowd", lambda: len(first.roster) == PEOPLE)
    said = len(server.log())

    bell = Doorbell(f"{server.url}/api/rooms/{guests.room}/join", outsider.token)
    ringing: asyncio.Task[None] | None = None
    began = first.tick
    while first.tick - began < DOWN_S * TICK_RATE:
        server.kill_database_again(program)
        if ringing is None:
            ringing = asyncio.create_task(bell.ring_until_let_in())
        for person in people:
            person.walk(first.tick % 16)
        await first.ticks(2)
    # Valkey is back within milliseconds each time, so now and then the door opens in between.
    assert bell.statuses.count(503) >= DOWN_S, "the kills were not noticed"
    bell.all_is_well = True
    leaver.send(leaver.session.leave())
    await first.until("somebody who left", lambda: leaver.avatar not in first.roster)
    assert ringing is not None
    await ringing
    print(f"{program}: away for {first.tick - began} ticks, {bell.statuses.count(503)} refusals, {PEOPLE} people")

    await outsider.come()
    await first.until("the newcomer", lambda: outsider.avatar in first.roster)
    swarm.stop()
    result = await running
    assert (result.joined, result.stayed) == (crowd, crowd)
    assert dict(result.measure.errors) == {}
    for person in people:
        assert_unaffected(person)
        person.stand()
    await first.until("the crowd to be gone", lambda: len(first.roster) == len(people) + 1)
    await first.until("everybody at rest", lambda: not first.view.now.anyone_moves())
    for person in (*people, outsider):
        await person.reach(first.tick)
        assert person.everyone() == first.everyone()
        assert person.roster == first.roster
    places = {person: person.here for person in people}
    for person in people:
        await person.leave()
    for person in people:
        await person.come()
    assert {person: person.here for person in people} == places, "everybody is where they were seen last"
    assert "asyncpg" not in server.log()[said:]
    warnings = [line for line in server.said(said) if json.loads(line)["level"] != "info"]
    warnings = [line for line in warnings if "(killed by SIGKILL)" not in line]  # that it was stopped, each time
    assert len(warnings) <= 1, f"an outage is one line in the log, not {len(warnings)}: {warnings[:4]}"
