"""Where screens may be shared, in a room in virtual time: in areas, at presentation screens, near people if allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocol.constants import ALL_FEATURES
from protocol.messages import Error, Media, MediaState
from server.media.sharing import ScreenSharing
from server.rooms.parts import Part
from server.rooms.session import Session
from sim.commands import Place
from tests.server.media.test_switchboard import BESIDE, DESK, NEAR, two_rooms
from tests.server.rooms.people import STORED, House, Person

SCREEN, MICROPHONE = 4, 1


class Stand(Part):
    """A presentation screen, at which the one named may show theirs."""

    presenter = ""

    def lets_share(self, session: Session) -> bool:
        return session.claims.name == self.presenter


@pytest.fixture
def house() -> House:
    return House(
        room_map=two_rooms(),
        proximity_dwell_ms=0,
        make_parts=lambda settings, metrics: [Stand, lambda room: ScreenSharing(room, metrics)],
    )


@pytest.fixture
def pair(house: House) -> tuple[Person, Person]:
    """Ana on the open floor, and Bo beside her, in a room where screens are not shared near people."""
    house.room.governance.open_with(replace(STORED, share_near=False), [])
    for part in house.room.parts:
        part.configure(replace(STORED, share_near=False))
    ana = house.person("Ana", features=ALL_FEATURES, place=NEAR)
    return ana, house.person("Bo", features=ALL_FEATURES, place=BESIDE)


def shows(house: House, watcher: Person, avatar: int) -> int:
    """What the newest word says of what somebody lets others hear and see."""
    house.tick()
    heard = watcher.all_heard(MediaState)
    states = [each.state for each in heard if isinstance(each, MediaState) and each.avatar == avatar]
    return states[-1] if states else 0


def refusals(person: Person) -> list[str]:
    return [each.code for each in person.all_heard(Error) if isinstance(each, Error)]


def move(house: House, person: Person, x: int, y: int) -> None:
    house.room.commands.placements.append(Place(person.avatar, x * 256, y * 256))
    house.tick(2)


def test_a_room_allows_it_near_people_unless_it_says_otherwise(house: House) -> None:
    ana = house.person("Ana", features=ALL_FEATURES, place=NEAR)
    bo = house.person("Bo", features=ALL_FEATURES, place=BESIDE)
    ana.say(Media(SCREEN))
    assert shows(house, bo, ana.avatar) == SCREEN
    assert refusals(ana) == []


def test_on_the_open_floor_it_is_refused_and_the_rest_goes_on(house: House, pair: tuple[Person, Person]) -> None:
    ana, bo = pair
    ana.say(Media(SCREEN | MICROPHONE))
    assert shows(house, bo, ana.avatar) == MICROPHONE
    assert refusals(ana) == ["no_sharing"]
    assert house.metrics.discarded.labels("screen")._value.get() == 1


def test_it_is_allowed_in_an_area_and_ends_at_its_border(house: House, pair: tuple[Person, Person]) -> None:
    ana, bo = pair
    move(house, ana, *DESK)
    ana.say(Media(SCREEN))
    assert shows(house, bo, ana.avatar) == SCREEN
    move(house, ana, *NEAR)
    assert shows(house, bo, ana.avatar) == 0
    assert refusals(ana) == ["no_sharing"]


def test_whoever_presents_may_until_somebody_else_does(house: House, pair: tuple[Person, Person]) -> None:
    ana, bo = pair
    stand = house.room.parts[0]
    assert isinstance(stand, Stand)
    stand.presenter = "Ana"
    ana.say(Media(SCREEN))
    assert shows(house, bo, ana.avatar) == SCREEN
    house.tick(5)
    assert refusals(ana) == []
    stand.presenter = "Bo"
    house.tick()
    assert shows(house, bo, ana.avatar) == 0
    assert refusals(ana) == ["no_sharing"]


def test_a_room_that_forbids_it_ends_what_is_shared(house: House) -> None:
    ana = house.person("Ana", features=ALL_FEATURES, place=NEAR)
    bo = house.person("Bo", features=ALL_FEATURES, place=BESIDE)
    ana.say(Media(SCREEN | MICROPHONE))
    assert shows(house, bo, ana.avatar) == SCREEN | MICROPHONE
    for part in house.room.parts:
        part.configure(replace(STORED, share_near=False))
    assert shows(house, bo, ana.avatar) == MICROPHONE
    assert refusals(ana) == ["no_sharing"]
