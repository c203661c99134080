"""The compiled passes and numpy make the same world, bit for bit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.compiled
from sim.commands import Commands, Events, Join
from sim.world import World

TICKS = 600
BUSY = 0.3
"""Share of the ticks in which anything may happen; in the others people only turn."""


@pytest.fixture(autouse=True)
def built() -> None:
    """With a compiler on this machine the passes must have been built; without one there is nothing to compare."""
    source = Path(sim.compiled.__file__).with_name("compiled.c")
    if sim.compiled.library(source) is None:
        if shutil.which("cc"):
            pytest.fail("compiled.c was not built, or changed since: make client")
        pytest.skip("this machine has no C compiler")


@pytest.mark.parametrize("number", range(8))
def test_both_forms_make_the_same_worlds_and_events(
    busy_room: Callable[..., World],
    random_commands: Callable[[np.random.Generator, World], Commands],
    seed: int,
    number: int,
) -> None:
    rng = np.random.default_rng([seed, number])
    compiled, plain = busy_room(), busy_room(compiled=False)
    fast = 0
    for _ in range(TICKS):
        commands = random_commands(rng, plain)
        if rng.random() > BUSY:
            commands = Commands(courses=commands.courses)
            fast += 1
        events = (compiled.step(commands), plain.step(commands))
        assert told(events[0]) == told(events[1])
        assert compiled.state_hash() == plain.state_hash(), compiled.tick
        assert compiled.proximity.pairs().tolist() == plain.proximity.pairs().tolist()
        np.testing.assert_equal(
            compiled.crossings_since(max(0, compiled.tick - 64)), plain.crossings_since(max(0, plain.tick - 64))
        )
        assert compiled.stirred_tick == plain.stirred_tick
    assert fast > TICKS / 2


def test_a_course_that_no_client_may_send_is_refused_before_anything_is_done(busy_room: Callable[..., World]) -> None:
    for compiled in (True, False):
        world = busy_room(compiled=compiled)
        world.step(Commands(joins=[Join(1), Join(2)]))
        before = world.state_hash()
        courses = np.array([1, 2], np.uint16), np.array([0x10, 0x30], np.uint8)
        with pytest.raises(ValueError, match="gait"):
            world.step(Commands(courses=courses))
        assert world.state_hash() == before
        world.step(Commands())
        assert world.course[1] & 0x30 == 0


def told(events: Events) -> dict[str, Any]:
    """Everything that the events say, comparable."""
    return {field.name: plain_value(getattr(events, field.name)) for field in fields(events)}


def plain_value(value: Any) -> Any:
    """Arrays as lists, with the type of their numbers."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    return [plain_value(part) for part in value] if isinstance(value, tuple) else value
