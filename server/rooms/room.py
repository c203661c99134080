"""One room: its world, its sessions, and what one tick does with both.

    Connection.receive -> Room.receive -> InputQueue -> Room.tick -> World.step -> events and snapshots -> Outbox

Nothing here awaits or touches a socket, a database or a clock: `now` comes from the caller, so a room is tested in
virtual time. `server.rooms.loop` drives it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import structlog

from protocol import messages
from protocol.constants import RESUMABLE, CloseCode, Continuity, Feature, Verb
from protocol.event_log import EventLog
from protocol.input_queue import InputQueue
from protocol.messages import (
    Act,
    ClientMessage,
    Doors,
    Error,
    Hello,
    Input,
    Leave,
    Left,
    LeftReason,
    Limits,
    Media,
    Motion,
    Ping,
    Pong,
    Proximity,
    Signal,
    Welcome,
    encode,
)
from protocol.rows import pack_ids
from server.auth.tickets import TicketClaims
from server.media.switchboard import Switchboard
from server.ops.metrics import Metrics
from server.rooms.announcer import Announcer
from server.rooms.baselines import Baselines
from server.rooms.compiled import make_encoder
from server.rooms.connection import Connection
from server.rooms.courses import Courses
from server.rooms.fanout import Fanout
from server.rooms.governance import Governance
from server.rooms.interest import UNITS_PER_PX, Interest
from server.rooms.kept_places import KeptPlaces
from server.rooms.parts import Handler, Part, PartMaker
from server.rooms.saver import Saver
from server.rooms.session import Session, hash_token
from server.rooms.world_config import world_config
from server.settings import Settings
from server.store.members import Standing
from sim.commands import Commands, DoorAction, Join, SitAction
from sim.ids import IdPool
from sim.maps import RoomMap
from sim.world import World

if TYPE_CHECKING:
    from server.ops.recordings import RoomRecording

log = structlog.get_logger()

REST_IDS = 256
"""Ids beyond the capacity, so that newcomers find one while those of people who left rest."""


class Room:
    """The people in one room and the world they share. All methods are called on the room's event loop."""

    def __init__(
        self,
        room_id: UUID,
        capacity: int,
        room_map: RoomMap,
        settings: Settings,
        metrics: Metrics,
        saver: Saver,
        open_doors: list[int] | None = None,
        parts: Sequence[PartMaker] = (),
    ) -> None:
        """`capacity`: most people at one time. `open_doors`: ids, None as the map says. `parts`: what else it has."""
        self.id = room_id
        self.epoch: int | None = None
        """Of the lease that this server holds the room by; what it writes is refused once there is a newer one."""
        self.capacity = self._made_for = capacity
        self.map = room_map
        doors = None if open_doors is None else {door.id: door.id in open_doors for door in room_map.doors}
        self.world = World(world_config(settings, capacity + REST_IDS), room_map, doors)
        self.sessions: dict[int, Session] = {}
        self._settings, self._metrics, self._saver = settings, metrics, saver
        self._by_user: dict[UUID, Session] = {}
        self._by_token: dict[bytes, Session] = {}
        self._away: dict[Session, None] = {}
        """Those whose connection is lost, the longest away first."""
        self._ids = IdPool(capacity + REST_IDS)
        self.commands = Commands()
        """What was asked of the world since its last tick."""
        self.governance = Governance(self, settings)
        rate = settings.tick_rate
        self._courses = Courses(capacity + REST_IDS + 1, metrics)
        self._kept = KeptPlaces(self.world, self.sessions, saver)
        self.doors_changed = False
        self.recorder: RoomRecording | None = None
        self._interest = Interest(room_map.width_px, room_map.height_px, settings.cell_px, settings.interest_radius_px)
        self._heartbeat_ticks = max(1, rate // settings.heartbeat_hz)
        self._max_ahead = max(1, settings.max_ahead_ms * rate // 1000)
        fastest = max(self.world.kinematics.walk, self.world.kinematics.run, 1)
        self._baselines = Baselines(
            capacity + REST_IDS, settings.cell_px * UNITS_PER_PX // fastest, resend_ticks=max(1, rate // 2)
        )
        self._encoder = make_encoder(self.world, self._interest, self._heartbeat_ticks, 2 * rate, self._baselines)
        patience_ticks = -(-settings.ack_ms * rate // 1000) + UNACKED_TICKS
        self._fanout = Fanout(self._encoder, self._baselines, metrics, patience_ticks, settings.stall_s)
        self.switchboard = Switchboard(self.sessions, self.world.circle_of, settings, metrics)
        self._announcer = Announcer(self, metrics)
        self.parts: list[Part] = [make(self) for make in parts]
        self._handlers: dict[type, Handler] = {}
        self._verbs: dict[int, Handler] = {}
        self._unlimited: set[type] = set()
        for part in self.parts:
            self._handlers.update(part.handlers())
            if part.limits_itself:
                self._unlimited.update(part.handlers())
            self._verbs.update(part.verbs())

    # --- who is here ------------------------------------------------------------------------------------------------

    @property
    def full(self) -> bool:
        """Whether nobody new gets in."""
        return len(self.sessions) >= self.capacity

    def has_user(self, user_id: UUID) -> bool:
        """Whether the person has an avatar here, away or not."""
        return user_id in self._by_user

    def session_of(self, user_id: UUID) -> Session | None:
        """The session of a person who has an avatar here."""
        return self._by_user.get(user_id)

    @property
    def now(self) -> float:
        """The room's time, s: how long its world has run."""
        return self.world.tick / self._settings.tick_rate

    def lag_of(self, session: Session) -> tuple[int, int]:
        """Of a connected client: for how many ticks it has acknowledged nothing of what was sent, and how many ticks
        were skipped for it since it connected."""
        waiting = int(self._baselines.unacked_since[session.avatar])
        return self.world.tick - waiting if waiting else 0, int(self._fanout.skipped[session.avatar])

    def user_ids(self) -> Collection[UUID]:
        """Who has an avatar here."""
        return self._by_user.keys()

    def people(self) -> list[TicketClaims]:
        """Everyone who has an avatar here."""
        return [session.claims for session in self.sessions.values()]

    def open_doors(self) -> list[int]:
        """Ids of the doors that stand open."""
        return [door for door, is_open in self.world.doors_open.items() if is_open]

    def place_of(self, user_id: UUID) -> tuple[int, int] | None:
        """Where the person was last, if that is not yet surely in the database; 1/256 px."""
        return self._saver.place_of(user_id)

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
        session = self._by_user.get(claims.user_id)
        if session is None:
            avatar = None if self.full else self._ids.take(self.world.tick)
            if avatar is None:
                connection.wire.refuse(CloseCode.FULL, "The room is full.", 5000)
                return None
            session = Session(avatar, claims, InputQueue(self._max_ahead), EventLog(self._settings.outbox_event_bytes))
            x, y = place if place else (None, None)
            self.commands.joins.append(Join(avatar, x, y))
            self.sessions[avatar] = session
            self._by_user[claims.user_id] = session
            session.introduce(standing, address)
            self.governance.settle(session)
            for part in self.parts:
                part.arrived(session)
        else:
            self._replace(session)
            session.claims = claims
            session.address = address
            if standing is not None:
                self.governance.change_standing(claims.user_id, standing)
            session.inputs = InputQueue(self._max_ahead)
            session.events = EventLog(self._settings.outbox_event_bytes)
        self._connect(session, connection, hello, Continuity.FRESH, [])
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
        self._connect(session, connection, hello, continuity, missed or [])
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
        self._courses.forget(session)
        self._disconnect(session.avatar)
        if code in _FINAL or self._settings.resume_s == 0:
            self._remove(session, "left" if code is CloseCode.LEFT else "removed")
        else:
            session.away_since = now
            self._away[session] = None
            self.commands.away.append((session.avatar, True))

    def dismiss(self, user_id: UUID, code: CloseCode, reason: str) -> bool:
        """Send a person out; False if they are not here."""
        session = self._by_user.get(user_id)
        if session is None:
            return False
        if session.connection is not None:
            session.connection.close(code, reason)
        self._remove(session, "left" if code is CloseCode.LEFT else "removed")
        return True

    def close(self, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Send everyone out and note where they stood."""
        self.note_places()
        for session in list(self.sessions.values()):
            if session.connection is not None:
                session.connection.close(code, reason, retry_ms)
                session.connection = None
        for part in self.parts:
            part.closed()
        if self.recorder is not None:
            self.recorder.closed()

    def change_capacity(self, capacity: int) -> None:
        """Let in at most so many from now on. The world was made for the capacity that the room opened with; more than
        that fit in only after it was empty once."""
        self.capacity = min(capacity, self._made_for)

    def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """Everyone sees the person's new name and look."""
        session = self._by_user.get(user_id)
        if session is not None:
            session.claims = msgspec.structs.replace(session.claims, name=name, look=look)
            self.governance.tell_entry(session)

    def _replace(self, session: Session) -> None:
        if session.connection is not None:
            old, session.connection = session.connection, None
            old.close(CloseCode.REPLACED, "You are here from another window now.")
        self._by_token.pop(session.token_hash, None)
        self._courses.forget(session)

    def _connect(
        self, session: Session, connection: Connection, hello: Hello, continuity: Continuity, missed: list[bytes]
    ) -> None:
        avatar = session.avatar
        if session.away_since is not None:
            session.away_since = None
            self._away.pop(session, None)
            self.commands.away.append((avatar, False))
        welcome = self._welcome(session, connection, continuity, len(missed))
        self._by_token[session.token_hash] = session
        session.connection = connection
        session.features = connection.features
        connection.accept(welcome, session.events, missed)
        if continuity is Continuity.FRESH:
            session.epoch = 0
            self._courses.begin(avatar)
        if continuity is Continuity.RESUMED:
            self._baselines.reopen(avatar, self.world.tick)
        else:
            self._baselines.open(avatar)
        self._fanout.open(avatar, connection.outbox)
        self._encoder.checks[avatar] = bool(connection.features & Feature.CHECK)
        self.switchboard.connected(session, continuity, self.world.tick)

    def _welcome(self, session: Session, connection: Connection, continuity: Continuity, missed: int) -> Welcome:
        world, settings = self.world, self._settings
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
            map_hash=self.map.hash,
            kinematics=Motion(kinematics.walk, kinematics.run, kinematics.half_w, kinematics.half_h),
            interest=messages.Interest(settings.cell_px, self._interest.radius),
            proximity=self.governance.radii,
            limits=Limits(self._max_ahead, self._heartbeat_ticks, settings.resume_s, settings.ack_ms),
            doors=Doors(world.world_revision, pack_ids(self.open_doors())),
        )

    def _tell_state(self, session: Session) -> None:
        """Everything the event lane would have told somebody who was here from the start."""
        self.governance.tell_roster(session)
        if session.wants(Feature.PROXIMITY):
            session.epoch += 1
            session.tell(Proximity(self.world.tick, session.epoch, pack_ids(sorted(session.near)), b""))
        self.switchboard.tell_links(session, self.world.tick)
        for part in self.parts:
            part.tell_state(session)

    def _disconnect(self, avatar: int) -> None:
        self._baselines.close(avatar)
        self._fanout.close(avatar)

    def _remove(self, session: Session, reason: LeftReason) -> None:
        avatar = session.avatar
        if self.sessions.get(avatar) is not session:
            return
        self._kept.note(session, active=False)
        self.commands.leaves.append(avatar)
        self.commands.joins = [join for join in self.commands.joins if join.avatar != avatar]
        if not self.world.alive[avatar]:
            self.commands.leaves.remove(avatar)
        del self.sessions[avatar]
        del self._by_user[session.claims.user_id]
        self._away.pop(session, None)
        self._by_token.pop(session.token_hash, None)
        self._courses.forget(session)
        self._disconnect(avatar)
        self._encoder.forget(avatar)
        self._ids.give_back(avatar, self.world.tick + 1)
        self.broadcast(encode(Left(avatar, reason)))
        self.switchboard.went(avatar, self.world.tick)
        for part in self.parts:
            part.went(session)

    # --- what clients say -------------------------------------------------------------------------------------------

    def receive(self, session: Session, message: ClientMessage, phase: Callable[[], int]) -> None:
        """Act on a message that the wire allows. `phase()`: 0-255, how much of the present tick has passed."""
        self._metrics.messages_in.inc()
        handler = _HANDLERS.get(type(message))
        if handler is not None:
            handler(self, session, message, phase)
            return
        part = self._handlers.get(type(message))
        free = type(message) in self._unlimited
        if part is not None and (free or self.may_act(session, getattr(message, "ref", 0))):
            part(session, message)

    def _receive_input(self, session: Session, message: Input, _phase: Callable[[], int]) -> None:
        tick = self.world.tick
        self._acknowledge(session, message.ack)
        if message.courses:
            self._courses.receive(session, message, tick)

    def _acknowledge(self, session: Session, ack: int) -> None:
        tick = self.world.tick
        self._baselines.acknowledge(session.avatar, ack, tick)
        if session.connection is not None and not session.connection.outbox.on_datagrams:
            session.events.acknowledge(ack, tick)

    def _receive_act(self, session: Session, message: Act, _phase: Callable[[], int]) -> None:
        if not self.may_act(session, message.ref):
            return
        if message.verb == Verb.DOOR.value:
            self.commands.doors.append(DoorAction(session.avatar, message.target, message.ref))
        elif message.verb == Verb.SIT.value:
            self.commands.seats.append(SitAction(session.avatar, message.target, message.ref))
        elif message.verb == Verb.PORTAL.value:
            self.governance.use_portal(session, message)
        elif (verb := self._verbs.get(message.verb)) is not None:
            verb(session, message)

    def may_act(self, session: Session, ref: int) -> bool:
        """Take a token for something that everyone is told of; without one, say so now and then."""
        now = self.now
        if session.acts.take(now):
            return True
        self._metrics.discarded.labels("act").inc()
        if session.complaints.take(now):
            session.tell(Error(ref, "too_fast", "Slow down a little."))
        return False

    def _receive_ping(self, session: Session, message: Ping, phase: Callable[[], int]) -> None:
        self._acknowledge(session, message.ack)
        session.tell(Pong(message.token, self.world.tick, phase()))
        session.flush()

    def _receive_leave(self, session: Session, _message: Leave, _phase: Callable[[], int]) -> None:
        self._remove(session, "left")

    def _receive_media(self, session: Session, message: Media, _phase: Callable[[], int]) -> None:
        if self.may_act(session, 0):
            self.switchboard.receive_media(session, message)

    def reconsider_media(self, session: Session) -> None:
        """Whom the person may hear, or whether they may be heard, has changed."""
        self.switchboard.reconsider(session, self.world.tick)

    def move_baseline(self, avatar: int, *, reliable: bool) -> None:
        """The client's snapshots go another way from now on (STANDARD.md section 13.4)."""
        self._baselines.move(avatar, self.world.tick, reliable=reliable)
        self.sessions[avatar].events.hold(self.world.tick)

    def _receive_signal(self, session: Session, message: Signal, _phase: Callable[[], int]) -> None:
        self.switchboard.relay(session, message, self.now)

    # --- one tick ---------------------------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Compute the next tick and tell everyone. `now`: s, the room's clock."""
        mark = self._metrics.stages.end
        self._metrics.stages.begin()
        commands, self.commands = self.commands, Commands()
        commands.courses = self._courses.due(self.world.tick + 1)
        mark("inputs")
        events = self.world.step(commands, mark)
        if self.recorder is not None:
            self.recorder.step(self.world, commands)
        self._announcer.announce(events)
        mark("announce")
        for part in self.parts:
            part.stepped(events, now)
        mark("parts")
        courses = self._courses
        self._fanout.deliver(courses.applied, courses.applied_tick, courses.slack)
        if self.world.tick % max(1, self._settings.tick_rate // 4) == 0:
            self._sweep(now)
        mark("sweep")

    def _sweep(self, now: float) -> None:
        """Let go of those who stayed away or stopped reading."""
        for session in [away for away in self._away if now - (away.away_since or 0.0) >= self._settings.resume_s]:
            self._remove(session, "lost")
        for avatar in self._fanout.stuck(self._settings.stall_s * self._settings.tick_rate):
            session = self.sessions[avatar]
            connection = session.connection
            if connection is not None:
                log.info("client does not read", room=str(self.id), user=str(session.claims.user_id))
                self._metrics.refused.labels(str(CloseCode.STALLED.value)).inc()
                connection.abort()
                self.lose(session, connection, now)

    def tell_all(self, feature: Feature, message: bytes, but: Session | None = None) -> None:
        """Send one event to everybody who agreed on the feature."""
        for session in self.sessions.values():
            if session is not but and session.wants(feature):
                session.tell_encoded(message)
        self._metrics.events.inc(len(self.sessions))

    def broadcast(self, message: bytes, but: Session | None = None) -> None:
        """Send one event to everybody."""
        for session in self.sessions.values():
            if session is not but:
                session.tell_encoded(message)
        self._metrics.events.inc(len(self.sessions))

    # --- what is kept -----------------------------------------------------------------------------------------------

    def note_places(self) -> None:
        """Hand the places of everyone who moved since the last time to the saver."""
        self._kept.note_moved()


UNACKED_TICKS = 12
"""Ticks beyond the longest ack interval that may pass unacknowledged before a client is skipped."""

_FINAL = frozenset(CloseCode) - RESUMABLE - {CloseCode.REPLACED}
"""Codes after which a session is over (STANDARD.md section 5.10)."""

_HANDLERS: dict[type, Callable[..., None]] = {
    Input: Room._receive_input,
    Act: Room._receive_act,
    Ping: Room._receive_ping,
    Leave: Room._receive_leave,
    Media: Room._receive_media,
    Signal: Room._receive_signal,
}
