"""Those who may come into a room and wait at its door: they are let in together, and everybody is told once.

    HELLO, ticket good -> Arrivals.wait -> Room.let_in -> Arrivals.let_in -> Attendance.admit_all -> `answer`

To let somebody in costs a look at everybody who is inside, and a write to each of them. In a tick that would keep
everybody waiting for their snapshots; just anywhere between two ticks it would make the next one late, once for each
who comes. So it is done once for all who came, before the next tick and early enough for it to be in time (`takes_s`).
For each tick so many come in at most, so that a crowd at the door makes itself wait and nobody else. In the queue of a
room wait at most as many as it has places; whoever comes then is refused as by a room that is full.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import structlog

from protocol.constants import CloseCode
from server.rooms.attendance import FULL_RETRY_MS, Newcomer
from server.rooms.session import Session
from server.settings import Settings

if TYPE_CHECKING:
    from server.rooms.room import Room

log = structlog.get_logger()

_LEAD_S: Final = 0.002
_LEAD_FOR_EACH_S: Final = 0.00003
"""For each who is inside and is told: some 15 us, most of it the write."""

Answer: TypeAlias = Callable[[Session | None], None]
"""Called once, with the session of whoever was let in. None: they were not. If their connection still waits for an
answer to its HELLO, then only what was known of them has become old, and they can ask again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    newcomer: Newcomer
    still_may: Callable[[], bool]
    answer: Answer


class Arrivals:
    """The queue at one room's door."""

    def __init__(self, room: Room, settings: Settings) -> None:
        self._room = room
        self._longest_s = 0.5 / settings.tick_rate
        self._pace = settings.arrivals_rate / settings.tick_rate
        self._most = max(1, math.ceil(self._pace))
        self._credit: float = self._most
        """How many may come in by now, at most `_most`."""
        self._counted_tick = 0
        """Up to which tick the pace is in `_credit`."""
        self._waiting: deque[_Waiting] = deque()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def takes_s(self) -> float:
        """How long before a tick they should be let in, s: twice as long as it takes, as a rule."""
        return min(self._wanted_s, self._longest_s)

    @property
    def may_tell_at_once(self) -> bool:
        """Whether there is time to write to everybody before the tick. In larger rooms what they are told goes with
        its snapshots: two writes to each in every tick would be more than the process can do."""
        return self._wanted_s <= self._longest_s

    @property
    def _wanted_s(self) -> float:
        return _LEAD_S + _LEAD_FOR_EACH_S * len(self._room.sessions)

    def wait(self, newcomer: Newcomer, still_may: Callable[[], bool], answer: Answer) -> None:
        """Let them in before one of the next ticks. `still_may`: asked then, whether what was found out about them
        holds, and whether they still wait."""
        room = self._room
        is_full = len(self._waiting) >= room.capacity and newcomer.claims.user_id not in room.attendance.by_user
        if self._closed or is_full:
            if still_may():
                if self._closed:
                    newcomer.connection.close(CloseCode.INTERNAL, "Something went wrong in this room.", 1000)
                else:
                    newcomer.connection.wire.refuse(CloseCode.FULL, "The room is full.", FULL_RETRY_MS)
            answer(None)
        else:
            self._waiting.append(_Waiting(newcomer, still_may, answer))

    def let_in(self) -> None:
        """Those whose turn it is before the next tick come in; what they and the others are told waits to be sent."""
        tick = self._room.world.tick
        self._credit = min(self._credit + self._pace * (tick - self._counted_tick), self._most)
        self._counted_tick = tick
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < int(self._credit):
            waiting = self._waiting.popleft()
            # Behind a gateway a connection may end while it waits: nothing can be said to it any more.
            if waiting.newcomer.connection.greeting and waiting.still_may():
                batch.append(waiting)
            else:
                waiting.answer(None)
        if not batch:
            return
        self._credit -= len(batch)
        try:
            sessions = self._room.attendance.admit_all([waiting.newcomer for waiting in batch])
        except Exception:
            # The room goes on for those who are inside.
            log.exception("could not let people in", room=str(self._room.id))
            sessions = [None] * len(batch)
            self._turn_away(batch)
        for waiting, session in zip(batch, sessions, strict=True):
            waiting.answer(session)

    def _turn_away(self, batch: list[_Waiting]) -> None:
        """Letting them in broke off, nobody knows where: none of them is inside, nor was."""
        attendance = self._room.attendance
        for waiting in batch:
            waiting.newcomer.connection.close(CloseCode.INTERNAL, "Something went wrong in this room.", 1000)
            session = attendance.by_user.get(waiting.newcomer.claims.user_id)
            # Who was here before still has another connection, or is away and let go of in time.
            is_adrift = session is not None and session.connection in (None, waiting.newcomer.connection)
            if session is not None and is_adrift and session.away_since is None:
                try:
                    attendance.remove(session, "removed")
                except Exception:
                    log.exception("could not take somebody out again", room=str(self._room.id))

    def send_away(self, *, closed: bool) -> None:
        """The room makes no more ticks here; whoever waits has to ask anew. `closed`: it never will again."""
        self._closed = self._closed or closed
        while self._waiting:
            self._waiting.popleft().answer(None)
