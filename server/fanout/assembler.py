"""The gateway's half of a tick: from blocks to messages, by the very code that a room has for clients of its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from protocol.constants import COURSE_ROW_BYTES, FULL_ROW_BYTES
from server.fanout.messages import Block, FanoutError, Room, Since, Tick, Whole, decoded_blocks
from server.rooms.assembly import Assembler, Group, Table
from server.rooms.interest import Interest
from server.rooms.snapshots import Encoded


class _Changes:
    """`server.rooms.assembly.Changes`, out of blocks."""

    def __init__(self, since: Since, cells: int) -> None:
        self.gone, self.courses = _table(since.gone, cells), _table(since.courses, cells)
        self.rows, self.entered = _table(since.rows, cells), _table(since.entered, cells)


class BlockAssembler(Assembler):
    """The messages of one room's ticks, for the clients of one gateway."""

    def __init__(self, room: Room) -> None:
        super().__init__(Interest(room.width_px, room.height_px, room.cell_px, room.radius_px))
        self.encoded = Encoded()
        """What was made of the newest tick."""
        self._since: dict[tuple[int, int], Since] = {}
        self._changes: dict[tuple[int, int], _Changes] = {}
        self._wholes: dict[int, Whole] = {}
        self._everyone: dict[int, Table] = {}

    def messages(self, tick: Tick) -> Iterator[tuple[list[int], bytes]]:
        """Yield (numbers of connections, what they are sent). Raises `FanoutError`."""
        blocks = decoded_blocks(tick.blocks)
        self.tick, self.revision, self.stirred = blocks.tick, blocks.revision, blocks.stirred
        self.check_due = blocks.check_due
        self._since = {(since.baseline, since.class_bit): since for since in blocks.since}
        self._wholes = {whole.class_bit: whole for whole in blocks.wholes}
        self._changes.clear()
        self._everyone.clear()
        encoded = self.encoded = Encoded()
        groups = np.frombuffer(blocks.groups, "<i4").reshape(-1, 5).tolist()
        sizes = np.frombuffer(tick.sizes, "<u4").tolist()
        clients, acts = np.frombuffer(tick.clients, "<u4").tolist(), tick.acts
        seqs = iter(np.frombuffer(tick.seqs, "<u4").tolist())
        slacks = iter(np.frombuffer(tick.slacks, "<i2").tolist())
        if len(sizes) != len(groups) or sum(sizes) != len(clients) or len(acts) != len(clients):
            raise FanoutError("a tick whose parts do not fit together")
        start = 0
        for (baseline, base_home, home, class_bit, checks), size in zip(groups, sizes, strict=True):
            if not size:
                continue
            group = Group(baseline, base_home, home, class_bit, bool(checks))
            body = self.body(group)
            check = self.check(group, body)
            encoded.bodies += 1
            encoded.course_rows += len(body.courses) // COURSE_ROW_BYTES * size
            encoded.full_rows += len(body.rows) // FULL_ROW_BYTES * size
            end = start + size
            members, acting = clients[start:end], acts[start:end]
            quiet = members
            if any(acting):
                quiet = [client for client, acted in zip(members, acting, strict=True) if not acted]
                for client, acted in zip(members, acting, strict=True):
                    if acted:
                        yield [client], self.message(group, body, check, next(seqs), next(slacks))
            if quiet:
                yield quiet, self.message(group, body, check, None, None)
            start = end
        encoded.shared = len(clients) - encoded.bodies

    def changes(self, baseline: int, class_bit: int) -> _Changes:
        key = (baseline, class_bit)
        found = self._changes.get(key)
        if found is None:
            since = self._since.get(key)
            if since is None:
                raise FanoutError("a group without its blocks")
            found = self._changes[key] = _Changes(since, self.interest.cells)
        return found

    def everyone(self, class_bit: int) -> Table:
        found = self._everyone.get(class_bit)
        if found is None:
            found = self._everyone[class_bit] = _table(self._whole(class_bit).rows, self.interest.cells)
        return found

    def check_sums(self, class_bit: int) -> NDArray[np.uint64]:
        return np.frombuffer(self._whole(class_bit).sums, "<u8")

    def _whole(self, class_bit: int) -> Whole:
        found = self._wholes.get(class_bit)
        if found is None:
            raise FanoutError("a group without its blocks")
        return found


def _table(block: Block, cells: int) -> Table:
    if not block.starts:
        return Table(b"", None)
    starts = np.frombuffer(block.starts, "<u4").tolist()
    if len(starts) != cells + 1 or starts[-1] != len(block.packed):
        raise FanoutError("a block that does not fit the room")
    return Table(block.packed, starts)
