"""Rooms go where there is most room left, by what was measured."""

from __future__ import annotations

from server.cluster.placement import FULL_CONNECTIONS, ROOM_SHARE, Placement, choose
from server.cluster.registry import Process


def process(name: str, load: float = 0.0, connections: int = 0, rooms: int = 0, *, draining: bool = False) -> Process:
    return Process(id=name, machine=name, load=load, connections=connections, rooms=rooms, is_draining=draining)


def test_a_process_with_many_quiet_rooms_is_preferred_to_one_with_a_loud_one() -> None:
    assert choose([process("loud", load=0.6, rooms=1), process("quiet", load=0.05, rooms=40)]).id == "quiet"  # type: ignore[union-attr]


def test_connections_count_beside_ticks() -> None:
    crowded = process("crowded", load=0.1, connections=FULL_CONNECTIONS // 2)
    assert choose([crowded, process("ticking", load=0.4)]).id == "ticking"  # type: ignore[union-attr]


def test_nobody_who_is_being_stopped_is_given_a_room() -> None:
    assert choose([process("going", draining=True), process("busy", load=0.9)]).id == "busy"  # type: ignore[union-attr]
    assert choose([process("going", draining=True)]) is None
    assert choose([process("me")], without={"me"}) is None
    assert choose([]) is None


def test_rooms_that_come_all_at_once_are_spread_before_anything_is_measured() -> None:
    placement, three = Placement(), [process(name) for name in "abc"]
    chosen = [placement.place(three).id for _ in range(9)]  # type: ignore[union-attr]
    assert sorted(chosen) == sorted("abc" * 3)


def test_what_was_given_counts_only_until_it_is_measured() -> None:
    placement = Placement()
    pair = [process("a"), process("b", load=1.5 * ROOM_SHARE)]
    assert [placement.place(pair).id for _ in range(3)] == ["a", "a", "b"]  # type: ignore[union-attr]
    placement.heard()
    assert placement.place(pair).id == "a"  # type: ignore[union-attr]


def test_idle_processes_are_told_apart_by_their_rooms() -> None:
    assert choose([process("a", rooms=3), process("b", rooms=1)]).id == "b"  # type: ignore[union-attr]
