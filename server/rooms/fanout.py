"""What a tick made, handed out: at most one write a client, its events first and its snapshot behind them.

A write is a system call and by far the dearest thing in a tick, so events that arise between two ticks wait for the
next one, and clients that take no bytes are not asked again for each message.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from server.fanout.behind import ClientsBehindGateways
from server.ops.metrics import Metrics
from server.rooms.baselines import Baselines
from server.rooms.compiled import Messages
from server.rooms.direct import DirectSockets
from server.rooms.outbox import Outbox
from server.rooms.snapshots import Snapshot, SnapshotEncoder


class Fanout:
    """The outboxes of a room's connected clients, by avatar id."""

    def __init__(
        self,
        encoder: SnapshotEncoder,
        baselines: Baselines,
        metrics: Metrics,
        patience_ticks: int,
        stall_s: float = 10.0,
        direct: DirectSockets | None = None,
    ) -> None:
        """`patience_ticks`: how long a client may leave snapshots unacknowledged before it is skipped. `stall_s`: how
        long a gateway may take nothing before it is given up. `direct`: writes past the event loop."""
        self._direct = direct
        self._stall_s = stall_s
        self._behind: ClientsBehindGateways | None = None
        self._encoder, self._baselines, self._metrics = encoder, baselines, metrics
        self._patience_ticks = patience_ticks
        self.skipped = np.zeros(len(baselines.connected), dtype=np.int64)
        """By avatar: the ticks in which its newest connection took no snapshot."""
        self._outboxes: dict[int, Outbox] = {}
        self._clogged: set[int] = set()
        self._with_events: set[Outbox] = set()

    def open(self, avatar: int, outbox: Outbox) -> None:
        """From now on the avatar's messages go here; its events wait for the tick."""
        self._outboxes[avatar] = outbox
        self.skipped[avatar] = 0
        self._clogged.discard(avatar)
        outbox.defer(self._with_events)
        if self._direct is not None:
            self._direct.open(avatar, outbox)
        if outbox.seat is not None:
            if self._behind is None:
                self._behind = ClientsBehindGateways(len(self.skipped), self._encoder.interest)
            self._behind.open(avatar, outbox.seat)
        elif self._behind is not None:
            self._behind.close(avatar)

    def close(self, avatar: int) -> None:
        """The avatar's client is gone."""
        self._clogged.discard(avatar)
        if self._direct is not None:
            self._direct.close(avatar)
        if self._behind is not None:
            self._behind.close(avatar)
        outbox = self._outboxes.pop(avatar, None)
        if outbox is not None:
            self._with_events.discard(outbox)

    def deliver(self, input_seq: NDArray[np.int64], input_tick: NDArray[np.int64], slack: NDArray[np.int64]) -> None:
        """Encode the present tick for everyone who can take it, and write. Arguments as `SnapshotEncoder.encode`."""
        metrics = self._metrics
        if self._behind is not None:
            # They get their snapshots with this tick's batch, and events go before snapshots.
            self._flush_events(behind=True)
        able = self._able()
        if self._behind is not None:
            able = self._behind.deliver(self._encoder, self._baselines, able, input_seq, input_tick, slack)
        messages = self._encoder.encode(self._baselines, able, input_seq, input_tick, slack)
        if not isinstance(messages, Messages):
            messages = list(messages)
        metrics.stages.end("encode")
        if self._direct is not None and isinstance(messages, Messages):
            sent, size = self._write_directly(self._direct, messages)
        else:
            sent, size = self._write(messages)
        self._flush_events()
        metrics.stages.end("send")
        metrics.snapshots.inc(sent)
        metrics.snapshot_bytes.inc(size)
        encoded = self._encoder.encoded
        metrics.snapshots_shared.inc(encoded.shared)
        metrics.deltas.inc(encoded.deltas)
        metrics.course_rows.inc(encoded.course_rows)
        metrics.full_rows.inc(encoded.full_rows)

    @property
    def has_events(self) -> bool:
        """Whether any client is told something with the next tick."""
        return bool(self._with_events)

    def tell(self) -> None:
        """Hand over the events that wait, and not only with the next tick."""
        if self._direct is not None and self._with_events:
            for avatar, _, rest, _ in self._direct.write(None, self._with_events):
                if not self._outboxes[avatar].finish_frames(rest):
                    self._clogged.add(avatar)
        self._flush_events()

    def stuck(self, stall_ticks: float) -> list[int]:
        """Ids of the clients that have acknowledged nothing for so long, or for whom too many events wait."""
        baselines = self._baselines
        late = (baselines.unacked_since > 0) & (self._encoder.world.tick - baselines.unacked_since > stall_ticks)
        found = set(np.flatnonzero(late & baselines.connected).tolist())
        if self._with_events:
            found.update(avatar for avatar, outbox in self._outboxes.items() if outbox.overfull)
        return sorted(found)

    def _write(self, snapshots: Iterable[Snapshot]) -> tuple[int, int]:
        """Hand each to those it goes to. (messages, their bytes), counted for each client."""
        sent = size = 0
        outboxes, clogged = self._outboxes, self._clogged
        for avatars, message in snapshots:
            for avatar in avatars:
                if not outboxes[avatar].put_snapshot(message):
                    clogged.add(avatar)
            sent += len(avatars)
            size += len(message) * len(avatars)
        return sent, size

    def _write_directly(self, direct: DirectSockets, messages: Messages) -> tuple[int, int]:
        """As `_write`, and the events of the same clients with it, past the event loop where that is possible."""
        sent = messages.columns.recipients
        left = direct.write(messages, self._with_events)
        self._metrics.snapshots_direct.inc(sent - sum(one.is_snapshot for one in left) if left else sent)
        for avatar, message, rest, _ in left:
            outbox = self._outboxes[avatar]
            if not (outbox.finish_frames(rest) if rest else outbox.put_snapshot(message)):
                self._clogged.add(avatar)
        return sent, direct.written_bytes

    def _able(self) -> NDArray[np.int64]:
        """Ids of the clients that keep up: they acknowledge, and their transport takes bytes."""
        if self._clogged:
            self._clogged = {avatar for avatar in self._clogged if not self._outboxes[avatar].takes_snapshots()}
        able, due = self._encoder.keep_up(self._baselines, self._patience_ticks)
        if self._clogged:
            able = able[~np.isin(able, list(self._clogged))]
        if self._behind is not None:
            able = self._behind.ready(able, self._stall_s)
        if len(able) < due:
            everyone = np.flatnonzero(self._baselines.due(self._encoder.world.tick))
            self.skipped[everyone[~np.isin(everyone, able)]] += 1
            self._metrics.snapshots_skipped.inc(due - len(able))
        return able

    def _flush_events(self, *, behind: bool = False) -> None:
        """Hand over what waits. `behind`: only for those behind gateways."""
        if not self._with_events:
            return
        for outbox in list(self._with_events):
            if behind and outbox.seat is None:
                continue
            if outbox.waiting_bytes:
                outbox.flush()
            if not outbox.waiting_bytes:
                self._with_events.discard(outbox)
