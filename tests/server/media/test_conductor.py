"""What a room tells a media backend and its clients, in virtual time, with a backend that writes everything down."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from protocol.constants import (
    ALL_FEATURES,
    BackendKind,
    CloseCode,
    Description,
    Feature,
    LegState,
    PathFlag,
    Route,
    Source,
    Status,
)
from protocol.messages import (
    Backend,
    Candidate,
    Delivery,
    Describe,
    Described,
    Leave,
    Links,
    Media,
    Plan,
    Quality,
    Roster,
    ServerMessage,
    Slots,
    View,
)
from server.media.backend import LegEvents, MediaBackend, SlotRow, Wish
from server.media.conductor import LINGER_S, Conductor
from server.media.plan import DirectLimits
from server.store.members import Standing
from sim.commands import Place
from tests.server.media.test_switchboard import NEAR, links, two_rooms
from tests.server.rooms.people import RATE, ROOM_ID, House, Person

ALL = ALL_FEATURES
NO_SFU = ALL_FEATURES & ~Feature.SFU
EVERYTHING = DirectLimits(0, 0)


@dataclass
class Leg:
    events: LegEvents
    user: UUID
    bits: int = 0
    allowed: int = 0
    hears: dict[int, int] = field(default_factory=dict)
    described: list[tuple[int, int, str]] = field(default_factory=list)
    candidates: list[str | None] = field(default_factory=list)
    view: tuple[int, list[Wish]] | None = None


class Notebook(MediaBackend):
    """A backend that does nothing but keep what it was told."""

    kind = BackendKind.BUILT_IN

    def __init__(self, room: UUID = ROOM_ID) -> None:
        super().__init__()
        self._room = room
        self.legs: dict[int, Leg] = {}
        self.up = True
        self.woken = False

    def wake(self) -> None:
        self.woken = True

    @property
    def available(self) -> bool:
        return self.up

    def open(self, room: UUID, user: UUID, events: LegEvents) -> int:
        assert room == self._room
        number = self._next_number()
        self.legs[number] = Leg(events, user)
        return number

    def describe(self, leg: int, index: int, form: int, sdp: str) -> None:
        self.legs[leg].described.append((index, form, sdp))

    def candidate(self, leg: int, index: int, candidate: str | None) -> None:
        self.legs[leg].candidates.append(candidate)

    def publish(self, leg: int, bits: int, allowed: int) -> None:
        assert not bits & ~allowed
        self.legs[leg].bits, self.legs[leg].allowed = bits, allowed

    def hear(self, leg: int, speakers: Mapping[int, int]) -> None:
        self.legs[leg].hears = dict(speakers)

    def look(self, leg: int, most: int, wishes: Sequence[Wish]) -> None:
        self.legs[leg].view = (most, list(wishes))

    def close(self, leg: int) -> None:
        del self.legs[leg]

    def switch(self, *, up: bool) -> None:
        """The whole thing goes or comes."""
        self.up = up
        self.legs.clear()
        self._tell_watchers(up)

    def leg_of(self, person: Person) -> int:
        """The number of somebody's leg; 0: they have none."""
        return next((number for number, leg in self.legs.items() if leg.user == person.user_id), 0)

    def hears(self, person: Person) -> set[str]:
        """Whose user ids a person's leg hears."""
        leg = self.legs[self.leg_of(person)]
        return {str(self.legs[who].user) for who in leg.hears}


class Stage:
    """A room with a notebook for a backend, in which everything goes through it unless `limits` say otherwise."""

    def __init__(self, limits: DirectLimits = EVERYTHING) -> None:
        self.backend = Notebook()
        self.house = House(
            room_map=two_rooms(),
            proximity_dwell_ms=0,
            make_parts=lambda settings, metrics: [lambda room: Conductor(room, self.backend, limits, metrics)],
        )

    def enter(self, *names: str, features: int = ALL) -> list[Person]:
        """People beside each other."""
        people = [
            self.house.person(name, features=features, place=(NEAR[0] + 8 * index, NEAR[1]))
            for index, name in enumerate(names)
        ]
        self.house.tick()
        return people

    def move(self, person: Person, place: tuple[int, int]) -> None:
        self.house.room.commands.placements.append(Place(person.avatar, place[0] * 256, place[1] * 256))
        self.house.tick()

    def discarded(self, why: str) -> float:
        return float(self.house.metrics.discarded.labels(why)._value.get())


@pytest.fixture
def stage() -> Stage:
    return Stage()


def newest(person: Person, kind: type[Plan]) -> Plan:
    found = person.all_heard(kind)[-1]
    assert isinstance(found, Plan)
    return found


def routes(person: Person) -> dict[int, int]:
    """Route by link number, as the newest PLAN says."""
    return dict(struct.iter_unpack("<IB", newest(person, Plan).routes))


def session(person: Person) -> int:
    return newest(person, Plan).session


def number(one: Person, other: Person) -> int:
    return links(one)[other.avatar][0]


def deliver(person: Person, bits: int, *others: Person, state: LegState = LegState.CONNECTED) -> None:
    rows = b"".join(struct.pack("<IB", number(person, other), bits) for other in others)
    person.say(Delivery(session(person), state.value, rows))


def kinds(messages: list[ServerMessage]) -> list[type]:
    return [type(message) for message in messages]


def user(person: Person) -> str:
    return str(person.user_id)


def test_backend_and_plan_come_before_the_links_that_they_are_about(stage: Stage) -> None:
    (ana,) = stage.enter("Ana")
    order = [kind for kind in kinds(ana.heard()) if kind in (Roster, Backend, Plan, Links)]
    assert order == [Roster, Backend, Plan, Links]
    (bo,) = stage.enter("Bo")
    after = [message for message in ana.heard() if isinstance(message, Plan | Links)]
    plan, told = after[-2], after[-1]
    assert isinstance(plan, Plan)
    assert isinstance(told, Links)
    assert routes(ana) == {number(ana, bo): Route.SFU}


def test_a_link_that_ends_goes_its_way_until_the_links_without_it(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    ended = number(ana, bo)
    ana.heard()
    stage.move(bo, (500, 340))
    told = [message for message in ana.heard() if isinstance(message, Plan | Links)]
    assert kinds(told) == [Plan, Links]
    assert routes(ana) == {ended: Route.SFU}
    stage.move(bo, NEAR)
    assert routes(ana) == {number(ana, bo): Route.SFU}


def test_epochs_of_plans_rise_by_one(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    stage.move(bo, (500, 340))
    stage.move(bo, NEAR)
    epochs = [plan.epoch for plan in ana.all_heard(Plan) if isinstance(plan, Plan)]
    assert epochs == list(range(1, len(epochs) + 1))


def test_whoever_is_linked_through_the_sfu_has_a_leg_that_hears_exactly_those(stage: Stage) -> None:
    ana, bo, cem = stage.enter("Ana", "Bo", "Cem")
    assert stage.backend.hears(ana) == {user(bo), user(cem)}
    stage.move(cem, (500, 340))
    assert stage.backend.hears(ana) == {user(bo)}
    assert stage.backend.hears(cem) == set()
    assert session(ana) == stage.backend.leg_of(ana)


def test_a_person_who_must_not_be_disturbed_is_heard_by_nobody_in_the_same_moment(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    assert bo.session
    bo.session.status = Status.DND
    stage.house.room.reconsider_media(bo.session)
    assert stage.backend.hears(ana) == set()
    assert stage.backend.hears(bo) == set()


def test_only_what_a_person_switched_on_is_published_and_nothing_of_the_muted(stage: Stage) -> None:
    ana, _bo = stage.enter("Ana", "Bo")
    leg = stage.backend.legs[stage.backend.leg_of(ana)]
    assert leg.bits == 0
    ana.say(Media(3))
    assert leg.bits == 3
    stage.house.room.governance.change_standing(ana.user_id, Standing(is_muted=True))
    assert (leg.bits, leg.allowed) == (2, 6)
    ana.say(Media(7))
    assert leg.bits == 6, "whatever the page says"


def test_leaving_and_being_sent_out_close_the_leg_at_once(stage: Stage) -> None:
    ana, bo, cem = stage.enter("Ana", "Bo", "Cem")
    bo.say(Leave())
    assert stage.backend.leg_of(bo) == 0
    assert stage.backend.hears(ana) == {user(cem)}
    stage.house.room.attendance.dismiss(cem.user_id, CloseCode.KICKED, "out")
    assert stage.backend.leg_of(cem) == 0
    assert stage.backend.hears(ana) == set()


def test_a_lost_game_socket_changes_nothing_until_the_session_is_gone(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    bo.lose_connection()
    stage.house.tick(RATE)
    assert stage.backend.hears(ana) == {user(bo)}
    stage.house.tick(RATE * (stage.house.settings.resume_s + 1))
    assert stage.backend.leg_of(bo) == 0
    assert stage.backend.hears(ana) == set()


def test_who_comes_back_with_a_new_page_gets_a_new_leg_and_a_plan_from_the_start(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    before = stage.backend.leg_of(ana)
    ana.connect()
    stage.house.tick()
    assert stage.backend.leg_of(ana) not in (0, before)
    assert before not in stage.backend.legs
    assert next(plan.epoch for plan in ana.all_heard(Plan) if isinstance(plan, Plan)) == 1
    assert kinds(ana.all_heard(Backend)) == [Backend]
    assert stage.backend.hears(bo) == {user(ana)}


def test_descriptions_and_candidates_go_to_the_leg_of_the_session_they_name(stage: Stage) -> None:
    ana, _ = stage.enter("Ana", "Bo")
    leg = stage.backend.leg_of(ana)
    stage.backend.legs[leg].events.described(leg, 0, Description.OFFER.value, "v=0")
    assert ana.all_heard(Described) == [Described(leg, 0, 0, "v=0")]
    ana.say(Describe(leg, 0, 1, "answer"))
    ana.say(Candidate(leg, 0, None))
    assert stage.backend.legs[leg].described == [(0, 1, "answer")]
    assert stage.backend.legs[leg].candidates == [None]
    ana.say(Describe(leg + 7, 0, 1, "stale"))
    ana.say(Candidate(leg + 7, 0, "stale"))
    assert stage.backend.legs[leg].described == [(0, 1, "answer")]
    assert (stage.discarded("describe_stale"), stage.discarded("candidate_stale")) == (1, 1)


def test_ten_thousand_candidates_are_discarded_and_counted(stage: Stage) -> None:
    ana, _ = stage.enter("Ana", "Bo")
    leg = stage.backend.leg_of(ana)
    for _ in range(200):
        ana.say(Candidate(leg, 0, "candidate:1 1 udp 1 192.0.2.1 9 typ host"))
    assert len(stage.backend.legs[leg].candidates) <= 41
    assert stage.discarded("candidate_flood") >= 159


def test_reports_and_views_beyond_the_limit_are_discarded_and_counted(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    for _ in range(40):
        deliver(ana, 0, bo)
        ana.say(View(6, b""))
    assert stage.discarded("delivery_flood") >= 19
    assert stage.discarded("view_flood") >= 19


def test_slots_name_avatars(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    leg, other = stage.backend.leg_of(ana), stage.backend.leg_of(bo)
    events = stage.backend.legs[leg].events
    events.filled(leg, [SlotRow(0, 4, other, Source.MICROPHONE, 0), SlotRow(0, 20, 999, Source.CAMERA, 0)])
    (slots,) = ana.all_heard(Slots)
    assert isinstance(slots, Slots)
    assert list(struct.iter_unpack("<BBHBB", slots.slots)) == [(0, 4, bo.avatar, 0, 0)]
    assert (slots.session, slots.epoch) == (leg, 1)


def test_views_become_wishes_for_the_legs_of_those_they_name(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    rows = struct.pack("<HBB", bo.avatar, 1, 2) + struct.pack("<HBB", 999, 1, 2) + struct.pack("<HBB", bo.avatar, 9, 1)
    ana.say(View(3, rows))
    assert stage.backend.legs[stage.backend.leg_of(ana)].view == (
        3,
        [Wish(stage.backend.leg_of(bo), Source.CAMERA, 2)],
    )


def test_a_failed_leg_begins_a_new_session_at_once_and_then_less_and_less_often(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    first = stage.backend.leg_of(ana)
    stage.backend.legs[first].events.changed(first, LegState.FAILED)
    second = stage.backend.leg_of(ana)
    assert second not in (0, first)
    assert session(ana) == second
    assert stage.backend.hears(bo) == {user(ana)}
    deliver(ana, 0, bo, state=LegState.FAILED)
    assert stage.backend.leg_of(ana) == 0, "not at once again"
    assert stage.backend.hears(bo) == set()
    stage.house.tick(2 * RATE)
    assert stage.backend.leg_of(ana) > second
    assert stage.backend.hears(bo) == {user(ana)}


def test_whoever_does_not_reach_the_sfu_is_heard_directly_until_they_do(stage: Stage) -> None:
    ana, bo, cem = stage.enter("Ana", "Bo", "Cem")
    for _ in range(2):
        assert stage.backend.leg_of(ana)
        deliver(ana, 0, state=LegState.FAILED)
        stage.house.tick()
    assert session(ana) == 0
    assert routes(ana) == {}
    assert ana.all_heard(Quality)[-1] == Quality(0, 3, 3, 0, 0)
    assert routes(bo) == {number(bo, cem): Route.SFU}, "the others go on as before"
    assert stage.backend.hears(bo) == {user(cem)}
    both = {number(ana, bo): Route.BOTH, number(ana, cem): Route.BOTH}
    # Tried again without ending what works; in vain, and then not.
    stage.house.tick(2 * RATE)
    assert stage.backend.leg_of(ana) == session(ana) != 0
    assert routes(ana) == both
    deliver(ana, PathFlag.DIRECT, bo, cem, state=LegState.FAILED)
    stage.house.tick()
    assert (session(ana), routes(ana)) == (0, {})
    stage.house.tick(3 * RATE)
    assert routes(ana) == both
    for one, others in ((ana, (bo, cem)), (bo, (ana, cem)), (cem, (ana, bo))):
        deliver(one, PathFlag.DIRECT | PathFlag.SFU, *others)
    stage.house.tick()
    assert set(routes(ana).values()) == {Route.SFU}
    # Once connected, a single failure is no reason to go another way.
    deliver(ana, 0, state=LegState.FAILED)
    stage.house.tick()
    assert set(routes(ana).values()) == {Route.SFU}


def test_a_new_page_of_somebody_who_did_not_reach_the_sfu_tries_it_at_once(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    for _ in range(2):
        deliver(ana, 0, state=LegState.FAILED)
        stage.house.tick()
    assert routes(bo) == {}
    ana.connect()
    stage.house.tick()
    assert stage.backend.leg_of(ana)
    assert routes(bo) != {}


def test_make_before_break_over_the_whole_room() -> None:
    stage = Stage(DirectLimits(1, 1))
    ana, bo = stage.enter("Ana", "Bo")
    assert routes(ana) == {}
    assert stage.backend.leg_of(ana), "the next to come makes it too many"
    (cem,) = stage.enter("Cem")
    assert routes(ana)[number(ana, bo)] == Route.BOTH
    assert routes(ana)[number(ana, cem)] == Route.SFU
    assert stage.backend.hears(ana) == {user(bo), user(cem)}
    for one, other in ((ana, bo), (bo, ana)):
        deliver(one, PathFlag.DIRECT | PathFlag.SFU, other)
    stage.house.tick()
    assert routes(ana)[number(ana, bo)] == routes(bo)[number(bo, ana)] == Route.SFU


def test_a_leg_that_nobody_needs_is_kept_a_minute() -> None:
    stage = Stage(DirectLimits(1, 1))
    ana, bo = stage.enter("Ana", "Bo")
    assert stage.backend.leg_of(ana)
    stage.move(bo, (500, 340))
    stage.house.tick(RATE * int(LINGER_S - 5))
    assert stage.backend.leg_of(ana)
    stage.house.tick(RATE * 10)
    assert stage.backend.leg_of(ana) == 0
    assert session(ana) == 0


def test_without_the_sfu_everything_goes_directly_and_the_clients_are_told_why(stage: Stage) -> None:
    ana, bo = stage.enter("Ana", "Bo")
    stage.backend.switch(up=False)
    stage.house.tick()
    assert routes(ana) == {}
    assert session(ana) == 0
    assert ana.all_heard(Quality) == [Quality(0, 3, 3, 0, 0)]
    stage.backend.switch(up=True)
    stage.house.tick()
    assert routes(ana) == {number(ana, bo): Route.BOTH}
    assert stage.backend.hears(ana) == {user(bo)}


def test_clients_without_the_feature_hear_nothing_of_it_and_go_the_direct_way(stage: Stage) -> None:
    (ana,) = stage.enter("Ana")
    (old,) = stage.enter("Old", features=NO_SFU)
    assert number(old, ana) == number(ana, old)
    assert old.all_heard(Plan) == old.all_heard(Backend) == []
    assert routes(ana) == {}
    assert stage.backend.leg_of(ana) == stage.backend.leg_of(old) == 0
    old.say(View(6, b""))
    assert old.closed is not None
    assert old.closed[0] == CloseCode.MALFORMED


def test_nobody_is_woken_for_clients_that_do_not_know_the_sfu() -> None:
    stage = Stage()
    stage.enter("Old", features=NO_SFU)
    assert not stage.backend.woken
    stage.enter("Ana")
    assert stage.backend.woken


def test_whoever_is_nearer_counts_more(stage: Stage) -> None:
    people = stage.enter(*(f"P{n}" for n in range(9)))
    stage.move(people[8], (NEAR[0] + 100, NEAR[1]))
    stage.house.tick(3 * RATE)
    leg = stage.backend.legs[stage.backend.leg_of(people[0])]
    far, near = leg.hears[stage.backend.leg_of(people[8])], leg.hears[stage.backend.leg_of(people[1])]
    assert near > far > 0


def test_a_room_that_closes_leaves_no_leg_and_does_not_listen_any_more(stage: Stage) -> None:
    stage.enter("Ana", "Bo")
    stage.house.room.close(CloseCode.CLOSED, "closed", None)
    assert stage.backend.legs == {}
    stage.backend.switch(up=False)


@pytest.mark.parametrize("text", ["", "nonsense", "v=0\r\n" * 100])
def test_nonsense_in_a_description_is_the_backends_to_judge(stage: Stage, text: str) -> None:
    ana, _ = stage.enter("Ana", "Bo")
    leg = stage.backend.leg_of(ana)
    if text:
        ana.say(Describe(leg, 1, 0, text))
        assert stage.backend.legs[leg].described == [(1, 0, text)]
    assert ana.closed is None
