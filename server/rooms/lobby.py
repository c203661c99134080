"""Everybody who is around, across rooms (STANDARD.md section 8): who, where, how they want to be seen; calls, notices.

Connections come and go as `Viewer`s. What they know is kept up by comparing: twice a second `publish` looks at who is
where and tells what changed, so that no room has to report anything.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from protocol.constants import EntryFlag
from protocol.global_messages import (
    GLOBAL_VERSION,
    OFFLINE,
    Answer,
    Answered,
    Call,
    Called,
    Count,
    Find,
    Found,
    GlobalServerMessage,
    Idle,
    Notice,
    People,
    Ready,
    Rooms,
    Someone,
    encode_global,
)
from protocol.messages import Error
from server.rooms.elsewhere import Elsewhere, Nowhere
from server.store.presence import STATUSES

if TYPE_CHECKING:
    from server.rooms.directory import LocalRooms

DND = STATUSES.index("dnd")
AT_ONCE = 50
"""Viewers that are told before rooms may make their ticks again."""
CALL_AGAIN_S = 10.0
ANSWER_WITHIN_S = 600.0

REFUSALS = {
    "not_allowed": "Guests cannot do this. Register first.",
    "not_found": "They are in no room, or do not want to be found.",
    "not_online": "They are not here at present.",
    "not_inside": "Enter a room first: that is where they are asked to come.",
    "do_not_disturb": "They do not want to be disturbed now.",
    "too_fast": "They were asked a moment ago. Give them some time.",
}


class Line(Protocol):
    """The connection of a viewer."""

    def send(self, message: bytes) -> None:
        """Queue one message."""
        ...

    def close(self, code: int, reason: str, retry_ms: int | None = None) -> None:
        """Say GOODBYE and end the connection."""
        ...


@dataclass(eq=False, slots=True)
class Viewer:
    """One connection and whose it is. `rooms`: those that are not public and that the person may know of. `address`:
    the IP address that it comes from; None: it has none."""

    user_id: UUID
    session_id: str
    name: str
    look: bytes
    is_guest: bool
    rooms: set[UUID]
    line: Line
    version: int = 0
    address: str | None = None
    idle: bool = False
    told: Ready | None = None

    def tell(self, message: GlobalServerMessage) -> None:
        """Send a message of this viewer's own."""
        self.line.send(encode_global(message))


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to know of one person. `room_id` None: in no room, or they do not want it to be known."""

    name: str
    look: bytes
    flags: int
    status: int
    text: str
    room_id: UUID | None

    def entry(self, user_id: UUID, *, room_known: bool) -> Someone:
        """The person as the wire has them."""
        room = str(self.room_id) if room_known and self.room_id else None
        return Someone(str(user_id), self.name, self.look, self.flags, self.status, self.text, room)


@dataclass(slots=True)
class _Known:
    """What viewers were told last."""

    people: dict[UUID, Sight] = field(default_factory=dict)
    counts: dict[UUID, int] = field(default_factory=dict)
    public: set[UUID] = field(default_factory=set)


class Lobby:
    """The viewers of this process. `rooms` runs the rooms."""

    def __init__(self, rooms: LocalRooms, clock: Callable[[], float] = time.monotonic) -> None:
        self._rooms, self._clock = rooms, clock
        self.elsewhere: Elsewhere = Nowhere()
        self._viewers: dict[UUID, set[Viewer]] = {}
        self._known = _Known()
        self._lately_public: set[UUID] = set()
        self._anew: set[Viewer] = set()
        self._calls: dict[tuple[UUID, UUID], float] = {}

    # --- viewers ----------------------------------------------------------------------------------------------------

    def enter(self, viewer: Viewer) -> None:
        """Somebody came. They are told everything at once, the others that they are here with the next `publish`."""
        self._viewers.setdefault(viewer.user_id, set()).add(viewer)
        self._count_idle(viewer.user_id)
        self._tell_own(viewer)
        self._tell_all(viewer)

    def leave(self, viewer: Viewer) -> None:
        """The connection is gone."""
        viewers = self._viewers.get(viewer.user_id, set())
        viewers.discard(viewer)
        self._anew.discard(viewer)
        if not viewers:
            self._viewers.pop(viewer.user_id, None)
        self._count_idle(viewer.user_id)

    def count(self) -> int:
        """How many connections there are."""
        return sum(map(len, self._viewers.values()))

    def user_ids(self) -> Collection[UUID]:
        """Whose connections there are."""
        return self._viewers.keys()

    def origins(self) -> set[tuple[UUID, str | None]]:
        """Whose connections there are, and from where."""
        return {(viewer.user_id, viewer.address) for viewer in self._everybody()}

    def is_online(self, user_id: UUID) -> bool:
        """Whether the person is around, in a room or not."""
        here = user_id in self._viewers or bool(self._rooms.rooms_of(user_id))
        return here or self.elsewhere.person(user_id) is not None

    def viewers_of(self, user_id: UUID) -> Collection[Viewer]:
        """The person's connections."""
        return self._viewers.get(user_id, ())

    # --- what viewers say -------------------------------------------------------------------------------------------

    def receive(self, viewer: Viewer, message: Idle | Find | Call | Answer) -> None:
        """Act on a message that the wire allows."""
        match message:
            case Idle():
                viewer.idle = message.idle
                self._count_idle(viewer.user_id)
            case Find():
                self._answer_find(viewer, message)
            case Call():
                code = self._call(viewer, message)
                if code is not None:
                    viewer.tell(Error(message.ref, code, REFUSALS[code]))
            case Answer():
                self._answer_call(viewer, message)

    def _answer_find(self, viewer: Viewer, message: Find) -> None:
        user_id = UUID(message.user_id)
        if viewer.is_guest:
            viewer.tell(Error(message.ref, "not_allowed", REFUSALS["not_allowed"]))
            return
        for room_id in self._rooms.rooms_of(user_id):
            if self._rooms.presence.chosen(user_id).findable and self._may_know(viewer, room_id):
                viewer.tell(Found(message.ref, str(user_id), str(room_id), self._name_of(room_id)))
                return
        person = self.elsewhere.person(user_id)
        if person is not None and person.is_findable and person.room_id and self._may_know(viewer, person.room_id):
            viewer.tell(Found(message.ref, str(user_id), str(person.room_id), self._name_of(person.room_id)))
            return
        viewer.tell(Error(message.ref, "not_found", REFUSALS["not_found"]))

    def _call(self, viewer: Viewer, message: Call) -> str | None:
        """Hand a call on; the code of the refusal, None: it was handed on."""
        if viewer.is_guest:
            return "not_allowed"
        user_id, now = UUID(message.user_id), self._clock()
        here = [*self._rooms.rooms_of(viewer.user_id), *self.elsewhere.rooms_of(viewer.user_id)]
        called, away = self._viewers.get(user_id, ()), self.elsewhere.person(user_id)
        if not here:
            return "not_inside"
        if not called and self.elsewhere.is_idle(user_id) is None:
            return "not_online"
        if (self._rooms.presence.shown(user_id)[0] if called or away is None else away.status) == DND:
            return "do_not_disturb"
        pair = (viewer.user_id, user_id)
        if now - self._calls.get(pair, -CALL_AGAIN_S) < CALL_AGAIN_S:
            return "too_fast"
        self._calls[pair] = now
        call = Called(str(viewer.user_id), viewer.name, str(here[0]), self._name_of(here[0]), message.text)
        for other in called:
            other.tell(call)
        self.elsewhere.say([user_id], encode_global(call), call=viewer.user_id)
        return None

    def _answer_call(self, viewer: Viewer, message: Answer) -> None:
        caller = UUID(message.user_id)
        called_at = self._calls.get((caller, viewer.user_id))
        if called_at is None or self._clock() - called_at > ANSWER_WITHIN_S:
            return
        del self._calls[caller, viewer.user_id]
        answered = Answered(str(viewer.user_id), viewer.name, message.accepts)
        for other in self._viewers.get(caller, ()):
            other.tell(answered)
        self.elsewhere.say([caller], encode_global(answered))

    # --- what the directory says ------------------------------------------------------------------------------------

    def tell_own(self, user_id: UUID) -> None:
        """Tell somebody, in all their windows, how they are seen now."""
        for viewer in self._viewers.get(user_id, ()):
            self._tell_own(viewer)

    def invited(self, user_id: UUID, room_id: UUID, is_invited: bool) -> None:
        """Somebody may know of a room, or may no longer."""
        for viewer in self._viewers.get(user_id, ()):
            if (room_id in viewer.rooms) != is_invited:
                (viewer.rooms.add if is_invited else viewer.rooms.discard)(room_id)
                self._anew.add(viewer)

    def change_user(self, user_id: UUID, name: str, look: bytes) -> None:
        """Somebody has another name or look."""
        for viewer in self._viewers.get(user_id, ()):
            viewer.name, viewer.look = name, look

    def hand_on(self, user_ids: Collection[UUID], message: bytes, version: int, call: UUID | None) -> None:
        """Another process says something to people here. `version`: the least one of a connection that understands it.
        `call`: who calls them, if it is a call."""
        for user_id in user_ids:
            if call is not None:
                self._calls[call, user_id] = self._clock()
            for viewer in self._viewers.get(user_id, ()):
                if viewer.version >= version:
                    viewer.line.send(message)

    def know_rooms(self, user_id: UUID, rooms: Collection[UUID]) -> None:
        """These are the rooms that the person may know of, beside the public ones."""
        for viewer in self._viewers.get(user_id, ()):
            for room_id in viewer.rooms ^ set(rooms):
                self.invited(user_id, room_id, room_id in rooms)

    def changed_elsewhere(self, user_ids: Collection[UUID]) -> None:
        """The windows of these people at other processes are idle, or no longer."""
        for user_id in user_ids:
            self._count_idle(user_id)

    def viewers(self) -> list[Viewer]:
        """All connections."""
        return self._everybody()

    def notice(self, text: str, level: int = 0) -> None:
        """Tell everybody something."""
        message = encode_global(Notice(level, text))
        for viewer in self._everybody():
            viewer.line.send(message)

    def end_session(self, user_id: UUID, session_id: str) -> None:
        """Close the connections of one log-in."""
        for viewer in list(self._viewers.get(user_id, ())):
            if viewer.session_id == session_id:
                viewer.line.close(4013, "You logged out.")

    def end_person(self, user_id: UUID, code: int, reason: str) -> None:
        """Close all of somebody's connections."""
        for viewer in list(self._viewers.get(user_id, ())):
            viewer.line.close(code, reason)

    def close(self, code: int, reason: str, retry_ms: int | None) -> None:
        """Close all connections: the server stops."""
        for viewer in self._everybody():
            viewer.line.close(code, reason, retry_ms)

    # --- what changed -----------------------------------------------------------------------------------------------

    async def publish(self) -> None:
        """Tell every viewer what changed since the last time."""
        if not self._viewers:
            self._known = _Known()
            here = {user_id for loop in self._rooms.loops() for user_id in loop.room.user_ids()}
            self._forget(here | {person.user_id for person in self.elsewhere.people()})
            return
        before, now = self._known, self._look()
        self._known = now
        self._forget(now.people.keys())
        people = [
            user_id
            for user_id in before.people.keys() | now.people.keys()
            if before.people.get(user_id) != now.people.get(user_id)
        ]
        counts = [
            room_id
            for room_id in before.counts.keys() | now.counts.keys()
            if before.counts.get(room_id) != now.counts.get(room_id)
        ]
        self._lately_public = before.public | now.public
        if (before.public ^ now.public) & before.counts.keys() & now.counts.keys():
            self._anew.update(self._everybody())  # a room is public now that was not, or no longer
        anew, self._anew = self._anew, set()
        told: dict[frozenset[UUID], list[bytes]] = {}
        for place, viewer in enumerate(self._everybody() if people or counts else ()):
            if place % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)  # whoever leaves meanwhile does not mind, whoever comes was told everything
            if viewer in anew:
                continue
            if viewer.is_guest:
                for message in self._changes(viewer, [u for u in people if u == viewer.user_id], counts, before):
                    viewer.line.send(message)
                continue
            # Who may know of the same rooms is told the same.
            key = frozenset(viewer.rooms & (now.counts.keys() | before.counts.keys()))
            if key not in told:
                told[key] = self._changes(viewer, people, counts, before)
            for message in told[key]:
                viewer.line.send(message)
        for viewer in anew:
            self._tell_all(viewer)
            await asyncio.sleep(0)

    def _changes(self, viewer: Viewer, people: list[UUID], counts: list[UUID], before: _Known) -> list[bytes]:
        messages = []
        if people:
            entries = []
            for user_id in people:
                sight = self._known.people.get(user_id)
                if sight is not None:
                    entries.append(self._entry(viewer, user_id, sight))
                else:
                    gone = before.people[user_id]
                    entries.append(Someone(str(user_id), gone.name, gone.look, gone.flags, OFFLINE, "", None))
            messages.append(encode_global(People(False, tuple(entries))))
        known = [room_id for room_id in counts if self._may_know(viewer, room_id)]
        if known:
            entries_of_rooms = tuple(Count(str(room_id), self._known.counts.get(room_id, 0)) for room_id in known)
            messages.append(encode_global(Rooms(False, entries_of_rooms)))
        return messages

    def _look(self) -> _Known:
        """Who is where at this moment."""
        known, presence = _Known(), self._rooms.presence
        for loop in self._rooms.loops():
            room = loop.room
            known.counts[room.id] = len(room.sessions)
            if room.governance.is_public:
                known.public.add(room.id)
            for session in room.sessions.values():
                claims = session.claims
                if claims.user_id not in known.people:
                    flags = (EntryFlag.GUEST if claims.is_guest else 0) | (EntryFlag.BOT if claims.is_bot else 0)
                    findable = presence.chosen(claims.user_id).findable
                    known.people[claims.user_id] = Sight(
                        claims.name,
                        claims.look,
                        flags,
                        *presence.shown(claims.user_id),
                        room.id if findable else None,
                    )
        for user_id, viewers in self._viewers.items():
            if user_id not in known.people:
                viewer = next(iter(viewers))
                flags = int(EntryFlag.GUEST) if viewer.is_guest else 0
                known.people[user_id] = Sight(viewer.name, viewer.look, flags, *presence.shown(user_id), None)
        self._look_elsewhere(known)
        return known

    def _look_elsewhere(self, known: _Known) -> None:
        """Whoever is in a room somewhere is shown as they are there."""
        for room in self.elsewhere.rooms():
            known.counts.setdefault(room.id, room.people)
            if room.is_public:
                known.public.add(room.id)
        for person in self.elsewhere.people():
            sight = known.people.get(person.user_id)
            if sight is None or (person.room_id is not None and not self._rooms.rooms_of(person.user_id)):
                room_id = person.room_id if person.is_findable else None
                known.people[person.user_id] = Sight(
                    person.name, person.look, person.flags, person.status, person.text, room_id
                )

    def _forget(self, around: Collection[UUID]) -> None:
        self._rooms.presence.keep_only(around)
        oldest = self._clock() - ANSWER_WITHIN_S
        self._calls = {pair: at for pair, at in self._calls.items() if at > oldest}

    def _tell_own(self, viewer: Viewer) -> None:
        status, text = self._rooms.presence.shown(viewer.user_id)
        findable = self._rooms.presence.chosen(viewer.user_id).findable
        ready = Ready(GLOBAL_VERSION, str(viewer.user_id), status, text, findable)
        if viewer.told != ready:
            viewer.told = ready
            viewer.tell(ready)

    def _tell_all(self, viewer: Viewer) -> None:
        people = self._known.people
        shown = people if not viewer.is_guest else {u: s for u, s in people.items() if u == viewer.user_id}
        viewer.tell(People(True, tuple(self._entry(viewer, user_id, sight) for user_id, sight in shown.items())))
        counts = [(room_id, n) for room_id, n in self._known.counts.items() if n and self._may_know(viewer, room_id)]
        viewer.tell(Rooms(True, tuple(Count(str(room_id), inside) for room_id, inside in counts)))

    def _entry(self, viewer: Viewer, user_id: UUID, sight: Sight) -> Someone:
        return sight.entry(user_id, room_known=sight.room_id is not None and self._may_know(viewer, sight.room_id))

    def _may_know(self, viewer: Viewer, room_id: UUID) -> bool:
        loop = self._rooms.opened(room_id)
        there = self.elsewhere.room(room_id)
        if loop is None and there is not None:
            return there.is_public or room_id in viewer.rooms
        public = loop.room.governance.is_public if loop else room_id in self._lately_public
        return public or room_id in viewer.rooms

    def _name_of(self, room_id: UUID) -> str:
        loop = self._rooms.opened(room_id)
        there = self.elsewhere.room(room_id)
        return loop.room.governance.name if loop else there.name if there else ""

    def _count_idle(self, user_id: UUID) -> None:
        idle = [viewer.idle for viewer in self._viewers.get(user_id, ())]
        there = self.elsewhere.is_idle(user_id)
        if there is not None:
            idle.append(there)
        self._rooms.set_idle(user_id, bool(idle) and all(idle))

    def _everybody(self) -> list[Viewer]:
        return [viewer for viewers in self._viewers.values() for viewer in viewers]
