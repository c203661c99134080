"""The places of one room: locks and knocks, who is where, bubbles, ghosts, and walking together.

ACT 4-12, ANSWER -> commands for the world (which decides), questions (which wait)
World.step -> Events -> AREAS, INSIDE, STANCES, BARRED, ANSWERED
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from protocol.constants import Feature, Question, Reply, Status, Verb
from protocol.messages import Act, Answer, Answered, AreaList, Asked, Barred, Error, Inside, Stances, encode
from server.ops.metrics import Metrics
from server.places import questions, rows
from server.rooms.parts import Handler, Part
from server.rooms.session import Session
from server.settings import Settings
from server.store.rooms import Room as StoredRoom
from sim.commands import Admission, BubbleAction, Events, LockAction

if TYPE_CHECKING:
    from server.rooms.room import Room

PASS_S = 30
"""How long somebody who was let in has to walk in (STANDARD.md section 12.3)."""
INSIDE_EVERY_S = 0.2
"""Who goes in and out is told together."""

REFUSALS = {
    "unknown_target": "There is nothing like that here.",
    "not_allowed": "That is not possible here.",
    "not_locked": "It is open. Walk in.",
    "out_of_reach": "That is too far away. Step closer.",
    "do_not_disturb": "They do not want to be disturbed.",
    "too_soon": "You just asked. Give them a moment.",
}


class RoomPlaces(Part):
    """What people do with the places of their room, and what they are told of them."""

    def __init__(self, room: Room, settings: Settings, metrics: Metrics) -> None:
        super().__init__(room)
        self._metrics, self._rate = metrics, settings.tick_rate
        self._inside_ticks = max(1, round(INSIDE_EVERY_S * settings.tick_rate))
        self._questions = questions.Questions()
        self._granted: list[tuple[questions.Question, int]] = []
        """Questions somebody said yes to, and who; the world decides with its next tick."""
        self._follows: dict[int, int] = {}
        self._restless: set[int] = set()
        """Avatars that follow somebody else than they did."""
        self._moved: dict[tuple[int, int], bool] = {}
        self._rules_changed = False

    # --- what a room asks of its parts ------------------------------------------------------------------------------

    def handlers(self) -> Mapping[type, Handler]:
        return {Answer: self._answer}

    def verbs(self) -> Mapping[int, Handler]:
        verbs: dict[Verb, Handler] = {
            Verb.LOCK: lambda session, act: self._lock(session, act, locked=True),
            Verb.UNLOCK: lambda session, act: self._lock(session, act, locked=False),
            Verb.KNOCK: self._knock,
            Verb.WHISPER: self._whisper,
            Verb.HUSH: self._hush,
            Verb.GHOST: self._haunt,
            Verb.FOLLOW: self._follow,
            Verb.LEAD: self._lead,
            Verb.CALL: self._call,
        }
        return {verb.value: handler for verb, handler in verbs.items()}

    def configure(self, stored: StoredRoom) -> None:
        self.room.commands.capacities = stored.area_capacities
        self.room.commands.lockable = stored.area_locks
        self._rules_changed = True

    def tell_state(self, session: Session) -> None:
        if not session.wants(Feature.PLACES):
            return
        world = self.room.world
        session.tell(AreaList(True, rows.area_rows(world, world.zones.ids.tolist())))
        session.tell(Inside(True, rows.inside_rows(rows.everyone_inside(world))))
        session.tell(Stances(True, self._stance_rows(self.room.sessions, only_some=True)))

    def went(self, session: Session) -> None:
        avatar = session.avatar
        self._follows.pop(avatar, None)
        self._follows = {follower: leader for follower, leader in self._follows.items() if leader != avatar}
        self._moved = {key: inside for key, inside in self._moved.items() if key[1] != avatar}
        self._granted = [each for each in self._granted if avatar not in (each[0].asker, each[1])]
        self._tell_unheard(self._questions.went(avatar))

    def stepped(self, events: Events, now: float) -> None:
        world = self.room.world
        if self._rules_changed:
            self._rules_changed = False
            self._tell(AreaList(True, rows.area_rows(world, world.zones.ids.tolist())))
        elif events.locks:
            self._tell(AreaList(False, rows.area_rows(world, (change.zone for change in events.locks))))
        for change in events.locks:
            if not change.locked:
                self._tell_unheard(self._questions.opened(change.zone))
        if self._granted:
            self._settle_granted(events)
        # Nearly always there is nothing of all this, and to look into an empty array takes as long as into a full one.
        if len(events.place_changes[0]):
            self._note_moves(events)
        if len(events.stopped[0]):
            self._tell_stopped(events)
        if self._restless or len(events.bubble_changes) or len(events.ghost_changes):
            self._tell_stances(events)
        if events.tick % self._inside_ticks == 0:
            self._tell_unheard(self._questions.expired(self.room.now))
            if self._moved:
                self._tell(Inside(False, rows.inside_rows((*key, inside) for key, inside in self._moved.items())))
                self._moved = {}

    def _tell_stopped(self, events: Events) -> None:
        for avatar, zone, why in zip(*(column.tolist() for column in events.stopped), strict=True):
            session = self.room.sessions.get(avatar)
            if session is not None and session.wants(Feature.PLACES):
                session.tell(Barred(zone, why))

    def _tell_stances(self, events: Events) -> None:
        changed = {*events.bubble_changes.tolist(), *events.ghost_changes.tolist(), *self._restless}
        self._restless = set()
        if changed := changed & self.room.sessions.keys():
            self._tell(Stances(False, self._stance_rows(changed)))

    # --- areas ------------------------------------------------------------------------------------------------------

    def _lock(self, session: Session, act: Act, *, locked: bool) -> None:
        self.room.commands.locks.append(LockAction(session.avatar, act.target, locked, act.ref))

    def _knock(self, session: Session, act: Act) -> None:
        world, avatar = self.room.world, session.avatar
        index = world.zones.index_of(act.target)
        zone = None if index is None else world.zones.zones[index]
        if zone is None or not world.is_alive(avatar):
            self._refuse(session, act, "unknown_target")
        elif not world.areas.locked[index]:
            self._refuse(session, act, "not_locked")
        elif world.areas.is_inside(avatar, zone.id):
            self._refuse(session, act, "not_allowed")
        elif not world.reaches(avatar, (zone.x, zone.y, zone.w, zone.h)):
            self._refuse(session, act, "out_of_reach")
        else:
            self._ask(session, act, Question.KNOCK, self._inside(zone.id), zone.id)

    def _inside(self, zone: int) -> list[int]:
        areas = self.room.world.areas
        return [avatar for avatar in self.room.sessions if areas.is_inside(avatar, zone)]

    def _note_moves(self, events: Events) -> None:
        member, ids = self.room.world.zones.member, self.room.world.zones.ids
        for avatar, before, after in zip(*(column.tolist() for column in events.place_changes), strict=True):
            if avatar not in self.room.sessions:
                continue
            for index in (member[before] != member[after]).nonzero()[0].tolist():
                zone, is_inside = int(ids[index]), bool(member[after, index])
                self._moved[zone, avatar] = is_inside
                if is_inside:
                    for knock in self._questions.came_inside(avatar, zone):
                        self._tell_asked(knock, [avatar])
                else:
                    self._tell_unheard(self._questions.went_outside(avatar, zone))

    # --- bubbles, ghosts, walking together --------------------------------------------------------------------------

    def _whisper(self, session: Session, act: Act) -> None:
        world = self.room.world
        if self._may_ask(session, act):
            x, y = (int(column[act.target]) // 256 for column in (world.x, world.y))
            grounds = world.hearing.grounds(world.areas.place[[session.avatar, act.target]], world.ghost[[0, 0]])
            if grounds[0] != grounds[1] or grounds[0] < 0 or world.ghost[act.target]:
                self._refuse(session, act, "not_allowed")
            elif not world.reaches_within(session.avatar, (x, y, 0, 0), 2 * world.config.bubble_px):
                self._refuse(session, act, "out_of_reach")
            else:
                self._ask(session, act, Question.WHISPER, [act.target], act.target)

    def _hush(self, session: Session, act: Act) -> None:
        self.room.commands.bubbles.append(BubbleAction(session.avatar, 0, act.ref))

    def _haunt(self, session: Session, act: Act) -> None:
        if act.target > 1:
            self._refuse(session, act, "unknown_target")
        else:
            self.room.commands.ghosts.append((session.avatar, act.target == 1))

    def _follow(self, session: Session, act: Act) -> None:
        if act.target and (act.target == session.avatar or act.target not in self.room.sessions):
            self._refuse(session, act, "unknown_target")
        else:
            self._set_leader(session.avatar, act.target)

    def _set_leader(self, avatar: int, leader: int) -> None:
        if self._follows.get(avatar, 0) != leader:
            self._follows[avatar] = leader
            self._restless.add(avatar)

    def _lead(self, session: Session, act: Act) -> None:
        if act.target:
            if self._may_ask(session, act):
                self._ask(session, act, Question.LEAD, [act.target], act.target)
            return
        for other in sorted(session.near & self.room.sessions.keys()):
            if self.room.sessions[other].status != Status.DND:
                self._ask(session, act, Question.LEAD, [other], other)

    def _call(self, session: Session, act: Act) -> None:
        if self._may_ask(session, act):
            self._ask(session, act, Question.CALL, [act.target], act.target)

    # --- questions --------------------------------------------------------------------------------------------------

    def _may_ask(self, session: Session, act: Act) -> bool:
        target = self.room.sessions.get(act.target)
        if target is None or target is session or not target.wants(Feature.PLACES):
            self._refuse(session, act, "unknown_target")
        elif target.status == Status.DND:
            self._refuse(session, act, "do_not_disturb")
        else:
            return True
        return False

    def _ask(self, session: Session, act: Act, kind: Question, asked: Iterable[int], target: int) -> None:
        zone = target if kind is Question.KNOCK else 0
        question = self._questions.ask(kind, session.avatar, zone, asked, target, self.room.now)
        if question is None:
            self._refuse(session, act, "too_soon")
        else:
            self._tell_asked(question, question.asked)

    def _answer(self, session: Session, message: Answer) -> None:
        avatar = session.avatar
        question = self._questions.take(message.question, message.asker, message.zone, avatar)
        if question is None:
            return
        if not message.accepts:
            self._tell_answered(question, avatar, Reply.NO)
            return
        commands, world = self.room.commands, self.room.world
        if question.kind is Question.KNOCK:
            until = world.tick + PASS_S * self._rate
            commands.admissions.append(Admission(avatar, question.zone, question.asker, until))
            self._granted.append((question, avatar))
        elif question.kind is Question.WHISPER:
            commands.bubbles.append(BubbleAction(avatar, question.asker))
            self._granted.append((question, avatar))
        else:
            if question.kind is Question.LEAD:
                self._set_leader(avatar, question.asker)
            self._tell_answered(question, avatar, Reply.YES)

    def _settle_granted(self, events: Events) -> None:
        """What became of the questions that somebody said yes to."""
        granted, self._granted = self._granted, []
        bubbles = self.room.world.bubbles.of
        admitted = {(each.zone, each.guest) for each in events.admitted}
        for question, by in granted:
            if question.kind is Question.KNOCK:
                done = (question.zone, question.asker) in admitted
            else:
                done = bubbles[by] == bubbles[question.asker] != 0
            self._tell_answered(question, by, Reply.YES if done else Reply.NOBODY)

    def _tell_unheard(self, unheard: Iterable[questions.Question]) -> None:
        for question in unheard:
            self._tell_answered(question, 0, Reply.NOBODY)

    def _tell_asked(self, question: questions.Question, asked: Iterable[int]) -> None:
        message = encode(Asked(question.kind.value, question.asker, question.zone))
        self._tell_some(asked, lambda session: session.tell_encoded(message))

    def _tell_answered(self, question: questions.Question, by: int, reply: Reply) -> None:
        message = encode(Answered(question.kind.value, question.asker, question.zone, by, reply.value))
        self._tell_some({question.asker, *question.asked}, lambda session: session.tell_encoded(message))

    # --- telling ----------------------------------------------------------------------------------------------------

    def _tell_some(self, avatars: Iterable[int], tell: Callable[[Session], None]) -> None:
        for avatar in avatars:
            session = self.room.sessions.get(avatar)
            if session is not None and session.wants(Feature.PLACES):
                tell(session)

    def _tell(self, message: AreaList | Inside | Stances) -> None:
        self.room.tell_all(Feature.PLACES, encode(message))

    def _stance_rows(self, avatars: Iterable[int], *, only_some: bool = False) -> bytes:
        """Of these avatars; `only_some`: not of those of whom there is nothing to tell."""
        world = self.room.world
        return b"".join(
            rows.stance_row(world, avatar, self._follows.get(avatar, 0))
            for avatar in avatars
            if not only_some or world.bubbles.of[avatar] or world.ghost[avatar] or self._follows.get(avatar)
        )

    def _refuse(self, session: Session, act: Act, code: str) -> None:
        self._metrics.discarded.labels("places").inc()
        session.tell(Error(act.ref, code, REFUSALS[code]))
