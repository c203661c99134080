"""The golden vectors, decoded to exhaustion by the decoder that knows the standard only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.snapshots import Doors, Outcome, Snapshots
from tests.conformance.wire import Malformed, decode, unpack
from tests.conformance.world import Grid, Kinematics, PublicMap

VECTORS = Path(__file__).parents[2] / "protocol" / "vectors"

Vector = dict[str, Any]


def vectors(name: str) -> list[Vector]:
    loaded: list[Vector] = json.loads((VECTORS / name).read_text())
    return loaded


def plain(value: object) -> object:
    """A decoded value as the vector files write it: bytes as {"bin": hex}."""
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("vector", vectors("server.json"), ids=lambda vector: vector["name"])
def test_every_message_of_a_server_is_understood_to_its_last_byte(vector: Vector) -> None:
    data = bytes.fromhex(vector["hex"])
    decode(data)
    assert plain(unpack(data)) == vector["message"]


@pytest.mark.parametrize("vector", vectors("client.json"), ids=lambda vector: vector["name"])
def test_every_message_of_a_client_is_one_whole_array(vector: Vector) -> None:
    assert plain(unpack(bytes.fromhex(vector["hex"]))) == vector["message"]


@pytest.mark.parametrize(
    "vector", [v for v in vectors("malformed.json") if v["from"] == "server"], ids=lambda vector: vector["name"]
)
def test_what_a_server_may_not_send_is_refused(vector: Vector) -> None:
    with pytest.raises(Malformed):
        decode(bytes.fromhex(vector["hex"]))


@pytest.mark.parametrize("name", ["session.jsonl", "session_datagram.jsonl"])
def test_a_recorded_session_gives_the_recorded_states(name: str) -> None:
    header, *steps = map(json.loads, (VECTORS / name).read_text().splitlines())
    solid = [cell == "#" for row in header["solid"] for cell in row]
    doors_at = {int(door): tuple(rect) for door, rect in header["doors"].items()}
    room = PublicMap(len(header["solid"][0]), len(header["solid"]), solid, doors_at)  # type: ignore[arg-type]
    cell, radius = header["interest"]
    client = Snapshots(
        room, Kinematics(*header["motion"]), Grid(cell, radius, header["cols"]), reliable=header["reliable"]
    )
    doors = Doors(0, 0, frozenset(header["open"]))
    applied = 0
    for step in steps:
        message = decode(bytes.fromhex(step["hex"]))
        if message.name == "WELCOME":
            world, open_ids = message["doors"]
            if message["continuity"] != 1:
                client.forget()
                doors = Doors(message["tick"], world, frozenset(open_ids))
            else:
                doors.tick, doors.world = message["tick"], world
        elif message.name == "DOOR":
            doors.change(message["tick"], message["door"], message["open"])
        elif message.name == "SNAPSHOT":
            outcome = client.apply(message, doors)
            assert (outcome is Outcome.APPLIED) == step["applied"], (message["tick"], outcome)
            newest = client.newest
            if step["applied"] and newest is not None:
                applied += 1
                seen = sorted([i, a.course, a.x, a.y] for i, a in newest.avatars.items())
                assert (newest.tick, seen) == (step["tick"], sorted(step["avatars"]))
    assert applied > 50
