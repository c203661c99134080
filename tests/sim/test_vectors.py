"""The golden kernel vectors are what the kernel does now; the TypeScript kernel is held to the same file."""

from __future__ import annotations

import json
from pathlib import Path

import sim.vectors
from sim.vectors.blocks import make_vectors
from sim.vectors.borders import make_borders

GOLDEN = json.loads(Path(sim.vectors.__file__).with_name("kernel.json").read_text())


def test_the_golden_file_is_up_to_date() -> None:
    assert make_vectors() == GOLDEN, "run `python -m sim.vectors` if the change of the kernel is meant"


def test_the_vectors_cover_at_least_100_000_moves_at_all_tick_rates_with_doors() -> None:
    blocks = GOLDEN["blocks"]
    assert sum(block["cases"] * block["ticks"] for block in blocks) >= 100_000
    assert {block["rate"] for block in blocks} >= {10, 30, 60}
    assert any(block["doors"] for block in blocks)
    assert len({block["digest"] for block in blocks}) == len(blocks)


def test_the_golden_border_walks_are_what_the_world_does_now_and_meet_every_reason_to_stop() -> None:
    golden = json.loads(Path(sim.vectors.__file__).with_name("borders.json").read_text())
    assert make_borders() == golden, "run `python -m sim.vectors` if the change of the borders is meant"
    stops = 0
    for walk in golden["walks"]:
        course = 0
        for chosen, place in zip(walk["courses"], walk["places"], strict=True):
            course = course if chosen < 0 else chosen
            stops += (course & 0x30 > 0) and place[2] & 0x30 == 0
            course = place[2]
    assert stops >= 20
