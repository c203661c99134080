"""A hostile client gets into no locked, full or restricted area, whatever it says and however it comes."""

from __future__ import annotations

from random import Random

import pytest

from protocol.constants import ALL_FEATURES, Question, Verb
from protocol.messages import Act, Answer, Input
from server.places.part import RoomPlaces
from server.rooms.roles import Role
from sim.maps import RoomMap, parse_map
from tests.server.rooms.people import RATE, House, Person

LOCKED, FULL, STAFF = 1, 2, 3
SECONDS = 40


def three_rooms() -> RoomMap:
    """20 x 12 tiles, open, with three areas side by side and a chair in each."""
    rules: tuple[tuple[str, dict[str, object]], ...] = (
        ("Locked", {"lockable": True}),
        ("Full", {"capacity": 1}),
        ("Staff", {}),
    )
    zones = [
        {"id": n, "kind": "private", "name": name, "x": 160 * n - 32, "y": 32, "w": 128, "h": 128, **more}
        for n, (name, more) in enumerate(rules, start=1)
    ]
    chairs = [{"id": n, "kind": "chair", "x": 168 + 160 * n, "y": 136, "facing": "down"} for n in range(3)]
    data = {
        "format": "hallway.map/1",
        "name": "Three rooms",
        "description": "",
        "width": 20,
        "height": 12,
        "floor": {"palette": ["wood"], "rows": ["a" * 20] * 12},
        "walls": ["." * 20] * 12,
        "furniture": chairs,
        "doors": [],
        "zones": zones,
        "spawns": [{"x": 320, "y": 300}],
    }
    return parse_map(data, {"chair": {"size": [32, 32], "solid": [], "seats": [[16, 16, "down"]]}})


def inside(house: House, person: Person) -> list[int]:
    world = house.room.world
    return [zone for zone in (LOCKED, FULL, STAFF) if world.areas.is_inside(person.avatar, zone)]


@pytest.mark.parametrize("crowd", [1, 6])
def test_no_lie_opens_an_area(seed: int, crowd: int) -> None:
    """Every course, seat, lock, knock, answer, whisper and ghost, and coming back to a place inside."""
    random = Random(seed)
    house = House(
        capacity=20,
        room_map=three_rooms(),
        make_parts=lambda settings, metrics: [lambda room: RoomPlaces(room, settings, metrics)],
    )
    holder = house.person("holder", features=ALL_FEATURES, place=(190, 80))
    filler = house.person("filler", features=ALL_FEATURES, place=(350, 80))
    house.room.commands.areas = {STAFF: int(Role.MEMBER)}
    house.tick()
    holder.say(Act(1, Verb.LOCK.value, LOCKED))
    house.tick()
    assert house.room.world.areas.locked_ids() == [LOCKED]
    places = [(x, y) for x in (150, 190, 350, 510) for y in (80, 150, 170, 200)]
    crooks = [house.person(f"crook{n}", features=ALL_FEATURES, place=random.choice(places)) for n in range(crowd)]
    house.tick()
    for tick in range(SECONDS * RATE):
        for crook in crooks:
            others = [each.avatar for each in (*crooks, holder, filler)] + [0, 9999]
            if random.random() < 0.3:
                crook.walk(random.randrange(0x30))
            if random.random() < 0.2:
                crook.seq += 1
                crook.say(Input(0, crook.seq, house.room.world.tick + random.choice((0, 1, 5, 500)), bytes((0x20, 0))))
            if random.random() < 0.15:
                verb, target = random.choice(list(Verb)), random.choice([*others, LOCKED, FULL, STAFF, 1, 2, 3])
                if verb is not Verb.PORTAL:
                    crook.say(Act(1 + tick % 60_000, verb.value, target % 65_536))
            if random.random() < 0.1:
                asker = random.choice([each for each in others if each])
                question = random.choice(list(Question))
                crook.say(Answer(question.value, asker, random.choice((0, LOCKED, FULL, STAFF)), True))
        if tick % (4 * RATE) == 0 and tick:
            # Away and back again, to a place inside.
            gone = random.choice(crooks)
            house.room.attendance.dismiss(gone.user_id, 4010, "")
            house.people.remove(gone)
            crooks.remove(gone)
            crooks.append(house.person(f"back{tick}", features=ALL_FEATURES, place=random.choice(places)))
        house.tick()
        for crook in crooks:
            assert inside(house, crook) == [], f"seed {seed}, tick {house.room.world.tick}"
    assert house.room.world.areas.locked_ids() == [LOCKED], "nobody unlocked it from outside either"
