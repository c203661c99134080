"""The server dies, or is stopped: everybody finds the place they left."""

from collections import deque

from benchmarks.bots.api import Api
from protocol.constants import CloseCode, Verb
from protocol.rows import unpack_ids
from tests.adversity.conftest import HEARTBEAT_HZ, TICK_RATE
from tests.adversity.server_process import ServerProcess
from tests.adversity.visitor import EAST, NORTH, SOUTH, WEST, Guests, Place, Visitor
from tests.adversity.ways import to_the_glass_door

LOST_S = 5
"""What a killed server may forget of people's places."""
BETWEEN_SNAPSHOTS_PX = 128 / HEARTBEAT_HZ
"""How far somebody walks between two snapshots: the places in between are not recorded."""


async def walk_about(people: list[Visitor], ticks: int) -> dict[Visitor, deque[tuple[int, Place]]]:
    """Let people walk to and fro, each in a way of their own; where each was in the last 5 s."""
    trails = {person: deque[tuple[int, Place]]() for person in people}
    first = people[0]
    started = turned = first.tick
    heading = 0
    while first.tick - started < ticks:
        if first.tick - turned >= 40 or first.tick == started:
            for index, person in enumerate(people):
                person.walk(((WEST, NORTH, EAST, SOUTH)[index % 4] + 8 * heading) % 16)
            turned, heading = first.tick, 1 - heading
        await first.ticks(1)
        for person, trail in trails.items():
            trail.append((person.tick, person.here))
            while trail[-1][0] - trail[0][0] > LOST_S * TICK_RATE:
                trail.popleft()
    return trails


async def test_after_kill_9_everybody_stands_where_they_were_at_most_five_seconds_before(
    server: ServerProcess, guests: Guests
) -> None:
    people = await guests.enter_many(4)
    resting = await guests.enter()
    trails = await walk_about(people, ticks=(LOST_S + 1) * TICK_RATE)
    place = resting.here
    avatars = {person.avatar for person in (*people, resting)}

    server.kill()
    for person in (*people, resting):
        await person.end()
        assert (person.goodbye, person.closed) == (None, 1006)
    server.start()

    await people[0].resume()
    assert people[0].goodbye == CloseCode.RESUME, "the new server knows nothing of the old one's sessions"
    for person in (*people, resting):
        await person.come()
    for person, trail in trails.items():
        assert min(person.here.distance(place) for _, place in trail) <= BETWEEN_SNAPSHOTS_PX
    assert resting.here == place
    assert len({person.avatar for person in (*people, resting)}) == len(avatars)
    await resting.until("everybody", lambda: len(resting.seen()) == len(avatars))
    assert len(resting.roster) == len(avatars)


async def test_a_server_that_is_stopped_says_goodbye_and_forgets_nothing(server: ServerProcess, guests: Guests) -> None:
    standing, walking, by_the_door = await guests.enter_many(3)
    standing.walk(NORTH)
    by_the_door.run(WEST)
    walking.walk(EAST)
    await standing.ticks(20)
    standing.stand()
    by_the_door.stand()
    await standing.ticks(10)
    exact = {standing: standing.here, by_the_door: by_the_door.here}
    walking.walk(WEST)
    await walking.ticks(10)

    server.ask_to_stop()
    for person in (standing, walking, by_the_door):
        await person.end()
        assert person.goodbye == person.closed == CloseCode.RESTART
        assert person.retry_ms is not None
        assert person.session.resume_token is None
    last_seen = walking.here
    assert server.wait() == 0
    server.start()

    for person in (standing, walking, by_the_door):
        await person.come()
    assert {person: person.here for person in exact} == exact
    assert walking.here.distance(last_seen) <= BETWEEN_SNAPSHOTS_PX


async def test_doors_stay_as_people_left_them(server: ServerProcess, api: Api, owner: str) -> None:
    guests = await Guests.of(api, owner, "meeting")
    visitor = await guests.enter()
    door = await to_the_glass_door(visitor)
    assert door in unpack_ids(visitor.welcome.doors.open)
    visitor.act(Verb.DOOR, door)
    await visitor.until("the door", lambda: visitor.doors)
    assert [(change.door, change.open, change.by) for change in visitor.doors] == [(door, False, visitor.avatar)]
    server.ask_to_stop()
    server.wait()
    server.start()
    await visitor.come()
    assert door not in unpack_ids(visitor.welcome.doors.open)
    guests.go()
