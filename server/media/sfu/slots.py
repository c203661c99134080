"""Who gets a slot: pure choices among those whom the server lets somebody hear and see.

Nobody is moved from one slot to another, and nobody loses a slot to somebody who is only a little better: each change
is a break for those who listen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from protocol.constants import Source

Key: TypeAlias = tuple[int, Source]
"""A leg and what of it."""

SPEAKING_WEIGHT: Final = 2.0
STAY_WEIGHT: Final = 0.5
"""What it counts to have the slot already: half of all nearness, but less than to speak."""


@dataclass(frozen=True, slots=True)
class Sound:
    """`near`: 0 at the edge of hearing to 1. `speaking`: heard something in the last moment."""

    key: Key
    near: float
    speaking: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`wish`: place in what the client asked for, None: it did not say. `large`: wanted large."""

    key: Key
    near: float
    speaking: bool
    wish: int | None = None
    large: bool = False


def choose_sounds(candidates: Sequence[Sound], present: Mapping[Key, int], mids: Sequence[int]) -> dict[Key, int]:
    """Which section each sound comes out of. `present`: as it is now."""
    ranked = sorted(candidates, key=lambda each: (-_score(each, present), each.key))
    return _seat([each.key for each in ranked], present, mids)


def choose_pictures(candidates: Sequence[Picture], present: Mapping[Key, int], mids: Sequence[int]) -> dict[Key, int]:
    """Which section each picture comes out of. `mids`: as many as may be filled."""

    def rank(each: Picture) -> tuple[int, int, float, Key]:
        if each.wish is not None:
            return (0, each.wish, 0.0, each.key)
        screens_first = 0 if each.key[1] is Source.SCREEN else 1
        return (1, screens_first, -_score(each, present), each.key)

    return _seat([each.key for each in sorted(candidates, key=rank)], present, mids)


def _score(each: Sound | Picture, present: Mapping[Key, int]) -> float:
    return SPEAKING_WEIGHT * each.speaking + each.near + STAY_WEIGHT * (each.key in present)


def _seat(ranked: Sequence[Key], present: Mapping[Key, int], mids: Sequence[int]) -> dict[Key, int]:
    """Seat the first ones: where they sit already, else in free sections."""
    chosen = ranked[: len(mids)]
    seats = {key: present[key] for key in chosen if present.get(key) in mids}
    free = iter([mid for mid in mids if mid not in seats.values()])
    for key in chosen:
        if key not in seats:
            seats[key] = next(free)
    return seats
