"""The built-in SFU behind the interface: one worker or several, each with a UDP port of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from protocol.constants import BackendKind, Description, LegState, Source
from server.media.backend import LegEvents, MediaBackend, SlotRow, Wish
from server.media.sfu.control import (
    Answer,
    Changed,
    Close,
    Figures,
    Filled,
    Hear,
    Limited,
    Look,
    Notice,
    Offered,
    Open,
    Order,
    Publish,
)
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.spare import Spare
from server.media.sfu.supervisor import Supervisor
from server.media.sfu.worker import Options

log = structlog.get_logger()

PATIENCE_S: Final = 2.0
"""A worker that is back so soon was never away for the clients: they only get a new session."""


@dataclass(slots=True)
class _Leg:
    worker: int
    events: LegEvents


class BuiltInSfu(MediaBackend):
    """Rooms are spread over the workers; all legs of one room are on one of them."""

    kind = BackendKind.BUILT_IN

    def __init__(self, options: Sequence[Options], metrics: SfuMetrics) -> None:
        """`options`: one a worker."""
        super().__init__()
        self._spare = Spare()
        self._workers = [
            Supervisor(
                each,
                metrics,
                lambda notice: self._notice(notice),
                lambda up, number=number: self._changed(number, up),  # type: ignore[misc]
                number,
                self._spare,
            )
            for number, each in enumerate(options)
        ]
        self._legs: dict[int, _Leg] = {}
        self._gone: set[int] = set()
        """Legs whose worker died and is up again, while another is still down: nobody was told yet."""
        self._awake = self._available = False
        self._away: asyncio.TimerHandle | None = None
        self.figures: Figures | None = None
        """The newest of any worker."""

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that live."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def wake(self) -> None:
        if not self._awake:
            self._awake = True
            for worker in self._workers:
                worker.start()

    async def stop(self) -> None:
        if self._away is not None:
            self._away.cancel()
        await asyncio.gather(*(worker.stop() for worker in self._workers), self._spare.stop())

    @property
    def available(self) -> bool:
        return self._available

    def open(self, room: UUID, user: UUID, events: LegEvents) -> int:
        number = self._next_number()
        worker = room.int % len(self._workers)
        self._legs[number] = _Leg(worker, events)
        self._workers[worker].order(Open(number))
        return number

    def describe(self, leg: int, index: int, form: int, sdp: str) -> None:
        if index == 0 and form == Description.ANSWER.value:
            self._order(leg, Answer(leg, sdp))
        else:
            found = self._legs.get(leg)
            if found is not None:
                found.events.changed(leg, LegState.FAILED)

    def publish(self, leg: int, bits: int, allowed: int) -> None:
        self._order(leg, Publish(leg, bits))

    def hear(self, leg: int, speakers: Mapping[int, int]) -> None:
        self._order(leg, Hear(leg, tuple(speakers.items())))

    def look(self, leg: int, most: int, wishes: Sequence[Wish]) -> None:
        self._order(leg, Look(leg, most, tuple((wish.who, wish.source.value, wish.size) for wish in wishes)))

    def close(self, leg: int) -> None:
        self._order(leg, Close(leg))
        self._legs.pop(leg, None)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _order(self, leg: int, order: Order) -> None:
        found = self._legs.get(leg)
        if found is not None:
            self._workers[found.worker].order(order)

    def _notice(self, notice: Notice) -> None:
        if isinstance(notice, Figures):
            self.figures = notice
            return
        if not isinstance(notice, Offered | Changed | Filled | Limited):
            return
        found = self._legs.get(notice.leg)
        if found is None:
            return
        events = found.events
        if isinstance(notice, Offered):
            events.described(notice.leg, 0, Description.OFFER.value, notice.sdp)
        elif isinstance(notice, Changed):
            with contextlib.suppress(ValueError):
                events.changed(notice.leg, LegState(notice.state))
        elif isinstance(notice, Filled):
            rows = [SlotRow(0, mid, who, Source(source), layer) for mid, who, source, layer in notice.slots]
            events.filled(notice.leg, rows)
        else:
            events.limited(notice.leg, notice.level, notice.reason, notice.sound, notice.pictures)

    def _changed(self, worker: int, up: bool) -> None:
        """A worker is up or down. Rooms of one that is down for long go the direct way, and those of the others, too:
        an installation whose SFU comes and goes is not one to build upon."""
        if not up:
            if self._away is None and self._available:
                self._away = asyncio.get_running_loop().call_later(PATIENCE_S, self._give_up)
            return
        self._gone |= {number for number, leg in self._legs.items() if leg.worker == worker}
        if not all(each.running for each in self._workers):
            return
        if self._away is not None:
            self._away.cancel()
            self._away = None
        gone, self._gone = sorted(self._gone), set()
        was, self._available = self._available, True
        if not was:
            self._tell_watchers(True)
            return
        for number in gone:
            found = self._legs.get(number)
            if found is not None:
                found.events.changed(number, LegState.FAILED)

    def _give_up(self) -> None:
        self._away = None
        self._available = False
        self._legs.clear()
        log.error("the SFU is away: conversations go the direct way")
        self._tell_watchers(False)
