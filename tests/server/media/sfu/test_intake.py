"""What is taken in one go is handed on as it is one datagram at a time, byte for byte, whatever comes in."""

from __future__ import annotations

import contextlib
import random
import secrets
import socket
import struct
from collections import defaultdict
from collections.abc import Iterator

import pytest
from aioice import stun
from pylibsrtp import Error as SrtpError
from pylibsrtp import Policy, Session

from protocol.constants import Source
from server.media.sfu import rtcp
from server.media.sfu.arrivals import Talker
from server.media.sfu.control import Close, Hear, Notice, Offered, Open, Order, Publish
from server.media.sfu.copies import Copies, compiled_copies
from server.media.sfu.dtls import Keys, _policy
from server.media.sfu.forwarder import Forwarder
from server.media.sfu.ice_lite import Address
from server.media.sfu.intake import BATCH, DATAGRAM_BYTES, Intake, compiled_intake
from server.media.sfu.leg import BEGIN_BURST, BEGINS_S, MEDIA_BURST, MEDIA_S
from server.media.sfu.sdp import PAYLOAD_TYPES
from server.media.sfu.srtp import MAX_BYTES, MOST_SSRCS, Inbound, Outbound

PEOPLE, LATE = 6, 7
COUNTED = ("received", "cycles", "jitter", "last_packet", "energy", "spoke", "on", "newest", "first", "highest")
GCM = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
Datagram = tuple[bytes, Address]


def client_key(leg: int) -> bytes:
    return bytes([leg]) * 28


def home(leg: int) -> Address:
    return ("2001:db8::9", 41_000 + leg) if leg % 3 == 0 else ("192.0.2.1", 40_000 + leg)


class Side:
    """An SFU with people who have keys; told the same, one is as another. `late`: `LATE` is there, without keys."""

    def __init__(self, rng: random.Random, *, at_once: bool, people: int = PEOPLE, late: bool = False) -> None:
        self.sent: dict[Address, list[bytes]] = defaultdict(list)
        self.notices: list[Notice] = []
        copies = compiled_copies(self._copied) if at_once else None
        self.intake = compiled_intake(copies)
        if at_once and self.intake is None:
            pytest.skip("no compiled form here")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(secrets, "randbits", rng.getrandbits)
            self.sfu = Forwarder(
                self._send, self._tell, (("192.0.2.9", 7),), 1000.0, 1.7e9, copies=copies, intake=self.intake
            )
            for leg in range(1, people + 1):
                self.open(leg)
            if late:
                self.say(Open(LATE), 1000.0)
                self.say(Hear(LATE, tuple((other, 200) for other in range(1, people + 1))), 1000.0)
            for leg in range(1, people + 1):
                self.say(Hear(leg, tuple((other, 200) for other in range(1, people + 1))), 1000.0)

    def open(self, leg: int) -> None:
        self.say(Open(leg), 1000.0)
        self.come_up(leg)

    def come_up(self, leg: int) -> None:
        self.check(leg, home(leg), 1000.0)
        inbound = Inbound(_policy(client_key(leg), Policy.SSRC_ANY_INBOUND, GCM))
        outbound = Outbound(_policy(client_key(leg + 100), Policy.SSRC_ANY_OUTBOUND, GCM))
        self.sfu._legs[leg].use(Keys(inbound, outbound, GCM, client_key(leg + 100)))
        self.say(Publish(leg, 7), 1000.0)

    def check(self, leg: int, address: Address, now: float) -> None:
        credentials = self.sfu._legs[leg].credentials
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes |= {"USERNAME": f"{credentials.fragment}:abcd", "USE-CANDIDATE": None}
        message.add_message_integrity(credentials.password.encode())
        self.hear([(bytes(message), address)], now)

    def say(self, order: Order, now: float) -> None:
        self.sfu.receive_order(order, now)

    def hear(self, datagrams: list[Datagram], now: float) -> None:
        if self.intake is not None:
            self.intake.put(*datagrams)
            self.sfu.receive_all(self.intake, now)
            return
        for data, address in datagrams:
            self.sfu.receive_datagram(data[:DATAGRAM_BYTES], address, now)

    def take(self) -> tuple[dict[Address, list[bytes]], list[Notice]]:
        found = dict(self.sent), list(self.notices)
        self.sent.clear()
        self.notices.clear()
        return found

    def counted(self) -> list[tuple[object, ...]]:
        """What is known of each stream."""
        return [
            (stream.key, *(getattr(stream.arrivals, name) for name in COUNTED if stream.arrivals.received))
            for leg in self.sfu._legs.values()
            for stream in leg.streams.values()
        ]

    def _send(self, data: bytes, address: Address) -> None:
        if data[0] > 3:
            self.sent[address].append(data)

    def _tell(self, notice: Notice) -> None:
        if not isinstance(notice, Offered):
            self.notices.append(notice)

    def _copied(self, copies: Copies) -> None:
        for data, address in copies.take():
            self._send(data, address)


class Person:
    """Sends what is nearly always sensible."""

    def __init__(self, leg: int, rng: random.Random) -> None:
        self.leg, self.rng = leg, rng
        self.address = home(leg)
        policy = _policy(client_key(leg), Policy.SSRC_ANY_OUTBOUND, GCM)
        self.session = Session(policy)
        self.ssrcs = {source: 1000 * leg + source for source in Source}
        self.numbers = {source: rng.choice((1, 65_500)) for source in Source}

    def packet(self, source: Source) -> bytes:
        rng = self.rng
        if rng.random() < 0.003:
            self.ssrcs[source] = rng.getrandbits(32)
        self.numbers[source] += rng.choice((1,) * 30 + (2, 3, 150, 4000))
        number = self.numbers[source] - rng.choice((0,) * 40 + (1, 2, 60, 700))
        is_sound = source in (Source.MICROPHONE, Source.SCREEN_SOUND)
        first, csrcs, extension = 0x80, b"", b""
        if rng.random() < 0.05:
            csrcs = rng.randbytes(4 * rng.randrange(4))
            first |= len(csrcs) // 4
        if is_sound and rng.random() < 0.6:
            extension = struct.pack(">HHBBxx", 0xBEDE, 1, 0x10, rng.getrandbits(8))
        elif rng.random() < 0.4:
            extension = self._odd_extension()
        if extension:
            first |= 0x10
        payload = rng.randbytes(rng.choice((1, 60, 90))) if is_sound else self._picture(number)
        if rng.random() < 0.03:
            payload += bytes(rng.randrange(4)) + bytes([rng.randrange(8)])
            first |= 0x20
        payload_type = PAYLOAD_TYPES[source] if rng.random() < 0.99 else rng.randrange(64)
        head = struct.pack(
            ">BBHII",
            first,
            payload_type | rng.getrandbits(1) << 7,
            number & 0xFFFF,
            number * 960 + rng.randrange(50) & 0xFFFF_FFFF,
            self.ssrcs[source],
        )
        return head + csrcs + extension + payload

    def _picture(self, number: int) -> bytes:
        rng = self.rng
        key = rng.random() < 0.04
        rest = bytes([0 if key else 1]) + rng.randbytes(rng.choice((0, 1, 300, 1050)))
        kind = rng.randrange(8)
        if kind == 0:
            return b"\x10" + rest
        if kind == 1:
            return bytes([0x90, 0x80, number & 0x7F]) + rest
        if kind == 2 and not key:
            return rng.randbytes(rng.randrange(6))
        wide = bytes([0x80 | number >> 8 & 0x7F, number & 0xFF])
        if kind == 3:
            return b"\x00\x01" + rest
        return b"\x90\xe0" + wide + bytes([number & 0xFF, 0x20]) + rest

    def _odd_extension(self) -> bytes:
        """Of one byte, of two, of neither kind, and what is none."""
        profile = self.rng.choice((0xBEDE, 0x1000, 0x1003, 0x1234))
        body = bytearray(self.rng.randbytes(4 * self.rng.randrange(4)))
        for at in range(0, len(body) - 2, 3):
            body[at] = self.rng.choice((0, 1, 0x10, 0x12, 0xF0, body[at]))
            body[at + 1] = self.rng.choice((0, 1, 2, body[at + 1]))
        words = len(body) // 4 + self.rng.choice((0,) * 20 + (1, 400))
        return struct.pack(">HH", profile, words) + body

    def datagram(self) -> Datagram:
        rng, chance = self.rng, self.rng.random()
        if chance < 0.02:
            return rng.randbytes(rng.choice((0, 1, 11, 12, 40))), self.address
        if chance < 0.03:
            return bytes([0x80, 0x60]) + rng.randbytes(rng.choice((20, 1499, 1500, 3000))), self.address
        if chance < 0.07:
            report = rtcp.pack_receiver_report(7, []) + rtcp.pack_nack(7, rng.getrandbits(32), [rng.getrandbits(16)])
            return self.session.protect_rtcp(report), self.address
        source = rng.choice((Source.MICROPHONE, Source.MICROPHONE, Source.CAMERA, Source.CAMERA, *Source))
        try:
            sealed = self.session.protect(self.packet(source))
        except SrtpError:  # an extension that is none, which the library does not take in either
            return b"\x90\x60" + rng.randbytes(50), self.address
        if chance < 0.08:
            return sealed, ("198.51.100.77", 9)
        if chance < 0.1:
            sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        return sealed, self.address


def nack(side: Side, person: Person, rng: random.Random) -> list[Datagram]:
    """Somebody asks for the last packets of a picture again."""
    slots = [
        slot for slot in side.sfu._legs[person.leg].slots.values() if not slot.is_sound and slot.stream is not None
    ]
    if not slots:
        return []
    slot = rng.choice(slots)
    numbers = sorted({(slot.rewriter.row.last_sequence - back) & 0xFFFF for back in range(0, 40, 3)})
    return [(person.session.protect_rtcp(rtcp.pack_nack(7, slot.ssrc, numbers)), person.address)]


def test_taken_at_once_or_one_by_one_the_same_goes_out_whatever_comes_in(seed: int) -> None:
    rng = random.Random(seed)
    first = rng.getrandbits(32)
    one_by_one, at_once = (Side(random.Random(first), at_once=at_once, late=True) for at_once in (False, True))
    sides = (one_by_one, at_once)
    people = [Person(leg, rng) for leg in range(1, PEOPLE + 1)]
    now, copies, by_itself = 1000.0, 0, 0
    for step in range(1500):
        now += rng.choice((0.001, 0.004, 0.01)) if rng.random() < 0.995 else 1.6
        person = rng.choice(people)
        order: Order | None = None
        chance = rng.random()
        if chance < 0.01:
            order = Publish(person.leg, rng.choice((7, 7, 1, 3, 6)))
        elif chance < 0.02:
            order = Hear(person.leg, tuple((leg, 200) for leg in range(1, PEOPLE + 1) if rng.random() < 0.8))
        for side in sides:
            if order is not None:
                side.say(order, now)
            if step % 5 == 0:
                side.sfu.handle_timer(now)
            if step == 700:
                side.come_up(LATE)
        if chance > 0.99:
            person.address = (person.address[0], person.address[1] + 1000)
        if chance > 0.99 or step % 400 == 0:
            for moved in people:
                for side in sides:
                    side.check(moved.leg, moved.address, now)
        datagrams = [rng.choice(people).datagram() for _ in range(rng.choice((1, 1, 2, 5, BATCH)))]
        if 0.5 < chance < 0.55:
            datagrams += nack(one_by_one, person, rng)
        for side in sides:
            side.hear(datagrams[:BATCH], now)
        expected, found = (side.take() for side in sides)
        assert expected == found, f"step {step}"
        copies += sum(map(len, found[0].values()))
        if step % 100 == 99:
            assert at_once.intake is not None
            by_itself += at_once.intake._intake.forwarded
            figures = [side.sfu.figures(now, busy=0.0, unsent=0, sent_bytes=0) for side in sides]
            assert figures[0] == figures[1]
            assert one_by_one.counted() == at_once.counted()
    assert copies > 20_000
    assert by_itself > 10_000


def test_one_who_does_not_come_up_makes_no_work_of_what_goes_to_others(seed: int) -> None:
    rng = random.Random(seed)
    side = Side(random.Random(seed), at_once=True, late=True)
    assert side.intake is not None
    speaker = Person(1, rng)

    def speak(number: int) -> tuple[int, int]:
        packet = struct.pack(">BBHII", 0x80, 111, number, number * 960, 5) + b"sound"
        side.hear([(speaker.session.protect(packet), home(1))], 1000.0)
        return sum(map(len, side.take()[0].values())), side.intake.counts().forwarded if side.intake else 0

    assert speak(1) == (PEOPLE - 1, 0), "how it begins is not ordinary"
    assert speak(2) == (PEOPLE - 1, PEOPLE)
    side.come_up(LATE)
    side.take()
    assert speak(3) == (PEOPLE, 0), "nor how it begins for one more"
    assert speak(4) == (PEOPLE, PEOPLE)


def test_who_closed_or_moved_away_is_not_taken_for_who_was_there(seed: int) -> None:
    rng = random.Random(seed)
    side = Side(random.Random(seed), at_once=True)
    speaker = Person(1, rng)

    def speak(address: Address) -> int:
        packet = struct.pack(">BBHII", 0x80, 111, speaker.numbers[Source.MICROPHONE], 0, 5) + b"sound"
        speaker.numbers[Source.MICROPHONE] = speaker.numbers[Source.MICROPHONE] + 1 & 0xFFFF
        side.take()
        side.hear([(speaker.session.protect(packet), address)], 1000.0)
        return sum(map(len, side.take()[0].values()))

    assert speak(home(1)) == speak(home(1)) == PEOPLE - 1
    assert speak(("192.0.2.1", 555)) == 0, "from anywhere else nothing is taken"
    side.check(2, home(1), 1000.0)
    assert speak(home(1)) == 0, "another one is there now, with other keys"
    side.check(1, home(1), 1000.0)
    assert speak(home(1)) == PEOPLE - 1
    side.say(Close(2), 1000.0)
    assert speak(home(1)) == PEOPLE - 2
    side.say(Close(1), 1000.0)
    assert speak(home(1)) == 0
    assert side.sfu.figures(1001.0, busy=0.0, unsent=0, sent_bytes=0).refused == 2


@pytest.mark.parametrize("crowded", [False, True])
def test_what_is_nobodys_costs_python_nothing_unless_somebody_found_no_place(*, crowded: bool) -> None:
    one_by_one, at_once = (Side(random.Random(1), at_once=at_once) for at_once in (False, True))
    assert at_once.intake is not None
    # All of them want the same eight places.
    talkers = {(f"{k}.0.0.1", 4096 + k): Talker(None, k) for k in range(1, 11 if crowded else 9)}
    for address, talker in talkers.items():
        at_once.intake.know(address, talker)
    known = {place.port - 4096 for place in at_once.intake._intake.places if place.talker and place.port < 4200}
    assert known == set(range(1, 9)), "who comes last takes nobody's"
    asked: list[int] = []
    receive = at_once.sfu.receive_datagram

    def ask(data: bytes, address: Address, now: float) -> None:
        asked.extend(data[:1] or b"?")
        receive(data, address, now)

    at_once.sfu.receive_datagram = ask  # type: ignore[method-assign]
    for side in (one_by_one, at_once):
        for first in range(0, 256, BATCH):
            for address in (("198.51.100.7", 9), ("2001:db8::77", 9)):
                side.hear([(bytes([each]) * 50, address) for each in range(first, first + BATCH)], 1000.0)
        side.hear([(b"", ("198.51.100.7", 9)), (bytes([255]) * 50, home(1))], 1000.0)
    figures = [side.sfu.figures(1001.0, busy=0.0, unsent=0, sent_bytes=0) for side in (one_by_one, at_once)]
    assert figures[0] == figures[1]
    assert figures[0].refused == 2 * 256 + 1
    some = [*range(4), *range(20, 64), *range(128, 192)] if crowded else [*range(4)]
    assert sorted(asked) == sorted(2 * some)


def test_many_addresses_are_known_and_forgotten_again() -> None:
    """Where too many want the same places one is left to Python: it is known there."""
    side = Side(random.Random(1), at_once=True, people=0)
    assert side.intake is not None
    talkers = {("192.0.2.1", port): Talker(None, port) for port in range(1, 1501)}
    for address, talker in talkers.items():
        side.intake.know(address, talker)
    places = {place.port for place in side.intake._intake.places if place.talker}
    assert len(places) > 1490
    for address in talkers:
        side.intake.know(address, None)
    assert not any(place.talker for place in side.intake._intake.places)


@pytest.mark.parametrize("at_once", [False, True])
def test_one_who_begins_stream_after_stream_makes_nobody_choose_without_end(seed: int, *, at_once: bool) -> None:
    side = Side(random.Random(seed), at_once=at_once)
    chosen = 0
    choose = side.sfu._choose_all

    def count(legs: set[int], now: float) -> None:
        nonlocal chosen
        chosen += 1
        choose(legs, now)

    side.sfu._choose_all = count  # type: ignore[method-assign, assignment]
    session = Session(_policy(client_key(1), Policy.SSRC_ANY_OUTBOUND, GCM))
    for number in range(1000):
        packet = struct.pack(">BBHII", 0x80, 111, number, 0, number % 500 + 1) + b"sound"
        side.hear([(session.protect(packet), home(1))], 1000 + number / 1000)
    assert chosen <= BEGIN_BURST + BEGINS_S + 1
    keys = side.sfu._legs[1].keys
    assert keys is not None
    assert len(keys.inbound._seen) == MOST_SSRCS


@pytest.mark.parametrize("at_once", [False, True])
def test_one_who_sends_without_end_is_handed_on_within_limits_and_others_can_not_use_them_up(*, at_once: bool) -> None:
    side = Side(random.Random(1), at_once=at_once, people=2)
    session = Session(_policy(client_key(1), Policy.SSRC_ANY_OUTBOUND, GCM))
    for _ in range(MEDIA_BURST):
        side.hear([(bytes([0x80, 111]) + bytes(50), home(1))], 1000.0)
    handed_on = []
    for second in range(3):
        for number in range(4000):
            head = struct.pack(">BBHII", 0x80, 111, 4000 * second + number, 0, 5)
            side.hear([(session.protect(head + b"sound"), home(1))], 1000.0 + second)
        figures = side.sfu.figures(1000.5 + second, busy=0.0, unsent=0, sent_bytes=0)
        handed_on.append((figures.forwarded, figures.refused))
    assert handed_on == [(MEDIA_BURST, 4000 - MEDIA_BURST), *[(MEDIA_S, 4000 - MEDIA_S)] * 2]


@pytest.mark.parametrize("at_once", [False, True])
def test_of_what_is_no_packet_no_more_is_remembered_either(*, at_once: bool) -> None:
    side = Side(random.Random(1), at_once=at_once)
    session = Session(_policy(client_key(1), Policy.SSRC_ANY_OUTBOUND, GCM))
    for ssrc in range(1, 2 * MOST_SSRCS):
        # Padding of no bytes, which nobody sees before it is decrypted.
        packet = struct.pack(">BBHII", 0xA0, 111, ssrc, 0, ssrc) + b"sound\0"
        side.hear([(session.protect(packet), home(1))], 1000.0)
    keys = side.sfu._legs[1].keys
    assert keys is not None
    assert list(keys.inbound._seen) == list(range(MOST_SSRCS, 2 * MOST_SSRCS))


@pytest.mark.parametrize("at_once", [False, True])
def test_a_loudness_of_no_bytes_ends_nothing(*, at_once: bool) -> None:
    side = Side(random.Random(1), at_once=at_once)
    session = Session(_policy(client_key(1), Policy.SSRC_ANY_OUTBOUND, GCM))
    for number in range(3):
        head = struct.pack(">BBHII", 0x90, 111, number, 0, 5) + struct.pack(">HHBBxx", 0x1000, 1, 1, 0)
        side.hear([(session.protect(head + b"sound"), home(1))], 1000.0)
    assert sum(map(len, side.take()[0].values())) == 3 * (PEOPLE - 1)


@contextlib.contextmanager
def bound(host: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as opened:
        try:
            opened.bind((host, 0))
        except OSError:
            pytest.skip(f"no {host} here")
        yield opened


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_a_socket_has_is_read_with_where_it_came_from(host: str) -> None:
    side = Side(random.Random(1), at_once=True, people=0)
    intake = side.intake
    assert isinstance(intake, Intake)
    with bound(host) as here, bound(host) as there:
        assert intake.take(1.0, here.fileno()) is None, "and nobody waits"
        for number in range(BATCH + 6):
            there.sendto(bytes(number + 1), here.getsockname())
        there.sendto(bytes(DATAGRAM_BYTES + 9), here.getsockname())
        lengths = []
        while (left := intake.take(1.0, here.fileno())) is not None:
            while left is not None:
                assert left.address == there.getsockname()[:2]
                assert left.leg is None
                lengths.append(len(left.data))
                left = intake.take(1.0)
        assert lengths == [*range(1, BATCH + 7), DATAGRAM_BYTES]
        assert MAX_BYTES < DATAGRAM_BYTES


def test_copies_go_through_the_sockets_more_than_one_batch_of_them_and_one_who_is_nowhere_costs_nobody_else(
    seed: int,
) -> None:
    side = Side(random.Random(seed), at_once=True)
    speaker = Person(1, random.Random(seed))
    with bound("127.0.0.1") as four, bound("::1") as six, contextlib.ExitStack() as stack:
        ears = [stack.enter_context(bound("::1" if leg % 2 else "127.0.0.1")) for leg in range(2, PEOPLE)]
        for leg, ear in enumerate(ears, 2):
            ear.settimeout(5)
            side.check(leg, ear.getsockname()[:2], 1000.0)
        # Port 0 is nobody's.
        side.check(PEOPLE, ("127.0.0.1", 0), 1000.0)
        head = [struct.pack(">BBHII", 0x80, 111, number, 960 * number, 5) for number in range(41)]
        sealed = [(speaker.session.protect(packet + b"sound"), speaker.address) for packet in head]
        side.hear(sealed[:1], 1000.0)
        side.take()
        assert side.intake is not None
        side.intake.send_through(four.fileno(), six.fileno())
        side.hear(sealed[1:], 1000.0)
        assert side.take() == ({}, [])
        heard = [[ear.recv(2048) for _ in head[1:]] for ear in ears]
        for packets in heard:
            numbers = [int.from_bytes(packet[2:4], "big") for packet in packets]
            assert [(number - numbers[0]) & 0xFFFF for number in numbers] == list(range(40)), "in their order"
    figures = side.sfu.figures(1001.0, busy=0.0, unsent=0, sent_bytes=0)
    assert (figures.received, figures.forwarded) == (41, 41 * (PEOPLE - 1))
    assert (figures.unsent, figures.sent_bytes) == (40, sum(len(packet) for packets in heard for packet in packets))
