"""The compiled form of the snapshots of a tick (compiled.c), where a C compiler was there to make it.

It makes the same bytes as `server.rooms.snapshots`. With a hundred clients numpy spends its time between its calls, and
that was most of a tick.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from protocol.constants import Kind
from server.rooms.baselines import Baselines
from server.rooms.interest import UNITS_PER_PX, Interest
from server.rooms.snapshots import Encoded, Ids, Snapshot, SnapshotEncoder
from sim.crossings import NO_CROSSINGS, Crossings
from sim.shared_library import library
from sim.world import World

_Pointer, _Int, _Long = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64
_WORLD: Final = (
    *("alive", "x", "y", "course", "cell", "visible_to"),
    *("changed_tick", "previous_change", "placed_tick", "entered_tick"),
)
OUT_BYTES: Final = 1 << 16
SCRATCH_WORDS: Final = 1 << 14


class _Columns(ctypes.Structure):
    """`Encoder` in compiled.c."""

    _fields_ = (
        *(
            (name, _Pointer)
            for name in (
                *_WORLD,
                *("connected", "reliable", "class_bit", "checks", "base_tick", "base_home"),
                *("sent", "unacked_since", "completed", "rest", "sent_ticks", "sent_homes", "homes"),
                *("input_seq", "input_tick", "slack"),
                *("group_of", "next_member", "recipient", "offset", "length", "changed"),
                *("crossed_id", "crossed_tick", "crossed_from", "crossed_kind", "out", "scratch"),
            )
        ),
        *(
            (name, _Long)
            for name in (
                *("tick", "stirred", "newest_crossing", "world_revision"),
                *("heartbeat_ticks", "max_age", "patience_ticks"),
            )
        ),
        *(
            (name, _Int)
            for name in (
                *("rows", "cols", "lines", "radius", "side", "covers_all"),
                *("crossings", "capacity", "scratch_words", "kind", "check_due"),
                *("messages", "recipients", "bodies", "deltas", "course_rows", "full_rows"),
            )
        ),
    )


class Messages:
    """The messages of the tick that was encoded last, as they lie in memory until the next one is encoded."""

    def __init__(self, columns: Any, encoder: CompiledEncoder) -> None:
        """`columns`: `Encoder` in compiled.c, which says where they are."""
        self.columns, self._encoder = columns, encoder

    def message(self, number: int) -> bytes:
        """One of them."""
        encoder = self._encoder
        start = int(encoder.offset[number])
        return encoder.out[start : start + int(encoder.length[number])].tobytes()

    def __iter__(self) -> Iterator[Snapshot]:
        count = self.columns.messages
        listed = self._encoder.recipient[: self.columns.recipients + count].tolist()
        place = 0
        for number in range(count):
            end = place + 1 + listed[place]
            yield Snapshot(listed[place + 1 : end], self.message(number))
            place = end


class CompiledEncoder(SnapshotEncoder):
    """A `SnapshotEncoder` of the same bytes. It works for one `Baselines`, whose arrays stay where they are."""

    def __init__(
        self,
        code: ctypes.PyDLL,
        world: World,
        interest: Interest,
        heartbeat_ticks: int,
        check_ticks: int,
        baselines: Baselines,
    ) -> None:
        """`code`: the library. The rest as `SnapshotEncoder`."""
        super().__init__(world, interest, heartbeat_ticks, check_ticks)
        rows = len(world.alive)
        if len(baselines.tick) != rows:
            raise ValueError(f"{len(baselines.tick)} rows of clients for {rows} rows of avatars")
        self.recipient = np.zeros(2 * rows, np.int32)
        self.offset, self.length = np.zeros(rows, np.int32), np.zeros(rows, np.int32)
        self._kept = [np.zeros(rows, np.int32) for _ in range(3)]
        self._crossed = NO_CROSSINGS
        columns = self._columns = _Columns()
        arrays = {name: getattr(world, name) for name in _WORLD} | {
            "connected": baselines.connected,
            "reliable": baselines.reliable,
            "class_bit": self.class_bit,
            "checks": self.checks,
            "base_tick": baselines.tick,
            "base_home": baselines.home,
            "sent": baselines.sent,
            "unacked_since": baselines.unacked_since,
            "completed": baselines.completed,
            "rest": baselines.rest,
            "sent_ticks": baselines.sent_ticks,
            "sent_homes": baselines.sent_homes,
            "homes": self.homes,
            "group_of": self._kept[0],
            "next_member": self._kept[1],
            "changed": self._kept[2],
            "recipient": self.recipient,
            "offset": self.offset,
            "length": self.length,
        }
        for name, array in arrays.items():
            setattr(columns, name, array.ctypes.data)
        columns.heartbeat_ticks, columns.max_age = heartbeat_ticks, baselines.max_age
        columns.rows, columns.cols, columns.lines = rows, interest.cols, interest.rows
        columns.radius, columns.side = interest.radius, interest.cell_px * UNITS_PER_PX
        columns.covers_all, columns.kind = interest.covers_all, int(Kind.SNAPSHOT)
        self._inputs: tuple[NDArray[np.int64], ...] = ()
        self._resize_out(OUT_BYTES)
        self._resize_scratch(SCRATCH_WORDS)
        self._able, self._due = np.zeros(rows, np.int64), _Int()
        self._able_at, self._due_at = self._able.ctypes.data, ctypes.byref(self._due)
        self._at = ctypes.byref(columns)
        self._messages = Messages(columns, self)
        self._find_able, self._encode = code.hallway_able, code.hallway_encode
        self._find_able.argtypes = (_Pointer, _Pointer, _Pointer)
        self._encode.argtypes, self._encode.restype = (_Pointer, _Pointer, _Int), _Long

    def keep_up(self, baselines: Baselines, patience_ticks: int) -> tuple[Ids, int]:
        columns = self._columns
        columns.tick, columns.patience_ticks = self.world.tick, patience_ticks
        count = self._find_able(self._at, self._able_at, self._due_at)
        return self._able[:count], self._due.value

    def encode(
        self, baselines: Baselines, able: Ids, input_seq: NDArray[np.int64], input_tick: NDArray[np.int64], slack: Ids
    ) -> Messages:
        world, columns = self.world, self._columns
        if not self._inputs or input_seq is not self._inputs[0]:
            self._inputs = (input_seq, input_tick, slack)
            columns.input_seq, columns.input_tick, columns.slack = (array.ctypes.data for array in self._inputs)
        columns.tick, columns.world_revision = world.tick, world.world_revision
        crossings = world.crossings
        columns.newest_crossing, columns.crossings = crossings.newest, crossings.count
        if crossings.columns is not self._crossed:
            self._point_at(crossings.columns)
        columns.check_due = self.checks_in(world.tick)
        count = len(able)
        # To ask an array where it lies takes longer than to copy a few numbers to a place that is known.
        at = self._able_at if able.base is self._able else able.ctypes.data
        while wanted := self._encode(self._at, at, count):
            if wanted > 0:
                self._resize_out(2 * wanted)
            else:
                self._resize_scratch(-wanted // 8 + 1)
        self.encoded = Encoded(
            columns.deltas,
            columns.bodies,
            columns.recipients - columns.bodies,
            columns.messages,
            columns.course_rows,
            columns.full_rows,
        )
        return self._messages

    def _resize_out(self, size: int) -> None:
        self.out = np.zeros(size, np.uint8)
        self._columns.out, self._columns.capacity = self.out.ctypes.data, size

    def _point_at(self, crossed: Crossings) -> None:
        columns, self._crossed = self._columns, crossed
        columns.crossed_id, columns.crossed_tick = crossed.ids.ctypes.data, crossed.tick.ctypes.data
        columns.crossed_from, columns.crossed_kind = crossed.from_cell.ctypes.data, crossed.kind.ctypes.data

    def _resize_scratch(self, words: int) -> None:
        self._scratch = np.zeros(words, np.int64)
        self._columns.scratch, self._columns.scratch_words = self._scratch.ctypes.data, words


_code = library(Path(__file__).with_name("compiled.c"))


def make_encoder(
    world: World, interest: Interest, heartbeat_ticks: int, check_ticks: int, baselines: Baselines
) -> SnapshotEncoder:
    """The encoder of a room: compiled if its world is."""
    if _code is None or not world.is_compiled:
        return SnapshotEncoder(world, interest, heartbeat_ticks, check_ticks)
    return CompiledEncoder(_code, world, interest, heartbeat_ticks, check_ticks, baselines)
