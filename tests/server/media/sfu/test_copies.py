"""Copies made all at once are those that are made one by one, byte for byte, and reach whom they are for."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Iterator
from typing import Any, cast

import pytest
from pylibsrtp import Policy

from protocol.constants import Source
from server.media.sfu.copies import MOST_COPIES, Copies, Destination, compiled_copies
from server.media.sfu.ice_lite import Address
from server.media.sfu.leg import Leg
from server.media.sfu.rewriter import Rewriter
from server.media.sfu.rtp import RtpPacket
from server.media.sfu.srtp import Outbound
from server.media.sfu.stream import PICTURE_HZ, SOUND_HZ, Slot, Stream

Sent = list[tuple[bytes, Address]]
SIZES = (0, 1, 90, 1050)


class Keys:
    """Of a leg of this number."""

    def __init__(self, number: int) -> None:
        self._key = bytes([number]) * 28

    def of(self, ssrc: int, window: int = 1024) -> Outbound:
        policy = Policy(self._key, Policy.SSRC_SPECIFIC, ssrc, Policy.SRTP_PROFILE_AEAD_AES_128_GCM)
        policy.allow_repeat_tx, policy.window_size = True, window
        return Outbound(policy)


class Listener:
    """What a slot needs of its leg."""

    def __init__(self, number: int, sent: Sent, address: Address | None = None) -> None:
        self.keys: Keys | None = Keys(number)
        self.address: Address | None = address or ("192.0.2.1", 40_000 + number)
        self.destination = Destination()
        self.destination.move(self.address)
        self.destination.has_keys = True
        self._sent = sent

    def transmit(self, data: bytes, address: Address) -> None:
        self._sent.append((data, address))


class Form:
    """Two layers of one source, and slots that show them; made at once, or one by one."""

    def __init__(self, listeners: int, *, at_once: bool, sound: bool = False) -> None:
        self.sent: Sent = []
        self.copies = compiled_copies(lambda copies: self.sent.extend(copies.take())) if at_once else None
        if at_once and self.copies is None:
            pytest.skip("no compiled form here")
        source = Source.MICROPHONE if sound else Source.CAMERA
        self.streams = [Stream(1, source, layer, self.copies) for layer in (1, 2)]
        for number, stream in enumerate(self.streams):
            stream.on = True
            stream.begin(number + 1)
        self.listeners = [Listener(number, self.sent) for number in range(listeners)]
        self.slots = [self.slot(listener, number) for number, listener in enumerate(self.listeners)]

    def slot(self, listener: Listener, number: int, *, sound: bool | None = None) -> Slot:
        is_sound = self.streams[0].is_sound if sound is None else sound
        shared = self.copies is not None
        numbers = (100 + number, 96, SOUND_HZ if is_sound else PICTURE_HZ, 65_500 + number, 0xFFFF_FF00)
        rewriter = Rewriter(*numbers, shared=shared)
        return Slot(cast("Leg", listener), number, 100 + number, is_sound=is_sound, rewriter=rewriter)

    def forward(self, layer: int, packet: RtpPacket, now: float) -> tuple[int, Sent]:
        """How often a packet was handed on, and what was sent."""
        self.sent.clear()
        return self.streams[layer].forward(packet, None, now), sorted(self.sent)

    def fill(self, slot: int, layer: int | None) -> None:
        self.slots[slot].fill(None if layer is None else self.streams[layer])


def payload_of(rng: random.Random, sequence: int, *, key: bool) -> bytes:
    """A VP8 payload with any kind of descriptor; empty: padding."""
    if not key and rng.random() < 0.05:
        return b""
    rest = bytes([0 if key else 1]) + rng.randbytes(rng.choice(SIZES))
    kind = rng.randrange(4)
    if kind == 0:
        return b"\x10" + rest
    if kind == 1:
        return bytes([0x90, 0x80, sequence & 0x7F]) + rest
    picture = bytes([0x80 | sequence >> 8 & 0x7F, sequence & 0xFF])
    if kind == 2:
        return b"\x90\x80" + picture + rest
    return b"\x90\xe0" + picture + bytes([sequence & 0xFF, 0x20]) + rest


@pytest.mark.parametrize("sound", [False, True])
def test_both_forms_send_the_same_bytes_whatever_comes_in(seed: int, *, sound: bool) -> None:
    rng = random.Random(seed)
    forms = [Form(7, at_once=at_once, sound=sound) for at_once in (False, True)]
    newest, sent = [65_000, 100], 0
    for step in range(1500):
        if step % 10 == 0:
            slot, layer = rng.randrange(7), rng.choice((0, 0, 1, None))
            for form in forms:
                form.fill(slot, layer)
        if rng.random() < 0.02:
            for form in forms:
                form.listeners[slot].address = ("2001:db8::7", 5000 + step)
                form.listeners[slot].destination.move(("2001:db8::7", 5000 + step))
        layer = rng.randrange(2)
        newest[layer] += rng.choice((1, 1, 1, 1, 2, 40))
        sequence = newest[layer] - rng.choice((0, 0, 0, 0, 1, 3, 90))
        payload = rng.randbytes(60) if sound else payload_of(rng, sequence, key=rng.random() < 0.1)
        marker = rng.random() < 0.5
        packet = RtpPacket(96, marker, sequence & 0xFFFF, sequence * 3000 & 0xFFFF_FFFF, 1 + layer, {}, payload)
        one_by_one, at_once = (form.forward(layer, packet, 10 + step / 100) for form in forms)
        assert one_by_one == at_once, f"step {step}"
        sent += len(at_once[1])
        for a, b in zip(forms[0].slots, forms[1].slots, strict=True):
            assert a.report(20 + step, step) == b.report(20 + step, step)
    assert sent > 2000


def test_everybody_in_a_crowd_gets_a_copy() -> None:
    form = Form(2 * MOST_COPIES + 3, at_once=True, sound=True)
    for number in range(len(form.slots)):
        form.fill(number, 0)
    for sequence in range(3):
        copies, sent = form.forward(0, RtpPacket(111, False, sequence, sequence * 960, 1, {}, b"sound"), sequence / 50)
        assert copies == len(form.slots)
        assert {address[1] for _, address in sent} == set(range(40_000, 40_000 + len(form.slots)))


@pytest.mark.parametrize("at_once", [False, True])
def test_nothing_goes_to_one_who_has_no_keys_any_more_or_is_nowhere(*, at_once: bool) -> None:
    form = Form(3, at_once=at_once, sound=True)
    for number in range(3):
        form.fill(number, 0)
    form.forward(0, RtpPacket(111, False, 1, 960, 1, {}, b"sound"), 1.0)
    form.listeners[0].keys = None
    form.slots[0].close()
    form.listeners[1].address = None
    form.listeners[1].destination.address_bytes = 0
    _, sent = form.forward(0, RtpPacket(111, False, 2, 1920, 1, {}, b"sound"), 1.02)
    assert [address for _, address in sent] == [("192.0.2.1", 40_002)]


@pytest.mark.parametrize("at_once", [False, True])
def test_padding_of_a_layer_that_is_still_to_take_over_is_not_mixed_into_what_is_shown(*, at_once: bool) -> None:
    form = Form(1, at_once=at_once)
    form.fill(0, 0)
    form.forward(0, RtpPacket(96, True, 1, 3000, 1, {}, b"\x10\x00key"), 1.0)
    form.fill(0, 1)
    assert form.forward(1, RtpPacket(96, True, 500, 9000, 2, {}, b""), 1.01) == (0, [])
    copies, _ = form.forward(0, RtpPacket(96, True, 2, 6000, 1, {}, b"\x10\x01next"), 1.03)
    assert copies == 1


@contextlib.contextmanager
def sockets(*hosts: str) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        opened: list[socket.socket] = []
        for host in hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            each = stack.enter_context(socket.socket(family, socket.SOCK_DGRAM))
            try:
                each.bind((host, 0))
            except OSError:
                pytest.skip(f"no {host} here")
            each.settimeout(5)
            opened.append(each)
        yield opened


def test_one_who_can_not_be_reached_keeps_nobody_else_from_hearing() -> None:
    with sockets("127.0.0.1", "::1", "127.0.0.1", "::1", "127.0.0.1") as (four, six, *ears):
        found: list[tuple[int, int]] = []

        def flush(copies: Copies) -> None:
            found.append(copies.send(four.fileno(), six.fileno()))

        copies = compiled_copies(flush)
        if copies is None:
            pytest.skip("no compiled form here")
        stream = Stream(1, Source.MICROPHONE, 0, copies)
        stream.on = True
        sent: Sent = []
        # Port 0 is nobody's.
        addresses: list[Address] = [
            ("127.0.0.1", 0),
            *(ear.getsockname()[:2] for ear in ears[:2]),
            ("::1", 0),
            ears[2].getsockname()[:2],
        ]
        form: Any = Form(0, at_once=True, sound=True)
        for number, address in enumerate(addresses):
            form.slot(Listener(number, sent, address), number).fill(stream)
        assert stream.forward(RtpPacket(111, False, 1, 960, 1, {}, b"sound"), None, 1.0) == 5
        assert len(sent) == 5, "the first packet of a slot joins it to the stream: not ordinary"
        assert found == []
        assert stream.forward(RtpPacket(111, False, 2, 1920, 1, {}, b"sound"), None, 1.02) == 5
        heard = [ear.recv(2048) for ear in ears]
        assert found == [(2, sum(map(len, heard)))]
        assert {ear[0] for ear in heard} == {0x80}
        assert all(b"sound" not in ear for ear in heard), "encrypted"
