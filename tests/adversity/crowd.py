"""Many people with light clients, who come back by themselves as a browser does: with the token, else with a ticket.

They log in once. What is kept of each: every gap between two snapshots, every way back, and how connections ended.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiohttp

from benchmarks.bots.connection import Connection
from benchmarks.bots.framing import Handshake
from protocol.client_session import ClientSession, State
from protocol.constants import GAIT_WALK, SUBPROTOCOL, WALKER_FEATURES, Channel, Feature
from protocol.messages import Proximity, Said, Say, Snapshot, Welcome, encode
from protocol.rows import unpack_rows

AGAIN_S = (0.15, 0.3)
"""The first wait of `client_web/src/net/retry.ts`; later ones are longer."""
AT_ONCE_S = (0.0, 0.05)
"""The same for whoever was told to come at once."""
MOST_AGAIN_S = 1.5
PATIENCE_S = 4.0
"""An answer that was not given for so long is asked for anew."""
LOST_S = 3.0
"""A connection on which nothing was heard for so long is given up."""


@dataclass(slots=True)
class Return:
    """One way back, monotonic s: the last snapshot, the word that the room is gone, the question where it is, the
    answer, the open socket, WELCOME, and the first snapshot."""

    last: float
    told: float = 0.0
    asked: float = 0.0
    answered: float = 0.0
    opened: float = 0.0
    welcomed: float = 0.0
    heard: float = 0.0

    def __str__(self) -> str:
        steps = ("told", "asked", "answered", "opened", "welcomed", "heard")
        times = [self.last, *(getattr(self, step) or self.last for step in steps)]
        return ", ".join(f"{step} {1000 * (b - a):.0f}" for step, a, b in zip(steps, times, times[1:], strict=False))


@dataclass(eq=False)
class Person:
    """One of them. `url`: of the office. Implements `benchmarks.bots.connection.Owner`."""

    url: str
    room: UUID
    token: str
    number: int
    gaps: list[tuple[float, float]] = field(default_factory=list)
    """(when it ended, how long) of gaps above 0.3 s."""
    ends: Counter[int] = field(default_factory=Counter)
    joins: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    heard_at: float = 0.0
    is_inside: bool = False
    returns: list[Return] = field(default_factory=list)
    met: int = 0
    """How often somebody came near or went away."""
    heard: Counter[str] = field(default_factory=Counter)
    """What others said to the room."""
    places: list[tuple[float, tuple[int, int]]] = field(default_factory=list)
    """(when, where in 1/256 px) each connection began."""

    def __post_init__(self) -> None:
        self._session = ClientSession(agent="hallway-tests", features=WALKER_FEATURES | int(Feature.CHAT))
        self._random = random.Random(self.number)
        self._connection: Connection | None = None
        self._greeting = b""
        self._path = ""
        self._over = asyncio.Event()
        self._ack: asyncio.TimerHandle | None = None
        self._return = Return(0.0)

    async def live(self, http: aiohttp.ClientSession) -> None:
        """Be in the room, and come back, until cancelled."""
        walking = asyncio.create_task(self._walk())
        failures = 0
        try:
            while True:
                came = await self._come(http)
                failures = 0 if came else failures + 1
                if came and self._session.retry_ms == 0:
                    await asyncio.sleep(self._random.uniform(*AT_ONCE_S))
                    continue
                low, high = AGAIN_S
                scale = min(2**failures, MOST_AGAIN_S / high)
                await asyncio.sleep(self._random.uniform(low, high) * scale)
        finally:
            walking.cancel()
            if self._connection is not None:
                self._connection.abort()

    def say(self, text: str) -> None:
        """Say it to the room."""
        if self._session.state is State.LIVE and self._connection is not None:
            self._connection.send(encode(Say(1, str(uuid4()), Channel.ROOM.value, None, text)))

    def drop(self) -> None:
        """Break the connection, as a dying network does."""
        if self._connection is not None:
            self._connection.abort()

    @property
    def name(self) -> str:
        """As others see it."""
        return f"Guest {self.number}"

    @property
    def server(self) -> str:
        """The name of the one that runs the room, as the address of its socket has it."""
        return self._path.split("/")[2] if self._path.startswith("/at/") else ""

    @property
    def confirmed(self) -> int:
        """How many courses the server has walked for this person in this session."""
        return self._session.confirmed

    async def _come(self, http: aiohttp.ClientSession) -> bool:
        """One connection, from the way in to its end; whether anything was heard on it."""
        heard, session, way = self.heard_at, self._session, self._return
        way.asked = way.asked or time.monotonic()
        try:
            if session.resume_token is not None and self._path:
                self._greeting = session.resume()
            else:
                path = f"{self.url}/api/rooms/{self.room}/join"
                async with http.post(path, json={}, headers={"Authorization": f"Bearer {self.token}"}) as answer:
                    if answer.status != 200:
                        self.refusals[f"{answer.status} {(await answer.text())[-120:]}"] += 1
                        return False
                    entry = await answer.json()
                way.answered = time.monotonic()
                self._path, self._greeting = entry["url"], session.connect(entry["ticket"])
                self.joins += 1
            server = urlsplit(self.url)
            handshake = Handshake(server.netloc, self._path, SUBPROTOCOL, "hallway-tests")
            self._over.clear()
            connection = self._connection = Connection(self, handshake, time.monotonic)
            await asyncio.get_running_loop().create_connection(lambda: connection, "127.0.0.1", server.port or 80)
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            self.refusals[type(error).__name__] += 1
            session.connection_lost()
            self._path = ""
            return False
        waited = time.monotonic()
        while not self._over.is_set():
            try:
                async with asyncio.timeout(0.5):
                    await self._over.wait()
            except TimeoutError:
                if time.monotonic() - max(self.heard_at, waited) > LOST_S:
                    connection.abort()
        if self.heard_at <= heard:
            self._path = ""  # nothing is there; ask anew where to go
        return self.heard_at > heard

    async def _walk(self) -> None:
        while True:
            await asyncio.sleep(self._random.uniform(0.5, 1.5))
            # Not before the first snapshot has said where they stand: that is compared with what was saved.
            if self.is_inside and self._session.state is State.LIVE and self._connection is not None:
                course = GAIT_WALK | self._random.randrange(16)
                self._connection.send(self._session.course(course, 0, time.monotonic()))

    # --- benchmarks.bots.connection.Owner ---------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        assert self._connection is not None
        self._return.opened = now
        self._connection.send(self._greeting)

    def received(self, payload: bytes, now: float) -> None:
        for message in self._session.receive_data(payload, now):
            if isinstance(message, Welcome):
                self._return.welcomed = now
            elif isinstance(message, Proximity):
                self.met += 1
            elif isinstance(message, Said):
                self.heard[message.text] += 1
            if isinstance(message, Snapshot):
                gap = now - self.heard_at
                if self.heard_at and gap > 0.3:
                    self.gaps.append((now, gap))
                if not self.is_inside:
                    rows = unpack_rows(message.rows)
                    mine = list(rows.ids).index(self._session.avatar)
                    self.places.append((now, (int(rows.x[mine]), int(rows.y[mine]))))
                    self._return.heard = now
                    self.returns.append(self._return)
                self.heard_at, self.is_inside = now, True
                self._session.snapshot_applied(message, now)
        if self._session.state is State.LIVE and self._ack is None:
            self._acknowledge()
        if self._session.state is State.CLOSED and self._connection is not None:
            code = self._session.close_code
            if code is not None:
                self.ends[int(code)] += 1
            self._connection.close(1000)

    def closed(self, code: int, reason: str, now: float) -> None:
        if self._session.close_code is None:
            self.ends[code] += 1
        self._session.connection_lost()
        if self.is_inside:
            self._return = Return(self.heard_at, now)
        self.is_inside = False
        self._over.set()

    def _acknowledge(self) -> None:
        self._ack = None
        if self._session.state is not State.LIVE or self._connection is None:
            return
        now = time.monotonic()
        message = self._session.poll(now)
        if message is not None:
            self._connection.send(message)
        due = self._session.next_timeout()
        if due is not None:
            self._ack = asyncio.get_running_loop().call_later(max(0.01, due - now), self._acknowledge)


class Crowd:
    """People in several rooms of one office. Use as an async context manager."""

    def __init__(self, url: str, rooms: list[UUID], count: int) -> None:
        self.url, self.rooms, self._count = url, rooms, count
        self.people: list[Person] = []
        self._http: aiohttp.ClientSession | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Crowd:
        self._http = http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=PATIENCE_S)
        )
        gate = asyncio.Semaphore(8)

        async def one(number: int) -> Person:
            async with gate, http.post(f"{self.url}/api/auth/guest", json={"name": f"Guest {number}"}) as answer:
                assert answer.status == 201, await answer.text()
                token = (await answer.json())["access_token"]
            return Person(self.url, self.rooms[number % len(self.rooms)], token, number)

        self.people = list(await asyncio.gather(*(one(number) for number in range(self._count))))
        self._tasks = [asyncio.create_task(person.live(http)) for person in self.people]
        await self.until_all_inside(30)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    async def until_all_inside(self, patience_s: float, since: float = 0.0) -> float:
        """Wait until everybody has heard a snapshot after `since` (monotonic, s) and is inside; how long after."""
        deadline = time.monotonic() + patience_s
        while not all(person.is_inside and person.heard_at > since for person in self.people):
            if time.monotonic() > deadline:
                out = [person for person in self.people if not (person.is_inside and person.heard_at > since)]
                why = [(person.number, dict(person.ends), dict(person.refusals)) for person in out[:5]]
                raise AssertionError(f"{len(out)} of {len(self.people)} are not inside after {patience_s} s: {why}")
            await asyncio.sleep(0.02)
        return max(person.heard_at for person in self.people) - since if since else 0.0

    def inside(self, room: UUID) -> list[Person]:
        """Who is in a room, or wants to be."""
        return [person for person in self.people if person.room == room]

    def longest_gap(self, since: float) -> float:
        """The longest time without a snapshot that anybody had, of those that ended after `since`."""
        gaps = [length for person in self.people for at, length in person.gaps if at > since]
        return max(gaps, default=0.0)

    def longest_returns(self, since: float, count: int = 3) -> list[Return]:
        """The ways back that took longest, of those that began after `since`."""
        ways = [way for person in self.people for way in person.returns if way.last > since]
        return sorted(ways, key=lambda way: way.last - way.heard)[:count]

    def joins(self) -> int:
        """Tickets that were asked for, by all together."""
        return sum(person.joins for person in self.people)
