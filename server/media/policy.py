"""Who is linked with whom (STANDARD.md section 7.1). Pure: the switchboard asks, nobody else decides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a possible link. `speaks`: the client agreed on media. `area`: private area, 0 on the open floor.
    `undisturbed`: the person does not want to be disturbed."""

    speaks: bool
    area: int
    undisturbed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """They are linked. `flat`: they hear each other alike at every distance."""

    flat: bool


def verdict(one: Party, other: Party, *, near: bool) -> Verdict | None:
    """Whether two people are linked, and how; None: they are not. In silent zones nobody is near in the first place."""
    if not near or not (one.speaks and other.speaks) or one.undisturbed or other.undisturbed:
        return None
    if one.area != other.area:
        return None
    return Verdict(flat=one.area != 0)
