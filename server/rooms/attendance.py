"""Who has an avatar in a room, from the ticket they come with until they are gone (STANDARD.md section 6.1).

    admit -> connected -> lose -> away -> resume -> connected -> dismiss, LEAVE or too long away -> gone

A session is one person's avatar; connections come and go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from protocol import messages
from protocol.constants import RESUMABLE, CloseCode, Continuity, Feature
from protocol.event_log import EventLog
from protocol.input_queue import InputQueue
from protocol.messages import Doors, Hello, Left, LeftReason, Limits, Motion, Proximity, Welcome, encode
from protocol.rows import pack_ids
from server.auth.tickets import TicketClaims
from server.ops.metrics import Metrics
from server.rooms.connection import Connection
from server.rooms.session import Session, hash_token
from server.settings import Settings
from server.store.members import Standing
from sim.commands import Join
from sim.ids import IdPool

if TYPE_CHECKING:
    from server.rooms.room import Room

REST_IDS = 256
"""Ids beyond the capacity, so that newcomers find one while those of people who left rest."""
LET_GO_AT_ONCE = 50
"""Most whom one look at those away removes: each removal is told to everybody, and when the network of thousands broke
at once, a tick that lets go of all of them takes seconds."""
FULL_RETRY_MS = 5000
"""When whoever found the room full may ask again."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with a ticket. `place`: where they stood last, 1/256 px; None: they begin at a spawn. `standing`: what
    they are in this room; None: a guest like any other. `address`: where they come from."""

    claims: TicketClaims
    connection: Connection
    place: tuple[int, int] | None = None
    standing: Standing | None = None
    address: str | None = None


class Attendance:
    """The sessions of one room, and what begins and ends them."""

    def __init__(self, room: Room, capacity: int, settings: Settings, metrics: Metrics) -> None:
        """`capacity`: most people at one time; `room.capacity` may be less."""
        self._room, self._settings, self._metrics = room, settings, metrics
        self.sessions: dict[int, Session] = {}
        """By avatar id."""
        self.by_user: dict[UUID, Session] = {}
        self._by_token: dict[bytes, Session] = {}
        self._away: dict[Session, None] = {}
        """Those whose connection is lost, the longest away first."""
        self._gone: list[bytes] = []
        """LEFT of those of whom the others have not been told yet that they are gone."""
        self._ids = IdPool(capacity + REST_IDS)
        self.max_ahead = max(1, settings.max_ahead_ms * settings.tick_rate // 1000)
        """How many ticks ahead a course may be meant for."""

    def admit(self, newcomer: Newcomer) -> Session | None:
        """Let one person in at once, as `admit_all`; None: the room is full."""
        [session] = self.admit_all([newcomer])
        if session is not None:
            session.flush()
        return session

    def admit_all(self, newcomers: Sequence[Newcomer]) -> list[Session | None]:
        """Let these people in; what they and the others are told of it waits for the tick. None: the room is full.

        A person who is here already goes on with the same avatar, and an older connection of theirs ends.
        """
        self.tell_gone()
        room, others = self._room, list(self.sessions.values())
        entered = [newcomer for newcomer in newcomers if self._enter(newcomer)]
        came = [self.by_user[newcomer.claims.user_id] for newcomer in entered]
        room.governance.settle(came, others)
        for new in came:
            for part in room.parts:
                part.arrived(new)
        found: list[Session | None] = []
        for newcomer in newcomers:
            session = self.by_user.get(newcomer.claims.user_id)
            if session is None:
                newcomer.connection.wire.refuse(CloseCode.FULL, "The room is full.", FULL_RETRY_MS)
            else:
                if newcomer not in entered:
                    self._come_again(session, newcomer)
                self._connect(session, newcomer.connection, Continuity.FRESH, [])
            found.append(session)
        self._tell_state([session for session in dict.fromkeys(found) if session is not None])
        return found

    def _enter(self, newcomer: Newcomer) -> bool:
        """Give a newcomer an avatar; False: they have one, or there is none."""
        room, user_id = self._room, newcomer.claims.user_id
        if user_id in self.by_user or room.full or (avatar := self._ids.take(room.world.tick)) is None:
            return False
        events = EventLog(self._settings.outbox_event_bytes)
        session = Session(avatar, newcomer.claims, InputQueue(self.max_ahead), events)
        x, y = newcomer.place or (None, None)
        room.commands.joins.append(Join(avatar, x, y))
        self.sessions[avatar] = session
        self.by_user[user_id] = session
        session.introduce(newcomer.standing, newcomer.address)
        return True

    def _come_again(self, session: Session, newcomer: Newcomer) -> None:
        """Somebody who is here comes with a ticket instead of with a resume token: their client knows nothing."""
        self._replace(session)
        session.claims, session.address = newcomer.claims, newcomer.address
        if newcomer.standing is not None:
            self._room.governance.change_standing(session.claims.user_id, newcomer.standing)
        session.inputs = InputQueue(self.max_ahead)
        session.events = EventLog(self._settings.outbox_event_bytes)

    def resume(self, hello: Hello, connection: Connection) -> Session | None:
        """Go on with the avatar whose resume token the client has; None: there is none."""
        session = self._by_token.pop(hash_token(hello.resume or b""), None)
        if session is None:
            return None
        self.tell_gone()
        self._replace(session)
        missed = session.events.since(hello.events_seen)
        continuity = Continuity.EVENTS_LOST if missed is None else Continuity.RESUMED
        self._connect(session, connection, continuity, missed or [])
        if missed is None:
            self._tell_state([session])
        session.flush()
        self._metrics.resumed.inc()
        return session

    def lose(self, session: Session, connection: Connection, now: float) -> None:
        """The connection is gone; the avatar stays for a while, unless a newer connection has it already."""
        if session.connection is not connection:
            return
        code = connection.wire.close_code
        session.connection = None
        self._room.courses.forget(session)
        self._room.delivery.close(session.avatar)
        if code in _FINAL or self._settings.resume_s == 0:
            self.remove(session, "left" if code is CloseCode.LEFT else "removed")
        else:
            session.away_since = now
            self._away[session] = None
            self._room.commands.away.append((session.avatar, True))

    def dismiss(self, user_id: UUID, code: CloseCode, reason: str) -> bool:
        """Send a person out; False if they are not here."""
        session = self.by_user.get(user_id)
        if session is None:
            return False
        if session.connection is not None:
            session.connection.close(code, reason)
        self.remove(session, "left" if code is CloseCode.LEFT else "removed")
        return True

    def remove(self, session: Session, reason: LeftReason) -> None:
        """The avatar leaves the world for good; everybody is told why, with the next tick."""
        avatar = session.avatar
        if self.sessions.get(avatar) is not session:
            return
        room, commands = self._room, self._room.commands
        room.kept.note(session, active=False)
        if room.world.alive[avatar]:
            commands.leaves.append(avatar)
        else:
            commands.joins = [join for join in commands.joins if join.avatar != avatar]
        # Its end may come long after: until then it must not act on the id, which may be somebody else's by then.
        session.connection = None
        del self.sessions[avatar]
        del self.by_user[session.claims.user_id]
        self._away.pop(session, None)
        self._by_token.pop(session.token_hash, None)
        room.courses.forget(session)
        room.delivery.forget(avatar)
        self._ids.give_back(avatar, room.world.tick + 1)
        self._gone.append(encode(Left(avatar, reason)))
        room.switchboard.went(avatar, room.world.tick)
        for part in room.parts:
            part.went(session)

    def tell_gone(self) -> None:
        """Tell everybody who is gone: one look at everybody for all who went since the last time."""
        if self._gone:
            gone, self._gone = self._gone, []
            self._room.tell_each(gone)

    def let_go(self, now: float) -> None:
        """Remove those who stayed away too long, the longest away first."""
        for session in list(islice(self._away, LET_GO_AT_ONCE)):
            if now - (session.away_since or 0.0) < self._settings.resume_s:
                break
            self.remove(session, "lost")

    def _replace(self, session: Session) -> None:
        if session.connection is not None:
            old, session.connection = session.connection, None
            old.close(CloseCode.REPLACED, "You are here from another window now.")
        self._by_token.pop(session.token_hash, None)
        self._room.courses.forget(session)

    def _connect(self, session: Session, connection: Connection, continuity: Continuity, missed: list[bytes]) -> None:
        avatar = session.avatar
        if session.away_since is not None:
            session.away_since = None
            self._away.pop(session, None)
            self._room.commands.away.append((avatar, False))
        welcome = self._welcome(session, connection, continuity, len(missed))
        self._by_token[session.token_hash] = session
        session.connection = connection
        session.features = connection.features
        # First, so that WELCOME waits for what is told with it: one write instead of two.
        self._room.delivery.open(avatar, connection, continuity)
        connection.accept(welcome, session.events, missed)
        if continuity is Continuity.FRESH:
            session.epoch = 0
            self._room.courses.begin(avatar)
        self._room.switchboard.connected(session, continuity, self._room.world.tick)

    def _welcome(self, session: Session, connection: Connection, continuity: Continuity, missed: int) -> Welcome:
        room, settings = self._room, self._settings
        world, delivery = room.world, room.delivery
        kinematics = world.kinematics
        return Welcome(
            version=connection.wire.version,
            features=connection.features,
            continuity=continuity.value,
            avatar=session.avatar,
            tick=world.tick,
            rate=settings.tick_rate,
            events=session.events.count - missed,
            resume=session.new_token(),
            map_hash=room.map.hash,
            kinematics=Motion(kinematics.walk, kinematics.run, kinematics.half_w, kinematics.half_h),
            interest=messages.Interest(settings.cell_px, delivery.interest.radius),
            proximity=room.governance.radii,
            limits=Limits(self.max_ahead, delivery.heartbeat_ticks, settings.resume_s, settings.ack_ms),
            doors=Doors(world.world_revision, pack_ids(room.open_doors())),
        )

    def _tell_state(self, sessions: Sequence[Session]) -> None:
        """Everything the event lane would have told somebody who was here from the start."""
        room = self._room
        room.governance.tell_roster(sessions)
        for session in sessions:
            if session.wants(Feature.PROXIMITY):
                session.epoch += 1
                session.tell(Proximity(room.world.tick, session.epoch, pack_ids(sorted(session.near)), b""))
            room.switchboard.tell_links(session, room.world.tick)
            for part in room.parts:
                part.tell_state(session)


_FINAL = frozenset(CloseCode) - RESUMABLE - {CloseCode.REPLACED}
"""Codes after which a session is over (STANDARD.md section 5.10)."""
