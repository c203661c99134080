"""Snapshots written past the event loop: whole frames, in order with everything else, and to nobody's successor."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.gateway.frames import binary_frame
from server.rooms.compiled import Messages
from server.rooms.direct import DirectSockets, direct_sockets
from server.rooms.outbox import Outbox

PONG = b"\x8a\x04pong"
AVATAR, OTHER, THIRD = 1, 2, 3
ROWS = 4


class Line:
    """A TCP connection and the event loop's end of it, which writes only when it is told to (`turn`)."""

    def __init__(self, *, narrow: bool = False) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.peer = socket.socket()
            if narrow:
                self.peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self.peer.connect(door.getsockname())
            self.raw, _ = door.accept()
        if narrow:
            self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.raw.setblocking(False)
        self.peer.setblocking(False)
        self.number = self.raw.fileno()
        self.waiting = b""
        self.heard = b""

    def write(self, *messages: bytes) -> None:
        self.waiting += b"".join(map(binary_frame, messages))

    def write_now(self, data: bytes) -> int:
        assert not self.waiting
        try:
            return self.raw.send(data)
        except BlockingIOError:
            return 0

    def write_bytes(self, data: bytes) -> None:
        self.waiting += data

    def buffered(self) -> int:
        return len(self.waiting)

    def abort(self) -> None:
        self.waiting = b""

    def turn(self) -> None:
        """The event loop writes what the kernel takes."""
        with contextlib.suppress(BlockingIOError):
            self.waiting = self.waiting[self.raw.send(self.waiting) :] if self.waiting else b""

    def read(self, most: int = 1 << 20) -> None:
        with contextlib.suppress(BlockingIOError):
            self.heard += self.peer.recv(most)

    def drain(self) -> None:
        """Let everything through. The kernel hands it over when it likes, so wait for bytes and not for time."""
        while self.waiting:
            self.turn()
            self.read()
        self.raw.shutdown(socket.SHUT_WR)
        self.peer.setblocking(True)
        self.peer.settimeout(10)
        while data := self.peer.recv(1 << 20):
            self.heard += data

    def close(self) -> None:
        self.raw.close()
        self.peer.close()


@pytest.fixture(name="direct")
def _direct() -> DirectSockets:
    made = direct_sockets(ROWS)
    if made is None:
        pytest.skip("there are no compiled passes on this machine: tests/sim/test_compiled.py says why")
    return made


@contextlib.contextmanager
def lines(count: int = 1, *, narrow: bool = False) -> Iterator[list[Line]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(Line(narrow=narrow))) for _ in range(count)]


def outbox_on(line: Line) -> Outbox:
    outbox = Outbox(line, buffer_high=2000, event_bytes=1 << 20)
    outbox.socket = line
    outbox.defer(set())
    return outbox


def messages(*made: tuple[bytes, list[int]]) -> Messages:
    """As an encoder leaves them in memory."""
    out = np.frombuffer(b"".join(message for message, _ in made) or b"\0", np.uint8).copy()
    length = np.array([len(message) for message, _ in made], np.int32)
    offset = (np.cumsum(length) - length).astype(np.int32)
    recipient = np.array([number for _, avatars in made for number in (len(avatars), *avatars)], np.int32)
    columns: dict[str, Any] = {
        name: array.ctypes.data
        for name, array in (("out", out), ("offset", offset), ("length", length), ("recipient", recipient))
    }
    columns |= {"messages": len(made), "recipients": sum(len(avatars) for _, avatars in made)}
    encoder: Any = SimpleNamespace(out=out, offset=offset, length=length, recipient=recipient)
    return Messages(SimpleNamespace(**columns), encoder)


def deliver(direct: DirectSockets, outboxes: dict[int, Outbox], made: Messages) -> list[int]:
    """As `Fanout` does. Returns whom the event loop had to be asked for."""
    left = direct.write(made, outboxes.values())
    for one in left:
        if one.rest:
            outboxes[one.avatar].finish_frames(one.rest)
        else:
            outboxes[one.avatar].put_snapshot(one.message)
    for outbox in outboxes.values():
        outbox.flush()
    return [one.avatar for one in left]


def test_one_message_goes_to_several_sockets_each_framed(direct: DirectSockets) -> None:
    with lines(2) as (one, other):
        outboxes = {AVATAR: outbox_on(one), OTHER: outbox_on(other)}
        for avatar, outbox in outboxes.items():
            direct.open(avatar, outbox)
        long = b"x" * 300
        assert deliver(direct, outboxes, messages((b"both", [AVATAR, OTHER]), (long, [OTHER]))) == []
        assert direct.written_bytes == 2 * 4 + 300
        for line in (one, other):
            line.drain()
        assert one.heard == binary_frame(b"both")
        assert other.heard == binary_frame(b"both") + binary_frame(long)


def test_what_is_queued_or_on_its_way_goes_first(direct: DirectSockets) -> None:
    with lines() as (line,):
        outbox = outbox_on(line)
        outboxes = {AVATAR: outbox}
        direct.open(AVATAR, outbox)
        assert deliver(direct, outboxes, messages((b"1", [AVATAR]))) == []
        # Handed to the event loop, which has not written it yet.
        outbox.touch()
        line.write(b"waits")
        outbox.put_event(b"event")
        assert deliver(direct, outboxes, messages((b"2", [AVATAR]))) == [AVATAR]
        assert deliver(direct, outboxes, messages((b"3", [AVATAR]))) == [AVATAR]
        line.turn()
        assert deliver(direct, outboxes, messages((b"4", [AVATAR]))) == []
        outbox.touch()
        line.waiting += PONG
        assert deliver(direct, outboxes, messages((b"5", [AVATAR]))) == [AVATAR]
        line.drain()
        said = b"".join(map(binary_frame, (b"1", b"waits", b"event", b"2", b"3", b"4")))
        assert line.heard == said + PONG + binary_frame(b"5")


def test_events_go_before_the_snapshot_with_the_same_call_or_alone(direct: DirectSockets) -> None:
    with lines(3) as (one, other, third):
        outboxes = {number: outbox_on(line) for number, line in ((AVATAR, one), (OTHER, other), (THIRD, third))}
        for avatar, outbox in outboxes.items():
            direct.open(avatar, outbox)
        outboxes[AVATAR].put_events([b"a", b"x" * 200])
        outboxes[OTHER].put_event(b"alone")
        assert deliver(direct, outboxes, messages((b"1", [AVATAR, THIRD]))) == []
        assert not any(outbox.waiting_bytes for outbox in outboxes.values())
        assert deliver(direct, outboxes, messages((b"2", [OTHER, AVATAR]))) == [], "what was told is not told again"
        for line in (one, other, third):
            line.drain()
        assert one.heard == b"".join(map(binary_frame, (b"a", b"x" * 200, b"1", b"2")))
        assert other.heard == b"".join(map(binary_frame, (b"alone", b"2")))
        assert third.heard == binary_frame(b"1")


def test_what_cannot_wait_for_the_tick_is_written_at_once(direct: DirectSockets) -> None:
    with lines() as (line,):
        outbox = outbox_on(line)
        direct.open(AVATAR, outbox)
        deliver(direct, {AVATAR: outbox}, messages((b"1", [AVATAR])))
        outbox.put_event(b"pong")
        outbox.flush()
        assert not line.waiting
        assert deliver(direct, {AVATAR: outbox}, messages((b"2", [AVATAR]))) == []
        line.drain()
        assert line.heard == b"".join(map(binary_frame, (b"1", b"pong", b"2")))


def test_events_before_a_message_that_is_left_to_the_event_loop_go_first(direct: DirectSockets) -> None:
    with lines() as (line,):
        outbox = outbox_on(line)
        direct.open(AVATAR, outbox)
        outbox.put_event(b"event")
        assert deliver(direct, {AVATAR: outbox}, messages((b"y" * 16_385, [AVATAR]))) == [AVATAR]
        line.drain()
        assert line.heard == binary_frame(b"event") + binary_frame(b"y" * 16_385)


def test_the_rest_of_events_follows_their_beginning(direct: DirectSockets) -> None:
    with lines(narrow=True) as (line,):
        outbox = outbox_on(line)
        direct.open(AVATAR, outbox)
        said: list[bytes] = []
        while not line.waiting:
            said.append(bytes([len(said) % 256]) * 5000)
            outbox.put_event(said[-1])
            deliver(direct, {AVATAR: outbox}, messages())
        outbox.put_event(b"later")
        outbox.close()
        line.drain()
        assert line.heard == b"".join(map(binary_frame, [*said, b"later"]))


def test_a_message_too_large_to_be_framed_here_is_left_to_the_event_loop(direct: DirectSockets) -> None:
    with lines() as (line,):
        outboxes = {AVATAR: outbox_on(line)}
        direct.open(AVATAR, outboxes[AVATAR])
        assert deliver(direct, outboxes, messages((b"x" * 16_384, [AVATAR]), (b"y" * 16_385, [AVATAR]))) == [AVATAR]
        line.drain()
        assert line.heard == binary_frame(b"x" * 16_384) + binary_frame(b"y" * 16_385)


def test_the_rest_of_a_frame_follows_its_beginning(direct: DirectSockets) -> None:
    with lines(narrow=True) as (line,):
        outboxes = {AVATAR: outbox_on(line)}
        direct.open(AVATAR, outboxes[AVATAR])
        sent: list[bytes] = []
        while not line.waiting:
            sent.append(bytes([len(sent) % 256]) * 5000)
            deliver(direct, outboxes, messages((sent[-1], [AVATAR])))
        outboxes[AVATAR].put_event(b"later")
        outboxes[AVATAR].close()
        line.drain()
        assert line.heard == b"".join(map(binary_frame, [*sent, b"later"]))


def test_whoever_is_gone_is_not_written_to_nor_is_whoever_has_the_number_then(direct: DirectSockets) -> None:
    with lines() as (line,):
        outbox = outbox_on(line)
        outboxes = {AVATAR: outbox}
        direct.open(AVATAR, outbox)
        assert deliver(direct, outboxes, messages((b"1", [AVATAR]))) == []
        outbox.forget_socket()
        with lines() as (stranger,):
            # What the kernel does when it gives the number to the next connection.
            taken = np.array([stranger.number], np.int32)
            line.number = int(taken[0])
            assert deliver(direct, outboxes, messages((b"2", [AVATAR]))) == [AVATAR]
            stranger.drain()
            assert stranger.heard == b""


@pytest.mark.parametrize("end", ["abort", "close"])
def test_an_outbox_that_has_ended_is_not_written_to(direct: DirectSockets, end: str) -> None:
    with lines() as (line,):
        outbox = outbox_on(line)
        direct.open(AVATAR, outbox)
        assert deliver(direct, {AVATAR: outbox}, messages((b"1", [AVATAR]))) == []
        getattr(outbox, end)()
        deliver(direct, {AVATAR: outbox}, messages((b"2", [AVATAR])))
        line.drain()
        assert line.heard == binary_frame(b"1")


def test_a_new_connection_of_an_avatar_is_not_stopped_by_its_old_one(direct: DirectSockets) -> None:
    with lines(2) as (line, newer):
        old, new = outbox_on(line), outbox_on(newer)
        direct.open(AVATAR, old)
        deliver(direct, {AVATAR: old}, messages((b"1", [AVATAR])))
        direct.open(AVATAR, new)
        assert deliver(direct, {AVATAR: new}, messages((b"2", [AVATAR]))) == []
        old.put_event(b"to nobody")
        assert deliver(direct, {AVATAR: new}, messages((b"3", [AVATAR]))) == []
        direct.close(AVATAR)
        assert deliver(direct, {AVATAR: new}, messages((b"4", [AVATAR]))) == [AVATAR]
        newer.drain()
        assert newer.heard == b"".join(map(binary_frame, (b"2", b"3", b"4")))


class Datagrams:
    """Takes snapshots another way."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_snapshot(self, message: bytes) -> None:
        self.sent.append(message)


def test_datagrams_are_not_written_to_the_socket(direct: DirectSockets) -> None:
    with lines() as (line,):
        outbox, datagrams = outbox_on(line), Datagrams()
        outboxes = {AVATAR: outbox}
        direct.open(AVATAR, outbox)
        deliver(direct, outboxes, messages((b"1", [AVATAR])))
        outbox.carry_snapshots(datagrams)
        deliver(direct, outboxes, messages((b"2", [AVATAR])))
        outbox.carry_snapshots(None)
        deliver(direct, outboxes, messages((b"3", [AVATAR])))
        line.drain()
        assert datagrams.sent == [b"2"]
        assert line.heard == binary_frame(b"1") + binary_frame(b"3")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("snapshot"), st.sampled_from([1, 125, 126, 900, 5000, 20_000])),
        st.tuples(st.just("event"), st.sampled_from([1, 200, 3000])),
        st.tuples(st.just("pong event"), st.sampled_from([1, 200, 3000])),
        st.tuples(st.just("turn"), st.just(0)),
        st.tuples(st.just("read"), st.sampled_from([100, 3000, 100_000])),
        st.tuples(st.just("pong"), st.just(0)),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_the_client_reads_whole_frames_in_order(steps: list[tuple[str, int]]) -> None:
    direct = direct_sockets(ROWS)
    if direct is None:
        pytest.skip("there are no compiled passes on this machine: tests/sim/test_compiled.py says why")
    with lines(narrow=True) as (line,):
        outbox = outbox_on(line)
        direct.open(AVATAR, outbox)
        expected = b""
        for place, (what, size) in enumerate(steps):
            body = bytes([place]) * size
            if what == "snapshot" and outbox.takes_snapshots():
                deliver(direct, {AVATAR: outbox}, messages((body, [AVATAR])))
                expected += binary_frame(body)
            elif what in ("event", "pong event"):
                outbox.put_event(body)
                expected += binary_frame(body)
                if what == "pong event":
                    outbox.flush()
            elif what == "pong" and not outbox.waiting_bytes:
                outbox.touch()
                line.waiting += PONG
                expected += PONG
            elif what == "turn":
                line.turn()
            elif what == "read":
                line.read(size)
        outbox.close()
        line.drain()
        assert line.heard == expected


@pytest.mark.skipif(direct_sockets(ROWS) is None, reason="nothing is compiled here")
def test_a_few_who_are_told_something_are_noted_as_many_are(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for few in (0, 32):
        monkeypatch.setattr("server.rooms.direct.FEW_TOLD", few)
        direct = direct_sockets(ROWS)
        assert direct is not None
        frames = direct._note({THIRD: b"third", AVATAR: b"one"})
        found.append((frames, *(column.tolist() for column in (direct._begins, direct._sizes, direct._told))))
    assert found[0] == found[1]
