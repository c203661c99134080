"""What the clients of a room have, and what they are sent: interest, baselines, the encoder and the fan-out, joined."""

from __future__ import annotations

from typing import Final

from protocol.constants import Continuity, Feature
from server.ops.metrics import Metrics
from server.rooms.baselines import Baselines
from server.rooms.compiled import make_encoder
from server.rooms.connection import Connection
from server.rooms.courses import Courses
from server.rooms.direct import direct_sockets
from server.rooms.fanout import Fanout
from server.rooms.interest import UNITS_PER_PX, Interest
from server.settings import Settings
from sim.maps import RoomMap
from sim.world import World

UNACKED_TICKS: Final = 12
"""Ticks beyond the longest ack interval that may pass unacknowledged before a client is skipped."""


class Delivery:
    """One room's way from its world to its clients. Clients are named by their avatars' ids."""

    def __init__(self, world: World, room_map: RoomMap, settings: Settings, metrics: Metrics) -> None:
        rate = settings.tick_rate
        self._world, self._stall_ticks = world, settings.stall_s * rate
        self.heartbeat_ticks = max(1, rate // settings.heartbeat_hz)
        self.interest = Interest(room_map.width_px, room_map.height_px, settings.cell_px, settings.interest_radius_px)
        fastest = max(world.kinematics.walk, world.kinematics.run, 1)
        self.baselines = Baselines(
            world.config.capacity, settings.cell_px * UNITS_PER_PX // fastest, resend_ticks=max(1, rate // 2)
        )
        self.encoder = make_encoder(world, self.interest, self.heartbeat_ticks, 2 * rate, self.baselines)
        patience_ticks = -(-settings.ack_ms * rate // 1000) + UNACKED_TICKS
        self.direct = direct_sockets(len(world.alive)) if settings.compiled else None
        self.fanout = Fanout(self.encoder, self.baselines, metrics, patience_ticks, settings.stall_s, self.direct)

    def open(self, avatar: int, connection: Connection, continuity: Continuity) -> None:
        """The client is connected, and welcomed so."""
        if continuity is Continuity.RESUMED:
            self.baselines.reopen(avatar, self._world.tick)
        else:
            self.baselines.open(avatar)
        self.fanout.open(avatar, connection.outbox)
        self.encoder.checks[avatar] = bool(connection.features & Feature.CHECK)

    def close(self, avatar: int) -> None:
        """The client is gone; it may come back."""
        self.baselines.close(avatar)
        self.fanout.close(avatar)

    def forget(self, avatar: int) -> None:
        """The client is gone for good; somebody else may get the id."""
        self.close(avatar)
        self.encoder.forget(avatar)

    def rest(self, avatar: int, *, rests: bool) -> None:
        """Nobody looks at what the client knows, or somebody does again (STANDARD.md section 3.8)."""
        self.baselines.pace(avatar, self.heartbeat_ticks if rests else 0)

    def deliver(self, courses: Courses) -> None:
        """Tell everybody who takes bytes of the tick that was just made."""
        self.fanout.deliver(courses.applied, courses.applied_tick, courses.slack)

    def tell(self) -> None:
        """Let what people were told since the last tick go out now."""
        self.fanout.tell()

    def stuck(self) -> list[int]:
        """Who does not read."""
        return self.fanout.stuck(self._stall_ticks)

    def lag_of(self, avatar: int) -> tuple[int, int]:
        """Of a connected client: for how many ticks it has acknowledged nothing of what was sent, and how many ticks
        were skipped for it since it connected."""
        waiting = int(self.baselines.unacked_since[avatar])
        return self._world.tick - waiting if waiting else 0, int(self.fanout.skipped[avatar])
