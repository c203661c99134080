"""Which process a room is given to: the one that is measured to have the most room left, not the one with the fewest.

The measure is old by up to a second; rooms that were given to a process since then count as if they were busy.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from server.cluster.registry import Process

FULL_CONNECTIONS = 1500
"""Connections that cost a process about as much, beside the ticks, as it has."""
ROOM_SHARE = 0.02
"""What a room is expected to take of a process until it is measured."""


def busy(process: Process, given: int = 0) -> float:
    """How much of a process is used, about 0 to 1. `given`: rooms that it got since it said so."""
    return process.load + process.connections / FULL_CONNECTIONS + given * ROOM_SHARE


def choose(
    processes: Iterable[Process], given: Mapping[str, int] | None = None, without: Container[str] = ()
) -> Process | None:
    """The process for a room; None: there is none. `given`: as for `busy`, by id. `without`: ids that do not count."""
    given = given or {}
    able = [process for process in processes if not process.is_draining and process.id not in without]
    return min(
        able,
        key=lambda process: (busy(process, given.get(process.id, 0)), process.rooms, process.id),
        default=None,
    )


class Placement:
    """`choose`, remembering what it gave to whom since they were last heard of."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def place(self, processes: Iterable[Process], without: Container[str] = ()) -> Process | None:
        """As `choose`."""
        chosen = choose(processes, self._given, without)
        if chosen is not None:
            self._given[chosen.id] = self._given.get(chosen.id, 0) + 1
        return chosen

    def heard(self) -> None:
        """Everybody has said anew how busy they are."""
        self._given.clear()
