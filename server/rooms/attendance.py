"""Who has an avatar in a room, from the ticket they come with until they are gone (STANDARD.md section 6.1).

    admit -> connected -> lose -> away -> resume -> connected -> dismiss, LEAVE or too long away -> gone

A session is one person's avatar; connections come and go.
"""

from __future__ import annotations

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
        self._ids = IdPool(capacity + REST_IDS)
        self.max_ahead = max(1, settings.max_ahead_ms * settings.tick_rate // 1000)
        """How many ticks ahead a course may be meant for."""

    def admit(
        self,
        claims: TicketClaims,
        hello: Hello,
        connection: Connection,
        place: tuple[int, int] | None,
        standing: Standing | None = None,
        address: str | None = None,
    ) -> Session | None:
        """Let a person with a ticket in, at `place` (1/256 px) or at a spawn; None: the room is full.

        `standing`: what they are here; None: a guest like any other. `address`: where they come from.

        A person who is here already goes on with the same avatar, and an older connection of theirs ends.
        """
        room, session = self._room, self.by_user.get(claims.user_id)
        if session is None:
            avatar = None if room.full else self._ids.take(room.world.tick)
            if avatar is None:
                connection.wire.refuse(CloseCode.FULL, "The room is full.", 5000)
                return None
            session = Session(avatar, claims, InputQueue(self.max_ahead), EventLog(self._settings.outbox_event_bytes))
            x, y = place if place else (None, None)
            room.commands.joins.append(Join(avatar, x, y))
            self.sessions[avatar] = session
            self.by_user[claims.user_id] = session
            session.introduce(standing, address)
            room.governance.settle(session)
            for part in room.parts:
                part.arrived(session)
        else:
            self._replace(session)
            session.claims = claims
            session.address = address
            if standing is not None:
                room.governance.change_standing(claims.user_id, standing)
            session.inputs = InputQueue(self.max_ahead)
            session.events = EventLog(self._settings.outbox_event_bytes)
        self._connect(session, connection, Continuity.FRESH, [])
        self._tell_state(session)
        session.flush()
        return session

    def resume(self, hello: Hello, connection: Connection) -> Session | None:
        """Go on with the avatar whose resume token the client has; None: there is none."""
        session = self._by_token.pop(hash_token(hello.resume or b""), None)
        if session is None:
            return None
        self._replace(session)
        missed = session.events.since(hello.events_seen)
        continuity = Continuity.EVENTS_LOST if missed is None else Continuity.RESUMED
        self._connect(session, connection, continuity, missed or [])
        if missed is None:
            self._tell_state(session)
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
        """The avatar leaves the world for good; everybody is told why."""
        avatar = session.avatar
        if self.sessions.get(avatar) is not session:
            return
        room, commands = self._room, self._room.commands
        room.kept.note(session, active=False)
        commands.leaves.append(avatar)
        commands.joins = [join for join in commands.joins if join.avatar != avatar]
        if not room.world.alive[avatar]:
            commands.leaves.remove(avatar)
        del self.sessions[avatar]
        del self.by_user[session.claims.user_id]
        self._away.pop(session, None)
        self._by_token.pop(session.token_hash, None)
        room.courses.forget(session)
        room.delivery.forget(avatar)
        self._ids.give_back(avatar, room.world.tick + 1)
        room.broadcast(encode(Left(avatar, reason)))
        room.switchboard.went(avatar, room.world.tick)
        for part in room.parts:
            part.went(session)

    def let_go(self, now: float) -> None:
        """Remove those who stayed away too long."""
        for session in [away for away in self._away if now - (away.away_since or 0.0) >= self._settings.resume_s]:
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
        connection.accept(welcome, session.events, missed)
        if continuity is Continuity.FRESH:
            session.epoch = 0
            self._room.courses.begin(avatar)
        self._room.delivery.open(avatar, connection, continuity)
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

    def _tell_state(self, session: Session) -> None:
        """Everything the event lane would have told somebody who was here from the start."""
        self._room.governance.tell_roster(session)
        if session.wants(Feature.PROXIMITY):
            session.epoch += 1
            session.tell(Proximity(self._room.world.tick, session.epoch, pack_ids(sorted(session.near)), b""))
        self._room.switchboard.tell_links(session, self._room.world.tick)
        for part in self._room.parts:
            part.tell_state(session)


_FINAL = frozenset(CloseCode) - RESUMABLE - {CloseCode.REPLACED}
"""Codes after which a session is over (STANDARD.md section 5.10)."""
