"""Where in a room screens may be shared (STANDARD.md section 3.6): in its areas and at its presentation screens, and
with whoever is near where the room allows it."""

from __future__ import annotations

from protocol.messages import Error
from server.ops.metrics import Metrics
from server.rooms.parts import Part
from server.rooms.room import Room
from server.rooms.session import Session
from server.store.rooms import Room as StoredRoom
from sim.commands import Events

REFUSAL = "Screens are not shared here. Go into an area or onto the stage, or present at a presentation screen."


class ScreenSharing(Part):
    """Decides who may share a screen, and ends it where that is over."""

    def __init__(self, room: Room, metrics: Metrics) -> None:
        super().__init__(room)
        self._metrics = metrics
        self._near_too = True
        self._presenting: set[int] = set()
        """Avatars that share a screen on the open floor because a part gives them the place for it."""
        room.switchboard.may_share = self.may_share

    def may_share(self, session: Session) -> bool:
        """Whether somebody may share a screen where they are. Told and counted if not."""
        if self._may(session):
            return True
        self._metrics.discarded.labels("screen").inc()
        session.tell(Error(0, "no_sharing", REFUSAL))
        return False

    def configure(self, stored: StoredRoom) -> None:
        self._near_too = stored.share_near
        for session in self.room.sessions.values():
            self._review(session)

    def stepped(self, events: Events, now: float) -> None:
        if self._near_too:
            return
        for avatar in {*events.circle_changes.tolist(), *self._presenting}:
            session = self.room.sessions.get(avatar)
            if session is not None:
                self._review(session)

    def went(self, session: Session) -> None:
        self._presenting.discard(session.avatar)

    def _review(self, session: Session) -> None:
        if session.shares_screen and not self._may(session):
            self.room.reconsider_media(session)

    def _may(self, session: Session) -> bool:
        self._presenting.discard(session.avatar)
        if self._near_too or self.room.world.circle_of(session.avatar):
            return True
        if any(part.lets_share(session) for part in self.room.parts):
            self._presenting.add(session.avatar)
            return True
        return False
