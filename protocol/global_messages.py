"""The messages of `/ws/global` (STANDARD.md section 8) as typed, limited Structs, and their bytes."""

from enum import IntEnum
from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct

from protocol.constants import PRESENCE_TEXT_BYTES, SERVER_MESSAGE_BYTES, UINT16_MAX, Channel
from protocol.errors import MalformedError
from protocol.messages import (
    Error,
    Goodbye,
    Look,
    Removed,
    Said,
    Say,
    Sent,
    Type,
    Typing,
    Uint8,
    Uint16,
    Uint32,
    UserId,
    chat,
    client_message_limit,
)

GLOBAL_SUBPROTOCOL: Final = "hallway.global.v1"
GLOBAL_VERSION: Final = 1
CHAT_VERSION: Final = 1
"""From this minor version on, what people write to one another goes here, too."""
CALL_TEXT_BYTES: Final = 800
TOKEN_CLOSE_CODE: Final = 4016
"""GOODBYE's code for an access token that is not good (any more); section 8.3."""
OFFLINE: Final = 4
"""The status of somebody who is no longer around, beside those of `protocol.constants.Status`."""
_AGENT_BYTES: Final = 64
_TOKEN_BYTES: Final = (20, 2048)

M = TypeVar("M")
Ref: TypeAlias = Annotated[int, Meta(ge=1, le=UINT16_MAX)]
CallText: TypeAlias = Annotated[str, Meta(max_length=CALL_TEXT_BYTES)]


class GlobalKind(IntEnum):
    """First element of every message of this endpoint."""

    SAY = 7
    TYPE = 64
    ERROR = 24
    GOODBYE = 25
    GREET = 32
    IDLE = 33
    FIND = 34
    CALL = 35
    ANSWER = 36
    READY = 48
    PEOPLE = 49
    ROOMS = 50
    FOUND = 51
    CALLED = 52
    ANSWERED = 53
    NOTICE = 54
    SAID = 27
    SENT = 80
    REMOVED = 81
    TYPING = 82


# --- client to server, section 8.2 ----------------------------------------------------------------------------------


class Greet(Struct, array_like=True, tag=int(GlobalKind.GREET), forbid_unknown_fields=True, frozen=True, gc=False):
    """Who comes, by an access token."""

    version: Uint8
    token: Annotated[str, Meta(max_length=_TOKEN_BYTES[1])]
    agent: Annotated[str, Meta(max_length=_AGENT_BYTES)]


class Idle(Struct, array_like=True, tag=int(GlobalKind.IDLE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Nobody looks at this page, or somebody does again."""

    idle: bool


class Find(Struct, array_like=True, tag=int(GlobalKind.FIND), forbid_unknown_fields=True, frozen=True, gc=False):
    """Where is somebody?"""

    ref: Ref
    user_id: UserId


class Call(Struct, array_like=True, tag=int(GlobalKind.CALL), forbid_unknown_fields=True, frozen=True, gc=False):
    """Ask somebody to come."""

    ref: Ref
    user_id: UserId
    text: CallText


class Answer(Struct, array_like=True, tag=int(GlobalKind.ANSWER), forbid_unknown_fields=True, frozen=True, gc=False):
    """Answer somebody who called."""

    user_id: UserId
    accepts: bool


# --- server to client, section 8.3 ----------------------------------------------------------------------------------


class Ready(Struct, array_like=True, tag=int(GlobalKind.READY), forbid_unknown_fields=True, frozen=True, gc=False):
    """Who one is, and how one wants to be seen."""

    version: Uint8
    user_id: UserId
    status: Annotated[int, Meta(ge=0, le=3)]
    text: Annotated[str, Meta(max_length=PRESENCE_TEXT_BYTES)]
    findable: bool


class Someone(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """One entry of PEOPLE. `room_id` None: in no room, or not for the client to know."""

    user_id: UserId
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    look: Look
    flags: Uint32
    status: Annotated[int, Meta(ge=0, le=OFFLINE)]
    text: Annotated[str, Meta(max_length=PRESENCE_TEXT_BYTES)]
    room_id: UserId | None


class People(Struct, array_like=True, tag=int(GlobalKind.PEOPLE), forbid_unknown_fields=True, frozen=True):
    """Who is around. `whole`: it replaces everything known."""

    whole: bool
    entries: tuple[Someone, ...]


class Count(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """One entry of ROOMS."""

    room_id: UserId
    people: Uint32


class Rooms(Struct, array_like=True, tag=int(GlobalKind.ROOMS), forbid_unknown_fields=True, frozen=True):
    """How full rooms are. `whole`: it replaces everything known."""

    whole: bool
    counts: tuple[Count, ...]


class Found(Struct, array_like=True, tag=int(GlobalKind.FOUND), forbid_unknown_fields=True, frozen=True, gc=False):
    """The answer to FIND."""

    ref: Uint16
    user_id: UserId
    room_id: UserId
    room_name: str


class Called(Struct, array_like=True, tag=int(GlobalKind.CALLED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Somebody asks the client's person to come."""

    user_id: UserId
    name: str
    room_id: UserId
    room_name: str
    text: CallText


class Answered(
    Struct, array_like=True, tag=int(GlobalKind.ANSWERED), forbid_unknown_fields=True, frozen=True, gc=False
):
    """What somebody says who was called."""

    user_id: UserId
    name: str
    accepts: bool


class Notice(Struct, array_like=True, tag=int(GlobalKind.NOTICE), forbid_unknown_fields=True, frozen=True, gc=False):
    """From those who run the server. `level`: 0 information, 1 warning."""

    level: Uint8
    text: str


GlobalClientMessage: TypeAlias = Greet | Idle | Find | Call | Answer | Say | Type
GlobalServerMessage: TypeAlias = (
    Ready | People | Rooms | Found | Called | Answered | Notice | Said | Sent | Removed | Typing | Error | Goodbye
)

_encoder = msgspec.msgpack.Encoder()
_client_decoder: "msgspec.msgpack.Decoder[GlobalClientMessage]" = msgspec.msgpack.Decoder(GlobalClientMessage)
_server_decoder: "msgspec.msgpack.Decoder[GlobalServerMessage]" = msgspec.msgpack.Decoder(GlobalServerMessage)
_ARRAY_MARKERS: Final = frozenset(range(0x90, 0xA0)) | {0xDC, 0xDD}


def encode_global(message: GlobalClientMessage | GlobalServerMessage) -> bytes:
    """The bytes of a message. The caller answers for its contents: only decoding checks limits."""
    return _encoder.encode(message)


def decode_global_client(data: bytes | memoryview) -> GlobalClientMessage:
    """Decode what a client sent. Raises `MalformedError`, and nothing else, for what section 8.2 does not allow."""
    message = _decode(data, _client_decoder, client_message_limit(data))
    if isinstance(message, Greet):
        if not _TOKEN_BYTES[0] <= len(message.token.encode()) <= _TOKEN_BYTES[1]:
            raise MalformedError("token is not 20 to 2048 bytes long")
        if len(message.agent.encode()) > _AGENT_BYTES:
            raise MalformedError(f"agent is longer than {_AGENT_BYTES} bytes")
    elif isinstance(message, Call) and len(message.text.encode()) > CALL_TEXT_BYTES:
        raise MalformedError(f"text is longer than {CALL_TEXT_BYTES} bytes")
    elif isinstance(message, Say | Type):
        if message.channel != Channel.DIRECT.value:
            raise MalformedError("only the direct channel goes across rooms")
        chat.CHECKS[type(message)](message)
    return message


def decode_global_server(data: bytes | memoryview) -> GlobalServerMessage:
    """Decode what a server sent. Raises `MalformedError`, and nothing else, for what section 8.3 does not allow."""
    message = _decode(data, _server_decoder, SERVER_MESSAGE_BYTES)
    if isinstance(message, Said):
        chat.CHECKS[Said](message)
    return message


def _decode(data: bytes | memoryview, decoder: "msgspec.msgpack.Decoder[M]", limit: int) -> M:
    if len(data) > limit:
        raise MalformedError(f"{len(data)} bytes, at most {limit} are allowed")
    if not data or data[0] not in _ARRAY_MARKERS:
        raise MalformedError("not an array")
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
