"""Which way each client's snapshots go: over its WebSocket, or as datagrams (STANDARD.md section 13.3)."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.messages import Lane
from server.rooms.parts import Handler, Part
from server.rooms.session import Session


class RoomLanes(Part):
    """Moves a client's state lane when the client asks, or when its carrier is gone."""

    limits_itself = True
    """A move costs a number in an array; the limit on all messages is enough."""

    def handlers(self) -> Mapping[type, Handler]:
        return {Lane: self._receive_lane}

    def _receive_lane(self, session: Session, message: Lane) -> None:
        if session.connection is None:
            return
        on_datagrams = session.connection.move_lane(datagrams=message.carrier == 1)
        self.room.move_baseline(session.avatar, reliable=not on_datagrams)
