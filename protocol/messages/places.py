"""Areas, bubbles, and what people ask each other for (section 12)."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import AREA_ROW_BYTES, INSIDE_ROW_BYTES, STANCE_ROW_BYTES, Kind
from protocol.messages.types import AvatarId, Checks, Uint16, check_rows

_Question: TypeAlias = Annotated[int, Meta(ge=0, le=3)]
_Choice: TypeAlias = Annotated[int, Meta(ge=0, le=2)]


class Answer(Struct, array_like=True, tag=int(Kind.ANSWER), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.3. `question`: a `Question`. `asker`: who asked; `zone`: the area of a knock, else 0."""

    question: _Question
    asker: AvatarId
    zone: Uint16
    accepts: bool


class AreaList(Struct, array_like=True, tag=int(Kind.AREAS), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.4. `areas`, 6 bytes each: zone u16, flags u8 (`AreaFlag`), least role u8, capacity u16."""

    whole: bool
    areas: bytes


class Inside(Struct, array_like=True, tag=int(Kind.INSIDE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.4. `rows`, 5 bytes each: zone u16, avatar u16, u8 1 inside, 0 not any more."""

    whole: bool
    rows: bytes


class Stances(Struct, array_like=True, tag=int(Kind.STANCES), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.5. `rows`, 7 bytes each: avatar u16, bubble u16, whom they follow u16, flags u8 (bit 0 ghost)."""

    whole: bool
    rows: bytes


class Asked(Struct, array_like=True, tag=int(Kind.ASKED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.3."""

    question: _Question
    asker: AvatarId
    zone: Uint16


class Answered(Struct, array_like=True, tag=int(Kind.ANSWERED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.3. `by`: who answered, 0: nobody. `reply`: a `Reply`."""

    question: _Question
    asker: AvatarId
    zone: Uint16
    by: Uint16
    reply: _Choice


class Barred(Struct, array_like=True, tag=int(Kind.BARRED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 12.4. `reason`: 0 the role, 1 locked, 2 full."""

    zone: Uint16
    reason: _Choice


PlacesClientMessage: TypeAlias = Answer
PlacesServerMessage: TypeAlias = AreaList | Inside | Stances | Asked | Answered | Barred


def _check_areas(message: AreaList) -> None:
    check_rows("areas", message.areas, AREA_ROW_BYTES)


def _check_inside(message: Inside) -> None:
    check_rows("rows", message.rows, INSIDE_ROW_BYTES)


def _check_stances(message: Stances) -> None:
    check_rows("rows", message.rows, STANCE_ROW_BYTES)


CHECKS: Final[Checks] = {AreaList: _check_areas, Inside: _check_inside, Stances: _check_stances}
"""What types cannot say, by message."""
