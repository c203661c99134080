"""What goes into one step of the world, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint16]
Pairs = NDArray[np.int32]
RefusalCode = Literal["unknown_target", "out_of_reach", "occupied", "not_allowed", "locked", "full"]

Changes = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]

NO_PAIRS: Final[Pairs] = np.empty((0, 2), np.int32)
NOBODY_CHANGED: Final[NDArray[np.int32]] = np.empty(0, np.int32)
NO_CHANGES: Final[Changes] = (NOBODY_CHANGED, NOBODY_CHANGED, NOBODY_CHANGED)
EVERYONE: Final = 0xFF
NOBODY: Final = 0


@dataclass(frozen=True, slots=True)
class Join:
    """A new avatar. `x`, `y` in 1/256 px, both or neither; without them it starts at a spawn."""

    avatar: int
    x: int | None = None
    y: int | None = None
    course: int = 0
    visible_to: int = EVERYONE


@dataclass(frozen=True, slots=True)
class DoorAction:
    """Somebody works a door: an open one shuts, a shut one opens. Avatar 0: the room itself, from anywhere."""

    avatar: int
    door: int
    ref: int = 0


@dataclass(frozen=True, slots=True)
class SitAction:
    """Somebody wants to sit down."""

    avatar: int
    seat: int
    ref: int = 0


@dataclass(frozen=True, slots=True)
class LockAction:
    """Somebody locks or unlocks an area."""

    avatar: int
    zone: int
    locked: bool
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody inside lets a guest into a locked area; `until`: the last tick in which they may come."""

    avatar: int
    zone: int
    guest: int
    until: int


@dataclass(frozen=True, slots=True)
class BubbleAction:
    """Somebody comes into another's whisper bubble; `other` 0: leaves their own."""

    avatar: int
    other: int
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Put an avatar at (x, y), 1/256 px, or where it finds room next to it."""

    avatar: int
    x: int
    y: int


NO_COURSES: Final[tuple[Ids, NDArray[np.uint8]]] = (np.empty(0, np.uint16), np.empty(0, np.uint8))
"""The courses of a tick in which nobody turns."""


@dataclass(slots=True)
class Commands:
    """Everything that happens to the world in one tick, in the order in which `World.step` takes it.

    courses: ids uint16[k] and course bytes uint8[k], gait 0 to 2, one entry an avatar.
    away: (avatar, away?); visibility: (avatar, mask of the classes that see it).
    ranks: (avatar, rank); areas: all zones that are closed to lower ranks, None = as before.
    capacities, lockable: by zone id, where it differs from the map (0: no limit), None = as before.
    ghosts: (avatar, ghost?): a ghost is linked with nobody.
    radii: proximity's join and leave radius in px, None = as before.
    """

    leaves: list[int] = field(default_factory=list)
    joins: list[Join] = field(default_factory=list)
    ranks: list[tuple[int, int]] = field(default_factory=list)
    areas: dict[int, int] | None = None
    capacities: dict[int, int] | None = None
    lockable: dict[int, bool] | None = None
    radii: tuple[int, int] | None = None
    visibility: list[tuple[int, int]] = field(default_factory=list)
    placements: list[Place] = field(default_factory=list)
    seats: list[SitAction] = field(default_factory=list)
    doors: list[DoorAction] = field(default_factory=list)
    locks: list[LockAction] = field(default_factory=list)
    admissions: list[Admission] = field(default_factory=list)
    bubbles: list[BubbleAction] = field(default_factory=list)
    ghosts: list[tuple[int, bool]] = field(default_factory=list)
    away: list[tuple[int, bool]] = field(default_factory=list)
    courses: tuple[Ids, NDArray[np.uint8]] = NO_COURSES

    @property
    def only_courses(self) -> bool:
        """Whether nothing else is asked for: so it is in nearly every tick."""
        return not (
            self.leaves
            or self.joins
            or self.ranks
            or self.areas is not None
            or self.capacities is not None
            or self.lockable is not None
            or self.radii is not None
            or self.visibility
            or self.placements
            or self.seats
            or self.doors
            or self.locks
            or self.admissions
            or self.bubbles
            or self.ghosts
            or self.away
        )


@dataclass(frozen=True, slots=True)
class DoorChange:
    """A door is open or shut from this tick on; `by` 0: nobody."""

    door: int
    open: bool
    by: int


@dataclass(frozen=True, slots=True)
class LockChange:
    """An area is locked or not from this tick on; `by` 0: nobody, it was left empty."""

    zone: int
    locked: bool
    by: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """A guest was let into a locked area, until its lock or the pass ends."""

    zone: int
    guest: int
    by: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action that the rules do not allow; `ref` is the action's own."""

    avatar: int
    ref: int
    code: RefusalCode


@dataclass(slots=True)
class Events:
    """What one step did.

    proximity_joined, proximity_left: int32[k, 2], sorted, lower id first.
    zone_changes: (ids, from, to), zone ids, 0 = none; those who leave the room are not in it.
    place_changes: (ids, from, to), places of `ZoneRaster`; those who leave the room are in it, with to 0.
    stopped: (ids, zone ids, index in `sim.areas.BARS`), those whom an area did not let in.
    circle_changes: ids whose conversation is another one.
    heard, unheard: int32[k, 2], (who is heard from a stage, who hears), sorted.
    bubble_changes, ghost_changes: ids.
    """

    tick: int
    joined: list[int]
    left: list[int]
    proximity_joined: Pairs = field(default_factory=lambda: NO_PAIRS)
    proximity_left: Pairs = field(default_factory=lambda: NO_PAIRS)
    doors: list[DoorChange] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    zone_changes: Changes = NO_CHANGES
    place_changes: Changes = NO_CHANGES
    stopped: Changes = NO_CHANGES
    circle_changes: NDArray[np.int32] = field(default_factory=lambda: NOBODY_CHANGED)
    heard: Pairs = field(default_factory=lambda: NO_PAIRS)
    unheard: Pairs = field(default_factory=lambda: NO_PAIRS)
    bubble_changes: NDArray[np.int32] = field(default_factory=lambda: NOBODY_CHANGED)
    ghost_changes: NDArray[np.int32] = field(default_factory=lambda: NOBODY_CHANGED)
    locks: list[LockChange] = field(default_factory=list)
    admitted: list[Admitted] = field(default_factory=list)
