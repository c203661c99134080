"""Connecting, moving, acting and what the world answers (STANDARD.md sections 3.1 to 3.5 and 5.1 to 5.10)."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import (
    CLIENT_COURSE_END,
    COURSE_ROW_BYTES,
    FULL_ROW_BYTES,
    ID_BYTES,
    INPUT_COURSE_BYTES,
    MAX_BASELINE_AGE,
    MAX_COURSES,
    UINT16_MAX,
    UINT32_MAX,
    Kind,
)
from protocol.errors import MalformedError
from protocol.messages.types import AvatarId, Checks, ResumeToken, Slack, Uint8, Uint16, Uint32, check_rows

# --- client to server, section 3 ------------------------------------------------------------------------------------


class Hello(Struct, array_like=True, tag=int(Kind.HELLO), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.1. Exactly one of `ticket` and `resume` is not None."""

    version: Uint8
    features: Uint32
    ticket: Annotated[str, Meta(max_length=128)] | None
    resume: ResumeToken | None
    events_seen: Uint32
    agent: Annotated[str, Meta(max_length=64)]


class Input(Struct, array_like=True, tag=int(Kind.INPUT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.2. `courses` holds pairs (course, before), newest first, numbered `seq`, `seq - 1`, ..."""

    ack: Uint32
    seq: Uint32
    tick: Uint32
    courses: Annotated[bytes, Meta(max_length=MAX_COURSES * INPUT_COURSE_BYTES)]


class Act(Struct, array_like=True, tag=int(Kind.ACT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.3."""

    ref: Annotated[int, Meta(ge=1, le=UINT16_MAX)]
    verb: Annotated[int, Meta(ge=1, le=12)]
    target: Uint16


class Ping(Struct, array_like=True, tag=int(Kind.PING), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.4."""

    token: Uint32
    ack: Uint32


class Leave(Struct, array_like=True, tag=int(Kind.LEAVE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.5."""


class Rest(Struct, array_like=True, tag=int(Kind.REST), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.8."""

    rests: bool


# --- server to client, section 5 ------------------------------------------------------------------------------------


class Motion(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """`WELCOME.kinematics`: 1/256 px a tick, and half the feet box in 1/256 px."""

    walk: Uint32
    run: Uint32
    half_w: Uint32
    half_h: Uint32


class Interest(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """`WELCOME.interest`: side of a cell in px, interest radius in cells."""

    cell: Annotated[int, Meta(ge=1, le=UINT32_MAX)]
    radius: Uint32


class Radii(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """`WELCOME.proximity`, px."""

    join: Uint32
    leave: Uint32


class Limits(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """`WELCOME.limits`: ticks, ticks, seconds, milliseconds."""

    max_ahead: Uint32
    heartbeat: Uint32
    resume: Uint32
    ack_ms: Uint32


class Doors(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """`WELCOME.doors`: world revision and the ids (u16 each) of the doors that are open at `WELCOME.tick`."""

    world: Uint32
    open: bytes


class Welcome(Struct, array_like=True, tag=int(Kind.WELCOME), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.1."""

    version: Uint8
    features: Uint32
    continuity: Literal[0, 1, 2]
    avatar: AvatarId
    tick: Uint32
    rate: Annotated[int, Meta(ge=1, le=UINT32_MAX)]
    events: Uint32
    resume: ResumeToken
    map_hash: str
    kinematics: Motion
    interest: Interest
    proximity: Radii
    limits: Limits
    doors: Doors


class Snapshot(Struct, array_like=True, tag=int(Kind.SNAPSHOT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.5. `gone`, `courses` and `rows` are packed by `protocol.rows`."""

    tick: Uint32
    age: Annotated[int, Meta(ge=0, le=MAX_BASELINE_AGE)]
    input: Uint32 | None
    slack: Slack | None
    world: Uint32
    home: Uint32
    gone: bytes
    courses: bytes
    rows: bytes
    check: Uint32 | None


class Proximity(Struct, array_like=True, tag=int(Kind.PROXIMITY), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.3. `near` and `far` are avatar ids, u16 each."""

    tick: Uint32
    epoch: Uint32
    near: bytes
    far: bytes


class Door(Struct, array_like=True, tag=int(Kind.DOOR), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.4."""

    tick: Uint32
    door: Uint16
    open: bool
    by: Uint16


class Pong(Struct, array_like=True, tag=int(Kind.PONG), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.8."""

    token: Uint32
    tick: Uint32
    phase: Uint8


class Error(Struct, array_like=True, tag=int(Kind.ERROR), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.9."""

    ref: Uint16
    code: str
    message: str


class Goodbye(Struct, array_like=True, tag=int(Kind.GOODBYE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.10."""

    code: Annotated[int, Meta(ge=4000, le=4999)]
    reason: str
    retry_ms: Uint32 | None


CoreClientMessage: TypeAlias = Hello | Input | Act | Ping | Leave | Rest
CoreServerMessage: TypeAlias = Welcome | Snapshot | Proximity | Door | Pong | Error | Goodbye


def _check_hello(hello: Hello) -> None:
    """What types cannot say of a HELLO: lengths count bytes, and one of two fields is given."""
    if (hello.ticket is None) == (hello.resume is None):
        raise MalformedError("exactly one of ticket and resume is needed")
    if hello.ticket is not None and not 20 <= len(hello.ticket.encode()) <= 128:
        raise MalformedError("ticket is not 20 to 128 bytes long")
    if hello.ticket is not None and hello.events_seen:
        raise MalformedError("events_seen goes with resume only")
    if len(hello.agent.encode()) > 64:
        raise MalformedError("agent is longer than 64 bytes")


def _check_courses(message: Input) -> None:
    """What types cannot say of an INPUT: whole entries, numbered from 1, allowed courses, `before` never falling."""
    courses = message.courses
    if not courses:
        return
    count, odd = divmod(len(courses), INPUT_COURSE_BYTES)
    if odd:
        raise MalformedError("courses ends within an entry")
    if count > message.seq:
        raise MalformedError("more courses than sequence numbers")
    if courses[1]:
        raise MalformedError("before of the newest course is not 0")
    if count == 1:
        if courses[0] >= CLIENT_COURSE_END:
            raise MalformedError("a client may not send this course")
        return
    if max(courses[::2]) >= CLIENT_COURSE_END:
        raise MalformedError("a client may not send this course")
    before = courses[1::2]
    if bytes(sorted(before)) != before:
        raise MalformedError("before falls")
    if message.tick == 0 and before[-1]:
        raise MalformedError("before without a tick")


def _check_snapshot(snapshot: Snapshot) -> None:
    """What types cannot say of a SNAPSHOT: whole rows, and no slack without an input."""
    check_rows("gone", snapshot.gone, ID_BYTES)
    check_rows("courses", snapshot.courses, COURSE_ROW_BYTES)
    check_rows("rows", snapshot.rows, FULL_ROW_BYTES)
    if snapshot.input is None and snapshot.slack is not None:
        raise MalformedError("slack without input")


def _check_proximity(message: Proximity) -> None:
    check_rows("near", message.near, ID_BYTES)
    check_rows("far", message.far, ID_BYTES)


def _check_welcome(message: Welcome) -> None:
    check_rows("doors", message.doors.open, ID_BYTES)


CHECKS: Final[Checks] = {
    Hello: _check_hello,
    Input: _check_courses,
    Snapshot: _check_snapshot,
    Proximity: _check_proximity,
    Welcome: _check_welcome,
}
"""What types cannot say, by message."""
