"""The databases die while people walk: nobody in the room notices, and the door opens again by itself."""

import asyncio

import aiohttp
import pytest

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
