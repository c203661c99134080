"""The clients of one room that are behind gateways, in columns by avatar id; what a tick does for them."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from server.fanout.blocks import TickBlocks
from server.fanout.gate import Gate, Seat
from server.rooms.baselines import Baselines
from server.rooms.interest import Interest
from server.rooms.snapshots import Ids, SnapshotEncoder


class _Entrance:
    """A gate as one room uses it. `room`: the number by which the gateway knows the room."""

    def __init__(self, gate: Gate, room: int) -> None:
        self.gate, self.room = gate, room
        self.clients = 0


class ClientsBehindGateways:
    """`rows`: one more than the greatest avatar id."""

    def __init__(self, rows: int, interest: Interest, clock: Callable[[], float] = time.monotonic) -> None:
        self.entrance = np.zeros(rows, np.int32)
        """int32[rows]: which gateway, 0: none."""
        self._numbers = np.zeros(rows, np.uint32)
        self._blocked = np.zeros(rows, bool)
        self._interest, self._clock = interest, clock
        self._seats: dict[int, Seat] = {}
        self._entrances: dict[int, _Entrance] = {}
        self._next = 1

    def open(self, avatar: int, seat: Seat) -> None:
        """The avatar's client is there."""
        self.close(avatar)
        place = next((place for place, found in self._entrances.items() if found.gate is seat.gate), 0)
        if not place:
            interest = self._interest
            side = interest.cell_px
            room = seat.gate.add_room(interest.cols * side, interest.rows * side, side, interest.radius * side)
            place, self._next = self._next, self._next + 1
            self._entrances[place] = _Entrance(seat.gate, room)
        self._entrances[place].clients += 1
        self._seats[avatar] = seat
        self.entrance[avatar], self._numbers[avatar], self._blocked[avatar] = place, seat.client, False

        def block(is_blocked: bool) -> None:
            self._blocked[avatar] = is_blocked

        seat.watch(block)

    def close(self, avatar: int) -> None:
        """The avatar's client is gone, if it was behind a gateway."""
        seat = self._seats.pop(avatar, None)
        if seat is None:
            return
        seat.watch(None)
        place = int(self.entrance[avatar])
        self.entrance[avatar] = 0
        self._entrances[place].clients -= 1
        if not self._entrances[place].clients:
            del self._entrances[place]

    def ready(self, able: Ids, stall_s: float) -> Ids:
        """Those of `able` whose gateway, if there is one, takes a tick for them. A gateway that took nothing for
        `stall_s` is given up."""
        if not self._seats:
            return able
        able = able[~self._blocked[able] | (self.entrance[able] == 0)]
        now = self._clock()
        for place, entrance in list(self._entrances.items()):
            gate = entrance.gate
            if not gate.is_full():
                gate.full_since = None
                continue
            able = able[self.entrance[able] != place]
            if gate.full_since is None:
                gate.full_since = now
            gate.skip(entrance.clients)
            if now - gate.full_since > stall_s:
                gate.give_up()
        return able

    def deliver(
        self,
        encoder: SnapshotEncoder,
        baselines: Baselines,
        able: Ids,
        input_seq: NDArray[np.int64],
        input_tick: NDArray[np.int64],
        slack: NDArray[np.int64],
    ) -> Ids:
        """Hand the present tick to the gateways; the ids of those clients that are behind none. Arguments as
        `SnapshotEncoder.encode`."""
        is_behind = self.entrance[able] > 0
        mine = able[is_behind]
        if not len(mine):
            return able
        blocks = TickBlocks(encoder, baselines, mine, input_seq, input_tick, slack)
        at = self.entrance[blocks.ids]
        for place, entrance in self._entrances.items():
            tick = blocks.share(entrance.room, at == place, self._numbers)
            if tick is not None:
                entrance.gate.tick(tick)
        return able[~is_behind]
