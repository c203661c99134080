"""A room in memory with time of its own: bots on one side, the product's server sessions on the other."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from functools import partial
from itertools import count

from benchmarks.bots.bot import Bot
from protocol.messages import (
    Act,
    ClientMessage,
    Doors,
    Hello,
    Input,
    Interest,
    Leave,
    Limits,
    Motion,
    Ping,
    Pong,
    Radii,
    Roster,
    Said,
    Say,
    Sent,
    Snapshot,
    Welcome,
)
from protocol.server_session import ServerSession, State

RATE = 20
FIRST_TICK = 100
ACK_MS = 200
OTHER = "00000000-0000-4000-8000-000000000001"


class VirtualTimer:
    """A call that VirtualTime will make, unless cancelled."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class VirtualTime:
    """A clock that moves only when told to; calls come in the order of their times."""

    def __init__(self) -> None:
        self._now = 0.0
        self._order = count()
        self._calls: list[tuple[float, int, VirtualTimer]] = []

    def now(self) -> float:
        return self._now

    def later(self, delay: float, call: Callable[[], None]) -> VirtualTimer:
        timer = VirtualTimer(call)
        heapq.heappush(self._calls, (self._now + delay, next(self._order), timer))
        return timer

    def run(self, seconds: float) -> None:
        """Let this much time pass."""
        end = self._now + seconds
        while self._calls and self._calls[0][0] <= end:
            self._now, _, timer = heapq.heappop(self._calls)
            if timer.call is not None:
                timer.call()
        self._now = end


class Line:
    """One connection: what the bot sends arrives after `delay` seconds, and so does the answer."""

    def __init__(self, room: EchoRoom, bot: Bot, avatar: int) -> None:
        self.session = ServerSession(room.time.now())
        self.bot = bot
        self.avatar = avatar
        self.received: list[ClientMessage] = []
        self.applied = 0
        self.told = 0
        self.closed: tuple[int, str] | None = None
        self._room = room

    def send(self, payload: bytes) -> None:
        self._room.time.later(self._room.delay, lambda: self._room.receive(self, payload))

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.closed = (code, reason)
        self._room.time.later(0.0, lambda: self.bot.closed(code, reason, self._room.time.now()))

    def flush(self) -> None:
        """Deliver what the server's session has to say."""
        for data in self.session.data_to_send():
            self._room.time.later(self._room.delay, partial(self._deliver, data))

    def _deliver(self, data: bytes) -> None:
        self.bot.received(data, self._room.time.now())


class EchoRoom:
    """Ticks, and tells everybody in each tick whose course changed. It knows no positions."""

    def __init__(self, time: VirtualTime, delay: float = 0.0) -> None:
        self.time = time
        self.delay = delay
        self.tick = FIRST_TICK
        self.lines: list[Line] = []
        self._courses: dict[int, int] = {}
        time.later(1 / RATE, self._step)

    def enter(self, bot: Bot) -> Line:
        """Open a connection for the bot."""
        line = Line(self, bot, len(self.lines) + 1)
        self.lines.append(line)
        bot.enter(line, "t" * 20, self.time.now())
        bot.opened(self.time.now())
        return line

    def receive(self, line: Line, payload: bytes) -> None:
        for message in line.session.receive_data(payload, self.time.now()):
            line.received.append(message)
            if isinstance(message, Hello):
                line.session.accept(self._welcome(line.avatar))
                line.session.send(Roster(()))
                line.session.send(self._snapshot(0, b"", None))
            elif isinstance(message, Input) and message.courses:
                self._courses[line.avatar] = message.courses[0]
                line.applied = message.seq
            elif isinstance(message, Ping):
                line.session.send(Pong(message.token, self.tick, 0))
            elif isinstance(message, Say):
                line.session.send(Sent(message.id, 0, len(self.lines) - 1, True))
                said = Said(message.id, message.channel, OTHER, "Bot", None, message.text, 0)
                for other in self.lines:
                    if other is not line:
                        other.session.send(said)
                        other.flush()
            else:
                assert isinstance(message, (Act, Input, Leave))
        line.flush()

    def _step(self) -> None:
        self.tick += 1
        rows = b"".join(
            avatar.to_bytes(2, "little") + bytes((course, 0)) for avatar, course in sorted(self._courses.items())
        )
        self._courses.clear()
        for line in self.lines:
            if line.session.state is State.LIVE:
                news = line.applied if line.applied != line.told else None
                line.told = line.applied
                line.session.send(self._snapshot(1, rows, news))
                line.flush()
        self.time.later(1 / RATE, self._step)

    def _snapshot(self, age: int, courses: bytes, applied: int | None) -> Snapshot:
        return Snapshot(self.tick, age, applied, None, 0, 0, b"", courses, b"", None)

    def _welcome(self, avatar: int) -> Welcome:
        return Welcome(
            0, 3, 0, avatar, self.tick, RATE, 0, bytes(32), "", Motion(1638, 2867, 2304, 1280), Interest(256, 2),
            Radii(144, 192), Limits(15, 10, 15, ACK_MS), Doors(0, b""),
        )  # fmt: skip
