"""Who is linked with whom (STANDARD.md section 7.1). Pure: the switchboard asks, nobody else decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """Who is heard along a link between `one` and `other`."""

    BOTH = "both"
    FROM_ONE = "from one"
    FROM_OTHER = "from other"


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a possible link. `speaks`: the client agreed on media. `area`: the conversation (`sim.hearing`) that
    the person is in, 0 on the open floor. `undisturbed`: the person does not want to be disturbed."""

    speaks: bool
    area: int
    undisturbed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """They are linked. `flat`: they hear each other alike at every distance."""

    flat: bool
    way: Way = Way.BOTH


def verdict(
    one: Party, other: Party, *, near: bool, from_one: bool = False, from_other: bool = False
) -> Verdict | None:
    """Whether two people are linked, and how; None: they are not. In silent zones nobody is near in the first place.

    `from_one`: one is on a stage, and other hears that stage; `from_other`: the other way round.
    """
    if not (one.speaks and other.speaks) or one.undisturbed or other.undisturbed:
        return None
    if near and one.area == other.area:
        return Verdict(flat=one.area != 0)
    if from_one or from_other:
        return Verdict(flat=True, way=Way.FROM_ONE if from_one else Way.FROM_OTHER)
    return None
