"""A real room whose clients are behind gateways: everything that a client notices is as without them."""

from __future__ import annotations

import numpy as np
import pytest

from protocol.constants import WALKER_FEATURES, CloseCode, Continuity
from protocol.messages import Error, Goodbye, Input, Left, Ping, Pong, Snapshot, Welcome, decode_server, encode
from server.fanout.messages import Close, FanoutError, Heard, Opened, Tick
from tests.server.fanout.ends import BOUNDS, QUEUE_BYTES, Site, Walker
from tests.server.rooms.people import House

EAST, STAND = 16, 0


class Hall(House):
    """A room with two gateways."""

    def __init__(self, **settings: object) -> None:
        super().__init__(capacity=40, **settings)
        self.sites = [Site(self, "one"), Site(self, "two")]
        self.walkers: list[Walker] = []

    def walker(self, name: str, at: tuple[int, int] | None = None) -> Walker:
        """Somebody new behind the gateway with fewer."""
        site = self.sites[len(self.walkers) % 2]
        walker = Walker(site, name, WALKER_FEATURES)
        walker.come(at=at)
        self.walkers.append(walker)
        return walker

    def tick(self, count: int = 1) -> None:
        for _ in range(count):
            super().tick()
            for site in self.sites:
                site.pump()
            for walker in self.walkers:
                if walker.guest.code is None and walker.socket.reads and not walker.site.is_lost:
                    walker.say(Input(walker.newest_tick(), walker.seq, 0, b""))


def test_what_each_client_hears_is_the_same_with_and_without_gateways(seed: int) -> None:
    random = np.random.default_rng(seed)
    direct, hall = House(capacity=40), Hall()
    names = [f"Person {number}" for number in range(12)]
    places = [(int(x), int(y)) for x, y in random.integers(20, 300, (12, 2))]
    for name, place in zip(names, places, strict=True):
        direct.person(name, place=place)
        hall.walker(name, place)
    for _ in range(80):
        for number in np.flatnonzero(random.random(12) < 0.15).tolist():
            course = int(random.integers(0, 48))
            direct.people[number].walk(course)
            hall.walkers[number].walk(course)
        direct.tick()
        hall.tick()
    for person, walker in zip(direct.people, hall.walkers, strict=True):
        ours, theirs = (
            [message for message in messages if not isinstance(decode_server(message), Welcome)]
            for messages in (person.wire.messages, walker.socket.messages())
        )
        assert theirs == ours  # WELCOME has a random token
        assert len(theirs) > 20
    assert hall.metrics.snapshot_bytes.value == direct.metrics.snapshot_bytes.value
    assert hall.metrics.course_rows.value == direct.metrics.course_rows.value


def test_one_room_has_clients_of_its_own_and_clients_behind_gateways() -> None:
    hall = Hall()
    own, far = hall.person("Own", place=(100, 100)), hall.walker("Far", (130, 100))
    hall.tick(3)
    far.walk(EAST)
    hall.tick(3)
    last = own.all_heard(Snapshot)[-1]
    assert last.tick >= hall.room.world.tick - 2  # type: ignore[attr-defined]
    assert far.welcome.avatar in {session.avatar for session in hall.room.sessions.values()}
    x = hall.room.world.x[far.welcome.avatar]
    hall.tick(2)
    assert hall.room.world.x[far.welcome.avatar] > x


def test_somebody_comes_back_through_another_gateway_and_hears_what_was_missed() -> None:
    hall = Hall()
    stays, goes = hall.walker("Stays", (100, 100)), hall.walker("Goes", (120, 100))
    hall.tick(3)
    token = goes.welcome.resume
    goes.lose_connection()
    hall.tick(3)
    hall.walkers.remove(goes)
    goes.site = stays.site
    goes.come(resume=token)
    assert goes.welcome.continuity in (Continuity.RESUMED, Continuity.EVENTS_LOST)
    hall.walkers.append(goes)
    hall.tick(3)
    assert goes.all_heard(Snapshot)
    assert not stays.all_heard(Left)


def test_a_client_that_does_not_read_is_skipped_alone_and_catches_up() -> None:
    hall = Hall(write_buffer_high=4096)
    slow, quick = hall.walker("Slow", (100, 100)), hall.walker("Quick", (120, 100))
    hall.tick(2)
    slow.socket.reads, slow.socket.kept = False, BOUNDS.high + 1
    quick.walk(EAST)
    hall.tick(2)
    heard = len(slow.all_heard(Snapshot))
    for turn in range(6):
        quick.walk(EAST + turn)
        hall.tick(2)
    assert len(slow.all_heard(Snapshot)) == heard
    assert quick.newest_tick() >= hall.room.world.tick - 1
    slow.socket.reads = True
    hall.tick(3)
    assert slow.newest_tick() >= hall.room.world.tick - 2


def test_a_client_for_which_too_much_waits_is_dropped_by_its_gateway() -> None:
    hall = Hall()
    slow = hall.walker("Slow")
    slow.socket.reads, slow.socket.kept = False, BOUNDS.most
    hall.tick(3)
    assert slow.socket.ended == (1006, "")


def test_a_gateway_that_takes_nothing_is_skipped_then_given_up_and_its_people_are_away() -> None:
    hall = Hall(stall_s=2)
    stuck, lively = hall.walker("Stuck", (100, 100)), hall.walker("Lively", (120, 100))
    hall.tick(3)
    site, now = hall.sites[0], 0.0
    behind = hall.room.delivery.fanout._behind
    assert behind is not None
    behind._clock = lambda: now
    site.stalled = True
    for number in range(QUEUE_BYTES // 200):
        hall.room.broadcast(encode(Error(number, "busy", "x" * 200)))
    hall.tick(2)
    assert site.gate.is_full()
    heard, skipped = site.gate.unsent(), site.skipped
    hall.tick(5)
    assert site.skipped == skipped + 5
    assert site.gate.unsent() == heard
    assert heard < 2 * QUEUE_BYTES
    now = 2.5
    hall.tick()
    assert site.is_lost
    assert stuck.socket.ended == (1006, "")
    assert stuck.guest.session is not None
    assert stuck.guest.session.away_since is not None
    assert lively.newest_tick() >= hall.room.world.tick - 1


def test_what_is_said_in_one_turn_fills_a_gateways_queue_before_its_line_has_it() -> None:
    hall = Hall()
    walker = hall.walker("Person")
    hall.tick(2)
    assert walker.guest.session is not None
    for number in range(2 * QUEUE_BYTES // 200):
        walker.guest.session.tell(Error(number, "busy", "x" * 200))
        walker.guest.session.flush()
    assert walker.site.gate.is_full()
    batch = sum(map(len, walker.site.gate.messages_to_send()[0].messages))  # type: ignore[union-attr]
    assert QUEUE_BYTES - 4096 < batch < QUEUE_BYTES + 4096
    assert walker.guest.connection.outbox.waiting_bytes > 0


def test_what_everybody_is_told_travels_once_to_each_gateway() -> None:
    hall = Hall()
    for number in range(20):
        hall.walker(f"Person {number}")
    hall.tick(3)
    before = [site.carried for site in hall.sites]
    hall.room.broadcast(b"y" * 3000)
    hall.room.tick(hall.now)
    for site in hall.sites:
        site.pump()
    for site, carried in zip(hall.sites, before, strict=True):
        assert 3000 < site.carried - carried < 4500
    assert all(b"y" * 3000 in walker.socket.messages() for walker in hall.walkers)


def test_a_client_gets_one_write_a_tick_events_before_the_snapshot() -> None:
    hall = Hall()
    walker = hall.walker("Person")
    hall.tick(3)
    before, seen = walker.socket.writes, len(walker.socket.messages())
    hall.walker("Newcomer", (120, 100))
    hall.tick()
    kinds = [type(decode_server(message)).__name__ for message in walker.socket.messages()[seen:]]
    assert kinds[-1] == "Snapshot"
    assert len(kinds) > 1
    assert walker.socket.writes == before + 1


def test_a_room_that_closes_says_goodbye_through_its_gateways() -> None:
    hall = Hall()
    walker = hall.walker("Person")
    hall.tick(2)
    hall.room.close(CloseCode.RESTART, "The server restarts.", 1000)
    for site in hall.sites:
        site.pump()
    assert walker.all_heard(Goodbye)[-1].code == CloseCode.RESTART
    assert walker.socket.ended == (CloseCode.RESTART, "The server restarts.")
    walker.site.lose()
    assert walker.socket.ended[0] == CloseCode.RESTART  # what it was told is not taken back


def test_what_only_a_websocket_has_reaches_the_rules_of_the_connection() -> None:
    hall = Hall()
    walker = hall.walker("Person")
    walker.say(Ping(7, 0))
    hall.tick()
    assert [pong.token for pong in walker.all_heard(Pong)] == [7]
    walker.site.gateway.hear_control(walker.number, 1, b"ping")
    walker.site.pump()
    assert walker.socket.pongs == [b"ping"]
    walker.site.gateway.hear_control(walker.number, 0, b"text")
    walker.site.pump()
    assert walker.socket.ended is not None
    assert walker.socket.ended[0] == CloseCode.MALFORMED


def test_while_the_owner_does_not_read_clients_are_not_read() -> None:
    hall = Hall()
    walker = hall.walker("Person")
    gateway = walker.site.gateway
    gateway.crowded(True)
    assert not walker.socket.is_read
    late = Walker(walker.site, "Late", WALKER_FEATURES)
    late.number = gateway.open(late.socket, hall.room.id, None)
    assert not late.socket.is_read
    gateway.crowded(False)
    assert walker.socket.is_read
    assert late.socket.is_read


def test_an_owner_that_is_gone_ends_the_connections_of_its_clients_only() -> None:
    hall = Hall()
    walkers = [hall.walker(f"Person {number}") for number in range(4)]
    hall.tick(2)
    hall.sites[1].lose()
    assert [walker.socket.ended is not None for walker in walkers] == [False, True, False, True]
    walkers[0].walk(EAST)
    hall.tick(2)
    assert walkers[2].newest_tick() >= hall.room.world.tick - 1


@pytest.mark.parametrize("said", [Heard([1], []), Opened(1, b"short", None)])
def test_an_owner_refuses_what_does_not_fit(said: object) -> None:
    with pytest.raises(FanoutError):
        Hall().sites[0].gate.receive([said])  # type: ignore[list-item]


def test_a_gateway_refuses_a_tick_of_a_room_that_it_was_not_told_of_and_ignores_who_is_gone() -> None:
    gateway = Hall().sites[0].gateway
    gateway.receive([Close(99, 4000, "")])
    with pytest.raises(FanoutError):
        gateway.receive([Tick(9, b"", b"", b"", b"", b"", b"")])
