"""The owner's half of a tick that gateways send: every cell's rows once, and for each gateway who gets which.

Nothing here loops over clients: who shares what is found out in columns, and shared among gateways in columns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from server.fanout.messages import Block, Blocks, Since, Tick, Whole, encoded_blocks
from server.rooms.assembly import NO_SLACK, Table
from server.rooms.baselines import NONE, Baselines
from server.rooms.snapshots import Ids, SnapshotEncoder, Speakers

NO_ROWS = Block(b"", b"")


class TickBlocks:
    """The present tick for `able`, ids of clients that are behind gateways and take a snapshot now. What they then have
    is noted in `baselines`. The rest as `SnapshotEncoder.encode`."""

    def __init__(
        self,
        encoder: SnapshotEncoder,
        baselines: Baselines,
        able: Ids,
        input_seq: NDArray[np.int64],
        input_tick: NDArray[np.int64],
        slack: NDArray[np.int64],
    ) -> None:
        self._speakers: Speakers = encoder.speakers(baselines, able, input_tick)
        self._input_seq, self._slack = input_seq, slack
        starts = np.array(self._speakers.starts[:-1], np.int64)
        self._group_of = np.searchsorted(starts, np.arange(len(self._speakers.ids)), side="right") - 1
        """int64[ids]"""
        self._blocks = _blocks(encoder, self._speakers) if self._speakers.groups else b""

    @property
    def ids(self) -> Ids:
        """Those who are told something."""
        return self._speakers.ids

    def share(self, room: int, mine: NDArray[np.bool_], numbers: NDArray[np.uint32]) -> Tick | None:
        """One gateway's part; None: there is nothing for its clients. `mine`: bool[ids], who is behind it. `numbers`:
        u32[capacity + 1], by avatar, the number of their connection there."""
        ids = self._speakers.ids[mine]
        if not len(ids):
            return None
        acts = self._speakers.acts[mine]
        acting = ids[acts]
        sizes = np.bincount(self._group_of[mine], minlength=len(self._speakers.groups))
        return Tick(
            room,
            self._blocks,
            sizes.astype("<u4").tobytes(),
            numbers[ids].astype("<u4").tobytes(),
            acts.astype(np.uint8).tobytes(),
            self._input_seq[acting].astype("<u4").tobytes(),
            np.clip(self._slack[acting], NO_SLACK, -NO_SLACK - 1).astype("<i2").tobytes(),
        )


def _blocks(encoder: SnapshotEncoder, speakers: Speakers) -> bytes:
    groups = np.array(speakers.groups, dtype=np.int32).reshape(-1, 5)
    baseline, base_home, home, class_bit, checks = groups.T
    moved = base_home != home
    told = (baseline != NONE) & ((baseline < encoder.stirred) | moved)
    since = [_since(encoder, int(base), int(bit)) for base, bit in np.unique(groups[told][:, (0, 3)], axis=0).tolist()]
    needs_all = set(class_bit[(baseline == NONE) | moved].tolist())
    wants_sums = set(class_bit[checks != 0].tolist())
    wholes = [
        Whole(
            bit,
            _block(encoder.everyone(bit)) if bit in needs_all else NO_ROWS,
            encoder.check_sums(bit).astype("<u8").tobytes() if bit in wants_sums else b"",
        )
        for bit in sorted(needs_all | wants_sums)
    ]
    return encoded_blocks(
        Blocks(
            encoder.tick,
            encoder.revision,
            encoder.stirred,
            encoder.check_due,
            since,
            wholes,
            groups.astype("<i4").tobytes(),
        )
    )


def _since(encoder: SnapshotEncoder, baseline: int, class_bit: int) -> Since:
    changes = encoder.changes(baseline, class_bit)
    tables = (changes.gone, changes.courses, changes.rows, changes.entered)
    return Since(baseline, class_bit, *map(_block, tables))


def _block(table: Table) -> Block:
    if table.starts is None:
        return NO_ROWS
    return Block(table.packed, np.array(table.starts, "<u4").tobytes())
