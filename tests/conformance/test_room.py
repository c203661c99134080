"""A whole room, judged by the checker: walks, doors, seats, slow lines, drops, resumes and returns with a ticket.

Every client is a `SessionChecker` that knows nothing of the product's code. The lines between are in memory: they hold
back, and when one breaks, what was under way is lost.
"""

from __future__ import annotations

from collections import Counter, deque
from random import Random
from uuid import UUID

import pytest

from protocol.constants import LegState, Source
from protocol.messages import Hello
from server.auth.tickets import TicketClaims
from server.media.backend import SlotRow
from server.media.conductor import Conductor
from server.media.plan import DirectLimits
from server.ops.metrics import Metrics
from server.rooms.attendance import Newcomer
from server.rooms.connection import Connection
from server.rooms.lanes import RoomLanes
from server.rooms.parts import PartMaker
from server.rooms.roles import Role
from server.rooms.room import Room
from server.rooms.saver import Saver
from server.rooms.session import Session
from server.rooms.templates import load_templates
from server.settings import Settings
from server.store.members import Standing
from server.store.positions import Position
from tests.server.media.test_conductor import Notebook

from . import wire
from .checker import SessionChecker
from .snapshots import Outcome
from .world import PublicMap

ROOM = UUID(int=1)
PEOPLE = 16
TICKS = 800
WIDE = Settings(tick_rate=20, resume_s=5)
NARROW = Settings(tick_rate=30, resume_s=3, cell_px=128, interest_radius_px=128)
"""Small cells and a short reach: everybody keeps coming into view and going out of it."""


class NoStore:
    """A database that keeps nothing."""

    async def save_many(self, room_id: UUID, positions: list[Position]) -> int:
        return len(positions)


class Line:
    """One connection in memory. `stuck`: the server's end finds its buffer full."""

    def __init__(self) -> None:
        self.under_way: deque[bytes] = deque()
        self.stuck = False
        self.closed: int | None = None

    def write(self, *messages: bytes) -> None:
        self.under_way.extend(messages)

    def buffered(self) -> int:
        return 1 << 20 if self.stuck else 0

    def abort(self) -> None:
        self.closed = 1006

    def close(self, code: int, reason: str) -> None:
        self.closed = code


class Client:
    """One person: a checker, at most one line, and what the person does."""

    def __init__(self, number: int, public_map: PublicMap, features: int, settings: Settings) -> None:
        self.claims = TicketClaims(UUID(int=100 + number), ROOM, "log-in", f"P{number}", bytes(6), True, False)
        self.checker = SessionChecker(public_map, features=features)
        self.finished: list[SessionChecker] = []
        self.seq = 0
        self.line: Line | None = None
        self._public_map, self._features = public_map, features
        self._settings = settings
        self._connection: Connection | None = None
        self._session: Session | None = None
        self._used: object = None

    @property
    def has_token(self) -> bool:
        """Whether it read a resume token that it has not used."""
        return self.checker.welcome is not None and self.checker.welcome is not self._used

    def come(self, room: Room, now: float, *, resume: bool) -> None:
        """Connect, with the token of the last WELCOME or with a new ticket."""
        welcome = self.checker.welcome
        self.line = line = Line()
        self._connection = connection = Connection(line, self._settings, now, line.close)
        if not resume or welcome is None:
            self.finished.append(self.checker)
            self.checker, self.seq, welcome = SessionChecker(self._public_map, features=self._features), 0, None
        # The token that it comes back with is used up, also if the line breaks before the next one is read.
        self._used = welcome
        self.checker.connect()
        greeting = (
            wire.hello(ticket="t" * 24, features=self._features)
            if welcome is None
            else wire.hello(resume=welcome["resume"], events_seen=self.checker.events, features=self._features)
        )
        (hello,) = connection.receive(greeting, now)
        assert isinstance(hello, Hello)
        if welcome is None:
            self._session = room.attendance.admit(Newcomer(self.claims, connection))
        else:
            self._session = room.attendance.resume(hello, connection)
            assert self._session is not None
        connection.pump()

    @property
    def speaks(self) -> bool:
        return bool(self._features & wire.FEATURE_MEDIA)

    @property
    def rests(self) -> bool:
        return bool(self._features & wire.FEATURE_REST)

    @property
    def forwards(self) -> bool:
        return bool(self._features & wire.FEATURE_SFU)

    def say(self, room: Room, data: bytes, now: float) -> None:
        if self._connection is None or self._session is None:
            return
        for message in self._connection.receive(data, now):
            room.receive(self._session, message, lambda: 0)

    def hear(self, count: int) -> None:
        """Receive up to so many of the messages under way."""
        while self.line is not None and self.line.under_way and count:
            self.checker.receive(self.line.under_way.popleft())
            count -= 1

    def ack(self) -> int:
        snapshots = self.checker.snapshots
        return snapshots.newest.tick if snapshots is not None and snapshots.newest is not None else 0

    def lose(self, room: Room, now: float) -> None:
        """The line breaks: what is under way is lost."""
        if self._connection is not None and self._session is not None:
            self._connection.lost()
            room.attendance.lose(self._session, self._connection, now)
        self.line = self._connection = self._session = None


class Play:
    """A room full of people who do everything that the wire allows, at random."""

    def __init__(self, seed: int, settings: Settings) -> None:
        self._random = Random(seed)
        self._rate = settings.tick_rate
        template = load_templates()["office"]
        metrics = Metrics()
        self.backend = Notebook(ROOM)
        limits = DirectLimits(video=1, sound=2)
        parts: list[PartMaker] = [
            lambda room: Conductor(room, self.backend, limits, metrics),
            lambda room: RoomLanes(room, metrics),
        ]
        saver = Saver(ROOM, NoStore(), metrics)
        self.room = Room(ROOM, 40, template.room_map, settings, metrics, saver, parts=parts)
        # Normally some snapshots carry a checksum; here all do.
        self.room.delivery.encoder.check_ticks = 1
        public = PublicMap.from_json(template.public)
        self._doors = [*public.doors, 999]
        self._seats = [seat["id"] for seat in template.public["seats"]]
        speaks = 3 | wire.FEATURE_MEDIA
        both = speaks | wire.FEATURE_SFU
        rests = 3 | wire.FEATURE_PEOPLE | wire.FEATURE_REST
        features = [rests, speaks, both, both | wire.FEATURE_PEOPLE] * ((PEOPLE - 4) // 4)
        features += [0, wire.FEATURE_CHECK, wire.FEATURE_PROXIMITY, wire.FEATURE_CHECK | wire.FEATURE_PEOPLE]
        self._zones = [zone.id for zone in template.room_map.zones]
        self.clients = [Client(number, public, bits, settings) for number, bits in enumerate(features)]
        self._away_until: dict[Client, int] = {}
        self._stuck_until: dict[Client, int] = {}

    def run(self) -> None:
        for tick in range(TICKS):
            now = tick / self._rate
            for client in self.clients:
                self._act(client, tick, now)
            self._govern(tick)
            self.room.tick(now)

    def _govern(self, tick: int) -> None:
        """Moderators and owners are busy, too: roles, mutes, moods, and areas that open and close."""
        random, room = self._random, self.room
        user_id = random.choice(self.clients).claims.user_id
        if random.random() < 0.05:
            room.governance.change_standing(
                user_id, Standing(random.choice(list(Role)), is_muted=random.random() < 0.5)
            )
        if random.random() < 0.05:
            room.governance.change_presence(user_id, random.randrange(4), random.choice(("", "☕")))
        if tick % 50 == 0:
            room.commands.areas = {zone: random.choice((0, 1, 3)) for zone in self._zones}
        self._forward(tick)
        if tick % 70 == 0:
            room.governance.change_portals([])

    def _forward(self, tick: int) -> None:
        """The SFU offers, fills slots, limits, loses legs, and goes and comes as a whole."""
        random, legs = self._random, self.backend.legs
        if tick % 400 == 399:
            self.backend.switch(up=not self.backend.up)
        for number in random.sample(sorted(legs), min(2, len(legs))):
            leg, what = legs[number], random.random()
            if what < 0.2:
                leg.events.described(number, 0, 0, "v=0")
            elif what < 0.5:
                rows = [SlotRow(0, 4 + at, who, Source.MICROPHONE, 0) for at, who in enumerate(leg.hears)]
                leg.events.filled(number, rows)
            elif what < 0.6:
                leg.events.limited(number, 1, 2, 12, 2)
            elif what < 0.62:
                leg.events.changed(number, LegState.FAILED)

    def _act(self, client: Client, tick: int, now: float) -> None:
        random = self._random
        if client.line is None or client.line.closed is not None:
            if tick >= self._away_until.get(client, random.randrange(60)):
                session_is_kept = client.line is None and client.has_token
                client.come(self.room, now, resume=session_is_kept and random.random() < 0.8)
            return
        if random.random() < 0.005:
            self._stuck_until[client] = tick + random.randint(5, 70)
        client.line.stuck = tick < self._stuck_until.get(client, 0)
        if not client.line.stuck:
            client.hear(random.choice((0, 1, 99)))
        what = random.random()
        if what < 0.08:
            client.seq += 1
            course = random.choice((0x00, 0x10, 0x10, 0x20)) | random.randrange(16)
            due = 0 if random.random() < 0.5 else self.room.world.tick + random.randint(-5, 20)
            client.say(
                self.room, wire.move(ack=client.ack(), seq=client.seq, tick=max(0, due), courses=[(course, 0)]), now
            )
        elif what < 0.11:
            client.say(self.room, wire.act(ref=1, verb=1, target=random.choice(self._doors)), now)
        elif what < 0.13:
            client.say(self.room, wire.act(ref=2, verb=2, target=random.choice(self._seats)), now)
        elif what < 0.20:
            client.say(self.room, wire.ping(token=tick, ack=client.ack()), now)
        elif what < 0.203:
            client.lose(self.room, now)
            self._away_until[client] = tick + random.randint(0, 90)
        elif what < 0.22 and client.rests:
            client.say(self.room, wire.rest(rests=random.random() < 0.5), now)
        elif what < 0.24 and client.speaks:
            client.say(self.room, self._speech(client), now)
        elif tick % 10 == 0:
            client.say(self.room, wire.move(ack=client.ack(), seq=client.seq), now)

    def _speech(self, client: Client) -> bytes:
        """Something switched on or off, or a signal along a link, or along one that there is not."""
        random = self._random
        links = list(client.checker.links.items())
        if not links or random.random() < 0.3:
            return wire.media(state=random.randrange(8))
        if client.forwards and random.random() < 0.5:
            return self._report(client)
        to, link = random.choice(links)
        return wire.signal(to=to, link=link + (random.random() < 0.2), payload="x" * random.choice((1, 300, 9000)))

    def _report(self, client: Client) -> bytes:
        """What arrives, what there is room for, or an answer."""
        random, sfu = self._random, client.checker.sfu
        what = random.random()
        if what < 0.6:
            paths = [(number, random.choice((0, 1, 2, 3, 3, 3, 7))) for number in client.checker.links.values()]
            return wire.delivery(session=sfu.session, state=random.choice((1, 2, 2, 2, 3)), paths=paths)
        if what < 0.8:
            wants = [(avatar, random.randrange(4), random.randrange(4)) for avatar in client.checker.links]
            return wire.view(most=random.randrange(7), wants=wants)
        return wire.describe(session=sfu.session, leg=random.randrange(2), form=random.randrange(2), sdp="v=0")


@pytest.mark.parametrize(("seed", "settings"), [(1, WIDE), (2, NARROW), (3, NARROW)])
def test_all_that_a_room_sends_is_legal_and_every_checksum_is_right(seed: int, settings: Settings) -> None:
    play = Play(seed, settings)
    play.run()
    checkers = [checker for client in play.clients for checker in (*client.finished, client.checker)]
    assert [str(finding) for checker in checkers for finding in checker.violations] == []
    outcomes = sum((checker.outcomes for checker in checkers), Counter[Outcome]())
    assert set(outcomes) == {Outcome.APPLIED}
    assert outcomes[Outcome.APPLIED] > 2_500
    assert sum(checker.sums_checked for checker in checkers) > 0.8 * outcomes[Outcome.APPLIED]
    assert sum(checker.signals for checker in checkers) > 10
    assert sum(checker.connections > 1 for checker in checkers) > 3
    assert sum(checker.sfu.plans for checker in checkers) > 50
    assert sum(checker.sfu.slots for checker in checkers) > 10
