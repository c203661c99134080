"""Many bots in one process: let them in, let them walk, let them out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from uuid import UUID

from benchmarks.bots.api import Api
from benchmarks.bots.behaviour import behaviour, stays
from benchmarks.bots.bot import Bot, Life, Plan, Timer
from benchmarks.bots.connection import Traffic
from benchmarks.bots.errors import BotError, JoinError
from benchmarks.bots.health import Health, HealthReport
from benchmarks.bots.measure import Measure
from benchmarks.bots.server_metrics import TickReport, read_ticks, ticks_between
from benchmarks.bots.transports import TRANSPORTS, BotConnection
from benchmarks.bots.watch import view_maker
from protocol.client_session import State
from protocol.messages import Welcome
from protocol.view import ClientView

JOINS_AT_ONCE = 16
JOIN_TIMEOUT_S = 20.0
PING_S = 5.0
LEAVE_TIMEOUT_S = 5.0
RETURNS = 8
"""Attempts of a bot to come back after its connection broke."""
RESUMES = 3
"""Of these the first ones that resume, if there is something to resume."""
RETURN_MAX_S = 4.0
"""Longest wait between two of them; the first is a quarter of a second, then each is twice as long."""


@dataclass(frozen=True, slots=True)
class SwarmConfig:
    """What a run does."""

    room: UUID
    count: int = 50
    """Bots in this process."""
    seconds: float = 30.0
    """Measured time, joining and leaving excluded."""
    behaviour: str = "office"
    seed: int = 1
    watchers: int = 2
    """Bots that compute the room like a browser and verify its checksums."""
    join_s: float = 0.0
    """Seconds over which they come, evenly; 0: as fast as they get in."""
    other_rooms: tuple[UUID, ...] = ()
    """Where as many of them are as in `room`. Commuters go from each to the next, round and round."""
    transport: str = "websocket"
    media: bool = False
    """Whether they answer each other when links begin, as people who switch their microphones on."""
    chat_per_minute: float = 0.0
    """Messages that each of them writes in a minute, on average: half to those near, half to the room."""

    @property
    def rooms(self) -> tuple[UUID, ...]:
        """All rooms of the run."""
        return (self.room, *self.other_rooms)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found."""

    config: SwarmConfig
    joined: int
    stayed: int
    """Bots that were still inside at the end."""
    measure: Measure
    health: HealthReport
    ticks: TickReport | None
    """What the server says of its own ticks; None: it does not say."""


class LoopClock:
    """The running event loop's time for bots. Arrivals are stamped by the same clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now(self) -> float:
        """Seconds."""
        return time.perf_counter()

    def later(self, delay: float, call: Callable[[], None]) -> Timer:
        """As `loop.call_later`."""
        return self._loop.call_later(delay, call)


class _Member:
    """A bot and the connections it has had."""

    def __init__(self, bot: Bot, index: int, room: int) -> None:
        self.bot = bot
        self.index = index
        self.room = room
        self.commuting = False
        self.path = ""
        self.token = ""
        self.attempts = 0
        self.connections: list[BotConnection] = []
        self.inside: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.gone = asyncio.Event()


class Swarm:
    """One run. `progress(stage, done, of)` is called while it goes on: stages are "join", "walk", "leave"."""

    def __init__(
        self,
        api: Api,
        config: SwarmConfig,
        progress: Callable[[str, float, float], None],
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`ready`: awaited when everyone has joined and before anyone walks."""
        self._ready = ready
        self.measure = Measure()
        self._api = api
        self._config = config
        self._progress = progress
        self._members: dict[Bot, _Member] = {}
        self.health = Health()
        self._stopping = asyncio.Event()
        self._returning: set[asyncio.Task[None]] = set()
        self._open = True

    def stop(self) -> None:
        """End the measured time early."""
        self._stopping.set()

    def read(self, reading: bool) -> None:
        """Let every bot read what its connection brings, or leave it to the kernel."""
        for member in self._members.values():
            for connection in member.connections:
                connection.read(reading)

    async def run(self) -> Result:
        """Join, walk, leave. JoinError if nobody gets in."""
        joined = await self._join_all()
        if self._ready is not None:
            await self._ready()
        watching = asyncio.create_task(self.health.run())
        before_ticks, before = read_ticks(await self._api.metrics()), self._traffic()
        self.measure.start(time.perf_counter())
        self.health.start()
        for member in self._members.values():
            if member.bot.life is Life.INSIDE:
                member.bot.start()
        commuters = self._config.behaviour == "commuters" and self._config.other_rooms
        commutes = [asyncio.create_task(self._commute(member)) for member in list(self._members.values()) if commuters]
        await self._walk()
        for commute in commutes:
            commute.cancel()
        self.measure.stop(time.perf_counter(), _difference(self._traffic(), before))
        health = self.health.report()
        watching.cancel()
        ticks = ticks_between(before_ticks, read_ticks(await self._api.metrics()))
        stayed = sum(member.commuting or member.bot.life is Life.INSIDE for member in self._members.values())
        await self._leave_all()
        return Result(self._config, joined, stayed, self.measure, health, ticks)

    # --- joining ----------------------------------------------------------------------------------------------------

    async def _join_all(self) -> int:
        gate = asyncio.Semaphore(JOINS_AT_ONCE)
        done = 0

        async def join(index: int) -> BotError | None:
            nonlocal done
            await asyncio.sleep(self._config.join_s * index / self._config.count)
            async with gate:
                try:
                    await self._join(index)
                except BotError as error:
                    self.measure.error(str(error))
                    return error
                finally:
                    done += 1
                    self._progress("join", done, self._config.count)
            return None

        failures = await asyncio.gather(*(join(index) for index in range(self._config.count)))
        first = next((failure for failure in failures if failure is not None), None)
        if first is not None and all(failures):
            raise JoinError(f"No bot got into the room. {first}")
        return sum(failure is None for failure in failures)

    async def _join(self, index: int) -> None:
        config = self._config
        asked = time.perf_counter()
        token = await self._api.guest(f"Bot {index + 1}")
        room = index % len(config.rooms)
        room_map = await self._api.room_map(config.rooms[room], token) if index < config.watchers else None
        entry = await self._api.join(config.rooms[room], token)
        bot = self._bot(index, room, view_maker(room_map) if room_map is not None else None)
        member = self._members[bot] = _Member(bot, index, room)
        member.path, member.token = entry.path, token
        await self._enter(member, entry.ticket, asked)

    def _bot(self, index: int, room: int, view: Callable[[Welcome], ClientView] | None = None) -> Bot:
        config = self._config
        moves = behaviour(config.behaviour, config.seed, index)
        plan = Plan(
            moves,
            PING_S,
            PING_S * (index + 1) / config.count,
            room,
            config.media,
            config.transport != "websocket",
            config.chat_per_minute,
            f"{config.seed}/chat/{index}",
        )
        return Bot(plan, self.measure, LoopClock(), self._changed, view=view)

    async def _enter(self, member: _Member, ticket: str, asked: float) -> None:
        await self._connect(member, ticket, asked)
        try:
            async with asyncio.timeout(JOIN_TIMEOUT_S):
                await member.inside
        except TimeoutError:
            raise JoinError(f"No snapshot within {JOIN_TIMEOUT_S:.0f} s after connecting.") from None

    async def _connect(self, member: _Member, ticket: str | None, asked: float) -> None:
        def prepare(connection: BotConnection) -> None:
            member.connections.append(connection)
            member.bot.enter(connection, ticket, asked)

        await TRANSPORTS[self._config.transport](member.bot, self._api.url, member.path, prepare)

    async def _commute(self, member: _Member) -> None:
        """From room to room; a move is measured as a join, from the request for a ticket to the first snapshot."""
        rooms = self._config.rooms
        for stay in stays(self._config.seed, member.index):
            await asyncio.sleep(stay)
            if member.bot.life is not Life.INSIDE:
                continue
            member.commuting = True
            member.bot.leave()
            await member.gone.wait()
            try:
                await self._move(member, (member.room + 1) % len(rooms))
            except BotError as error:
                self.measure.error(str(error))
            else:
                self.measure.counts.moves += 1
                member.bot.start()
            member.commuting = False

    async def _move(self, member: _Member, room: int) -> None:
        asked = time.perf_counter()
        entry = await self._api.join(self._config.rooms[room], member.token)
        del self._members[member.bot]
        member.bot, member.room, member.path = self._bot(member.index, room), room, entry.path
        member.inside, member.gone = asyncio.get_running_loop().create_future(), asyncio.Event()
        self._members[member.bot] = member
        await self._enter(member, entry.ticket, asked)

    def _changed(self, bot: Bot) -> None:
        member = self._members[bot]
        if bot.life is Life.INSIDE:
            member.attempts = 0
            if not member.inside.done():
                member.inside.set_result(None)
            elif self.measure.running:
                bot.start()
        elif bot.life is Life.GONE:
            self._lost(member)

    def _lost(self, member: _Member) -> None:
        bot = member.bot
        if not member.inside.done():
            member.inside.set_exception(JoinError(f"Not let in: {bot.why_gone}"))
        elif bot.why_gone and self._open:
            self.measure.error(f"connection lost: {bot.why_gone}")
            if bot.may_return:
                task = asyncio.create_task(self._return(member))
                self._returning.add(task)
                task.add_done_callback(self._returning.discard)
                return
        member.gone.set()

    async def _return(self, member: _Member) -> None:
        while member.attempts < RETURNS:
            await asyncio.sleep(min(RETURN_MAX_S, 0.25 * 2**member.attempts))
            member.attempts += 1
            try:
                # Whoever is not heard where the room was asks where it is by now.
                resumes = member.bot.session.resume_token is not None and member.attempts <= RESUMES
                ticket = None
                if not resumes:
                    entry = await self._api.join(self._config.rooms[member.room], member.token)
                    member.path, ticket = entry.path, entry.ticket
                await self._connect(member, ticket, time.perf_counter())
            except BotError as error:
                self.measure.error(str(error))
            else:
                return
        member.gone.set()

    # --- walking and leaving ----------------------------------------------------------------------------------------

    async def _walk(self) -> None:
        started, seconds = time.perf_counter(), self._config.seconds
        while (passed := time.perf_counter() - started) < seconds and not self._stopping.is_set():
            self._progress("walk", passed, seconds)
            try:
                async with asyncio.timeout(min(0.5, seconds - passed)):
                    await self._stopping.wait()
            except TimeoutError:
                continue
        self._progress("walk", seconds, seconds)

    async def _leave_all(self) -> None:
        self._open = False
        for task in self._returning:
            task.cancel()
        leaving = [member for member in self._members.values() if member.bot.session.state is State.LIVE]
        for done, member in enumerate(leaving):
            member.bot.leave()
            self._progress("leave", done + 1, len(leaving))
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_S):
                await asyncio.gather(*(member.gone.wait() for member in leaving))
        except TimeoutError:
            self.measure.error("no answer to LEAVE")
        for member in self._members.values():
            for connection in member.connections:
                connection.abort()

    def _traffic(self) -> Traffic:
        total = Traffic()
        for member in self._members.values():
            for connection in member.connections:
                for field in fields(Traffic):
                    value = getattr(connection.traffic, field.name)
                    setattr(total, field.name, getattr(total, field.name) + value)
        return total


def _difference(after: Traffic, before: Traffic) -> Traffic:
    return Traffic(*(getattr(after, field.name) - getattr(before, field.name) for field in fields(Traffic)))
