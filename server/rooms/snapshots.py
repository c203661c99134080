"""Snapshots of one tick: choose the baseline, emit the delta once, share the bytes.

    Baselines -> groups of clients that can share bytes -> one `Delta` a baseline -> slices by cell -> one body a group

A `Delta` is one vectorised pass over the world for one (baseline, visibility class); its tables are sorted by cell, so
an interest set is a few slices. Clients that share home, baseline and class share the body, byte for byte; most share
the whole message. `server.rooms.assembly` puts it together. STANDARD.md section 5.5 says what a client does with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from protocol.constants import COURSE_ROW_BYTES, FULL_ROW_BYTES, ID_BYTES
from protocol.rows import pack_courses, pack_ids, pack_rows
from server.rooms.assembly import NO_SLACK, Assembler, Group, Table
from server.rooms.baselines import NONE, RING_TICKS, Baselines
from server.rooms.interest import Interest
from sim.crossings import CROSSED
from sim.world import World

__all__ = ["NO_SLACK", "Delta", "Encoded", "Ids", "Snapshot", "SnapshotEncoder", "Speakers"]

Ids = NDArray[np.int64]
Counts = NDArray[np.int64] | None
"""int64[cells]: rows by cell; None: there are none at all."""


class Delta:
    """All that happened to the avatars of one visibility class since one baseline.

    courses: those whose course changed once, by who has them: 4 bytes each.
    rows: those that a client cannot work out, wherever it looks from: complete rows.
    entered: those that walked into their cell since: told to whom it was a cell at the border.
    gone: those to forget, by the cell they were in: they left, were placed elsewhere, or turned and crossed a border
        in the same breath, so that a client would look for them in the wrong cell.
    """

    def __init__(self, world: World, baseline: int, class_bit: int, interest: Interest) -> None:
        visible = world.alive & ((world.visible_to & class_bit) != 0)
        changed = world.changed_tick > baseline
        entered = world.entered_tick > baseline
        whole = changed & (entered | (world.placed_tick > baseline) | (world.previous_change > baseline))
        self._world, self._cell_count = world, interest.cells
        self.rows, rows = self._rows(np.flatnonzero(visible & whole))
        self.entered, entered_counts = self._rows(np.flatnonzero(visible & entered & ~changed))
        self.courses, courses = self._courses(np.flatnonzero(visible & changed & ~whole))
        self.gone, gone = self._gone(baseline, changed)
        self.touches = interest.counter(_sum([rows, courses, gone]), entered_counts)
        """For int32[n] homes that clients stayed at since the baseline, bool[n]: have they to be told anything?"""

    def _rows(self, ids: Ids) -> tuple[Table, Counts]:
        ids, cells = _by_cell(ids, self._world.cell[ids])
        world = self._world
        return _table(pack_rows(ids, world.course[ids], world.x[ids], world.y[ids]), cells, self._cell_count)

    def _courses(self, ids: Ids) -> tuple[Table, Counts]:
        ids, cells = _by_cell(ids, self._world.cell[ids])
        ago = self._world.tick - self._world.changed_tick[ids]
        return _table(pack_courses(ids, self._world.course[ids], ago), cells, self._cell_count)

    def _gone(self, baseline: int, changed: NDArray[np.bool_]) -> tuple[Table, Counts]:
        crossings = self._world.crossings_since(baseline)
        lost = (crossings.kind != CROSSED) | changed[crossings.ids]
        ids, cells = _by_cell(crossings.ids[lost], crossings.from_cell[lost])
        packed = np.frombuffer(pack_ids(ids), np.uint8).reshape(-1, ID_BYTES)
        return _table(packed, cells, self._cell_count)


def _table(packed: NDArray[np.uint8], cells: NDArray[np.int32], cell_count: int) -> tuple[Table, Counts]:
    """The table of rows in the order of `cells`, which is ascending, shape (n,); and how many rows each cell has."""
    counts = np.bincount(cells, minlength=cell_count) if len(cells) else None
    return Table.by_counts(packed, counts), counts


def _sum(tables: list[Counts]) -> Counts:
    """int64[cells]: rows by cell in all tables; None: there are none."""
    found = [counts for counts in tables if counts is not None]
    return np.sum(found, axis=0) if found else None


def _by_cell(ids: Ids, cells: NDArray[np.int32]) -> tuple[Ids, NDArray[np.int32]]:
    order = np.argsort(cells, kind="stable")
    return ids[order], cells[order]


@dataclass(slots=True)
class Encoded:
    """What was made in one tick, for the metrics. Rows are counted for each client that is sent them."""

    deltas: int = 0
    bodies: int = 0
    shared: int = 0
    messages: int = 0
    course_rows: int = 0
    full_rows: int = 0


class Snapshot(NamedTuple):
    """One message and the clients it goes to."""

    avatars: list[int]
    message: bytes


class Speakers(NamedTuple):
    """The clients that are told something in a tick, by the groups that can share bytes.

    ids: int64[n] avatars, those of a group next to each other. acts: bool[n], whose input has taken effect since their
    baseline. starts: where each group begins, and n. groups: in the same order.
    """

    ids: Ids
    acts: NDArray[np.bool_]
    starts: list[int]
    groups: list[Group]


NOBODY = Speakers(np.zeros(0, np.int64), np.zeros(0, bool), [0], [])


class SnapshotEncoder(Assembler):
    """Turns the world after a step into messages, each encoded once for all that can share it."""

    def __init__(self, world: World, interest: Interest, heartbeat_ticks: int, check_ticks: int) -> None:
        """`heartbeat_ticks`: a client hears something at least this often. `check_ticks`: every so many ticks, what is
        sent carries a checksum; so does a heartbeat."""
        super().__init__(interest)
        self.world = world
        self.heartbeat_ticks = heartbeat_ticks
        self.check_ticks = check_ticks
        self.homes = np.full(len(world.alive), -1, dtype=np.int32)
        self.class_bit = np.ones(len(world.alive), dtype=np.uint8)
        self.checks = np.zeros(len(world.alive), dtype=bool)
        self.encoded = Encoded()
        self._deltas: dict[tuple[int, int], Delta] = {}
        self._whole: dict[int, Table] = {}
        self._checksums: dict[int, NDArray[np.uint64]] = {}

    def checks_in(self, tick: int) -> bool:
        """Whether what is sent in this tick carries a checksum. Not in those in which proximity is measured, too, which
        are multiples of a number above 1: together they would be the longest ticks of all."""
        return tick % self.check_ticks == 1 % self.check_ticks

    def forget(self, avatar: int) -> None:
        """The avatar's id is free: whoever gets it next starts without a home."""
        self.homes[avatar] = -1
        self.class_bit[avatar] = 1
        self.checks[avatar] = False

    def keep_up(self, baselines: Baselines, patience_ticks: int) -> tuple[Ids, int]:
        """Ids of the connected clients that do not rest and left nothing unacknowledged for longer than that,
        ascending; and how many clients do not rest."""
        due = np.flatnonzero(baselines.due(self.world.tick))
        waiting = baselines.unacked_since[due]
        return due[(waiting == 0) | (self.world.tick - waiting <= patience_ticks)], len(due)

    def encode(
        self, baselines: Baselines, able: Ids, input_seq: NDArray[np.int64], input_tick: NDArray[np.int64], slack: Ids
    ) -> Iterable[Snapshot]:
        """Yield the messages of the present tick and note in `baselines` what each client then has.

        able: ids of the connected clients that can take a message now.
        input_seq, input_tick, slack: per avatar, the newest applied input, the tick it was applied at, and how many
            ticks early it had come (`NO_SLACK`: not known); shapes (capacity + 1,).
        """
        ids, acting, starts, groups = self.speakers(baselines, able, input_tick)
        avatars, acts = ids.tolist(), acting.tolist()
        encoded = self.encoded
        for group, start, end in zip(groups, starts, starts[1:], strict=False):
            body = self.body(group)
            encoded.bodies += 1
            encoded.course_rows += len(body.courses) // COURSE_ROW_BYTES * (end - start)
            encoded.full_rows += len(body.rows) // FULL_ROW_BYTES * (end - start)
            check = self.check(group, body)
            quiet = [avatars[i] for i in range(start, end) if not acts[i]]
            if quiet:
                encoded.messages += 1
                yield Snapshot(quiet, self.message(group, body, check, None, None))
            for avatar in [avatars[i] for i in range(start, end) if acts[i]]:
                encoded.messages += 1
                message = self.message(group, body, check, int(input_seq[avatar]), int(slack[avatar]))
                yield Snapshot([avatar], message)
        encoded.shared = len(avatars) - len(groups)

    def speakers(self, baselines: Baselines, able: Ids, input_tick: NDArray[np.int64]) -> Speakers:
        """Begin the present tick for these clients: find out who of them is told something, and note in `baselines`
        what they have once they are told. Arguments as `encode`."""
        world, tick = self.world, self.world.tick
        self.encoded = Encoded()
        self._deltas.clear()
        self._whole.clear()
        self._checksums.clear()
        self.tick, self.revision, self.stirred = tick, world.world_revision, world.stirred_tick
        self.check_due = self.checks_in(tick)
        baselines.expire(tick)
        able = able[world.alive[able]]
        if not len(able):
            return NOBODY
        homes = self.interest.rehome(self.homes[able], world.x[able], world.y[able])
        self.homes[able] = homes
        speak = self._who_hears(baselines, able, homes, input_tick)
        baselines.note_silent(able[~speak], tick)
        able, homes = able[speak], homes[speak]
        order, starts, groups = self._groups(baselines, able, homes)
        acts = input_tick[able] > baselines.tick[able]
        baselines.note_sent(able, homes, tick)
        return Speakers(able[order], acts[order], starts, groups)

    def _who_hears(
        self, baselines: Baselines, able: Ids, homes: NDArray[np.int32], input_tick: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """bool[n]: who is sent something in this tick. Nearly everybody in a quiet room is not, so that is found out
        for all at once, before anything is made."""
        tick, base = self.world.tick, baselines.tick[able]
        speak: NDArray[np.bool_] = tick - baselines.sent[able] >= self.heartbeat_ticks
        speak |= (input_tick[able] > base) | (baselines.rest[able] < 0)
        speak |= (base == NONE) | (baselines.home[able] != homes)
        open_ = np.flatnonzero(~speak & (base < self.stirred))
        kinds = base[open_] * 256 + self.class_bit[able[open_]]
        for kind in np.unique(kinds).tolist():
            rows = open_[kinds == kind]
            speak[rows] = self.changes(kind // 256, kind % 256).touches(homes[rows])
        return speak

    def _groups(self, baselines: Baselines, able: Ids, homes: NDArray[np.int32]) -> tuple[Ids, list[int], list[Group]]:
        """(an order of the places in `able`, where in it each group begins and how long it is, the groups)."""
        columns = (baselines.tick[able], baselines.home[able], homes, self.class_bit[able], self.checks[able])
        # One number for all five: a sort of one column costs a fifth of a sort by five.
        key = np.where(columns[0] == NONE, RING_TICKS, self.world.tick - columns[0])
        for column, size in zip(columns[1:], (self.interest.cells + 1, self.interest.cells, 256, 2), strict=True):
            key *= size
            key += column
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        starts = [0, *(np.flatnonzero(ordered[1:] != ordered[:-1]) + 1).tolist(), len(order)]
        values = np.stack(columns, axis=1)[order[starts[:-1]]].tolist() if len(order) else []
        groups = [
            Group(base, base_home, home, class_bit, bool(checks)) for base, base_home, home, class_bit, checks in values
        ]
        return order, starts, groups

    def changes(self, baseline: int, class_bit: int) -> Delta:
        key = (baseline, class_bit)
        found = self._deltas.get(key)
        if found is None:
            found = self._deltas[key] = Delta(self.world, baseline, class_bit, self.interest)
            self.encoded.deltas += 1
        return found

    def everyone(self, class_bit: int) -> Table:
        found = self._whole.get(class_bit)
        if found is None:
            world = self.world
            visible = np.flatnonzero(world.alive & ((world.visible_to & class_bit) != 0))
            ids, cells = _by_cell(visible, world.cell[visible])
            packed = pack_rows(ids, world.course[ids], world.x[ids], world.y[ids])
            found = self._whole[class_bit] = _table(packed, cells, self.interest.cells)[0]
        return found

    def check_sums(self, class_bit: int) -> NDArray[np.uint64]:
        sums = self._checksums.get(class_bit)
        if sums is None:
            world = self.world
            ids = np.flatnonzero(world.alive & ((world.visible_to & class_bit) != 0))
            terms = world.checksum_terms(ids).astype(np.uint64)
            per_cell = np.zeros(self.interest.cells, dtype=np.uint64)
            np.add.at(per_cell, world.cell[ids], terms)
            sums = self._checksums[class_bit] = np.concatenate([np.zeros(1, np.uint64), np.cumsum(per_cell)])
        return sums
