"""Gestures of one room: reactions, waves, and hands in the order in which they went up (STANDARD.md section 9.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from protocol.constants import Feature, Gesture
from protocol.messages import Error, GestureMade, Hand, React, Wave, encode
from protocol.token_bucket import TokenBucket
from server.ops.metrics import Metrics
from server.rooms.parts import Handler, Part
from server.rooms.roles import Right, may
from server.rooms.session import Session

if TYPE_CHECKING:
    from server.rooms.room import Room

GESTURES_S, GESTURES_BURST = 2, 10

REFUSALS = {
    "not_found": "They are not here any more.",
    "not_allowed": "Only moderators can lower the hand of somebody else.",
    "too_fast": "Slow down a little.",
}


class RoomGestures(Part):
    """Who has a hand up, by turn; the other gestures leave nothing behind."""

    limits_itself = True

    def __init__(self, room: Room, metrics: Metrics) -> None:
        super().__init__(room)
        self._metrics = metrics
        self._turn = 0
        self._hands: dict[int, int] = {}
        self._budgets: dict[int, TokenBucket] = {}

    def handlers(self) -> Mapping[type, Handler]:
        return {React: self._react, Hand: self._hand, Wave: self._wave}

    def tell_state(self, session: Session) -> None:
        if session.wants(Feature.CHAT):
            for avatar, turn in self._hands.items():
                session.tell(GestureMade(Gesture.HAND.value, avatar, turn))

    def went(self, session: Session) -> None:
        self._hands.pop(session.avatar, None)
        self._budgets.pop(session.avatar, None)

    def _react(self, session: Session, message: React) -> None:
        if self._may(session, message.ref):
            self._tell(Gesture.REACTION, session.avatar, message.reaction)

    def _wave(self, session: Session, message: Wave) -> None:
        if not self._may(session, message.ref):
            return
        if message.avatar == session.avatar or message.avatar not in self.room.sessions:
            self._refuse(session, message.ref, "not_found")
        else:
            self._tell(Gesture.WAVE, session.avatar, message.avatar)

    def _hand(self, session: Session, message: Hand) -> None:
        if not self._may(session, message.ref):
            return
        avatar = message.avatar or session.avatar
        if avatar not in self.room.sessions:
            self._refuse(session, message.ref, "not_found")
        elif avatar != session.avatar and (message.up or not may(session.standing.role, Right.MUTE)):
            self._refuse(session, message.ref, "not_allowed")
        elif message.up:
            if avatar not in self._hands:
                self._turn += 1
                self._hands[avatar] = self._turn
            self._tell(Gesture.HAND, avatar, self._hands[avatar])
        elif self._hands.pop(avatar, None) is not None:
            self._tell(Gesture.HAND, avatar, 0)

    def _may(self, session: Session, ref: int) -> bool:
        budget = self._budgets.setdefault(session.avatar, TokenBucket(GESTURES_S, GESTURES_BURST, 0.0))
        if budget.take(self.room.now):
            return True
        self._metrics.discarded.labels("gesture").inc()
        if session.complaints.take(self.room.now):
            self._refuse(session, ref, "too_fast")
        return False

    def _tell(self, gesture: Gesture, avatar: int, value: int) -> None:
        self.room.tell_all(Feature.CHAT, encode(GestureMade(gesture.value, avatar, value)))

    def _refuse(self, session: Session, ref: int, code: str) -> None:
        session.tell(Error(ref, code, REFUSALS[code]))
