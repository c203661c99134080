"""Which way each link goes, in virtual time."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from protocol.constants import PathFlag, Route
from server.media.plan import BACK_S, LONGEST_RETRY_S, DirectLimits, PlannedLink, Planner

LIMITS = DirectLimits(video=4, sound=6)


class Room:
    """People who are all linked with each other, and clients that say what arrives."""

    def __init__(self, limits: DirectLimits = LIMITS, *, available: bool = True) -> None:
        self.now = 0.0
        self.planner = Planner(limits)
        self.planner.set_available(available, 0.0)
        self.links: dict[frozenset[int], PlannedLink] = {}
        self.changed: set[int] = set()
        self._number = 0

    def link(self, one: int, other: int, *, able: bool = True) -> None:
        self._number += 1
        ends = sorted((one, other))
        self.links[frozenset(ends)] = PlannedLink(self._number, ends[0], ends[1], able)
        self._say(one, other)

    def unlink(self, one: int, other: int) -> None:
        del self.links[frozenset((one, other))]
        self._say(one, other)

    def crowd(self, people: int, *, able: bool = True) -> None:
        """Everybody is linked with everybody, who is not yet."""
        for pair in combinations(range(1, people + 1), 2):
            if frozenset(pair) not in self.links:
                self.link(*pair, able=able)

    def of(self, avatar: int) -> list[PlannedLink]:
        return [link for ends, link in self.links.items() if avatar in ends]

    def route(self, one: int, other: int) -> Route:
        return self.planner.route(self.links[frozenset((one, other))].number)

    def routes(self) -> set[Route]:
        return {self.planner.route(link.number) for link in self.links.values()}

    def deliver(self, avatar: int, bits: int) -> None:
        """The client says that this arrives of everybody."""
        paths = {link.number: bits for link in self.of(avatar)}
        self.changed = self.planner.deliver(avatar, paths, self.now)

    def everybody_delivers(self, bits: int) -> None:
        for avatar in {end for ends in self.links for end in ends}:
            self.deliver(avatar, bits)

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += 0.5
            self.planner.handle_timer(self.now)

    def _say(self, one: int, other: int) -> None:
        self.changed = self.planner.set_links(one, self.of(one), self.now)
        self.changed |= self.planner.set_links(other, self.of(other), self.now)


def test_up_to_six_others_who_only_talk_go_the_direct_way() -> None:
    room = Room()
    room.crowd(7)
    assert room.routes() == {Route.DIRECT}


def test_above_that_both_ways_are_made_and_the_old_one_is_kept() -> None:
    room = Room()
    room.crowd(7)
    room.link(1, 8)
    assert room.route(1, 2) is Route.BOTH, "what was there goes on"
    assert room.route(1, 8) is Route.SFU, "what is new has no old way to keep"
    assert room.route(2, 3) is Route.DIRECT, "2 has six links, and one of them is 1's"


def test_the_old_way_is_taken_away_when_both_ends_say_that_the_new_one_delivers() -> None:
    room = Room()
    room.crowd(7)
    room.link(1, 8)
    room.deliver(1, PathFlag.DIRECT | PathFlag.SFU)
    assert room.route(1, 2) is Route.BOTH, "one end is not enough"
    room.deliver(2, PathFlag.DIRECT | PathFlag.SFU)
    assert room.route(1, 2) is Route.SFU
    assert room.changed >= {1, 2}


def test_a_picture_lowers_the_limit_to_four() -> None:
    room = Room()
    room.crowd(6)
    assert room.routes() == {Route.DIRECT}
    assert room.planner.show_picture(3, True, 0.0) == {1, 2, 3, 4, 5, 6}
    assert room.routes() == {Route.BOTH}


def test_back_only_after_ten_seconds_with_one_link_less_than_the_limit() -> None:
    room = Room()
    room.crowd(8)
    room.everybody_delivers(PathFlag.SFU)
    assert room.routes() == {Route.SFU}
    room.unlink(1, 8)
    room.wait(2 * BACK_S)
    assert room.route(1, 2) is Route.SFU, "six links are the limit itself"
    for other in range(2, 8):
        room.unlink(other, 8)
    for pair in ((1, 7), (2, 7), (3, 7), (4, 7), (5, 7), (6, 7)):
        room.unlink(*pair)
    room.wait(BACK_S - 1)
    assert room.routes() == {Route.SFU}
    room.wait(2)
    assert room.routes() == {Route.BOTH}, "made before the other is taken away"
    room.everybody_delivers(PathFlag.SFU | PathFlag.DIRECT)
    assert room.routes() == {Route.DIRECT}


def test_someone_who_walks_to_and_fro_at_the_limit_changes_nothing() -> None:
    room = Room()
    room.crowd(8)
    room.everybody_delivers(PathFlag.SFU)
    for _ in range(20):
        for other in range(1, 8):
            room.unlink(other, 8)
        room.wait(3)
        room.crowd(8)
        room.wait(3)
        assert room.route(1, 2) is Route.SFU


def test_a_client_that_does_not_know_the_sfu_stays_on_the_direct_way() -> None:
    room = Room()
    room.crowd(9, able=False)
    assert room.routes() == {Route.DIRECT}
    assert not room.planner.needs_leg(1)


def test_without_an_sfu_everything_goes_the_direct_way_and_comes_back_with_care() -> None:
    room = Room()
    room.crowd(9)
    room.everybody_delivers(PathFlag.SFU)
    assert room.routes() == {Route.SFU}
    assert room.planner.set_available(False, 1.0) == set(range(1, 10))
    assert room.routes() == {Route.DIRECT}
    room.planner.set_available(True, 2.0)
    assert room.routes() == {Route.BOTH}


def test_a_direct_way_that_was_given_up_goes_through_the_sfu_although_few_are_there() -> None:
    room = Room()
    room.link(1, 2)
    room.deliver(1, PathFlag.GIVEN_UP)
    assert room.route(1, 2) is Route.BOTH
    room.everybody_delivers(PathFlag.SFU)
    assert room.route(1, 2) is Route.SFU


def test_a_direct_way_that_was_given_up_is_tried_again_after_a_while_that_grows() -> None:
    room = Room()
    room.link(1, 2)
    now_and_then: list[float] = []
    for _ in range(7):
        room.deliver(1, PathFlag.GIVEN_UP)
        room.everybody_delivers(PathFlag.SFU)
        assert room.route(1, 2) is Route.SFU
        waited = 0.0
        while room.route(1, 2) is Route.SFU:
            room.wait(10)
            waited += 10
        assert room.route(1, 2) is Route.BOTH, "sound goes on through the SFU"
        now_and_then.append(waited)
    assert now_and_then == [60, 120, 240, 480, 960, 960, 960]
    room.everybody_delivers(PathFlag.SFU | PathFlag.DIRECT)
    assert room.route(1, 2) is Route.DIRECT
    assert not room.planner.needs_leg(1)
    room.wait(2 * LONGEST_RETRY_S)
    assert room.route(1, 2) is Route.DIRECT


def test_two_people_alone_never_go_through_the_sfu_unless_they_gave_up() -> None:
    room = Room()
    room.link(1, 2)
    for bits in range(4):
        room.everybody_delivers(bits)
        room.wait(BACK_S)
        assert room.route(1, 2) is Route.DIRECT
        assert not room.planner.needs_leg(1)


def test_nought_sends_everything_through_the_sfu() -> None:
    room = Room(DirectLimits(0, 0))
    room.link(1, 2)
    assert room.route(1, 2) is Route.SFU


def test_a_leg_is_there_before_it_is_needed() -> None:
    room = Room()
    room.crowd(6)
    assert not room.planner.needs_leg(1)
    room.crowd(7)
    assert room.planner.needs_leg(1), "the next to come makes it too many"
    room.unlink(1, 2)
    room.wait(1)
    assert not room.planner.needs_leg(1)


def test_a_report_about_somebody_elses_link_means_nothing() -> None:
    room = Room()
    room.crowd(7)
    room.link(1, 8)
    link = room.links[frozenset((1, 2))].number
    room.planner.deliver(5, {link: PathFlag.SFU}, 0.0)
    room.planner.deliver(99, {link: PathFlag.SFU}, 0.0)
    room.deliver(1, PathFlag.SFU)
    assert room.route(1, 2) is Route.BOTH


def test_what_was_said_before_a_way_was_taken_away_does_not_hold_for_the_next_time() -> None:
    room = Room()
    room.crowd(7)
    room.link(1, 8)
    room.everybody_delivers(PathFlag.SFU | PathFlag.DIRECT)
    assert room.route(1, 2) is Route.SFU
    for other in (8, 7, 6, 5):
        room.unlink(1, other)
    room.wait(BACK_S + 1)
    assert room.route(1, 2) is Route.BOTH


def test_somebody_who_is_gone_leaves_nothing_behind() -> None:
    room = Room()
    room.crowd(8)
    room.links = {ends: link for ends, link in room.links.items() if 8 not in ends}
    assert room.planner.forget(8, 0.0) == set(range(1, 8))
    assert room.planner.routes_of(8) == {}
    assert room.planner.partners(8) == []


STEPS = st.one_of(
    st.tuples(st.just("toggle"), st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.just("deliver"), st.integers(1, 9), st.integers(0, 7)),
    st.tuples(st.just("picture"), st.integers(1, 9), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.integers(0, 15), st.just(0)),
    st.tuples(st.just("available"), st.integers(0, 1), st.just(0)),
)


@given(st.lists(STEPS, max_size=80))
def test_whatever_happens_no_way_is_taken_away_before_the_other_delivers(steps: list[tuple[str, int, int]]) -> None:
    room = Room(DirectLimits(1, 2))
    said: dict[int, dict[int, int]] = {}
    for what, a, b in steps:
        before = {link.number: room.planner.route(link.number) for link in room.links.values()}
        was_available = room.planner.available
        if what == "toggle" and a != b:
            (room.unlink if frozenset((a, b)) in room.links else room.link)(a, b)
        elif what == "deliver":
            said[a] = {link.number: b for link in room.of(a)}
            room.deliver(a, b)
        elif what == "picture":
            room.planner.show_picture(a, bool(b), room.now)
        elif what == "wait":
            room.wait(a)
        elif what == "available":
            room.planner.set_available(bool(a), room.now)
        for link in room.links.values():
            after = room.planner.route(link.number)
            was = before.get(link.number)
            if not room.planner.available:
                assert after is Route.DIRECT
            elif was is not None and was_available and after is not was:
                assert Route.BOTH in (was, after), "never from one way to the other in one step"
                if after is not Route.BOTH:
                    bit = PathFlag.SFU if after is Route.SFU else PathFlag.DIRECT
                    assert all(said[end][link.number] & bit for end in (link.one, link.other))
        for avatar in range(1, 10):
            named = room.planner.routes_of(avatar)
            assert set(named) == {n.number for n in room.of(avatar) if room.planner.route(n.number) is not Route.DIRECT}
