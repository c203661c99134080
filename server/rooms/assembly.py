"""The second half of a snapshot: from the blocks of a tick, cut by cell, to the bytes for a group of clients.

It needs the tables and the map's cells, and nothing of the world, so it can be done where the blocks were made or in
another process (`server.fanout`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from protocol.constants import Kind
from server.rooms.baselines import NONE
from server.rooms.interest import Interest, Runs

_encode = msgspec.msgpack.Encoder().encode
_SNAPSHOT = int(Kind.SNAPSHOT)

NO_SLACK = -(2**15)
"""Slack of an input that asked for the next tick, whenever that is."""


class Table:
    """Packed rows sorted by cell: the rows of a run of cells are a slice of bytes, not a search."""

    __slots__ = ("packed", "starts")

    def __init__(self, packed: bytes, starts: list[int] | None) -> None:
        """`starts`: where the rows of each cell begin in `packed`, and the end; None: there are no rows at all."""
        self.packed, self.starts = packed, starts

    @classmethod
    def by_counts(cls, packed: NDArray[np.uint8], counts: NDArray[np.int64] | None) -> Table:
        """`packed`: shape (n, row bytes), in the order of cells. `counts`: int64[cells], None: n is 0."""
        if counts is None:
            return cls(b"", None)
        return cls(packed.tobytes(), [0, *(np.cumsum(counts) * packed.shape[1]).tolist()])

    def bytes_of(self, runs: Runs) -> bytes:
        """The rows of all cells in `runs`, concatenated."""
        if self.starts is None:
            return b""
        starts, packed = self.starts, self.packed
        return b"".join([packed[starts[a] : starts[b]] for a, b in runs])


class Changes(Protocol):
    """The tables of all that happened since one baseline; what is in them, `server.rooms.snapshots.Delta` says."""

    gone: Table
    courses: Table
    rows: Table
    entered: Table


class Body(NamedTuple):
    """What all clients of a group are told."""

    gone: bytes
    courses: bytes
    rows: bytes

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.gone or self.courses or self.rows)


NOTHING = Body(b"", b"", b"")


class Group(NamedTuple):
    """What clients share that are told the same. `base_home`: the home at the baseline. `checks`: they want
    checksums."""

    baseline: int
    base_home: int
    home: int
    class_bit: int
    checks: bool


class Assembler(ABC):
    """Puts messages together. Whoever inherits says where the tables come from, and sets the present tick's values."""

    def __init__(self, interest: Interest) -> None:
        self.interest = interest
        self.tick = 0
        self.revision = 0
        """Of the world's doors."""
        self.stirred = 0
        """The newest tick in which anything happened that a client can not foresee."""
        self.check_due = False
        """Whether all that is sent in this tick carries a checksum."""

    @abstractmethod
    def changes(self, baseline: int, class_bit: int) -> Changes:
        """What happened since the baseline, as a visibility class sees it."""

    @abstractmethod
    def everyone(self, class_bit: int) -> Table:
        """Complete rows of all that the visibility class sees."""

    @abstractmethod
    def check_sums(self, class_bit: int) -> NDArray[np.uint64]:
        """uint64[cells + 1]: for each cell, the sum of the checksum terms of all cells before it."""

    def body(self, group: Group) -> Body:
        """What the group is told."""
        baseline, base_home, home, class_bit, _ = group
        if baseline == NONE:
            return Body(b"", b"", self.everyone(class_bit).bytes_of(self.interest.whole(home)))
        if baseline >= self.stirred and base_home == home:
            return NOTHING
        changes = self.changes(baseline, class_bit)
        cover = self.interest.coverage(base_home, home)
        rows = changes.rows.bytes_of(cover.kept)
        if cover.border:
            rows += changes.entered.bytes_of(cover.border)
        if cover.fresh:
            rows += self.everyone(class_bit).bytes_of(cover.fresh)
        return Body(changes.gone.bytes_of(cover.kept), changes.courses.bytes_of(cover.kept), rows)

    def check(self, group: Group, body: Body) -> int | None:
        """The checksum that goes with the body; None: none does."""
        # A heartbeat has nothing else to say, so it always says whether the client is still right.
        if not group.checks or not (body.empty or self.check_due):
            return None
        sums = self.check_sums(group.class_bit)
        return sum(int(sums[b]) - int(sums[a]) for a, b in self.interest.whole(group.home)) & 0xFFFFFFFF

    def message(self, group: Group, body: Body, check: int | None, input_seq: int | None, slack: int | None) -> bytes:
        """SNAPSHOT (STANDARD.md section 5.5). `input_seq`, `slack`: of the client's newest applied input, how many
        ticks early it came; None, None: the client knows."""
        age = 0 if group.baseline == NONE else self.tick - group.baseline
        if slack is not None:
            slack = None if slack == NO_SLACK else max(-128, min(127, slack))
        return _encode((_SNAPSHOT, self.tick, age, input_seq, slack, self.revision, group.home, *body, check))
