"""The part of the settings that a room's world is made by."""

from __future__ import annotations

from server.settings import Settings
from sim.world import WorldConfig


def world_config(settings: Settings, avatars: int) -> WorldConfig:
    """The configuration of a world for `avatars` ids."""
    return WorldConfig(
        tick_rate=settings.tick_rate,
        capacity=avatars,
        cell_px=settings.cell_px,
        interest_radius_px=settings.interest_radius_px,
        proximity_join_px=settings.proximity_join_px,
        proximity_leave_px=settings.proximity_leave_px,
        proximity_dwell_ms=settings.proximity_dwell_ms,
        walk_px_s=settings.walk_px_s,
        run_px_s=settings.run_px_s,
        compiled=settings.compiled,
    )
