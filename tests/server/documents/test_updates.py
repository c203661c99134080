"""Updates are checked before they are merged: what passes is merged whole, at once, and to the same document."""

from __future__ import annotations

import random
from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.documents.merging import Merged
from server.documents.updates import UpdateError, check_update, read_state

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
WRITES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abcde"), st.none() | VALUES), max_size=25)


def made(doc: pycrdt.Doc[Any]) -> list[bytes]:
    updates: list[bytes] = []
    doc.__dict__["watch"] = doc.observe(lambda event: updates.append(event.update))
    return updates


@given(WRITES, st.randoms(use_true_random=False))
def test_writers_converge_however_their_updates_are_interleaved(
    writes: list[tuple[int, str, Any]], chance: random.Random
) -> None:
    """Each writer's own updates come in order, as over a connection; between writers there is none."""
    docs = [pycrdt.Doc() for _ in range(3)]
    boards = [doc.get("elements", type=pycrdt.Map) for doc in docs]
    queues = [made(doc) for doc in docs]
    for writer, key, value in writes:
        if value is None:
            if key in boards[writer]:
                del boards[writer][key]
        else:
            boards[writer][key] = value
    server = Merged([])
    told: list[bytes] = []
    while any(queues):
        queue = chance.choice([queue for queue in queues if queue])
        update = queue.pop(0)
        brought = server.apply(update)
        if brought:
            told.append(brought)
        assert server.apply(update) == b""
    whole = server.doc.get_update(b"\0")
    for doc in (*docs, pycrdt.Doc()):
        doc.apply_update(whole)
    listener: pycrdt.Doc[Any] = pycrdt.Doc()
    for update in told:
        listener.apply_update(update)
    reopened = Merged(told)
    states = [doc.get("elements", type=pycrdt.Map).to_py() for doc in (*docs, listener, reopened.doc, server.doc)]
    assert all(state == states[0] for state in states)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_merged_whole(data: bytes) -> None:
    server = Merged([])
    try:
        server.apply(data)
    except ValueError:
        return
    assert read_state(server.doc.get_state()) == {client: clock for client, clock in server._known.items() if clock}


@given(st.integers(0, 1 << 32))
def test_damaged_updates_do_no_harm(seed: int) -> None:
    chance = random.Random(seed)
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    updates = made(doc)
    board = doc.get("elements", type=pycrdt.Map)
    for number in range(6):
        board[f"e{number % 3}"] = {"points": [1.5, number], "text": "x" * number}
    server = Merged([])
    for update in updates:
        damaged = bytearray(update)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            server.apply(bytes(damaged))
        except ValueError:
            continue
    honest: pycrdt.Doc[Any] = pycrdt.Doc()
    queue = made(honest)
    honest.get("elements", type=pycrdt.Map)["mine"] = "here"
    server.apply(queue[0])
    assert server.doc.get("elements", type=pycrdt.Map).to_py()["mine"] == "here"


def test_what_builds_on_something_unknown_is_refused() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    updates = made(doc)
    board = doc.get("elements", type=pycrdt.Map)
    board["a"] = 1
    board["a"] = 2
    del board["a"]
    for update in updates[1:]:
        with pytest.raises(UpdateError, match="not there"):
            check_update(update, {})
    known: dict[int, int] = {}
    for update in updates:
        known.update(check_update(update, known))
    assert known == read_state(doc.get_state())


@pytest.mark.parametrize("root", [pycrdt.Text, pycrdt.XmlFragment])
def test_only_maps_of_values_are_taken(root: Any) -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    updates = made(doc)
    part = doc.get("elements", type=root)
    if root is pycrdt.Text:
        part += "text"
    else:
        part.children.append(pycrdt.XmlElement("p"))
    with pytest.raises(UpdateError, match="kind"):
        check_update(updates[0], {})
