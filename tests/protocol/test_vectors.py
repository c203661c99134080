"""The golden vectors are what the code writes, and the code reads them to exhaustion."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from protocol.constants import CLIENT_KINDS, SERVER_KINDS
from protocol.errors import MalformedError
from protocol.messages import Door, Interest, Motion, Snapshot, Welcome, decode_client, decode_server, encode
from protocol.reference import Avatar, ReferenceWorld
from protocol.vectors.__main__ import FOLDER, write_all
from protocol.vectors.files import plain
from protocol.view import ClientView


def read(name: str) -> Any:
    text = (FOLDER / name).read_text()
    return [json.loads(line) for line in text.splitlines()] if name.endswith("l") else json.loads(text)


DECODE = {"client": decode_client, "server": decode_server}
VALID = [(side, vector) for side in DECODE for vector in read(f"{side}.json")]


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    for path in write_all(tmp_path):
        assert path.read_text() == (FOLDER / path.name).read_text(), f"run python -m protocol.vectors: {path.name}"


@pytest.mark.parametrize(("side", "vector"), VALID, ids=lambda v: v["name"] if isinstance(v, dict) else v)
def test_a_valid_vector_decodes_to_its_message(side: str, vector: dict[str, Any]) -> None:
    message = DECODE[side](bytes.fromhex(vector["hex"]))
    assert plain(message) == vector["message"]
    assert DECODE[side](encode(message)) == message


@pytest.mark.parametrize("vector", read("malformed.json"), ids=lambda v: f"{v['from']}: {v['name']}")
def test_a_malformed_vector_is_refused_with_its_close_code(vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedError) as refused:
        DECODE[vector["from"]](bytes.fromhex(vector["hex"]))
    assert refused.value.close_code == vector["close"]


def test_every_kind_has_a_vector() -> None:
    kinds = defaultdict(set)
    for side, vector in VALID:
        kinds[side].add(vector["message"][0])
    assert kinds == {"client": CLIENT_KINDS, "server": SERVER_KINDS}


def scalar_kernel(world: ReferenceWorld) -> Any:
    """The reference kernel with the shape that a view wants."""

    def advance(x: Any, y: Any, course: Any) -> None:
        for i in np.flatnonzero(course):
            avatar = Avatar(int(x[i]), int(y[i]), int(course[i]))
            world.move(avatar)
            x[i], y[i] = avatar.x, avatar.y

    return advance


def replay(name: str) -> Iterator[tuple[dict[str, Any], ClientView, bool | None]]:
    head, *records = read(name)
    world = ReferenceWorld(
        [[cell == "#" for cell in row] for row in head["solid"]],
        Motion(*head["motion"]),
        {int(i): tuple(rectangle) for i, rectangle in head["doors"].items()},
        set(head["open"]),
    )
    view = ClientView(
        scalar_kernel(world),
        head["cols"],
        head["rows"],
        Interest(*head["interest"]),
        reliable=head["reliable"],
        door_change=world.set_door,
        open_doors=head["open"],
    )
    for record in records:
        message = decode_server(bytes.fromhex(record["hex"]))
        applied = None
        if isinstance(message, Welcome):
            view.welcome(message)
        elif isinstance(message, Door):
            view.door(message)
        elif isinstance(message, Snapshot):
            applied = view.apply(message)
        yield record, view, applied


@pytest.mark.parametrize("name", ["session.jsonl", "session_datagram.jsonl"])
def test_a_view_of_the_recorded_session_knows_what_the_server_knew(name: str) -> None:
    outcomes = set()
    for record, view, applied in replay(name):
        if "world" in record:
            assert view.world == record["world"]
        if "applied" not in record:
            continue
        outcomes.add(applied)
        state = view.now
        seen = [[int(i), int(state.course[i]), int(state.x[i]), int(state.y[i])] for i in state.ids()]
        assert applied == record["applied"]
        assert (view.ack, state.tick) == (record["tick"], record["tick"])
        assert seen == record["avatars"], f"at tick {record['tick']}"
    assert outcomes == ({True, False} if "datagram" in name else {True})
