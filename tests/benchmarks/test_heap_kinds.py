"""What a heap is made of, of a snapshot as Chromium writes it."""

from __future__ import annotations

import json

import pytest

from benchmarks.heap_kinds import HeapKinds

FIELDS = ["type", "name", "id", "self_size", "edge_count", "detachedness"]
TYPES = ["hidden", "array", "string", "object", "code", "closure", "native", "object shape"]


def snapshot(*nodes: tuple[str, str, int]) -> str:
    names = [name for _, name, _ in nodes]
    rows = [[TYPES.index(kind), at, 2 * at + 1, size, 0, 0] for at, (kind, _, size) in enumerate(nodes)]
    meta = {"node_fields": FIELDS, "node_types": [TYPES, "string", "number", "number", "number", "number"]}
    return json.dumps({"snapshot": {"meta": meta}, "nodes": [each for row in rows for each in row], "strings": names})


def test_what_a_program_makes_is_told_from_its_code_and_from_the_browsers_own() -> None:
    kinds = HeapKinds.of(
        snapshot(
            ("object", "Map", 100),
            ("array", "", 20),
            ("string", "system / a text that begins like this", 3),
            ("code", "system / InstructionStream", 1000),
            ("object shape", "system / Map", 500),
            ("native", "system / DoubleStringCache", 70),
            ("native", "LayoutShift", 9),
        )
    )
    assert kinds == HeapKinds(values=123, engine=1570, browser=9)


def test_growth_is_said_by_who_keeps_it() -> None:
    words = HeapKinds(2_005_000, 9_250_000, 7).growth(HeapKinds(2_024_000, 9_000_000, 0))
    assert words == "what the page made -19 kB, compiled code and what else the engine keeps +250 kB"


@pytest.mark.parametrize("text", ["", "{}", '{"snapshot": {"meta": {"node_fields": [], "node_types": []}}}', "[]"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - also what json says
        HeapKinds.of(text)
