"""The SFU's side of one room (STANDARD.md section 7.3): who goes through it, on which leg, hearing whom.

    Switchboard (links) -> Planner (routes) -> legs of the MediaBackend -> PLAN, DESCRIBED, SLOTS, QUALITY to clients
    DESCRIBE, CANDIDATE, DELIVERY, VIEW of clients -> legs, Planner

A leg hears exactly those with whom its person is linked now, on links that go through the SFU, and publishes exactly
what its person's state says; both change before the call that changed them returns.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from protocol.constants import MAX_PICTURES, Continuity, Feature, LegState, Level, Reason, Route, Source
from protocol.messages import Backend, Candidate, Delivery, Describe, Described, Plan, Quality, Slots, View
from protocol.token_bucket import TokenBucket
from server.media.backend import MediaBackend, SlotRow, Wish
from server.media.plan import DirectLimits, PlannedLink, Planner
from server.ops.metrics import Metrics
from server.rooms.parts import Handler, Part
from server.rooms.session import Session
from sim.commands import Events

if TYPE_CHECKING:
    from server.rooms.room import Room

_ROUTE_ROW: Final = struct.Struct("<IB")
_PATH_ROW: Final = struct.Struct("<IB")
_WANT_ROW: Final = struct.Struct("<HBB")
_SLOT_ROW: Final = struct.Struct("<BBHBB")

LINGER_S: Final = 60.0
"""How long a leg is kept that nobody needs: whoever comes back to a crowd is in it at once."""
FIRST_RETRY_S: Final = 1.0
LONGEST_RETRY_S: Final = 30.0
FAILURES: Final = 2
"""So many SFU sessions of one client in a row that did not come up mean that the SFU is not reached from there."""
TIMER_S: Final = 0.5
NEARNESS_BATCH: Final = 8
"""Listeners whose distances are looked at anew at a time, in turn."""
DESCRIBE_RATE, DESCRIBE_BURST = 10, 40
REPORT_RATE, REPORT_BURST = 5, 20
NEAREST: Final = 255


@dataclass(slots=True)
class _Seat:
    """What the room keeps of one client. `leg`: its SFU session, 0: none. `told`: the newest PLAN's session and routes.
    `failures`: sessions in a row that failed. `cut_off`: it does not reach the SFU, and is heard directly."""

    leg: int = 0
    epoch: int = 0
    slots_epoch: int = 0
    told: tuple[int, dict[int, Route]] | None = None
    backend_told: bool = False
    backend_told_at: float = 0.0
    slots: bytes = b""
    quality: tuple[int, int, int, int] | None = None
    state: LegState = LegState.NONE
    hears: dict[int, int] = field(default_factory=dict)
    view: View | None = None
    unneeded_since: float | None = None
    retry_at: float = 0.0
    retry_s: float = 0.0
    failures: int = 0
    cut_off: bool = False
    describes: TokenBucket = field(default_factory=lambda: TokenBucket(DESCRIBE_RATE, DESCRIBE_BURST, 0.0))
    deliveries: TokenBucket = field(default_factory=lambda: TokenBucket(REPORT_RATE, REPORT_BURST, 0.0))
    views: TokenBucket = field(default_factory=lambda: TokenBucket(REPORT_RATE, REPORT_BURST, 0.0))


class Conductor(Part):
    """Implements `switchboard.LinkGuide` and `backend.LegEvents`. `limits`: what goes the direct way."""

    limits_itself = True

    def __init__(self, room: Room, backend: MediaBackend, limits: DirectLimits, metrics: Metrics) -> None:
        super().__init__(room)
        self._backend, self._metrics = backend, metrics
        self._planner = Planner(limits)
        self._seats: dict[int, _Seat] = {}
        self._avatar_of: dict[int, int] = {}
        self._timer_at = 0.0
        self._turn = 0
        room.switchboard.guide = self
        backend.watch(self)
        self._planner.set_available(backend.available, 0.0)

    def closed(self) -> None:
        self._backend.unwatch(self)
        for avatar in list(self._seats):
            self._end_leg(avatar)

    # --- what the switchboard says ----------------------------------------------------------------------------------

    def connected(self, session: Session, continuity: Continuity) -> None:
        """A client is there, or there again: one that forgot everything has no leg any more."""
        if session.wants(Feature.SFU):
            self._backend.wake()
        seat = self._seats.setdefault(session.avatar, _Seat())
        if continuity is Continuity.FRESH:
            self._end_leg(session.avatar)
            self._seats[session.avatar] = _Seat()
            if seat.cut_off:
                self.links_changed([session.avatar])
        elif continuity is Continuity.EVENTS_LOST:
            seat.told, seat.backend_told = None, False

    def links_changed(self, avatars: Iterable[int]) -> None:
        """These have other links than before; they are not told of them yet."""
        links_of, sessions, now = self.room.switchboard.links_of, self.room.sessions, self.room.now
        changed: set[int] = set()
        for avatar in avatars:
            own = sessions.get(avatar)
            planned: list[PlannedLink] = []
            for other, link in links_of(avatar).items():
                theirs = sessions.get(other)
                able = own is not None and theirs is not None
                able = able and own.wants(Feature.SFU) and theirs.wants(Feature.SFU)  # type: ignore[union-attr]
                able = able and not (self._is_cut_off(avatar) or self._is_cut_off(other))
                planned.append(PlannedLink(link.number, min(avatar, other), max(avatar, other), able))
            changed |= self._planner.set_links(avatar, planned, now) | {avatar}
        self._follow(changed)

    def media_changed(self, session: Session) -> None:
        """The person lets others hear and see something else than before."""
        seat = self._seats.get(session.avatar)
        if seat is not None and seat.leg:
            self._backend.publish(seat.leg, session.media, _allowed(session))
        self._follow(self._planner.show_picture(session.avatar, bool(session.media & _PICTURES), self.room.now))

    def before_links(self, session: Session) -> None:
        """LINKS is about to be sent: what it is to be understood by comes first."""
        seat = self._seats.get(session.avatar)
        if seat is None or not session.wants(Feature.SFU):
            return
        self._tell_backend(session, seat)
        self._tell_plan(session, seat)

    # --- what the room says -----------------------------------------------------------------------------------------

    def went(self, session: Session) -> None:
        self._end_leg(session.avatar)
        self._seats.pop(session.avatar, None)
        self._follow(self._planner.forget(session.avatar, self.room.now))

    def tell_state(self, session: Session) -> None:
        """After PLAN and LINKS, which `before_links` saw to: the slots, to a client that lost events."""
        seat = self._seats.get(session.avatar)
        if seat is not None and seat.leg and session.wants(Feature.SFU):
            self._tell_slots(session, seat)
            if seat.quality is not None:
                session.tell(Quality(seat.leg, *seat.quality))

    def stepped(self, events: Events, now: float) -> None:
        now = self.room.now
        if now < self._timer_at:
            return
        self._timer_at = now + TIMER_S
        self._follow(self._planner.handle_timer(now))
        for avatar, seat in list(self._seats.items()):
            self._renew_pass(avatar, seat)
            if seat.unneeded_since is not None:
                self._keep_leg(avatar, seat)
            elif not seat.leg and seat.retry_s and now >= seat.retry_at:
                self._try_again(avatar, seat)
        self._look_who_is_near()

    def handlers(self) -> Mapping[type, Handler]:
        return {
            Describe: self._receive_describe,
            Candidate: self._receive_candidate,
            Delivery: self._receive_delivery,
            View: self._receive_view,
        }

    # --- what clients say -------------------------------------------------------------------------------------------

    def _receive_describe(self, session: Session, message: Describe) -> None:
        seat = self._seats.get(session.avatar)
        if seat is None or not seat.leg or message.session != seat.leg:
            self._refuse("describe_stale")
        elif not seat.describes.take(self.room.now):
            self._refuse("describe_flood")
        else:
            self._backend.describe(seat.leg, message.leg, message.form, message.sdp)

    def _receive_candidate(self, session: Session, message: Candidate) -> None:
        seat = self._seats.get(session.avatar)
        if seat is None or not seat.leg or message.session != seat.leg:
            self._refuse("candidate_stale")
        elif not seat.describes.take(self.room.now):
            self._refuse("candidate_flood")
        else:
            self._backend.candidate(seat.leg, message.leg, message.candidate)

    def _receive_delivery(self, session: Session, message: Delivery) -> None:
        seat = self._seats.get(session.avatar)
        if seat is None or message.session != seat.leg:
            return
        if not seat.deliveries.take(self.room.now):
            self._refuse("delivery_flood")
            return
        paths = dict(_PATH_ROW.iter_unpack(message.paths))
        changed = self._planner.deliver(session.avatar, paths, self.room.now)
        if seat.leg and message.state == LegState.CONNECTED.value:
            seat.failures = 0
        if seat.leg and message.state == LegState.FAILED.value:
            self._leg_failed(session.avatar, seat)
        self._follow(changed)

    def _receive_view(self, session: Session, message: View) -> None:
        seat = self._seats.get(session.avatar)
        if seat is None:
            return
        if not seat.views.take(self.room.now):
            self._refuse("view_flood")
            return
        seat.view = message
        self._look(seat)

    # --- what the backend says --------------------------------------------------------------------------------------

    def backend_changed(self, available: bool) -> None:
        """There is an SFU, or none any more; no leg of before exists."""
        cut_off = [avatar for avatar, seat in self._seats.items() if seat.leg]
        for seat in self._seats.values():
            self._drop_leg(seat)
            seat.retry_s, seat.retry_at = 0.0, 0.0
            seat.failures, seat.cut_off = 0, False
        self._planner.set_available(available, self.room.now)
        self.links_changed(list(self._seats))
        self._follow(self._seats.keys())
        for avatar in cut_off:
            session = self.room.sessions.get(avatar)
            if session is not None and session.wants(Feature.SFU):
                session.tell(Quality(0, Level.NOTHING.value, Reason.SFU_AWAY.value, 0, 0))

    def described(self, leg: int, index: int, form: int, sdp: str) -> None:
        """`LegEvents.described`."""
        session = self._session_of(leg)
        if session is not None:
            session.tell(Described(leg, index, form, sdp))
            session.flush()

    def filled(self, leg: int, slots: Sequence[SlotRow]) -> None:
        """`LegEvents.filled`."""
        session = self._session_of(leg)
        if session is None:
            return
        seat = self._seats[session.avatar]
        seat.slots = b"".join(
            _SLOT_ROW.pack(row.index, row.mid, self._avatar_of[row.who], row.source, row.layer)
            for row in slots
            if row.who in self._avatar_of
        )
        self._tell_slots(session, seat)
        session.flush()

    def limited(self, leg: int, level: int, reason: int, sound: int, pictures: int) -> None:
        """`LegEvents.limited`."""
        session = self._session_of(leg)
        if session is not None:
            self._seats[session.avatar].quality = (level, reason, sound, pictures)
            session.tell(Quality(leg, level, reason, sound, pictures))

    def changed(self, leg: int, state: LegState) -> None:
        """`LegEvents.changed`."""
        session = self._session_of(leg)
        if session is None:
            return
        seat = self._seats[session.avatar]
        seat.state = state
        if state is LegState.CONNECTED:
            seat.retry_s, seat.failures = 0.0, 0
        elif state is LegState.FAILED:
            self._leg_failed(session.avatar, seat)
            session.flush()

    # --- legs -------------------------------------------------------------------------------------------------------

    def _follow(self, avatars: Iterable[int]) -> None:
        """The plans of these changed: keep their legs, say who hears whom, and tell them."""
        avatars = set(avatars)
        around = set(avatars)
        for avatar in avatars:
            seat = self._seats.get(avatar)
            if seat is not None:
                self._keep_leg(avatar, seat)
            around |= {end for link in self._planner.partners(avatar) for end in (link.one, link.other)}
        for avatar in around:
            self._tell_hears(avatar)
        for avatar in avatars:
            session, seat = self.room.sessions.get(avatar), self._seats.get(avatar)
            if session is not None and seat is not None and session.wants(Feature.SFU):
                self._tell_plan(session, seat)

    def _keep_leg(self, avatar: int, seat: _Seat) -> None:
        """Open a leg that is needed, close one that was not for long."""
        session, now = self.room.sessions.get(avatar), self.room.now
        needed = session is not None and self._planner.needs_leg(avatar)
        if not needed or session is None:
            if seat.leg == 0:
                seat.unneeded_since = None
            elif seat.unneeded_since is None:
                seat.unneeded_since = now
            elif now - seat.unneeded_since >= LINGER_S:
                seat.unneeded_since = None
                self._end_leg(avatar)
                self._tell_plan(session, seat)
            return
        seat.unneeded_since = None
        # Somebody whose page is not there can not answer.
        if seat.leg or not self._backend.available or session.connection is None or now < seat.retry_at:
            return
        seat.leg = self._backend.open(self.room.id, session.claims.user_id, self)
        self._avatar_of[seat.leg] = avatar
        self._backend.publish(seat.leg, session.media, _allowed(session))
        self._look(seat)
        # Before the offer, which comes when the backend has made it.
        self._tell_plan(session, seat)

    def _leg_failed(self, avatar: int, seat: _Seat) -> None:
        """Begin a new SFU session: at once the first time, later after a while that grows."""
        self._end_leg(avatar)
        seat.retry_at = self.room.now + seat.retry_s
        seat.retry_s = min(max(FIRST_RETRY_S, seat.retry_s * 2), LONGEST_RETRY_S)
        seat.failures += 1
        if seat.failures < FAILURES:
            self._follow([avatar])
            return
        # The SFU is there, and something between it and this client is in the way: they are heard directly meanwhile.
        seat.cut_off = True
        self.links_changed([avatar])
        session = self.room.sessions.get(avatar)
        if session is not None and session.wants(Feature.SFU) and self.room.switchboard.links_of(avatar):
            session.tell(Quality(0, Level.NOTHING.value, Reason.SFU_AWAY.value, 0, 0))

    def _try_again(self, avatar: int, seat: _Seat) -> None:
        """Open a leg for somebody whose last one failed. Who is heard directly goes on to be until the SFU delivers."""
        if seat.cut_off:
            seat.cut_off = False
            self.links_changed([avatar])
        else:
            self._follow([avatar])

    def _is_cut_off(self, avatar: int) -> bool:
        seat = self._seats.get(avatar)
        return seat is not None and seat.cut_off

    def _end_leg(self, avatar: int) -> None:
        seat = self._seats.get(avatar)
        if seat is not None and seat.leg:
            self._backend.close(seat.leg)
            self._drop_leg(seat)
            self._planner.lost_leg(avatar)

    def _drop_leg(self, seat: _Seat) -> None:
        self._avatar_of.pop(seat.leg, None)
        seat.leg = seat.slots_epoch = 0
        seat.slots, seat.quality, seat.state, seat.hears = b"", None, LegState.NONE, {}

    def _tell_hears(self, avatar: int) -> None:
        """Tell the backend whom the leg may hear, if that changed."""
        seat = self._seats.get(avatar)
        if seat is None or not seat.leg:
            return
        hears: dict[int, int] = {}
        links = self.room.switchboard.links_of(avatar)
        for planned in self._planner.partners(avatar):
            other = planned.other if planned.one == avatar else planned.one
            theirs, link = self._seats.get(other), links.get(other)
            if theirs is not None and theirs.leg and link is not None and link.carries(other):
                hears[theirs.leg] = NEAREST if link.flat else self._nearness(avatar, other)
        if hears != seat.hears:
            new = hears.keys() != seat.hears.keys()
            seat.hears = hears
            self._backend.hear(seat.leg, hears)
            if new and seat.view is not None:
                self._look(seat)

    def _nearness(self, one: int, other: int) -> int:
        world = self.room.world
        dx, dy = int(world.x[one]) - int(world.x[other]), int(world.y[one]) - int(world.y[other])
        leave = max(1, self.room.governance.radii.leave) * 256
        # In sixteenths: a step to the side is nothing that the SFU must know.
        share = max(0.0, 1 - (dx * dx + dy * dy) ** 0.5 / leave)
        return min(NEAREST, int(share * 16) * 16)

    def _look_who_is_near(self) -> None:
        crowded = [avatar for avatar, seat in self._seats.items() if len(seat.hears) > MAX_PICTURES]
        for _ in range(min(NEARNESS_BATCH, len(crowded))):
            self._turn += 1
            self._tell_hears(crowded[self._turn % len(crowded)])

    def _look(self, seat: _Seat) -> None:
        """Tell the backend what the client has room for."""
        if not seat.leg or seat.view is None:
            return
        wishes: list[Wish] = []
        for avatar, source, size in _WANT_ROW.iter_unpack(seat.view.wants):
            theirs = self._seats.get(avatar)
            if theirs is not None and theirs.leg and source in (Source.CAMERA, Source.SCREEN) and size <= _LARGE:
                wishes.append(Wish(theirs.leg, Source(source), size))
        self._backend.look(seat.leg, seat.view.most, wishes)

    def _session_of(self, leg: int) -> Session | None:
        avatar = self._avatar_of.get(leg)
        return None if avatar is None else self.room.sessions.get(avatar)

    # --- what clients are told --------------------------------------------------------------------------------------

    def _tell_backend(self, session: Session, seat: _Seat) -> None:
        if seat.backend_told:
            return
        seat.backend_told, seat.backend_told_at = True, self.room.now
        claims = session.claims
        url, token = self._backend.pass_for(self.room.id, claims.user_id, claims.name)
        session.tell(Backend(self._backend.kind.value, url, token))

    def _renew_pass(self, avatar: int, seat: _Seat) -> None:
        """A token that grew old is replaced before it ends, for the next connection."""
        good_s = self._backend.pass_s
        session = self.room.sessions.get(avatar)
        if good_s is None or session is None or not seat.backend_told:
            return
        if self.room.now - seat.backend_told_at > good_s / 2:
            seat.backend_told = False
            self._tell_backend(session, seat)

    def _tell_plan(self, session: Session | None, seat: _Seat) -> None:
        if session is None or not seat.backend_told or not session.wants(Feature.SFU):
            return
        routes = self._planner.routes_of(session.avatar)
        if seat.told == (seat.leg, routes):
            return
        # The LINKS without a link that ended comes after this: until then it goes the way it went, and not another.
        before = {} if seat.told is None else seat.told[1]
        named = routes | {number: route for number, route in before.items() if not self._planner.has(number)}
        seat.told = (seat.leg, routes)
        seat.epoch += 1
        session.tell(Plan(seat.epoch, seat.leg, b"".join(_ROUTE_ROW.pack(*row) for row in sorted(named.items()))))

    def _tell_slots(self, session: Session, seat: _Seat) -> None:
        seat.slots_epoch += 1
        session.tell(Slots(seat.leg, seat.slots_epoch, seat.slots))

    def _refuse(self, why: str) -> None:
        self._metrics.discarded.labels(why).inc()

    def route(self, number: int) -> Route:
        """Which way a link goes now."""
        return self._planner.route(number)


def _allowed(session: Session) -> int:
    """What a moderator leaves to the person: bits of MEDIA."""
    return _EVERYTHING & ~_SOUND if session.standing.is_muted else _EVERYTHING


_SOUND: Final = 0b001
_PICTURES: Final = 0b110
_EVERYTHING: Final = 0b111
_LARGE: Final = 2
