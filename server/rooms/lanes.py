"""Which way each client's snapshots go, over its WebSocket or as datagrams (STANDARD.md section 13.3), and how often
(section 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from protocol.messages import Lane, Rest
from server.ops.metrics import Metrics
from server.rooms.parts import Handler, Part
from server.rooms.session import Session

if TYPE_CHECKING:
    from server.rooms.room import Room


class RoomLanes(Part):
    """Moves a client's state lane when the client asks, or when its carrier is gone, and lets it rest."""

    limits_itself = True
    """Either costs a number in an array; the limit on all messages is enough."""

    def __init__(self, room: Room, metrics: Metrics) -> None:
        super().__init__(room)
        self._metrics = metrics

    def handlers(self) -> Mapping[type, Handler]:
        return {Lane: self._receive_lane, Rest: self._receive_rest}

    def _receive_lane(self, session: Session, message: Lane) -> None:
        if session.connection is None:
            return
        was_on_datagrams = session.connection.outbox.on_datagrams
        on_datagrams = session.connection.move_lane(datagrams=message.carrier == 1)
        self.room.move_baseline(session.avatar, reliable=not on_datagrams)
        if on_datagrams != was_on_datagrams:
            self._metrics.lane_moves.labels("datagrams" if on_datagrams else "websocket").inc()

    def _receive_rest(self, session: Session, message: Rest) -> None:
        if session.connection is not None:
            self.room.delivery.rest(session.avatar, rests=message.rests)
