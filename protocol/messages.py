"""Every message of STANDARD.md as a typed, limited Struct, and its bytes.

`decode_client` and `decode_server` take bytes from an untrusted peer: they check the cheapest things first, never build
a generic object, and raise `MalformedError` for everything that the page calls malformed. A decoded message holds only
what the page allows, so nothing behind the decoder checks a type or a range again.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from protocol.constants import (
    CLIENT_COURSE_END,
    CLIENT_MESSAGE_BYTES,
    COURSE_ROW_BYTES,
    FULL_ROW_BYTES,
    ID_BYTES,
    INPUT_COURSE_BYTES,
    LINK_ROW_BYTES,
    LOOK_BYTES,
    MAX_BASELINE_AGE,
    MAX_COURSES,
    PRESENCE_TEXT_BYTES,
    RESUME_TOKEN_BYTES,
    SERVER_MESSAGE_BYTES,
    SIGNAL_MESSAGE_BYTES,
    SIGNAL_START,
    UINT16_MAX,
    UINT32_MAX,
    Kind,
)
from protocol.errors import MalformedError

Uint8: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
Uint16: TypeAlias = Annotated[int, Meta(ge=0, le=UINT16_MAX)]
Uint32: TypeAlias = Annotated[int, Meta(ge=0, le=UINT32_MAX)]
AvatarId: TypeAlias = Annotated[int, Meta(ge=1, le=UINT16_MAX)]
Slack: TypeAlias = Annotated[int, Meta(ge=-128, le=127)]
ResumeToken: TypeAlias = Annotated[bytes, Meta(min_length=RESUME_TOKEN_BYTES, max_length=RESUME_TOKEN_BYTES)]
Look: TypeAlias = Annotated[bytes, Meta(min_length=LOOK_BYTES, max_length=LOOK_BYTES)]
UserId: TypeAlias = Annotated[
    str, Meta(pattern=r"\A[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
]


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
    verb: Literal[1, 2, 3]
    target: Uint16


class Ping(Struct, array_like=True, tag=int(Kind.PING), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.4."""

    token: Uint32
    ack: Uint32


class Leave(Struct, array_like=True, tag=int(Kind.LEAVE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.5."""


class Media(Struct, array_like=True, tag=int(Kind.MEDIA), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.6. `state`: bit 0 microphone, bit 1 camera, bit 2 screen."""

    state: Annotated[int, Meta(ge=0, le=7)]


class Signal(Struct, array_like=True, tag=int(Kind.SIGNAL), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.7. `payload` is between the two clients; the server does not look into it."""

    to: AvatarId
    link: Uint32
    payload: Annotated[str, Meta(min_length=1)]


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


class Entry(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """One person in the room (section 5.2)."""

    avatar: AvatarId
    user_id: UserId
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    look: Look
    flags: Uint32


class Roster(Struct, array_like=True, tag=int(Kind.ROSTER), forbid_unknown_fields=True, frozen=True):
    """Everyone in the room; replaces what was known (section 5.2)."""

    entries: tuple[Entry, ...]


class Joined(Struct, array_like=True, tag=int(Kind.JOINED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Adds or replaces one entry (section 5.2)."""

    entry: Entry


LeftReason: TypeAlias = Literal["left", "lost", "replaced", "removed"]


class Left(Struct, array_like=True, tag=int(Kind.LEFT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Removes one entry (section 5.2)."""

    avatar: AvatarId
    reason: LeftReason


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


class MediaState(Struct, array_like=True, tag=int(Kind.MEDIA_STATE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.11."""

    avatar: AvatarId
    state: Annotated[int, Meta(ge=0, le=7)]


class Signaled(Struct, array_like=True, tag=int(Kind.SIGNALED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.13."""

    sender: AvatarId
    link: Uint32
    payload: Annotated[str, Meta(min_length=1)]


class Links(Struct, array_like=True, tag=int(Kind.LINKS), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.12. `links`: everyone linked, 7 bytes each: avatar u16, link number u32, flags u8."""

    tick: Uint32
    epoch: Uint32
    links: bytes


class Mood(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """How one person wants to be seen (section 5.14)."""

    avatar: AvatarId
    status: Annotated[int, Meta(ge=0, le=3)]
    text: Annotated[str, Meta(max_length=PRESENCE_TEXT_BYTES)]


class Presence(Struct, array_like=True, tag=int(Kind.PRESENCE), forbid_unknown_fields=True, frozen=True):
    """Section 5.14."""

    entries: tuple[Mood, ...]


class Portal(Struct, array_like=True, tag=int(Kind.PORTAL), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.15."""

    ref: Uint16
    portal: Uint16
    room_id: UserId


class Changed(Struct, array_like=True, tag=int(Kind.CHANGED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.16. `what`: bits of `Change`."""

    what: Annotated[int, Meta(ge=1, le=UINT32_MAX)]
    proximity: Radii


ClientMessage: TypeAlias = Hello | Input | Act | Ping | Leave | Media | Signal
ServerMessage: TypeAlias = (
    Welcome
    | Snapshot
    | Roster
    | Joined
    | Left
    | Proximity
    | Door
    | Pong
    | Error
    | Goodbye
    | MediaState
    | Signaled
    | Links
    | Presence
    | Portal
    | Changed
)
Message: TypeAlias = ClientMessage | ServerMessage

CLIENT_TYPES: Final[dict[Kind, type[Struct]]] = {
    Kind.HELLO: Hello,
    Kind.INPUT: Input,
    Kind.ACT: Act,
    Kind.PING: Ping,
    Kind.LEAVE: Leave,
    Kind.MEDIA: Media,
    Kind.SIGNAL: Signal,
}
SERVER_TYPES: Final[dict[Kind, type[Struct]]] = {
    Kind.WELCOME: Welcome,
    Kind.SNAPSHOT: Snapshot,
    Kind.ROSTER: Roster,
    Kind.JOINED: Joined,
    Kind.LEFT: Left,
    Kind.PROXIMITY: Proximity,
    Kind.DOOR: Door,
    Kind.PONG: Pong,
    Kind.ERROR: Error,
    Kind.GOODBYE: Goodbye,
    Kind.MEDIA_STATE: MediaState,
    Kind.SIGNALED: Signaled,
    Kind.LINKS: Links,
    Kind.PRESENCE: Presence,
    Kind.PORTAL: Portal,
    Kind.CHANGED: Changed,
}
KIND_OF: Final[dict[type[Struct], Kind]] = {t: k for k, t in (CLIENT_TYPES | SERVER_TYPES).items()}

_encoder = msgspec.msgpack.Encoder()
_client_decoder = msgspec.msgpack.Decoder(ClientMessage)
_server_decoder = msgspec.msgpack.Decoder(ServerMessage)
# MessagePack starts an array with one of these bytes: a message that does not is refused before it is parsed.
_ARRAY_MARKERS: Final = frozenset(range(0x90, 0xA0)) | {0xDC, 0xDD}


def encode(message: Message) -> bytes:
    """The bytes of a message. The caller answers for its contents: only decoding checks limits."""
    return _encoder.encode(message)


def client_message_limit(data: bytes | memoryview) -> int:
    """Most bytes that a client's message which begins like this may have (section 1)."""
    return SIGNAL_MESSAGE_BYTES if data[: len(SIGNAL_START)] == SIGNAL_START else CLIENT_MESSAGE_BYTES


def decode_client(data: bytes | memoryview) -> ClientMessage:
    """Decode what a client sent. Raises `MalformedError`, and nothing else, for what section 3 does not allow."""
    if len(data) > CLIENT_MESSAGE_BYTES and len(data) > (limit := client_message_limit(data)):
        raise MalformedError(f"{len(data)} bytes, at most {limit} are allowed")
    if not data or data[0] not in _ARRAY_MARKERS:
        raise MalformedError("not an array")
    try:
        message: ClientMessage = _client_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    if isinstance(message, Input):
        if message.courses:
            _check_courses(message)
    elif isinstance(message, Hello):
        _check_hello(message)
    return message


def decode_server(data: bytes | memoryview) -> ServerMessage:
    """Decode what a server sent. Raises `MalformedError`, and nothing else, for what section 5 does not allow."""
    if len(data) > SERVER_MESSAGE_BYTES:
        raise MalformedError(f"{len(data)} bytes, at most {SERVER_MESSAGE_BYTES} are allowed")
    if not data or data[0] not in _ARRAY_MARKERS:
        raise MalformedError("not an array")
    try:
        message: ServerMessage = _server_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    if isinstance(message, Snapshot):
        _check_snapshot(message)
    elif isinstance(message, Proximity):
        _check_rows("near", message.near, ID_BYTES)
        _check_rows("far", message.far, ID_BYTES)
    elif isinstance(message, Links):
        _check_rows("links", message.links, LINK_ROW_BYTES)
    elif isinstance(message, Welcome):
        _check_rows("doors", message.doors.open, ID_BYTES)
    elif isinstance(message, Joined):
        _check_name(message.entry)
    elif isinstance(message, Roster):
        for entry in message.entries:
            _check_name(entry)
    elif isinstance(message, Presence):
        for mood in message.entries:
            if len(mood.text.encode()) > PRESENCE_TEXT_BYTES:
                raise MalformedError(f"text is longer than {PRESENCE_TEXT_BYTES} bytes")
    return message


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
    _check_rows("gone", snapshot.gone, ID_BYTES)
    _check_rows("courses", snapshot.courses, COURSE_ROW_BYTES)
    _check_rows("rows", snapshot.rows, FULL_ROW_BYTES)
    if snapshot.input is None and snapshot.slack is not None:
        raise MalformedError("slack without input")


def _check_rows(field: str, data: bytes, row_bytes: int) -> None:
    if len(data) % row_bytes:
        raise MalformedError(f"{field} ends within a row")


def _check_name(entry: Entry) -> None:
    if len(entry.name.encode()) > 64:
        raise MalformedError("name is longer than 64 bytes")
