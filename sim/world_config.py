"""What an operator may choose about a world."""

from __future__ import annotations

from dataclasses import dataclass

from sim.ids import MAX_ID


@dataclass(frozen=True)
class WorldConfig:
    """What an operator may choose about a world. ValueError for values that make no sense."""

    tick_rate: int = 30
    """Ticks a second, 10 to 60."""
    capacity: int = 50
    """Avatars at the same time, those whose connection is lost included; the highest avatar id."""
    cell_px: int = 256
    """Side of an interest cell."""
    interest_radius_px: int = 512
    """How far a client sees beyond its own cell; rounded up to whole cells."""
    proximity_join_px: int = 144
    proximity_leave_px: int = 192
    proximity_dwell_ms: int = 200
    """How long a pair must be near (far) before it is linked (let go)."""
    walk_px_s: int = 128
    run_px_s: int = 224
    reach_px: int = 64
    """How far away a door or a seat may be to be used."""
    bubble_px: int = 96
    """How far from the middle of their whisper bubble somebody may be."""
    key_rank: int = 2
    """The least rank that no lock keeps out; what ranks mean is the caller's business."""

    compiled: bool = True
    """Take the compiled passes where they were built; the world is the same without."""

    def __post_init__(self) -> None:
        for name, low, high in (
            ("tick_rate", 10, 60),
            ("capacity", 1, MAX_ID),
            ("cell_px", 32, 4096),
            ("interest_radius_px", 0, 65_535),
            ("proximity_dwell_ms", 0, 60_000),
            ("walk_px_s", 1, 2000),
            ("run_px_s", 1, 2000),
            ("reach_px", 0, 65_535),
            ("bubble_px", 0, 65_535),
            ("key_rank", 0, 255),
        ):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be {low} to {high}, not {getattr(self, name)}")
