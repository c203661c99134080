"""What a tick of the world means to the people in the room: doors, refusals, who came near whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.constants import Feature
from protocol.messages import Door, Error, Proximity, encode
from protocol.rows import pack_ids
from server.ops.metrics import Metrics
from sim.commands import Events

if TYPE_CHECKING:
    from server.rooms.room import Room

REFUSALS = {
    "unknown_target": "There is nothing like that here.",
    "out_of_reach": "That is too far away. Step closer.",
    "occupied": "Somebody is in the way.",
    "not_allowed": "That area is not open to you.",
    "locked": "That area is locked. Knock to be let in.",
    "full": "That area is full.",
}


class Announcer:
    """Turns the world's events into events of the wire (STANDARD.md sections 5.3, 5.4 and 5.9)."""

    def __init__(self, room: Room, metrics: Metrics) -> None:
        self._room, self._metrics = room, metrics

    def announce(self, events: Events) -> None:
        """Tell whom it concerns what one tick brought."""
        room = self._room
        for change in events.doors:
            room.doors_changed = True
            room.broadcast(encode(Door(events.tick, change.door, change.open, change.by)))
        for refusal in events.refused:
            session = room.sessions.get(refusal.avatar)
            if session is not None:
                session.tell(Error(refusal.ref, refusal.code, REFUSALS[refusal.code]))
        if len(events.proximity_joined) or len(events.proximity_left):
            self._tell_proximity(events)
        if len(events.heard) or len(events.unheard):
            self._tell_stages(events)
        if len(events.circle_changes):
            room.switchboard.moved_between_zones(events.circle_changes.tolist(), events.tick)

    def _tell_stages(self, events: Events) -> None:
        """Who is heard from a stage is linked with whoever hears them, one way."""
        sessions = self._room.sessions
        touched: set[int] = set()
        for pairs, begins in ((events.unheard, False), (events.heard, True)):
            for speaker, listener in pairs.tolist():
                touched |= {speaker, listener}
                if listener in sessions:
                    (sessions[listener].hears.add if begins else sessions[listener].hears.discard)(speaker)
                if speaker in sessions:
                    (sessions[speaker].heard_by.add if begins else sessions[speaker].heard_by.discard)(listener)
        self._room.switchboard.review(touched, events.tick)

    def _tell_proximity(self, events: Events) -> None:
        room = self._room
        near: dict[int, list[int]] = {}
        far: dict[int, list[int]] = {}
        moved: list[tuple[int, int]] = []
        for pairs, changes in ((events.proximity_joined, near), (events.proximity_left, far)):
            for a, b in pairs.tolist():
                moved.append((a, b))
                changes.setdefault(a, []).append(b)
                changes.setdefault(b, []).append(a)
        self._metrics.proximity.inc(len(events.proximity_joined) + len(events.proximity_left))
        for avatar in near.keys() | far.keys():
            session = room.sessions.get(avatar)
            if session is None:
                continue
            came, went = near.get(avatar, []), far.get(avatar, [])
            session.near.difference_update(went)
            session.near.update(came)
            if session.wants(Feature.PROXIMITY):
                session.epoch += 1
                session.tell(Proximity(events.tick, session.epoch, pack_ids(came), pack_ids(went)))
        room.switchboard.review_pairs(moved, events.tick)
