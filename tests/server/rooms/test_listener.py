"""Frequent messages taken by the compiled listener: what follows is what follows without it, whatever clients send."""

from __future__ import annotations

import asyncio
import ctypes
import os
import select
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import server.rooms.listener as listener_module
from protocol.messages import Act, Hello, Input, Ping, Pong, Rest, decode_server, encode
from protocol.token_bucket import FloodGate, TokenBucket
from server.gateway.frames import binary_frame
from server.gateway.inbound import InboundFrames
from server.rooms.compiled_courses import CompiledCourses
from server.rooms.intake import READ_BYTES, Intake
from server.rooms.listener import Listener, Moment, Speaker
from sim.shared_library import unbuilt
from tests.server.rooms.people import RATE, House, Person, Wire

pytestmark = pytest.mark.skipif(
    not hasattr(select, "epoll") or "server/rooms/listener.c" in unbuilt(), reason="there is no compiled form here"
)
SEED = int(os.environ.get("TEST_SEED", "0")) or Random().randrange(1 << 30)


class Line(Wire):
    """The server's end of a connection; what is written is whole frames."""

    def __init__(self) -> None:
        super().__init__()
        self.peer, self.raw = socket.socketpair()
        for end in (self.peer, self.raw):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.peer.setblocking(False)
        self.raw.setblocking(False)
        self.number = self.raw.fileno()
        self.got = b""

    def write(self, *messages: bytes) -> None:
        self.write_bytes(b"".join(map(binary_frame, messages)))

    def write_bytes(self, data: bytes) -> None:
        assert self.raw.send(data) == len(data)

    def write_now(self, data: bytes) -> int:
        return self.raw.send(data)

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def is_closing(self) -> bool:
        return False

    def told(self) -> list[bytes]:
        """Every message that has arrived at the other end."""
        with suppress(BlockingIOError):
            while data := self.peer.recv(1 << 20):
                self.got += data
        found, place = [], 0
        while place < len(self.got):
            size, head = self.got[place + 1], 2
            if size == 126:
                size, head = int.from_bytes(self.got[place + 2 : place + 4], "big"), 4
            found.append(self.got[place + head : place + head + size])
            place += head + size
        return found


class Http(asyncio.Protocol):
    """Stands for aiohttp's protocol: keeps what it is given."""

    def __init__(self) -> None:
        self.data = b""

    def data_received(self, data: bytes) -> None:
        self.data += data


class Speaking(Person):
    """Somebody whose words come over a socket, as the gateway has it."""

    def __init__(self, house: House, name: str, intake: Intake) -> None:
        super().__init__(house, name)
        self.intake = intake
        self.line = Line()
        self.http = Http()

    def _open(self, hello: Hello) -> Hello:
        heard = super()._open(hello)
        self.connection.outbox._transport = self.line
        self.connection.outbox.socket = self.line
        return heard

    def begin(self) -> None:
        line, intake = self.line, self.intake
        frames = InboundFrames(self.http, line, 1000, self.release)  # type: ignore[arg-type]
        assert frames.begin(self.take, lambda _first, _payload: None)
        assert self.session
        session, connection = self.session, self.connection

        def answer(token: int) -> None:
            self.house.room.answer_ping(session, token, lambda: 7)

        speaker = Speaker(session.avatar, connection, session.events, lambda: frames.is_between, answer)
        intake.add(line.number, line, frames.data_received, speaker)  # type: ignore[arg-type]

    def take(self, data: bytes) -> None:
        assert self.session
        for message in self.connection.receive(data, self.house.now):
            self.house.room.receive(self.session, message, lambda: 7)

    def release(self) -> None:
        self.connection.outbox.forget_socket()
        self.intake.release(self.line.number)

    def _on_close(self, code: int, reason: str) -> None:
        self.release()
        super()._on_close(code, reason)


class Hall:
    """A room with two speakers. `listens`: with the listener."""

    def __init__(self, *, listens: bool) -> None:
        self.house = House(compiled=listens)
        room = self.house.room
        assert (room.listener is not None) == listens
        self.intake = Intake(room.listener)
        self.taken = 0
        self.speakers = [Speaking(self.house, name, self.intake) for name in ("Ann", "Bo")]
        for speaker in self.speakers:
            assert speaker.connect(place=(100, 100))
        self.house.room.tick(self.house.now)
        for speaker in self.speakers:
            speaker.line.told()
            speaker.line.got = b""
            speaker.begin()

    def tick(self, seconds: float) -> None:
        house, room = self.house, self.house.room
        house.now += seconds
        self.taken += self.intake.read(Moment(room.world.tick, 7, house.now, not room.delivery.fanout.has_events))
        room.tick(house.now)

    def state(self) -> dict[str, Any]:
        """Everything that later ticks depend on, and all that was told."""
        room = self.house.room
        baselines, courses = room.delivery.baselines, room.courses
        columns = ("tick", "home", "sent", "acked", "unacked_since", "completed")
        found: dict[str, Any] = {name: getattr(baselines, name)[1:3].tolist() for name in columns}
        found |= {name: getattr(courses, name)[1:3].tolist() for name in ("applied", "applied_tick", "slack")}
        found |= {"waiting": len(courses), "world": room.world.state_hash()}
        for speaker in self.speakers:
            wire = speaker.connection.wire
            limits = [getattr(wire.bucket, name) for name in TokenBucket.__slots__]
            limits += [getattr(wire.flood, name) for name in FloodGate.__slots__]
            assert speaker.session
            found[speaker.name] = (
                *(speaker.line.told(), speaker.closed, speaker.http.data, wire.state, wire.discarded, limits),
                speaker.session.events.count,
            )
        return found

    def close(self) -> None:
        self.intake.close()
        for speaker in self.speakers:
            speaker.line.peer.close()
            speaker.line.raw.close()


@contextmanager
def halls() -> Iterator[tuple[Hall, Hall]]:
    both = Hall(listens=True), Hall(listens=False)
    try:
        yield both
    finally:
        for hall in both:
            hall.close()


def framed(payload: bytes, mask: bytes = b"\1\2\3\4", first: int = 0x82) -> bytes:
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


class Script:
    """What a random client says."""

    def __init__(self, random: Random) -> None:
        self.random, self.seq = random, 0

    def message(self, tick: int) -> bytes:
        random = self.random
        kinds: list[Callable[[int], bytes]] = [*[self._ack] * 4, *[self._walk] * 6, *[self._ping] * 4]
        kinds += [lambda _: encode(Act(random.randrange(1, 99), 1, 77))]
        if random.random() < 0.02:
            kinds = [self._broken]
        return random.choice(kinds)(tick)

    def _some_ack(self, tick: int) -> int:
        return self.random.choice((tick, tick, max(0, tick - self.random.randrange(20)), 0, 2**32 - 1))

    def _ack(self, tick: int) -> bytes:
        return encode(Input(self._some_ack(tick), self.seq, 0, b""))

    def _walk(self, tick: int) -> bytes:
        random = self.random
        count = random.choice((1, 1, 1, 2, 3, 32))
        self.seq += random.choice((1, count, 5, -1, 0)) if self.seq > 3 else count
        befores = sorted(random.choices(range(12), k=count))
        befores[0] = 0
        meant = random.choice((0, tick + random.randrange(-5, 40), tick + 2))
        courses = bytes(byte for before in befores for byte in (random.randrange(0x30), before if meant > 0 else 0))
        return encode(Input(self._some_ack(tick), max(self.seq, count), max(0, meant), courses))

    def _ping(self, tick: int) -> bytes:
        return encode(Ping(self.random.choice((0, 127, 255, 65535, 2**32 - 1)), self._some_ack(tick)))

    def _broken(self, tick: int) -> bytes:
        random = self.random
        whole = bytearray(self._walk(tick) if random.random() < 0.7 else self._ping(tick))
        whole[random.randrange(len(whole))] = random.randrange(256)
        return bytes(whole) + random.choice((b"", b"", b"\0"))

    def said(self, tick: int) -> bytes:
        """What comes before one tick: nothing, a few messages, or a flood."""
        random = self.random
        count = random.choices((0, 1, 3, 300), (6, 8, 4, 0.04))[0]
        out = b"".join(framed(self.message(tick), random.randbytes(4)) for _ in range(count))
        unusual = (framed(b"p", first=0x89), framed(b"text", first=0x81), framed(encode(Rest(False)) + bytes(200)))
        return out + random.choice(unusual) if random.random() < 0.001 else out


def test_whatever_is_said_the_same_follows() -> None:
    print(f"TEST_SEED={SEED}")
    taken = closed = 0
    for round_ in range(30):
        random = Random(f"{SEED}/{round_}")
        with halls() as both:
            scripts = [Script(random) for _ in range(2)]
            held = [b"", b""]
            for _ in range(60):
                seconds = random.choice((1 / RATE, 1 / RATE, 0.5))
                for k, script in enumerate(scripts):
                    data = held[k] + script.said(both[0].house.room.world.tick)
                    cut = random.randrange(len(data) + 1) if random.random() < 0.1 else len(data)
                    held[k] = data[cut:]
                    for hall in both:
                        with suppress(BlockingIOError):
                            hall.speakers[k].line.peer.send(data[:cut])
                for hall in both:
                    hall.tick(seconds)
                assert both[0].state() == both[1].state(), f"round {round_}"
            taken += both[0].taken
            closed += sum(speaker.closed is not None for speaker in both[0].speakers)
    assert taken > 500
    assert closed > 3, "some must have been sent out, or this says nothing of that"


def test_most_of_what_is_said_is_taken_without_objects() -> None:
    with halls() as (hall, _):
        ann = hall.speakers[0]
        ann.line.peer.send(framed(encode(Input(1, 1, 0, b"\x10\0"))) + framed(encode(Ping(5, 1))) * 2)
        hall.tick(1 / RATE)
        assert hall.taken == 3
        assert hall.house.room.world.course[ann.avatar] == 0x10
        pongs = [message for message in map(decode_server, ann.line.told()) if isinstance(message, Pong)]
        assert [pong.token for pong in pongs] == [5, 5]


def test_the_limits_outlive_the_listener() -> None:
    with halls() as (hall, _):
        ann = hall.speakers[0]
        ann.line.peer.send(framed(encode(Ping(1, 1))) * 20)
        hall.tick(1 / RATE)
        wire = ann.connection.wire
        before = (wire.bucket.tokens, wire.flood.counted)
        ann.release()
        assert isinstance(wire.bucket, TokenBucket)
        assert (wire.bucket.tokens, wire.flood.counted) == before
        assert before[1] == 21, "HELLO counts, too"


def test_who_is_gone_is_not_heard() -> None:
    with halls() as (hall, _):
        ann = hall.speakers[0]
        avatar = ann.avatar
        ann.lose_connection()
        ann.line.peer.send(framed(encode(Input(1, 1, 0, b"\x10\0"))))
        hall.tick(1 / RATE)
        assert hall.taken == 0
        assert len(hall.house.room.courses) == 0
        assert hall.house.room.world.course[avatar] & 0x30 == 0


def test_a_full_read_is_followed_by_the_next() -> None:
    with halls() as both:
        ping = framed(encode(Ping(1, 1)))
        for hall in both:
            hall.speakers[0].line.peer.send(ping * (READ_BYTES // len(ping) + 50))
            hall.tick(1 / RATE)
        assert both[0].state() == both[1].state()


def test_what_clients_say_they_have_is_forgotten() -> None:
    with halls() as (hall, _):
        ann = hall.speakers[0]
        assert ann.session
        for tick in range(4 * RATE):
            if tick % RATE == 0:
                ann.line.peer.send(framed(encode(Ping(1, hall.house.room.world.tick))))
            hall.tick(1 / RATE)
        assert ann.session.events.count >= 4
        assert len(ann.session.events) <= 3


def test_sockets_of_high_numbers_are_heard() -> None:
    house = House()
    assert isinstance(house.room.listener, Listener)
    ann = house.person("Ann")
    assert ann.session
    house.room.listener.add(5000, Speaker(ann.avatar, ann.connection, ann.session.events, lambda: True, print))
    assert house.room.listener._avatar_of[5000] == ann.avatar
    house.room.listener.remove(5000)
    assert not np.any(house.room.listener._avatar_of)


def test_a_frame_that_began_while_the_room_might_not_act_is_not_taken_for_others_in_it() -> None:
    inner = framed(encode(Input(1, 1, 0, b"\x10\0")))
    outer = framed(bytes(8) + inner, mask=bytes(4), first=0x89)
    cut = len(outer) - len(inner)
    with halls() as both:
        for hall in both:
            hall.speakers[0].line.peer.send(outer[:cut])
            hall.intake.read(None)
            hall.speakers[0].line.peer.send(outer[cut:])
            hall.tick(1 / RATE)
        assert both[0].taken == 0
        assert both[0].state() == both[1].state()


CLOGGED = """
#include <sys/socket.h>
static ssize_t clogged(int number, const void *bytes, size_t count, int flags) {
    static int calls;
    return send(number, bytes, calls++ ? count : SIZE, flags);
}
#define send clogged
#include "listener.c"
"""
"""Takes only so much of the first message, as a socket does whose peer reads the moment after."""


@pytest.mark.parametrize("size", [0, 5])
def test_an_answer_never_overtakes_one_of_which_the_socket_did_not_take_all(tmp_path: Path, size: int) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no compiler here")
    (tmp_path / "clogged.c").write_text(CLOGGED, encoding="ascii")
    folder, library = Path(listener_module.__file__).parent, tmp_path / "clogged.so"
    command = [compiler, "-shared", "-fPIC", f"-DSIZE={size}", "-I", folder, "-o", library, tmp_path / "clogged.c"]
    subprocess.run(command, check=True)
    with halls() as (hall, _):
        ann, room = hall.speakers[0], hall.house.room
        assert isinstance(room.courses, CompiledCourses)
        code = ctypes.PyDLL(str(library))
        hall.intake._listener = Listener(code, room.delivery.baselines, room.courses, room.delivery.direct, room.world)
        ann.intake.release(ann.line.number)
        ann.begin()
        ann.line.peer.send(framed(encode(Ping(1, 1))) + framed(encode(Ping(2, 1))))
        hall.tick(1 / RATE)
        pongs = [message for message in map(decode_server, ann.line.told()) if isinstance(message, Pong)]
        assert [pong.token for pong in pongs] == [1, 2]
