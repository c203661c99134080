"""A person without a browser: the protocol's own client session and view, on a real connection.

A visitor computes the room as a browser does, verifies every checksum, and keeps what tests ask about: ticks, events,
how it ended. Waiting is for something to happen, never for time to pass.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp
import numpy as np

from benchmarks.bots.api import Api
from benchmarks.bots.connection import Connection
from benchmarks.bots.framing import Handshake
from protocol.client_session import ClientSession, State
from protocol.constants import GAIT_MASK, GAIT_RUN, GAIT_SIT, GAIT_STAND, GAIT_WALK, SUBPROTOCOL, Verb
from protocol.messages import Door, Error, Goodbye, Joined, Left, Proximity, Roster, ServerMessage, Snapshot, Welcome
from protocol.rows import unpack_ids
from protocol.view import ClientView
from sim.kernel import Kinematics, advance
from sim.raster import Raster

T = TypeVar("T")

PATIENCE_S = 30.0
"""Longest wait for anything: far above what it takes, for machines with much else to do."""
UNITS_PER_PX = 256
CAPACITY = 100
EAST, SOUTH, WEST, NORTH = 0, 4, 8, 12


async def new_account(url: str) -> str:
    """The access token of a new account. Passwords are slow on purpose: one account does for many tests."""
    async with Api(url) as api:
        return await api.account()


class PatientApi(Api):
    """A connection of its own for each request: the server behind the address may be another one by now."""

    async def __aenter__(self) -> PatientApi:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """Where an avatar is, 1/256 px."""

    x: int
    y: int

    def distance(self, other: Place) -> float:
        """px."""
        return float(np.hypot(self.x - other.x, self.y - other.y)) / UNITS_PER_PX


class Plan:
    """A room's public map as a client uses it."""

    def __init__(self, public_map: dict[str, Any]) -> None:
        height, width = public_map["height"] * 4, public_map["width"] * 4
        packed = np.frombuffer(base64.b64decode(public_map["solid"]), np.uint8)
        self.solid = np.unpackbits(packed, count=width * height, bitorder="little").astype(bool).reshape(height, width)
        self.doors = {int(d["id"]): (int(d["x"]), int(d["y"]), int(d["w"]), int(d["h"])) for d in public_map["doors"]}
        self.seats: list[dict[str, Any]] = public_map["seats"]


class Room:
    """What one visitor knows of the room: the view, the raster, and whether anybody was seen inside a wall."""

    def __init__(self, plan: Plan, welcome: Welcome) -> None:
        self.raster = Raster(plan.solid)
        now_open = {int(door) for door in unpack_ids(welcome.doors.open)}
        for door, rect in plan.doors.items():
            self.raster.set_rect(rect, door not in now_open)
        motion = welcome.kinematics
        self.kinematics = Kinematics(motion.walk, motion.run, motion.half_w, motion.half_h)
        rows, cols = plan.solid.shape
        self.view = ClientView(
            lambda x, y, course: advance(self.raster, self.kinematics, x, y, course),
            cols=-(-cols * 8 // welcome.interest.cell),
            rows=-(-rows * 8 // welcome.interest.cell),
            interest=welcome.interest,
            door_change=lambda door, is_open: self.raster.set_rect(plan.doors[door], not is_open),
            open_doors=now_open,
        )

    def in_walls(self) -> list[int]:
        """Avatars, not those who sit, whose box overlaps a solid cell."""
        now = self.view.now
        ids = now.ids()
        ids = ids[(now.course[ids] & GAIT_MASK) != GAIT_SIT]
        free = self.raster.box_is_free(now.x[ids], now.y[ids], self.kinematics)
        return [int(avatar) for avatar in ids[~free]]


class Visitor:
    """One person in one room, over as many connections as a test makes."""

    def __init__(self, api: Api, room: UUID, token: str, plan: Plan, *, acks: bool = True) -> None:
        """`acks`: False for somebody who never acknowledges anything."""
        self.api, self.room_id, self.token, self.plan = api, room, token, plan
        self.session = ClientSession(agent="hallway-tests")
        self.room: Room | None = None
        self.roster: dict[int, str] = {}
        """Avatar to name."""
        self.near: set[int] = set()
        self.left: list[Left] = []
        self.doors: list[Door] = []
        self.errors: list[Error] = []
        self.snapshots = 0
        self.checked = 0
        """Checksums that were right."""
        self.largest_gap = 0
        """Ticks between two snapshots of one connection, at most."""
        self.gap_at = 0
        self.in_walls: list[tuple[int, list[int]]] = []
        """(tick, avatars) that stood in a wall."""
        self.goodbye: int | None = None
        self.retry_ms: int | None = None
        self.closed: int | None = None
        """WebSocket close code of the last connection; 1006: it broke."""
        self._acks = acks
        self._connection: Connection | None = None
        self._silent: Connection | None = None
        self._line: _Line | None = None
        self._greeting = b""
        self._path = f"/ws/rooms/{room}"
        self.snapshots_here = 0
        """Snapshots on the present connection."""
        self._previous_tick = 0
        self._news = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    # --- coming and going -------------------------------------------------------------------------------------------

    async def come(self, url: str | None = None) -> Visitor:
        """Come in with a ticket; returns when the first snapshot is there. `url`: over this address."""
        entry = await self.api.join(self.room_id, self.token)
        self._path = entry.path
        await self.connect(self.session.connect(entry.ticket), url)
        await self.until("a first snapshot", lambda: self.snapshots_here or self.closed)
        return self

    async def resume(self, url: str | None = None) -> None:
        """Come back with the resume token; returns when the server has answered."""
        await self.connect(self.session.resume(), url)
        await self.until("an answer to the resume", lambda: self.snapshots_here or self.closed)

    async def resume_elsewhere(self) -> None:
        """Resume on a new connection while the old one stays open and silent, as when a phone changes networks."""
        self._silent, self._line = self._connection, None
        self.session.connection_lost()
        await self.resume()

    async def connect(self, greeting: bytes, url: str | None = None) -> None:
        """A new connection that begins with `greeting`."""
        self.closed = self.goodbye = None
        self._greeting = greeting
        self._previous_tick = 0
        self.snapshots_here = 0
        server = urlsplit(url or self.api.url)
        handshake = Handshake(server.netloc, self._path, SUBPROTOCOL, "hallway-tests")
        line = self._line = _Line(self)
        connection = self._connection = Connection(line, handshake, time.monotonic)
        await asyncio.get_running_loop().create_connection(lambda: connection, "127.0.0.1", server.port or 80)

    async def leave(self) -> None:
        """Say so, and wait for the goodbye."""
        self.send(self.session.leave())
        await self.end()

    def drop(self) -> None:
        """Break the connection, as a dying machine does."""
        for connection in (self._connection, self._silent):
            if connection is not None:
                connection.abort()

    # --- doing ------------------------------------------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        """Any bytes, as one message."""
        assert self._connection is not None
        self._connection.send(payload)

    def walk(self, direction: int) -> None:
        """Walk from the next tick on."""
        self._turn(GAIT_WALK | direction)

    def run(self, direction: int) -> None:
        """Run from the next tick on."""
        self._turn(GAIT_RUN | direction)

    def stand(self) -> None:
        """Stop at the next tick."""
        self._turn(GAIT_STAND | self.course & 15)

    async def walk_until(self, direction: int, arrived: Callable[[Place], bool]) -> Place:
        """Walk until `arrived(here)`, stop, and return where that was; a few px further, as in life."""
        self.walk(direction)
        await self.until("the way's end", lambda: arrived(self.here))
        self.stand()
        await self.until("a stop", lambda: self.course & GAIT_MASK == GAIT_STAND)
        return self.here

    def act(self, verb: Verb, target: int, ref: int = 1) -> None:
        """Work a door or take a seat."""
        self.send(self.session.act(ref, verb, target))

    def _turn(self, course: int) -> None:
        self.send(self.session.course(course, 0, time.monotonic()))

    # --- knowing ----------------------------------------------------------------------------------------------------

    @property
    def avatar(self) -> int:
        """The own id."""
        return self.session.avatar

    @property
    def welcome(self) -> Welcome:
        """The newest."""
        assert self.session.welcome is not None
        return self.session.welcome

    @property
    def view(self) -> ClientView:
        """What is known of everyone."""
        assert self.room is not None
        return self.room.view

    @property
    def tick(self) -> int:
        """Of the newest snapshot."""
        return self.view.newest_tick

    @property
    def course(self) -> int:
        """The own course as the server has it."""
        return int(self.view.now.course[self.avatar])

    @property
    def here(self) -> Place:
        """The own place."""
        return self.place_of(self.avatar)

    def place_of(self, avatar: int) -> Place:
        """Of somebody in view."""
        now = self.view.now
        assert avatar in self.seen(), f"avatar {avatar} is not in view"
        return Place(int(now.x[avatar]), int(now.y[avatar]))

    def seen(self) -> set[int]:
        """Everyone in view."""
        return {int(avatar) for avatar in self.view.now.ids()}

    def everyone(self) -> dict[int, tuple[int, int, int]]:
        """Avatar to (x, y, course), of everyone in view."""
        now = self.view.now
        return {int(i): (int(now.x[i]), int(now.y[i]), int(now.course[i])) for i in now.ids()}

    @property
    def faults(self) -> int:
        """Snapshots whose baseline was not there or whose checksum was wrong."""
        return self.view.losses + self.view.mismatches

    # --- waiting ----------------------------------------------------------------------------------------------------

    async def until(self, what: str, holds: Callable[[], T | None]) -> T:
        """Wait until `holds()` is true and return it; asked again whenever something arrives. Fails after 30 s."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (found := holds()):
                    self._news.clear()
                    await self._news.wait()
                return found
        except TimeoutError:
            state = f"goodbye {self.goodbye}, closed {self.closed}, {self.snapshots} snapshots"
            raise AssertionError(f"waited {PATIENCE_S:.0f} s for {what}: {state}") from None

    async def ticks(self, count: int) -> None:
        """Wait until this visitor has heard of so many more ticks."""
        await self.reach(self.tick + count)

    async def reach(self, tick: int) -> None:
        """Wait until this visitor has heard of `tick`, or of a later one."""
        await self.until(f"tick {tick}", lambda: self.tick >= tick)

    async def end(self) -> None:
        """Wait until the connection is gone."""
        await self.until("the end of the connection", lambda: self.closed)

    # --- what arrives -----------------------------------------------------------------------------------------------

    def _opened(self) -> None:
        self.send(self._greeting)

    def _received(self, payload: bytes, now: float) -> None:
        for message in self.session.receive_data(payload, now):
            handler = _HANDLERS.get(type(message))
            if handler is not None:
                handler(self, message)
        if self.session.state is State.LIVE and self._acks:
            self._acknowledge()
        self._news.set()

    def _acknowledge(self) -> None:
        """Send the acknowledgement that is due, and plan the next."""
        if self.session.state is not State.LIVE:
            return
        now = time.monotonic()
        due = self.session.poll(now)
        if due is not None:
            self.send(due)
        next_at = self.session.next_timeout()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if next_at is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, next_at - now), self._acknowledge)

    def _lost(self, code: int) -> None:
        self.session.connection_lost()
        self.closed = code
        self._news.set()

    def _welcome(self, welcome: Welcome) -> None:
        if self.room is None:
            self.room = Room(self.plan, welcome)
        self.room.view.welcome(welcome)

    def _snapshot(self, snapshot: Snapshot) -> None:
        room = self.room
        assert room is not None
        if room.view.apply(snapshot):
            self.session.snapshot_applied(snapshot, time.monotonic())
            self.checked += snapshot.check is not None
            if inside := room.in_walls():
                self.in_walls.append((snapshot.tick, inside))
        elif room.view.ack == 0:
            self.session.baseline_lost(time.monotonic())
        gap = snapshot.tick - self._previous_tick if self._previous_tick else 0
        if gap > self.largest_gap:
            self.largest_gap, self.gap_at = gap, snapshot.tick
        self._previous_tick = snapshot.tick
        self.snapshots += 1
        self.snapshots_here += 1

    def _roster(self, roster: Roster) -> None:
        self.roster = {entry.avatar: entry.name for entry in roster.entries}

    def _joined(self, joined: Joined) -> None:
        self.roster[joined.entry.avatar] = joined.entry.name

    def _left(self, left: Left) -> None:
        self.left.append(left)
        self.roster.pop(left.avatar, None)

    def _proximity(self, change: Proximity) -> None:
        self.near -= {int(avatar) for avatar in unpack_ids(change.far)}
        self.near |= {int(avatar) for avatar in unpack_ids(change.near)}

    def _door(self, door: Door) -> None:
        self.doors.append(door)
        self.view.door(door)

    def _error(self, error: Error) -> None:
        self.errors.append(error)

    def _goodbye(self, goodbye: Goodbye) -> None:
        self.goodbye = goodbye.code
        self.retry_ms = goodbye.retry_ms


class _Line:
    """The owner of one connection: what an older connection says is not taken for the newer one's word."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def _is_current(self) -> bool:
        return self._visitor._line is self

    def opened(self, now: float) -> None:
        if self._is_current():
            self._visitor._opened()

    def received(self, payload: bytes, now: float) -> None:
        if self._is_current():
            self._visitor._received(payload, now)

    def closed(self, code: int, reason: str, now: float) -> None:
        if self._is_current():
            self._visitor._lost(code)


_HANDLERS: dict[type[ServerMessage], Callable[[Visitor, Any], None]] = {
    Welcome: Visitor._welcome,
    Snapshot: Visitor._snapshot,
    Roster: Visitor._roster,
    Joined: Visitor._joined,
    Left: Visitor._left,
    Proximity: Visitor._proximity,
    Door: Visitor._door,
    Error: Visitor._error,
    Goodbye: Visitor._goodbye,
}


class Guests:
    """Lets people into one room of one server."""

    def __init__(self, api: Api, room: UUID, plan: Plan) -> None:
        self.api, self.room, self.plan = api, room, plan
        self._numbers: Iterator[int] = iter(range(1, 10_000))
        self._all: list[Visitor] = []

    @classmethod
    async def of(cls, api: Api, owner: str, template: str = "office") -> Guests:
        """A new room of `template`. `owner`: access token of an account."""
        room = await api.create_room(owner, template, CAPACITY)
        return cls(api, room, Plan(await api.room_map(room, owner)))

    async def new(self, *, acks: bool = True) -> Visitor:
        """Somebody who stands before the door."""
        token = await self.api.guest(f"Guest {next(self._numbers)}")
        return self.known(token, acks=acks)

    def known(self, token: str, *, acks: bool = True) -> Visitor:
        """Another window of somebody who has `token`."""
        visitor = Visitor(self.api, self.room, token, self.plan, acks=acks)
        self._all.append(visitor)
        return visitor

    async def enter(self, *, acks: bool = True) -> Visitor:
        """Somebody inside."""
        return await (await self.new(acks=acks)).come()

    async def enter_many(self, count: int) -> list[Visitor]:
        """Some people inside, one after the other, so that they stand in the order of the spawn points."""
        return [await self.enter() for _ in range(count)]

    def rest(self) -> None:
        """Everybody inside stops walking."""
        for visitor in self._all:
            if visitor.session.state is State.LIVE:
                visitor.stand()

    def go(self) -> None:
        """Everybody's connection ends."""
        for visitor in self._all:
            visitor.drop()
