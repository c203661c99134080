"""What every client of a room is known to have: the tick and home its next delta can build on.

One column per avatar id, so that the tick handles all clients with a few array operations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RING_TICKS = 64
"""How many ticks back a baseline may lie; STANDARD.md section 5.5 gives `age` 0-63."""

NONE = 0
"""The baseline of a client that must be sent a complete snapshot."""

WOKEN = -1
"""The rest of a client that is told something in the next tick, whatever there is to say."""


class Baselines:
    """Baselines of up to `capacity` clients; index is the avatar id, column 0 is unused. All values are ticks.

    On a reliable transport a client has what was sent; on datagrams it has what it acknowledged.
    """

    def __init__(self, capacity: int, cells_width_ticks: int, resend_ticks: int) -> None:
        """`cells_width_ticks`: the ticks it takes to run across one cell: with an older baseline, somebody might have
        crossed a border cell unnoticed. `resend_ticks`: how soon a complete snapshot may be asked for again."""
        size = capacity + 1
        self.max_age = min(RING_TICKS - 1, cells_width_ticks - 1)
        self.resend_ticks = resend_ticks
        self.connected = np.zeros(size, dtype=bool)
        self.reliable = np.ones(size, dtype=bool)
        self.tick = np.zeros(size, dtype=np.int64)
        self.home = np.full(size, -1, dtype=np.int32)
        self.sent = np.zeros(size, dtype=np.int64)
        self.acked = np.zeros(size, dtype=np.int64)
        self.unacked_since = np.zeros(size, dtype=np.int64)
        self.completed = np.full(size, -(10**9), dtype=np.int64)
        self.rest = np.zeros(size, dtype=np.int64)
        """Least ticks from one snapshot to the next; 0: every tick may bring one; or WOKEN."""
        # By tick modulo the ring: what was sent, and the client's home then.
        self.sent_ticks = np.zeros((RING_TICKS, size), dtype=np.int64)
        self.sent_homes = np.zeros((RING_TICKS, size), dtype=np.int32)

    def open(self, avatar: int, *, reliable: bool = True) -> None:
        """A client without any state was connected."""
        self.connected[avatar] = True
        self.reliable[avatar] = reliable
        self.rest[avatar] = 0
        self.tick[avatar] = NONE
        self.home[avatar] = -1
        self.sent[avatar] = self.acked[avatar] = self.unacked_since[avatar] = 0
        self.completed[avatar] = -(10**9)
        self.sent_ticks[:, avatar] = 0

    def reopen(self, avatar: int, now: int) -> None:
        """A client came back: it has at least what it acknowledged, if that is young enough."""
        self.connected[avatar] = True
        self.reliable[avatar] = True
        self.rest[avatar] = 0
        self.unacked_since[avatar] = 0
        self.completed[avatar] = -(10**9)
        self._fall_back(avatar, int(self.acked[avatar]), now)

    def move(self, avatar: int, now: int, *, reliable: bool) -> None:
        """The client's snapshots go another way from now on. Whichever it is, what was sent on the old one may be lost
        or late: the client has what it acknowledged. Unless it rests, the next tick brings it a snapshot."""
        if bool(self.reliable[avatar]) == reliable:
            return
        self.reliable[avatar] = reliable
        if not self.rest[avatar]:
            self.rest[avatar] = WOKEN
        self.unacked_since[avatar] = 0
        self.completed[avatar] = -(10**9)
        self._fall_back(avatar, int(self.acked[avatar]), now)

    def close(self, avatar: int) -> None:
        """The client's connection is gone."""
        self.connected[avatar] = False

    def pace(self, avatar: int, rest: int) -> None:
        """From now on at least `rest` ticks lie between two snapshots for the client. 0: every tick may bring one, and
        the next one does."""
        self.rest[avatar] = rest or WOKEN

    def due(self, now: int) -> NDArray[np.bool_]:
        """bool[rows]: the connected clients for whom tick `now` may bring a snapshot. The others rest: they lack
        nothing, and what happens meanwhile they are told at the end of their rest."""
        return self.connected & (now - self.sent >= self.rest)

    def _fall_back(self, avatar: int, acked: int, now: int) -> None:
        slot = acked % RING_TICKS
        if acked and now - acked <= self.max_age and self.sent_ticks[slot, avatar] == acked:
            self.tick[avatar] = acked
            self.home[avatar] = self.sent_homes[slot, avatar]
        else:
            self.tick[avatar] = NONE

    def acknowledge(self, avatar: int, ack: int, now: int) -> None:
        """The client says that `ack` is the newest snapshot it applied; 0 asks for a complete one.

        An ack for something that was never sent, or that is older than the last one, is ignored: the client is hostile
        or the message was late.
        """
        if ack == NONE:
            if now - self.completed[avatar] >= self.resend_ticks:
                self.tick[avatar] = NONE
            return
        if ack <= self.acked[avatar] or ack > self.sent[avatar]:
            return
        slot = ack % RING_TICKS
        if self.sent_ticks[slot, avatar] != ack:
            return
        self.acked[avatar] = ack
        self.unacked_since[avatar] = 0 if ack == self.sent[avatar] else ack + 1
        if not self.reliable[avatar]:
            self.tick[avatar] = ack
            self.home[avatar] = self.sent_homes[slot, avatar]

    def expire(self, now: int) -> None:
        """Forget the baselines that have become too old to build on."""
        self.tick[(self.tick != NONE) & (now - self.tick > self.max_age)] = NONE

    def note_sent(self, avatars: NDArray[np.int64], homes: NDArray[np.int32], now: int) -> None:
        """A snapshot of tick `now` was handed to the transport for each of `avatars`."""
        slot = now % RING_TICKS
        fresh = avatars[self.tick[avatars] == NONE]
        self.completed[fresh] = now
        self.sent_ticks[slot, avatars] = now
        self.sent_homes[slot, avatars] = homes
        self.sent[avatars] = now
        self.rest[avatars] = np.maximum(self.rest[avatars], 0)
        waiting = avatars[self.unacked_since[avatars] == 0]
        self.unacked_since[waiting] = now
        sure = self.reliable[avatars]
        self.tick[avatars[sure]] = now
        self.home[avatars[sure]] = homes[sure]

    def note_silent(self, avatars: NDArray[np.int64], now: int) -> None:
        """There was nothing to tell `avatars` in tick `now`: on a reliable transport they are up to date all the same,
        because the kernel foresaw everything."""
        sure = avatars[self.reliable[avatars]]
        self.tick[sure] = now
