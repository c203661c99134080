"""The golden kernel vectors are what the kernel does now; the TypeScript kernel is held to the same file."""

from __future__ import annotations

import json
from pathlib import Path

import sim.vectors
from sim.vectors.blocks import make_vectors

GOLDEN = json.loads(Path(sim.vectors.__file__).with_name("kernel.json").read_text())


def test_the_golden_file_is_up_to_date() -> None:
    assert make_vectors() == GOLDEN, "run `python -m sim.vectors` if the change of the kernel is meant"


def test_the_vectors_cover_at_least_100_000_moves_at_all_tick_rates_with_doors() -> None:
    blocks = GOLDEN["blocks"]
    assert sum(block["cases"] * block["ticks"] for block in blocks) >= 100_000
    assert {block["rate"] for block in blocks} >= {10, 30, 60}
    assert any(block["doors"] for block in blocks)
    assert len({block["digest"] for block in blocks}) == len(blocks)
