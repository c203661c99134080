"""The crossings of the last ticks: what is kept, what is told of it, and that no tick is lost or told twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.crossings import CROSSED, LEFT, PLACED, RING_TICKS, CrossingRing

ONE_TICK = st.lists(
    st.tuples(st.integers(1, 500), st.integers(0, 99), st.sampled_from([CROSSED, PLACED, LEFT])), max_size=9
)


def add(ring: CrossingRing, tick: int, crossings: list[tuple[int, int, int]], *, past: bool = False) -> None:
    """`past`: as compiled code does, which writes into the columns by itself."""
    ids, cells, kinds = (list(column) for column in zip(*crossings, strict=True)) if crossings else ([], [], [])
    if not past:
        ring.add(tick, np.array(ids, np.int64), np.array(cells, np.int32), np.array(kinds, np.uint8))
        return
    ring.make_room(len(crossings))
    end = ring.count + len(crossings)
    for column, values in zip(ring.columns, (ids, cells, kinds, [tick] * len(ids)), strict=True):
        column[ring.count : end] = values
    ring.note(tick, len(crossings))


@given(ticks=st.lists(ONE_TICK, min_size=1, max_size=200), past=st.booleans())
def test_every_crossing_of_the_last_64_ticks_is_told_in_order(
    ticks: list[list[tuple[int, int, int]]], past: bool
) -> None:
    ring, known = CrossingRing(), []
    for tick, crossings in enumerate(ticks, 1):
        add(ring, tick, crossings, past=past)
        known += [(*crossing, tick) for crossing in crossings]
        assert ring.newest == (known[-1][-1] if known else 0)
    now = len(ticks)
    for baseline in range(max(0, now - RING_TICKS), now + 2):
        told = list(zip(*(column.tolist() for column in ring.since(baseline)), strict=True))
        assert told == [entry for entry in known if entry[-1] > baseline]
    assert ring.count <= len(ring.columns.ids)


def test_what_is_too_old_is_not_kept_for_ever() -> None:
    ring = CrossingRing()
    for tick in range(1, 5000):
        add(ring, tick, [(1, 2, CROSSED)])
    assert len(ring.columns.ids) < 4 * RING_TICKS
    with pytest.raises(ValueError, match="more than 64 ticks"):
        ring.since(5000 - 1 - RING_TICKS - 1)


def test_a_tick_is_neither_left_out_nor_told_twice() -> None:
    ring = CrossingRing()
    add(ring, 7, [(1, 2, CROSSED)])
    for tick in (7, 9):
        with pytest.raises(ValueError, match="does not follow"):
            ring.note(tick, 0)
        with pytest.raises(ValueError, match="does not follow"):
            add(ring, tick, [(3, 4, PLACED)])
    add(ring, 8, [])
    assert ring.since(0).ids.tolist() == [1]
