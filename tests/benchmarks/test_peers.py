"""The clients of the peers: what they say, and that a step is timed once for each who sees it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import msgspec
import pytest

from benchmarks.bots.framing import Message, Opcode
from benchmarks.peers.compare import holds
from benchmarks.peers.load import PEERS, Steps
from benchmarks.peers.wires import Colyseus, SocketIo
from benchmarks.results import Figure, Point

FOLDER = Path("benchmarks/peers")


def test_colyseus_is_answered_when_it_lets_somebody_in_and_told_courses_as_messagepack() -> None:
    wire = Colyseus()
    assert list(wire.received(Message(Opcode.BINARY, b"\x0a rest"))) == [(Opcode.BINARY, b"\x0a")]
    assert wire.joined
    assert list(wire.received(Message(Opcode.BINARY, b"\x0f\x0a"))) == []
    opcode, said = wire.course(21, 0x12345678)
    assert (opcode, said[:3]) == (Opcode.BINARY, b"\x0d\xa1c")
    assert msgspec.msgpack.decode(said[3:]) == [21, 0x12345678]
    assert wire.mark(0x12345678) == bytes.fromhex("78563412")


def test_socket_io_is_greeted_kept_alive_and_told_courses_as_json() -> None:
    wire = SocketIo()
    assert list(wire.received(Message(Opcode.TEXT, b'0{"sid":"x"}'))) == [(Opcode.TEXT, b"40")]
    assert not wire.joined
    assert list(wire.received(Message(Opcode.TEXT, b'40{"sid":"y"}'))) == []
    assert wire.joined
    assert list(wire.received(Message(Opcode.TEXT, b"2"))) == [(Opcode.TEXT, b"3")]
    assert json.loads(wire.course(21, 305419896)[1][2:]) == ["c", 21, 305419896]
    assert wire.mark(305419896) in b'42["s",[[7,10,20,305419896]],[]]'


def test_a_step_is_timed_once_for_each_who_sees_it_and_not_for_the_walker() -> None:
    steps, wire = Steps(Random(1)), Colyseus()
    stamp = steps.stamp(0, wire, 1.0)
    payload = b"\x0f" + wire.mark(stamp) + b"more"
    seen: list[dict[int, float]] = [{}, {}, {}]
    steps.look(0, payload, seen[0], 1.01)
    for viewer in (1, 2, 1):
        steps.look(viewer, payload, seen[viewer], 1.03)
    steps.look(1, b"nothing of it", seen[1], 1.05)
    assert [round(value, 6) for value in steps.latencies] == [0.03, 0.03]


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        ({"tick_interval_p99_ms": 52, "view_p99_ms": 55, "stayed": 1}, True),
        ({"tick_interval_p99_ms": 71, "view_p99_ms": 55, "stayed": 1}, False),
        ({"tick_interval_p99_ms": 52, "view_p99_ms": 99, "stayed": 1}, False),
        ({"tick_interval_p99_ms": 52, "view_p99_ms": 55, "stayed": 0.9}, False),
        ({}, False),
    ],
)
def test_a_room_holds_while_ticks_and_steps_come_in_time(figures: dict[str, float], held: bool) -> None:
    assert holds(Point({}, {name: Figure(value, "") for name, value in figures.items()})) is held


def test_the_peers_are_locked_without_a_registry() -> None:
    package = json.loads((FOLDER / "package.json").read_text())
    lock = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == package["dependencies"]
    assert all("resolved" not in each and ("integrity" in each or not name) for name, each in lock.items())
    assert all((FOLDER / peer.script).is_file() for peer in PEERS.values())
