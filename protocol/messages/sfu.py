"""How media goes through an SFU: what it goes by, how it is set up, what arrives (section 7.3)."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import (
    BACKEND_TOKEN_BYTES,
    BACKEND_URL_BYTES,
    CANDIDATE_BYTES,
    MAX_PATHS,
    MAX_PICTURES,
    MAX_WANTS,
    PATH_ROW_BYTES,
    ROUTE_ROW_BYTES,
    SERVER_SDP_BYTES,
    SLOT_ROW_BYTES,
    WANT_ROW_BYTES,
    Kind,
)
from protocol.errors import MalformedError
from protocol.messages.types import Checks, Uint8, Uint32, check_rows

Leg: TypeAlias = Annotated[int, Meta(ge=0, le=1)]


class Describe(Struct, array_like=True, tag=int(Kind.DESCRIBE), forbid_unknown_fields=True, frozen=True, gc=False):
    """A client's description of a leg. `form`: 0 offer, 1 answer."""

    session: Uint32
    leg: Leg
    form: Annotated[int, Meta(ge=0, le=1)]
    sdp: Annotated[str, Meta(min_length=1)]


class Candidate(Struct, array_like=True, tag=int(Kind.CANDIDATE), forbid_unknown_fields=True, frozen=True, gc=False):
    """A client's ICE candidate for a leg; None: there are no more."""

    session: Uint32
    leg: Leg
    candidate: Annotated[str, Meta(max_length=CANDIDATE_BYTES)] | None


class Delivery(Struct, array_like=True, tag=int(Kind.DELIVERY), forbid_unknown_fields=True, frozen=True, gc=False):
    """What arrives at a client. `state` of its legs: a `LegState`. `paths`, 5 bytes each: link number u32, bits u8."""

    session: Uint32
    state: Annotated[int, Meta(ge=0, le=3)]
    paths: Annotated[bytes, Meta(max_length=MAX_PATHS * PATH_ROW_BYTES)]


class View(Struct, array_like=True, tag=int(Kind.VIEW), forbid_unknown_fields=True, frozen=True, gc=False):
    """What a client has room for. `most`: pictures at a time. `wants`, 4 bytes each: avatar u16, source u8, size u8."""

    most: Annotated[int, Meta(ge=0, le=MAX_PICTURES)]
    wants: Annotated[bytes, Meta(max_length=MAX_WANTS * WANT_ROW_BYTES)]


class Backend(Struct, array_like=True, tag=int(Kind.BACKEND), forbid_unknown_fields=True, frozen=True, gc=False):
    """What kind of SFU there is, and what a client of its own kind connects with. `backend`: a `BackendKind`."""

    backend: Annotated[int, Meta(ge=0, le=3)]
    url: Annotated[str, Meta(max_length=BACKEND_URL_BYTES)] | None
    token: Annotated[str, Meta(max_length=BACKEND_TOKEN_BYTES)] | None


class Plan(Struct, array_like=True, tag=int(Kind.PLAN), forbid_unknown_fields=True, frozen=True, gc=False):
    """Which way each link goes. `routes`, 5 bytes each: link number u32, `Route` u8; others go the direct way."""

    epoch: Uint32
    session: Uint32
    routes: bytes


class Described(Struct, array_like=True, tag=int(Kind.DESCRIBED), forbid_unknown_fields=True, frozen=True, gc=False):
    """The server's description of a leg. `form`: 0 offer, 1 answer, 2 the client is to make an offer."""

    session: Uint32
    leg: Leg
    form: Annotated[int, Meta(ge=0, le=2)]
    sdp: Annotated[str, Meta(max_length=SERVER_SDP_BYTES)]


class Slots(Struct, array_like=True, tag=int(Kind.SLOTS), forbid_unknown_fields=True, frozen=True, gc=False):
    """Whose sound or picture comes out of which section. `slots`, 6 bytes each: leg u8, mid u8, avatar u16, source u8,
    layer u8."""

    session: Uint32
    epoch: Uint32
    slots: bytes


class Quality(Struct, array_like=True, tag=int(Kind.QUALITY), forbid_unknown_fields=True, frozen=True, gc=False):
    """How much of it is handed on now, and why not more. `sound`, `pictures`: slots that may be filled."""

    session: Uint32
    level: Annotated[int, Meta(ge=0, le=3)]
    reason: Annotated[int, Meta(ge=0, le=3)]
    sound: Uint8
    pictures: Uint8


SfuClientMessage: TypeAlias = Describe | Candidate | Delivery | View
SfuServerMessage: TypeAlias = Backend | Plan | Described | Slots | Quality


def _check_length(field: str, text: str | None, most: int) -> None:
    """Limits count bytes; the types count letters."""
    if text is not None and len(text.encode()) > most:
        raise MalformedError(f"{field} is longer than {most} bytes")


def _check_candidate(message: Candidate) -> None:
    _check_length("candidate", message.candidate, CANDIDATE_BYTES)


def _check_delivery(message: Delivery) -> None:
    check_rows("paths", message.paths, PATH_ROW_BYTES)


def _check_view(message: View) -> None:
    check_rows("wants", message.wants, WANT_ROW_BYTES)


def _check_backend(message: Backend) -> None:
    _check_length("url", message.url, BACKEND_URL_BYTES)
    _check_length("token", message.token, BACKEND_TOKEN_BYTES)


def _check_plan(message: Plan) -> None:
    check_rows("routes", message.routes, ROUTE_ROW_BYTES)


def _check_described(message: Described) -> None:
    _check_length("sdp", message.sdp, SERVER_SDP_BYTES)


def _check_slots(message: Slots) -> None:
    check_rows("slots", message.slots, SLOT_ROW_BYTES)


CHECKS: Final[Checks] = {
    Candidate: _check_candidate,
    Delivery: _check_delivery,
    View: _check_view,
    Backend: _check_backend,
    Plan: _check_plan,
    Described: _check_described,
    Slots: _check_slots,
}
"""What types cannot say, by message."""
