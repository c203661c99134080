"""Connections that were sent somewhere are counted there until they arrive, or are not heard of."""

from __future__ import annotations

from server.fanout.under_way import UNDER_WAY_S, UnderWay


def test_what_was_sent_counts_until_it_arrives_or_is_given_up() -> None:
    now = 10.0
    under_way = UnderWay(lambda: now)
    under_way.add("one")
    now += UNDER_WAY_S / 2
    under_way.add("one")
    under_way.add("two")
    assert [under_way.count(where) for where in ("one", "two", "three")] == [2, 1, 0]
    under_way.arrived("two")
    under_way.arrived("three")  # nobody sent it there
    assert under_way.count("two") == 0
    now += UNDER_WAY_S / 2 + 0.1
    assert under_way.count("one") == 1
    now += UNDER_WAY_S
    assert under_way.count("one") == 0
