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

from protocol.constants import CloseCode, Feature, Verb
from protocol.messages import (
    Act,
    ClientMessage,
    Error,
    Input,
    Leave,
    Media,
    Ping,
    Pong,
    Signal,
)
from server.auth.tickets import TicketClaims
from server.media.switchboard import Switchboard
from server.ops.metrics import Metrics
from server.rooms.announcer import Announcer
from server.rooms.arrivals import Arrivals
from server.rooms.attendance import REST_IDS, Attendance
from server.rooms.compiled_courses import make_courses
from server.rooms.delivery import Delivery
from server.rooms.governance import Governance
from server.rooms.kept_places import KeptPlaces
from server.rooms.listener import make_listener
from server.rooms.parts import Handler, Part, PartMaker
from server.rooms.saver import Saver
from server.rooms.session import Session
from server.rooms.world_config import world_config
from server.settings import Settings
from sim.commands import Commands, DoorAction, SitAction
from sim.maps import RoomMap
from sim.world import World

if TYPE_CHECKING:
    from server.ops.recordings import RoomRecording

log = structlog.get_logger()


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
        self._settings, self._metrics, self._saver = settings, metrics, saver
        self.attendance = Attendance(self, capacity, settings, metrics)
        self.sessions = self.attendance.sessions
        """Everyone who has an avatar here, by its id."""
        self.arrivals = Arrivals(self, settings)
        self.commands = Commands()
        """What was asked of the world since its last tick."""
        self.governance = Governance(self, settings)
        self.courses = make_courses(
            capacity + REST_IDS + 1, self.attendance.max_ahead, metrics, compiled=settings.compiled
        )
        self.kept = KeptPlaces(self.world, self.sessions, saver)
        self.doors_changed = False
        self.recorder: RoomRecording | None = None
        self.delivery = Delivery(self.world, room_map, settings, metrics)
        self.listener = make_listener(self.delivery.baselines, self.courses, self.delivery.direct, self.world)
        """Takes what clients say most, without objects; None: all of it goes to `receive`."""
        self.switchboard = Switchboard(self.sessions, self.world.circle_of, settings, metrics)
        self._announcer = Announcer(self, metrics)
        self.parts: list[Part] = [make(self) for make in parts]
        self._stepped = [part.stepped for part in self.parts if type(part).stepped is not Part.stepped]
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
        return user_id in self.attendance.by_user

    def session_of(self, user_id: UUID) -> Session | None:
        """The session of a person who has an avatar here."""
        return self.attendance.by_user.get(user_id)

    @property
    def now(self) -> float:
        """The room's time, s: how long its world has run."""
        return self.world.tick / self._settings.tick_rate

    def user_ids(self) -> Collection[UUID]:
        """Who has an avatar here."""
        return self.attendance.by_user.keys()

    def people(self) -> list[TicketClaims]:
        """Everyone who has an avatar here."""
        return [session.claims for session in self.sessions.values()]

    def open_doors(self) -> list[int]:
        """Ids of the doors that stand open."""
        return [door for door, is_open in self.world.doors_open.items() if is_open]

    def place_of(self, user_id: UUID) -> tuple[int, int] | None:
        """Where the person was last, if that is not yet surely in the database; 1/256 px."""
        return self._saver.place_of(user_id)

    def close(self, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Send everyone out and note where they stood."""
        self.note_places()
        self.arrivals.send_away(closed=True)
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
        session = self.session_of(user_id)
        if session is not None:
            session.claims = msgspec.structs.replace(session.claims, name=name, look=look)
            self.governance.tell_entry(session)

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
            self.courses.receive(session, message, tick)

    def _acknowledge(self, session: Session, ack: int) -> None:
        tick = self.world.tick
        self.delivery.baselines.acknowledge(session.avatar, ack, tick)
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
        self.answer_ping(session, message.token, phase)

    def answer_ping(self, session: Session, token: int, phase: Callable[[], int]) -> None:
        """Send PONG at once. `phase()`: 0-255, how much of the present tick has passed."""
        session.tell(Pong(token, self.world.tick, phase()))
        session.flush()

    def _receive_leave(self, session: Session, _message: Leave, _phase: Callable[[], int]) -> None:
        self.attendance.remove(session, "left")

    def _receive_media(self, session: Session, message: Media, _phase: Callable[[], int]) -> None:
        if self.may_act(session, 0):
            self.switchboard.receive_media(session, message)

    def reconsider_media(self, session: Session) -> None:
        """Whom the person may hear, or whether they may be heard, has changed."""
        self.switchboard.reconsider(session, self.world.tick)

    def move_baseline(self, avatar: int, *, reliable: bool) -> None:
        """The client's snapshots go another way from now on (STANDARD.md section 13.4)."""
        self.delivery.baselines.move(avatar, self.world.tick, reliable=reliable)
        self.sessions[avatar].events.hold(self.world.tick)

    def _receive_signal(self, session: Session, message: Signal, _phase: Callable[[], int]) -> None:
        self.switchboard.relay(session, message, self.now)

    # --- one tick ---------------------------------------------------------------------------------------------------

    def let_in(self) -> None:
        """Between two ticks: those who wait at the door come in, and everybody is told, at once if there is time."""
        stages = self._metrics.stages
        stages.begin()
        self.arrivals.let_in()
        if self.arrivals.may_tell_at_once:
            self.delivery.tell()
        stages.end("arrivals")

    def tick(self, now: float) -> None:
        """Compute the next tick and tell everyone. `now`: s, the room's clock."""
        mark = self._metrics.stages.end
        self._metrics.stages.begin()
        commands = self.commands
        if not commands.only_courses:
            self.commands = Commands()
        commands.courses = self.courses.due(self.world.tick + 1)
        mark("inputs")
        events = self.world.step(commands, mark)
        if self.recorder is not None:
            self.recorder.step(self.world, commands)
        self.attendance.tell_gone()
        self._announcer.announce(events)
        mark("announce")
        for stepped in self._stepped:
            stepped(events, now)
        mark("parts")
        self.delivery.deliver(self.courses)
        tick, rate = self.world.tick, self._settings.tick_rate
        if tick % max(1, rate // 4) == 0:
            self._sweep(now)
        mark("sweep")

    def _sweep(self, now: float) -> None:
        """Let go of those who stayed away or stopped reading."""
        self.attendance.let_go(now)
        for avatar in self.delivery.stuck():
            session = self.sessions[avatar]
            connection = session.connection
            if connection is not None:
                log.info("client does not read", room=str(self.id), user=str(session.claims.user_id))
                self._metrics.refused.labels(str(CloseCode.STALLED.value)).inc()
                connection.abort()
                self.attendance.lose(session, connection, now)

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

    def tell_each(self, messages: Sequence[bytes]) -> None:
        """Send several events to everybody."""
        for session in self.sessions.values():
            session.tell_each(messages)
        self._metrics.events.inc(len(messages) * len(self.sessions))

    # --- what is kept -----------------------------------------------------------------------------------------------

    def note_places(self) -> None:
        """Hand the places of everyone who moved since the last time to the saver."""
        self.kept.note_moved()


_HANDLERS: dict[type, Callable[..., None]] = {
    Input: Room._receive_input,
    Act: Room._receive_act,
    Ping: Room._receive_ping,
    Leave: Room._receive_leave,
    Media: Room._receive_media,
    Signal: Room._receive_signal,
}
