"""Which datagrams belong to which connection: binding, refusing, ending."""

from __future__ import annotations

import pytest

from protocol.constants import DATAGRAM_BURST, Feature
from protocol.messages import ClientDatagram, Hello, Input, Lane, Probe, Probed, Welcome, decode_server_datagram, encode
from protocol.vectors.examples import SERVER
from server.config import load_settings
from server.gateway.carriers import Berth, Carriers
from server.ops.metrics import Metrics
from server.rooms.connection import Connection

WELCOME = next(message for _, message in SERVER if isinstance(message, Welcome))


class Wire:
    """A WebSocket of which nobody reads."""

    def write(self, *messages: bytes) -> None:
        pass

    def buffered(self) -> int:
        return 0

    def abort(self) -> None:
        pass


class Way:
    """A carrier that keeps what is sent."""

    kind = "webtransport"

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = 0

    def send(self, message: bytes) -> None:
        self.sent.append(message)

    def send_snapshot(self, message: bytes) -> None:
        self.sent.append(message)

    def close(self) -> None:
        self.closed += 1

    def answers(self) -> list[int]:
        return [each.number for data in self.sent if isinstance(each := decode_server_datagram(data), Probed)]


class Desk:
    """Carriers of a server, and visitors."""

    def __init__(self, most: int = 4) -> None:
        self.metrics = Metrics()
        self.carriers = Carriers(self.metrics, most)
        self.received: list[Input | Lane] = []

    def visitor(self) -> Berth:
        connection = Connection(Wire(), load_settings({}), 0.0, lambda *_: None)
        connection.receive(encode(Hello(0, int(Feature.DATAGRAMS), "t" * 20, None, 0, "")), 0.0)
        connection.wire.accept(WELCOME)
        return self.carriers.offer(connection, self.received.append)

    def bound(self) -> tuple[Berth, Way]:
        berth, way = self.visitor(), Way()
        self.say(way, Probe(1, berth.secret))
        return berth, way

    def say(self, way: Way, message: ClientDatagram, now: float = 0.0) -> None:
        self.carriers.received(way, encode(message), now)

    def discarded(self) -> float:
        return float(self.metrics.discarded.labels("datagram")._value.get())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_secret_binds_and_is_answered_each_time(desk: Desk) -> None:
    berth, way = desk.bound()
    desk.say(way, Probe(2, berth.secret))
    assert way.answers() == [1, 2]
    assert berth.carrier is way
    assert berth.connection.move_lane(datagrams=True)


def test_before_it_is_bound_a_carrier_is_not_listened_to(desk: Desk) -> None:
    way = Way()
    desk.say(way, Input(0, 1, 0, b"\x10\x00"))
    desk.carriers.received(way, b"\x93\x0a", 0.0)
    assert (desk.received, way.sent, desk.discarded()) == ([], [], 2)


def test_what_a_bound_carrier_says_is_its_connections(desk: Desk) -> None:
    (_, one), (_, other) = desk.bound(), desk.bound()
    said = Input(5, 1, 0, b"\x10\x00")
    desk.say(one, said)
    assert desk.received == [said]
    assert other.answers() == [1]


@pytest.mark.parametrize("data", [b"", b"\x93", b"\x95\x02", b"\xc1" * 10, b"\x93" * 1101, b"\x92\x09\x01"])
def test_malformed_datagrams_are_counted_and_end_nothing(desk: Desk, data: bytes) -> None:
    berth, way = desk.bound()
    desk.carriers.received(way, data, 0.0)
    assert (desk.discarded(), way.closed, berth.connection.live) == (1, 0, True)


def test_a_flood_is_discarded_and_ends_nothing(desk: Desk) -> None:
    berth, way = desk.bound()
    for number in range(DATAGRAM_BURST + 50):
        desk.say(way, Input(0, number, 0, b""))
    assert len(desk.received) == DATAGRAM_BURST
    assert berth.connection.live


@pytest.mark.parametrize("guess", [bytes(24), b"\xff" * 24])
def test_a_guess_closes_the_carrier(desk: Desk, guess: bytes) -> None:
    _, bound = desk.bound()
    stranger = Way()
    desk.say(stranger, Probe(1, guess))
    desk.say(bound, Probe(2, guess))
    assert (stranger.closed, bound.closed) == (1, 1)
    assert stranger.sent == []


def test_a_secret_that_is_bound_is_good_for_nobody_else(desk: Desk) -> None:
    berth, way = desk.bound()
    thief = Way()
    desk.say(thief, Probe(1, berth.secret))
    assert (thief.closed, way.closed, berth.carrier) == (1, 0, way)


def test_a_carrier_that_ends_takes_the_lane_back(desk: Desk) -> None:
    berth, way = desk.bound()
    desk.carriers.lost(way)
    assert desk.received == []
    berth, way = desk.bound()
    berth.connection.move_lane(datagrams=True)
    desk.carriers.lost(way)
    assert desk.received == [Lane(0)]
    assert not berth.connection.move_lane(datagrams=True)


def test_a_connection_that_ends_ends_its_carrier_and_its_secret(desk: Desk) -> None:
    berth, way = desk.bound()
    desk.carriers.withdraw(berth)
    late = Way()
    desk.say(late, Probe(1, berth.secret))
    assert (way.closed, late.closed, desk.carriers.on_datagrams) == (1, 1, 0)
    desk.carriers.lost(way)
    assert desk.received == []


def test_no_more_are_bound_than_may_and_half_of_them_without_need() -> None:
    desk = Desk(most=2)
    assert desk.carriers.eager
    desk.bound()
    assert not desk.carriers.eager
    desk.bound()
    _, late = desk.bound()
    assert (late.closed, desk.carriers.on_datagrams) == (1, 2)
