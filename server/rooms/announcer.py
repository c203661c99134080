"""What a tick of the world means to the people in the room: doors, refusals, who came near whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from protocol.constants import ID_BYTES, Feature
from protocol.messages import Door, Error, Proximity, encode
from protocol.rows import pack_ids
from server.ops.metrics import Metrics
from sim.commands import Events, Pairs

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
        joined, left = events.proximity_joined, events.proximity_left
        self._metrics.proximity.inc(len(joined) + len(left))
        near, far = _by_avatar(joined), _by_avatar(left)
        # In the order in which sessions lie in memory: half of the cost is waiting for it.
        for avatar in sorted(near.keys() | far.keys()):
            session = room.sessions.get(avatar)
            if session is None:
                continue
            came, came_bytes = near.get(avatar, _NOBODY)
            went, went_bytes = far.get(avatar, _NOBODY)
            session.near.difference_update(went)
            session.near.update(came)
            if session.wants(Feature.PROXIMITY):
                session.epoch += 1
                session.tell(Proximity(events.tick, session.epoch, came_bytes, went_bytes))
        room.switchboard.review_pairs(joined.tolist() + left.tolist(), events.tick)


FEW_PAIRS: Final = 32
"""Up to so many, numpy takes longer between its calls than a loop does."""
_NOBODY: Final[tuple[list[int], bytes]] = ([], b"")


def _by_avatar(pairs: Pairs) -> dict[int, tuple[list[int], bytes]]:
    """For each avatar in `pairs` (int32[k, 2], sorted), the others it is paired with, rising: as a list, and packed."""
    if len(pairs) <= FEW_PAIRS:
        found: dict[int, list[int]] = {}
        for low, high in pairs.tolist():
            # Those of lower id are met first, in order.
            found.setdefault(low, []).append(high)
            found.setdefault(high, []).append(low)
        return {avatar: (others, pack_ids(others)) for avatar, others in found.items()}
    # Those of lower id first; the sort is stable, so that each avatar's others stay in order.
    ends = np.concatenate((pairs[:, 1], pairs[:, 0]))
    order = np.argsort(ends, kind="stable")
    ends, others = ends[order], np.concatenate((pairs[:, 0], pairs[:, 1]))[order]
    begins = np.flatnonzero(np.diff(ends, prepend=-1))
    listed, packed = others.tolist(), pack_ids(others)
    bounds = [*begins.tolist(), len(listed)]
    return {
        avatar: (listed[begin:end], packed[begin * ID_BYTES : end * ID_BYTES])
        for avatar, begin, end in zip(ends[begins].tolist(), bounds[:-1], bounds[1:], strict=True)
    }
