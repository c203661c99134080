"""A view knows exactly what the server knew at the tick, whatever the transport does to snapshots (section 5.5)."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.messages import Door, Doors, Interest, Limits, Motion, Radii, Snapshot, Welcome, decode_server, encode
from protocol.reference import Avatar, ReferenceWorld, checksum
from protocol.reference_room import ReferenceRoom
from protocol.rows import pack_courses, pack_ids, pack_rows
from protocol.view import ClientView

MOTION = Motion(1092, 1911, 2304, 1280)
CELL_PX = 64
COLS = ROWS = 6
SIDE = COLS * CELL_PX * 256
DOORS = {1: (23, 8, 1, 30), 2: (10, 24, 30, 1)}


def make_room(*, radius: int = 1, start: int = 500) -> ReferenceRoom:
    solid = [[False] * (COLS * 8) for _ in range(ROWS * 8)]
    return ReferenceRoom(ReferenceWorld(solid, MOTION, DOORS, {1, 2}, start, 3), Interest(CELL_PX, radius), COLS)


def make_view(*, reliable: bool, radius: int = 1) -> ClientView:
    """With a raster of its own: the reference world's, without avatars."""
    raster = make_room().world

    def advance(x: Any, y: Any, course: Any) -> None:
        for i in np.flatnonzero(course):
            avatar = Avatar(int(x[i]), int(y[i]), int(course[i]))
            raster.move(avatar)
            x[i], y[i] = avatar.x, avatar.y

    return ClientView(
        advance,
        COLS,
        ROWS,
        Interest(CELL_PX, radius),
        reliable=reliable,
        door_change=raster.set_door,
        open_doors={1, 2},
    )


def welcome(room: ReferenceRoom, continuity: int) -> Welcome:
    doors = Doors(room.world.world, pack_ids(sorted(room.world.open)))
    return Welcome(
        0,
        3,
        continuity,
        1,
        room.world.tick,
        30,
        0,
        bytes(32),
        "",
        MOTION,
        room.interest,
        Radii(1, 2),
        Limits(15, 15, 15, 500),
        doors,
    )


def known(view: ClientView) -> dict[int, Avatar]:
    state = view.now
    return {int(i): Avatar(int(state.x[i]), int(state.y[i]), int(state.course[i])) for i in state.ids()}


def place(chance: random.Random) -> Avatar:
    return Avatar(
        chance.randrange(3000, SIDE - 3000), chance.randrange(3000, SIDE - 3000), chance.choice((0, 0x12, 0x2B))
    )


@dataclass
class Server:
    """A server over the oracle: acknowledged baselines over datagrams, the last sent one on a reliable transport."""

    room: ReferenceRoom
    chance: random.Random
    reliable: bool
    homes: dict[int, int] = field(default_factory=dict)
    base: int = 0

    def tick(self) -> list[Door]:
        chance = self.chance
        people = self.room.world.avatars
        courses = {
            i: chance.choice((0x00, 0x10, 0x20, 0x30, 0x40)) | chance.randrange(16)
            for i in people
            if chance.random() < 0.1
        }
        places = {i: place(chance) for i in range(1, 90, 6) if chance.random() < (0.02 if i in people else 0.05)}
        if not people:
            places[1] = place(chance)
        leaves = tuple(i for i in people if i != 1 and i not in places and chance.random() < 0.01)
        for i in (*leaves, *places):
            courses.pop(i, None)
        doors = {i: i not in self.room.world.open for i in DOORS if chance.random() < 0.05}
        return self.room.step(courses=courses, places=places, leaves=leaves, doors=doors)

    def snapshot(self) -> Snapshot:
        tick, home = self.room.world.tick, self.room.home(1)
        usable = self.base in self.homes and tick - self.base <= 63
        snapshot = self.room.snapshot(home, (self.base, self.homes[self.base]) if usable else None)
        self.homes[tick] = home
        if self.reliable:
            self.base = tick
        return snapshot


def check(view: ClientView, server: Server) -> None:
    tick = view.newest_tick
    assert view.now.tick == tick
    assert known(view) == server.room.seen(tick, server.homes[tick])


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_over_a_transport_that_loses_repeats_and_reorders_every_state_applied_is_exact(seed: int) -> None:
    chance = random.Random(seed)
    server = Server(make_room(), chance, reliable=False)
    view = make_view(reliable=False)
    server.tick()
    view.welcome(welcome(server.room, 0))
    under_way: list[tuple[int, Snapshot | int]] = []  # due tick, a snapshot down or an acknowledgement up
    applied = 0
    for _ in range(120):
        for event in server.tick():
            view.door(event)  # the event lane is reliable
        tick = server.room.world.tick
        snapshot = server.snapshot()
        under_way += [(tick + chance.randrange(6), snapshot) for _ in range(chance.choice((0, 1, 1, 1, 2)))]
        arrived = [entry for entry in under_way if entry[0] <= tick]
        under_way = [entry for entry in under_way if entry[0] > tick]
        chance.shuffle(arrived)
        for _, message in arrived:
            if isinstance(message, int):
                server.base = message
            elif view.apply(message):
                applied += 1
                check(view, server)
        if chance.random() < 0.3:
            under_way.append((tick + chance.randrange(6), view.ack))
    assert applied > 30
    assert view.mismatches == 0


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_over_a_reliable_transport_with_skips_and_resumes_every_snapshot_is_applied_and_exact(seed: int) -> None:
    chance = random.Random(seed)
    server = Server(make_room(), chance, reliable=True)
    view = make_view(reliable=True)
    server.tick()
    view.welcome(welcome(server.room, 0))
    connected, acked, missed = True, 0, []
    for _ in range(150):
        events = server.tick()
        if not connected:
            missed += events
            if chance.random() < 0.2:
                connected = True
                lost = chance.random() < 0.3
                view.welcome(welcome(server.room, 2 if lost else 1))
                for event in [] if lost else missed:
                    view.door(event)
                missed = []
                acked = server.base = 0 if lost else acked
                assert view.world == server.room.world.world
            else:
                continue
        else:
            for event in events:
                view.door(event)
        if chance.random() < 0.3:
            continue
        assert view.apply(server.snapshot())
        check(view, server)
        if chance.random() < 0.3:
            acked = view.ack
        if chance.random() < 0.05:
            connected = False
            if chance.random() < 0.5:
                server.snapshot()  # on its way when the connection broke
    assert (view.losses, view.mismatches) == (0, 0)


# --- single rules ---------------------------------------------------------------------------------------------------


def delta(tick: int, **changes: Any) -> Snapshot:
    fields: dict[str, Any] = {
        "tick": tick, "age": 1, "input": None, "slack": None, "world": 0, "home": 0,
        "gone": b"", "courses": b"", "rows": b"", "check": None,
    }  # fmt: skip
    return Snapshot(**(fields | changes))


def complete(tick: int, *people: tuple[int, int, int, int]) -> Snapshot:
    """(id, course, x, y) each."""
    columns = np.array(people, np.int64).reshape(-1, 4).T
    return delta(tick, age=0, rows=pack_rows(*columns).tobytes())


Kernel = Callable[[Any, Any, Any], None]


def ten_to_the_right(x: Any, y: Any, course: Any) -> None:
    x[course == 0x10] += 10


def view_of(kernel: Kernel = ten_to_the_right, *, reliable: bool = True) -> ClientView:
    return ClientView(kernel, 4, 4, Interest(256, 0), reliable=reliable)


def test_a_view_starts_empty_and_acknowledges_nothing() -> None:
    view = view_of()
    assert (view.ack, known(view)) == (0, {})
    assert not view.apply(delta(5))
    assert view.ack == 0


def test_a_state_older_than_the_baseline_is_advanced_on_a_reliable_transport() -> None:
    view = view_of()
    view.apply(complete(100, (7, 0x10, 1000, 1000)))
    assert view.apply(delta(105))
    assert known(view) == {7: Avatar(1050, 1000, 0x10)}


def test_a_state_older_than_the_baseline_is_no_help_over_datagrams() -> None:
    view = view_of(reliable=False)
    view.apply(complete(100, (7, 0x10, 1000, 1000)))
    assert not view.apply(delta(105))
    assert (view.ack, view.losses) == (0, 1)
    assert not view.apply(delta(106, age=6)), "a client that asked for a complete snapshot waits for it"
    assert view.apply(complete(107))
    assert view.ack == 107


def test_an_idle_tick_costs_no_copy_and_no_kernel() -> None:
    def never(x: Any, y: Any, course: Any) -> None:
        pytest.fail("nobody moves")

    view = view_of(never)
    view.apply(complete(100, (7, 0x00, 1000, 1000), (8, 0x30, 2000, 1000)))
    before = view.now
    assert view.apply(delta(130, age=1))
    assert view.now.x is before.x
    assert view.now.tick == 130


def test_past_states_do_not_change() -> None:
    view = view_of(reliable=False)
    view.apply(complete(100, (7, 0x10, 1000, 1000)))
    for tick in range(101, 110):
        assert view.apply(
            delta(tick, age=tick - 100, courses=pack_courses(*np.array([[7], [0], [tick - 101]])).tobytes())
        )
        assert known(view) == {7: Avatar(1000, 1000, 0)}


def test_a_course_for_somebody_unknown_is_ignored() -> None:
    view = view_of()
    view.apply(complete(100, (7, 0, 1000, 1000)))
    changes = pack_courses(np.array([8, 7, 60_000]), np.array([0x10] * 3), np.array([3] * 3)).tobytes()
    assert view.apply(delta(110, age=10, courses=changes))
    assert known(view) == {7: Avatar(1040, 1000, 0x10)}


def test_whoever_walks_out_of_the_interest_set_is_forgotten() -> None:
    view = view_of()
    view.apply(complete(100, (2, 0x10, 65_530, 0), (3, 0x10, 65_520, 0)))
    view.apply(delta(101))
    assert known(view) == {3: Avatar(65_530, 0, 0x10)}


def test_whoever_is_gone_is_forgotten_and_may_come_again() -> None:
    view = view_of()
    view.apply(complete(100, (2, 0x10, 500, 0)))
    view.apply(delta(101, gone=pack_ids([2, 9, 65_535])))
    assert known(view) == {}
    view.apply(delta(102, rows=pack_rows(*np.array([[2], [0], [7], [8]])).tobytes()))
    assert known(view) == {2: Avatar(7, 8, 0)}


def test_the_home_cell_moves_the_interest_set() -> None:
    view = view_of()
    view.apply(complete(100, (2, 0, 65_000, 0)))
    far = pack_rows(*np.array([[3], [0], [66_000], [0]])).tobytes()
    view.apply(delta(101, home=1, rows=far))
    assert known(view) == {3: Avatar(66_000, 0, 0)}


def test_an_old_snapshot_is_ignored() -> None:
    view = view_of()
    view.apply(complete(100))
    assert not view.apply(complete(100))
    assert not view.apply(complete(99))
    assert view.ack == 100


def test_a_snapshot_of_a_world_not_known_yet_waits_for_its_door() -> None:
    view = view_of(reliable=False)
    view.apply(complete(100))
    assert not view.apply(delta(101, world=1))
    view.door(Door(101, 1, True, 0))
    assert view.apply(delta(102, age=2, world=1))


def test_another_checksum_asks_for_a_complete_snapshot() -> None:
    view = view_of()
    view.apply(complete(100, (7, 0x10, 1000, 1000)))
    assert view.apply(delta(101, check=checksum({7: Avatar(1010, 1000, 0x10)})))
    assert not view.apply(delta(102, check=1))
    assert (view.ack, view.mismatches) == (0, 1)
    assert known(view) == {7: Avatar(1010, 1000, 0x10)}, "what was drawn stays until there is something better"
    assert not view.apply(delta(103, age=2))
    assert view.apply(complete(104))


def test_the_highest_id_fits() -> None:
    view = view_of()
    view.apply(complete(100, (65_535, 0x10, 1, 2)))
    assert view.apply(
        delta(101, gone=pack_ids([65_534]), courses=pack_courses(*np.array([[65_535], [0], [0]])).tobytes())
    )
    assert known(view) == {65_535: Avatar(1, 2, 0)}


def test_a_snapshot_survives_the_wire() -> None:
    message = complete(100, (7, 0x10, 1000, 1000))
    assert decode_server(encode(message)) == message


def test_a_baseline_older_than_the_newest_state_moves_whoever_moved_then() -> None:
    view = view_of(reliable=False)
    view.apply(complete(100, (7, 0x10, 1000, 1000)))
    view.apply(delta(101, gone=pack_ids([7])))
    assert view.apply(delta(102, age=2))
    assert known(view) == {7: Avatar(1020, 1000, 0x10)}


def test_whoever_is_outside_at_an_advanced_baseline_is_forgotten_even_if_it_turns_back() -> None:
    def there_and_back(x: Any, y: Any, course: Any) -> None:
        x[course == 0x10] += 10
        x[course == 0x18] -= 10

    view = view_of(there_and_back)
    view.apply(complete(100, (2, 0x10, 65_530, 0)))
    assert view.apply(delta(102, courses=pack_courses(*np.array([[2], [0x18], [0]])).tobytes()))
    assert known(view) == {}
