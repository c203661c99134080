"""The fixed-tick loop of one room: the only place where a room meets the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol, cast
from uuid import UUID

import structlog

from protocol.constants import CloseCode
from server.ops.metrics import Metrics
from server.ops.pace import Pace
from server.rooms.alarm import Alarm, alarm
from server.rooms.attendance import Newcomer
from server.rooms.intake import Intake
from server.rooms.listener import Moment
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.session import Session
from server.rooms.ticker import Ticker
from server.settings import Settings
from server.store.errors import StoreUnavailable

log = structlog.get_logger()

DOORS_WITHIN_S = 0.25
"""How soon a door that moved is saved."""
MOST_PUT_OFF = 2
"""Ticks for which people at the door are kept waiting because this process has too little time between two ticks."""
MAX_FAILURES = 10
"""Ticks in a row that may fail before a room gives up: one bad input must not end a room, a broken world must."""


class DoorStore(Protocol):
    """Where open doors are kept; `server.store.rooms.Rooms`, or `server.cluster.keeper.LeasedStore`."""

    async def save_open_doors(self, room_id: UUID, doors: Sequence[int]) -> None:
        """Remember which doors stand open. Raises `StoreUnavailable`."""
        ...


class RoomLoop:
    """Runs a room at its tick rate while somebody is in it, and saves what has to be kept."""

    def __init__(
        self,
        room: Room,
        saver: Saver,
        doors: DoorStore,
        settings: Settings,
        metrics: Metrics,
        may_act: Callable[[], bool] = lambda: True,
        gave_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`may_act`: whether the room is this server's at this moment. While it is not, nobody is told anything.
        `gave_up`: called when the room cannot go on and everybody was sent out; its loop is to be stopped."""
        self.room = room
        self._may_act, self._gave_up, self._has_given_up, self._is_paused = may_act, gave_up, False, False
        self.empty_since: float | None = time.monotonic()
        self.pace = Pace()
        self.intake = Intake(room.listener)
        self._saver, self._doors, self._settings, self._metrics = saver, doors, settings, metrics
        self._ticker = Ticker(1 / settings.tick_rate, time.monotonic())
        self._alarm: Alarm | None = None
        self._is_resting, self._failures = False, 0
        self._saving: asyncio.Task[None] | None = None
        self._look_s = min(DOORS_WITHIN_S, settings.save_interval_s)
        self._look_ticks, self._save_at = max(1, int(self._look_s * settings.tick_rate)), 0.0
        self._has_to_save = asyncio.Event()
        """Ticks look whether there is something to save: a task that sleeps would wake a process for nothing."""
        self._door: asyncio.TimerHandle | None = None
        self._put_off = 0
        """How often in a row nobody was let in because a tick was too near."""

    def start(self) -> None:
        """Begin to tick and to save."""
        self._alarm = alarm(self._ring)
        self._alarm.set(time.monotonic())
        self._saving = asyncio.create_task(self._save())

    async def admit(self, newcomer: Newcomer, still_may: Callable[[], bool]) -> Session | None:
        """Let somebody in before one of the next ticks, as `Arrivals.wait`."""
        found: asyncio.Future[Session | None] = asyncio.get_running_loop().create_future()

        def answer(session: Session | None) -> None:
            if not found.done():
                found.set_result(session)

        self.room.arrivals.wait(newcomer, lambda: not found.done() and still_may(), answer)
        self.wake()
        if self._ticker.deadline - time.monotonic() > self.room.arrivals.takes_s:
            self._expect()
        return await found

    @property
    def is_saved(self) -> bool:
        """Whether the database has all that is kept of the room."""
        return self._saver.is_idle and not self._is_changed

    @property
    def _is_changed(self) -> bool:
        """Whether doors or parts have something to be saved soon."""
        return self.room.doors_changed or not all(part.is_saved for part in self.room.parts)

    def wake(self) -> None:
        """Somebody is in the room."""
        self.empty_since = None
        if self._is_resting and self._alarm is not None:
            self._is_resting = False
            self._ticker.restart(time.monotonic())
            self._alarm.set(self._ticker.deadline)

    def phase(self, now: float | None = None) -> int:
        """How much of the present tick has passed, 0-255. `now`: s of `time.monotonic`, None: this moment."""
        ticker = self._ticker
        passed = 1 - (ticker.deadline - (time.monotonic() if now is None else now)) / ticker.period
        return max(0, min(255, int(passed * 256)))

    @property
    def acts(self) -> bool:
        """Whether what clients say is acted on: not in a room that changes hands, or that may be another server's."""
        return not self._is_paused and self._may_act()

    async def pause(self) -> None:
        """Make no more ticks and listen to nobody, and save everything: the room goes to another server."""
        self._is_paused = True
        self.intake.close()
        await self._end_tasks()
        self.room.arrivals.send_away(closed=False)
        await self._save_now()
        await self._save_parts()

    async def stop(self, code: CloseCode, reason: str, retry_ms: int | None = None) -> None:
        """Send everyone out, save, and end the loop."""
        if not self._has_given_up:
            self.room.close(code, reason, retry_ms)
        self.intake.close()
        await self._end_tasks()
        if not self._is_paused:
            await self._save_now()
            await self._save_parts()

    async def _end_tasks(self) -> None:
        if self._alarm is not None:
            self._alarm.close()
        if self._door is not None:
            self._door.cancel()
        if self._saving is not None:
            self._saving.cancel()
            await asyncio.gather(self._saving, return_exceptions=True)

    def _ring(self) -> None:
        """The alarm rang: make the tick that is due, if there is anybody to make it for."""
        room, ticker, set_alarm = self.room, self._ticker, cast(Alarm, self._alarm).set
        began = time.monotonic()
        if not room.sessions and not room.arrivals:
            self.empty_since, self._is_resting = began, True
            self._has_to_save.set()
            return
        if ticker.deadline <= began:
            try:
                self._tick(began)
                self._failures = 0
            except Exception:
                self._failures += 1
                log.exception("tick failed", room=str(room.id), tick=room.world.tick)
                if self._failures >= MAX_FAILURES:
                    self._give_up()
                    return
        set_alarm(ticker.deadline)
        if room.arrivals:
            self._expect()
        if room.world.tick % self._look_ticks == 0 and (began >= self._save_at or self._is_changed):
            self._has_to_save.set()

    def _expect(self) -> None:
        """Somebody waits at the door: let them in when it is time for that, before the next tick."""
        if self._door is None and not self._is_paused:
            wait = self._ticker.deadline - self.room.arrivals.takes_s - time.monotonic()
            self._door = asyncio.get_running_loop().call_later(max(0.0, wait), self._let_in)

    def _let_in(self) -> None:
        self._door = None
        if not self.acts:
            return
        in_time = self._ticker.deadline - time.monotonic() >= self.room.arrivals.takes_s / 2
        self._put_off = 0 if in_time else self._put_off + 1
        if 0 < self._put_off <= MOST_PUT_OFF:
            return  # the next tick looks who waits
        # In time; or there is no such time any more, and then those who come must not wait for ever.
        self.room.let_in()

    def _give_up(self) -> None:
        self._has_given_up = True
        try:
            self.room.close(CloseCode.INTERNAL, "Something went wrong in this room.", 1000)
        except Exception:
            log.exception("could not close the room in good order", room=str(self.room.id))
        self._gave_up()

    def _tick(self, began: float) -> None:
        ticker, metrics = self._ticker, self._metrics
        metrics.messages_in.inc(self.intake.read(self._moment(began) if self.acts else None))
        if not self._may_act():
            ticker.restart(began)
            return
        dropped = ticker.dropped
        late = ticker.begin(began)
        metrics.tick_late_seconds.observe(late)
        if ticker.dropped != dropped:
            metrics.ticks_dropped.inc(ticker.dropped - dropped)
        try:
            self.room.tick(began)
        finally:
            spent = time.monotonic() - began
            metrics.tick_seconds.observe(spent)
            self.pace.note(late, spent, ticker.dropped - dropped)

    def _moment(self, now: float) -> Moment:
        room = self.room
        return Moment(room.world.tick, self.phase(now), now, not room.delivery.fanout.has_events)

    async def _save(self) -> None:
        """Places now and then; doors soon, for everybody was told how they stand."""
        store_answers = True
        while True:
            self._has_to_save.clear()
            now = time.monotonic()
            if now >= self._save_at:
                self._save_at = now + self._settings.save_interval_s
                store_answers = await self._save_now()
            elif self.room.doors_changed and store_answers:
                store_answers = await self._save_doors()
            await self._save_parts()
            await asyncio.sleep(self._look_s)
            if not self._is_resting:
                await self._has_to_save.wait()

    async def _save_now(self) -> bool:
        try:
            self.room.note_places()
            await self._saver.write()
        except Exception:
            log.exception("could not save the room", room=str(self.room.id))
        return await self._save_doors()

    async def _save_parts(self) -> None:
        for part in self.room.parts:
            try:
                await part.save()
            except Exception:
                log.exception("could not save a part of the room", room=str(self.room.id), part=type(part).__name__)

    async def _save_doors(self) -> bool:
        """Save the doors if they moved. False: the database is away; they are kept for the next time."""
        if not self.room.doors_changed:
            return True
        self.room.doors_changed = False
        try:
            await self._doors.save_open_doors(self.room.id, self.room.open_doors())
        except StoreUnavailable:
            self.room.doors_changed = True
            return False
        except Exception:
            log.exception("could not save the doors", room=str(self.room.id))
        except BaseException:  # the room is being closed, and saves once more when this has ended
            self.room.doors_changed = True
            raise
        return True
