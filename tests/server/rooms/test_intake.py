"""Sockets that are read when a tick begins: nothing before, everything then, and back to the event loop at the end."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from typing import Any, cast

import pytest

from server.rooms.intake import MOST_READS, READ_BYTES, Intake

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="without epoll the event loop reads all sockets")


class Way:
    """The event loop's end of a connection."""

    def __init__(self) -> None:
        self.peer, self.raw = socket.socketpair()
        self.raw.setblocking(False)
        self.number = self.raw.fileno()
        self.is_read_by_loop, self.is_ending = True, False
        self.heard: list[bytes] = []
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True

    def pause_reading(self) -> None:
        assert self.is_read_by_loop
        self.is_read_by_loop = False

    def resume_reading(self) -> None:
        assert not self.is_read_by_loop
        self.is_read_by_loop = True

    def is_closing(self) -> bool:
        return self.is_ending


@pytest.fixture(name="intake")
def _intake() -> Iterator[Intake]:
    intake = Intake()
    yield intake
    intake.close()


@pytest.fixture(name="way")
def _way() -> Iterator[Way]:
    way = Way()
    yield way
    way.peer.close()
    way.raw.close()


def add(intake: Intake, way: Any) -> None:
    intake.add(way.number, way, way.heard.append)


def test_what_is_said_is_heard_when_the_tick_begins(intake: Intake, way: Way) -> None:
    add(intake, way)
    assert not way.is_read_by_loop
    way.peer.send(b"one")
    way.peer.send(b"two")
    assert way.heard == []
    intake.read()
    intake.read()
    assert way.heard == [b"onetwo"]


def test_what_one_client_sends_too_much_waits_for_the_next_tick(intake: Intake, way: Way) -> None:
    way.raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    way.peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    add(intake, way)
    much = bytes(MOST_READS * READ_BYTES + 100)
    way.peer.sendall(much)
    intake.read()
    assert sum(map(len, way.heard)) == MOST_READS * READ_BYTES
    intake.read()
    assert b"".join(way.heard) == much


@pytest.mark.parametrize("how", ["shut", "closed"])
def test_the_event_loop_finds_the_end(intake: Intake, way: Way, how: str) -> None:
    add(intake, way)
    way.peer.send(b"last")
    if how == "shut":
        way.peer.shutdown(socket.SHUT_WR)
    else:
        way.peer.close()
    intake.read()
    intake.read()
    assert way.heard == [b"last"]
    assert way.is_read_by_loop
    assert len(intake) == 0


def test_a_fault_of_the_line_is_the_event_loop_s(intake: Intake) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        way = Way()
        way.peer.close()
        way.raw.close()
        way.peer = socket.create_connection(door.getsockname())
        way.raw, _ = door.accept()
    way.raw.setblocking(False)
    way.number = way.raw.fileno()
    add(intake, way)
    # Closed with a time of zero: the peer is told by a reset.
    way.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    way.peer.close()
    intake.read()
    assert way.is_read_by_loop
    way.raw.close()


def test_whoever_is_released_meanwhile_is_read_no_more(intake: Intake, way: Way) -> None:
    def take(data: bytes) -> None:
        way.heard.append(data)
        intake.release(way.number)

    loop_side: Any = way
    intake.add(way.number, loop_side, take)
    way.peer.sendall(bytes(READ_BYTES + 1))
    intake.read()
    intake.read()
    assert len(way.heard) == 1
    assert way.is_read_by_loop
    intake.release(way.number)


def test_a_fault_in_taking_what_one_says_ends_that_connection_alone(intake: Intake, way: Way) -> None:
    def fail(data: bytes) -> None:
        raise ZeroDivisionError

    other, loop_side = Way(), cast(Any, way)
    intake.add(way.number, loop_side, fail)
    add(intake, other)
    for one in (way, other):
        one.peer.send(b"hello")
    intake.read()
    assert (way.is_aborted, way.is_read_by_loop, other.is_aborted, other.heard) == (True, True, False, [b"hello"])
    assert len(intake) == 1


def test_a_connection_that_ends_is_not_taken_and_not_given_back(intake: Intake, way: Way) -> None:
    way.is_ending = True
    add(intake, way)
    assert len(intake) == 0
    way.is_ending = False
    add(intake, way)
    way.is_ending = True
    intake.release(way.number)
    assert not way.is_read_by_loop, "there is nothing to resume on a transport that closes"


def test_a_closed_intake_has_given_everything_back_and_takes_nothing(intake: Intake, way: Way) -> None:
    add(intake, way)
    intake.close()
    assert way.is_read_by_loop
    add(intake, way)
    intake.read()
    assert len(intake) == 0
