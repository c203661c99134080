"""Who shares their screen on a screen of the room is linked with those around it, one way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from protocol.constants import Status
from protocol.messages import Leave
from server.media.showings import LOOK_S, Showings
from server.rooms.parts import Part, Showing
from tests.server.media.test_switchboard import BESIDE, DESK, FAR, links, move, speaker, two_rooms
from tests.server.rooms.people import RATE, House, Person

PLACE = (100.0, 10.0)
LIBRARY = (100, 330)
FLAT, HEARS_ONLY, IS_HEARD_ONLY = 1, 2, 4


class Wall(Part):
    """A screen on the wall."""

    def __init__(self, room: object) -> None:
        super().__init__(room)  # type: ignore[arg-type]
        self.showing: Showing | None = None

    def showings(self) -> Iterator[Showing]:
        if self.showing is not None:
            yield self.showing


class Cinema(House):
    """A room with a screen."""

    wall: Wall

    def show(self, by: Person | None, reach_px: float | None = 100.0, area: int = 0) -> None:
        session = None if by is None else self.room.sessions[by.avatar]
        self.wall.showing = None if session is None else Showing(session.claims.user_id, *PLACE, reach_px, area)
        self.look()

    def look(self) -> None:
        self.tick(int(LOOK_S * RATE) + 2)


@pytest.fixture
def cinema() -> Cinema:
    def wall(room: object) -> Wall:
        Cinema.wall = Wall(room)
        return Cinema.wall

    return Cinema(room_map=two_rooms(), make_parts=lambda settings, metrics: (wall, Showings), proximity_dwell_ms=0)


def test_those_around_the_screen_see_its_presenter_wherever_they_stand_and_are_not_seen(cinema: Cinema) -> None:
    ana, bo, cem = speaker(cinema, "Ana", FAR), speaker(cinema, "Bo", (400, 40)), speaker(cinema, "Cem", (400, 340))
    cinema.show(ana)
    assert links(bo) == links(cem) == {}
    cinema.show(bo)
    assert [flags for _, flags in links(ana).values()] == [FLAT | HEARS_ONLY]
    assert [flags for _, flags in links(bo).values()] == [FLAT | IS_HEARD_ONLY]
    assert set(links(bo)) == {ana.avatar}, "Cem is too far from the screen"
    cinema.show(bo, None)
    assert set(links(bo)) == {ana.avatar, cem.avatar}
    assert set(links(ana)) == {bo.avatar}, "the audience has no links by it"
    cinema.show(None)
    assert links(ana) == links(bo) == links(cem) == {}


def test_who_is_near_the_presenter_talks_with_them_both_ways(cinema: Cinema) -> None:
    ana, bo = speaker(cinema, "Ana", (100, 60)), speaker(cinema, "Bo", (140, 60))
    cinema.show(bo)
    assert [flags for _, flags in links(ana).values()] == [0]


def test_walking_to_the_screen_and_away_begins_and_ends_it(cinema: Cinema) -> None:
    ana, bo = speaker(cinema, "Ana", BESIDE), speaker(cinema, "Bo", (400, 40))
    cinema.show(bo)
    assert links(ana) == {}
    move(cinema, ana, FAR)
    cinema.look()
    assert set(links(ana)) == {bo.avatar}
    move(cinema, ana, BESIDE)
    cinema.look()
    assert links(ana) == {}


def test_silence_do_not_disturb_and_private_areas_stay_what_they_are(cinema: Cinema) -> None:
    ana, bo = speaker(cinema, "Ana", FAR), speaker(cinema, "Bo", LIBRARY)
    cinema.show(bo, None)
    assert links(ana) == {}, "from a silent zone"
    move(cinema, bo, DESK)
    cinema.look()
    assert set(links(ana)) == {bo.avatar}
    move(cinema, ana, LIBRARY)
    cinema.look()
    assert links(ana) == {}, "into a silent zone"
    move(cinema, ana, FAR)
    cinema.look()
    assert set(links(ana)) == {bo.avatar}
    session = cinema.room.sessions[ana.avatar]
    session.status = int(Status.DND)
    cinema.room.switchboard.reconsider(session, cinema.room.world.tick)
    cinema.tick()
    assert links(ana) == {}
    session.status = 0
    cinema.room.switchboard.reconsider(session, cinema.room.world.tick)
    cinema.tick()
    assert set(links(ana)) == {bo.avatar}
    cinema.show(bo, None, area=4)
    assert links(ana) == {}, "the screen is in the office, and Ana is not"


def test_a_presenter_who_leaves_leaves_no_links(cinema: Cinema) -> None:
    ana, bo = speaker(cinema, "Ana", FAR), speaker(cinema, "Bo", (400, 40))
    cinema.show(bo)
    assert set(links(ana)) == {bo.avatar}
    bo.say(Leave())
    cinema.look()
    assert links(ana) == {}
