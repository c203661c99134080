"""Every message of STANDARD.md as a typed, limited Struct, and its bytes.

`decode_client` and `decode_server` take bytes from an untrusted peer: they check the cheapest things first, never build
a generic object, and raise `MalformedError` for everything that the page calls malformed. A decoded message holds only
what the page allows, so nothing behind the decoder checks a type or a range again.

Each topic has a module of its own here: its Structs, its unions, and `CHECKS`. This one puts them together.
"""

from typing import Final, TypeAlias, get_args

import msgspec
from msgspec import Struct

from protocol.constants import CLIENT_MESSAGE_BYTES, LARGE_MESSAGES, SERVER_MESSAGE_BYTES, Kind
from protocol.errors import MalformedError
from protocol.messages import chat, core, datagrams, health, media, objects, people, places, sfu
from protocol.messages.chat import (
    ChatClientMessage,
    ChatServerMessage,
    GestureMade,
    Hand,
    React,
    Removed,
    Said,
    Say,
    Sent,
    Type,
    Typing,
    Wave,
)
from protocol.messages.core import (
    Act,
    CoreClientMessage,
    CoreServerMessage,
    Door,
    Doors,
    Error,
    Goodbye,
    Hello,
    Input,
    Interest,
    Leave,
    Limits,
    Motion,
    Ping,
    Pong,
    Proximity,
    Radii,
    Rest,
    Snapshot,
    Welcome,
)
from protocol.messages.datagrams import (
    Carriers,
    ClientDatagram,
    DataChannel,
    DatagramsClientMessage,
    DatagramsServerMessage,
    Lane,
    Probe,
    Probed,
    Quic,
    ServerDatagram,
    decode_client_datagram,
    decode_server_datagram,
)
from protocol.messages.health import Health, HealthClientMessage
from protocol.messages.media import Links, Media, MediaClientMessage, MediaServerMessage, MediaState, Signal, Signaled
from protocol.messages.objects import (
    ObjectEntry,
    ObjectEvent,
    ObjectGone,
    ObjectList,
    ObjectPut,
    ObjectsClientMessage,
    ObjectsServerMessage,
    ObjectState,
    Use,
)
from protocol.messages.people import (
    Changed,
    Entry,
    Joined,
    Left,
    LeftReason,
    Mood,
    PeopleServerMessage,
    Portal,
    Presence,
    Roster,
)
from protocol.messages.places import (
    Answer,
    Answered,
    AreaList,
    Asked,
    Barred,
    Inside,
    PlacesClientMessage,
    PlacesServerMessage,
    Stances,
)
from protocol.messages.sfu import (
    Backend,
    Candidate,
    Delivery,
    Describe,
    Described,
    Plan,
    Quality,
    SfuClientMessage,
    SfuServerMessage,
    Slots,
    View,
)
from protocol.messages.types import AvatarId, Look, ResumeToken, Slack, Uint8, Uint16, Uint32, UserId

ClientMessage: TypeAlias = (
    CoreClientMessage
    | MediaClientMessage
    | SfuClientMessage
    | ChatClientMessage
    | PlacesClientMessage
    | ObjectsClientMessage
    | HealthClientMessage
    | DatagramsClientMessage
)
ServerMessage: TypeAlias = (
    CoreServerMessage
    | PeopleServerMessage
    | MediaServerMessage
    | SfuServerMessage
    | ChatServerMessage
    | PlacesServerMessage
    | ObjectsServerMessage
    | DatagramsServerMessage
)
Message: TypeAlias = ClientMessage | ServerMessage

KIND_OF: Final[dict[type[Struct], Kind]] = {each: Kind(each.__struct_config__.tag) for each in get_args(Message)}

_CHECKS: Final = {
    **core.CHECKS,
    **people.CHECKS,
    **media.CHECKS,
    **sfu.CHECKS,
    **places.CHECKS,
    **chat.CHECKS,
    **objects.CHECKS,
    **health.CHECKS,
    **datagrams.CHECKS,
}
_encoder = msgspec.msgpack.Encoder()
_client_decoder = msgspec.msgpack.Decoder(ClientMessage)
_server_decoder = msgspec.msgpack.Decoder(ServerMessage)
# MessagePack starts an array with one of these bytes: a message that does not is refused before it is parsed.
_ARRAY_MARKERS: Final = frozenset(range(0x90, 0xA0)) | {0xDC, 0xDD}


def encode(message: Message | Probe | Probed) -> bytes:
    """The bytes of a message. The caller answers for its contents: only decoding checks limits."""
    return _encoder.encode(message)


def client_message_limit(data: bytes | memoryview) -> int:
    """Most bytes that a client's message which begins like this may have (section 1)."""
    return LARGE_MESSAGES.get(bytes(data[:2]), CLIENT_MESSAGE_BYTES)


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
    check = _CHECKS.get(type(message))
    if check is not None:
        check(message)
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
    check = _CHECKS.get(type(message))
    if check is not None:
        check(message)
    return message


__all__ = [
    "KIND_OF",
    "Act",
    "Answer",
    "Answered",
    "AreaList",
    "Asked",
    "AvatarId",
    "Backend",
    "Barred",
    "Candidate",
    "Carriers",
    "Changed",
    "ChatClientMessage",
    "ChatServerMessage",
    "ClientDatagram",
    "ClientMessage",
    "CoreClientMessage",
    "CoreServerMessage",
    "DataChannel",
    "Delivery",
    "Describe",
    "Described",
    "Door",
    "Doors",
    "Entry",
    "Error",
    "GestureMade",
    "Goodbye",
    "Hand",
    "Health",
    "HealthClientMessage",
    "Hello",
    "Input",
    "Inside",
    "Interest",
    "Joined",
    "Lane",
    "Leave",
    "Left",
    "LeftReason",
    "Limits",
    "Links",
    "Look",
    "Media",
    "MediaClientMessage",
    "MediaServerMessage",
    "MediaState",
    "Message",
    "Mood",
    "Motion",
    "ObjectEntry",
    "ObjectEvent",
    "ObjectGone",
    "ObjectList",
    "ObjectPut",
    "ObjectState",
    "ObjectsClientMessage",
    "ObjectsServerMessage",
    "PeopleServerMessage",
    "Ping",
    "PlacesServerMessage",
    "Plan",
    "Pong",
    "Portal",
    "Presence",
    "Probe",
    "Probed",
    "Proximity",
    "Quality",
    "Quic",
    "Radii",
    "React",
    "Removed",
    "Rest",
    "ResumeToken",
    "Roster",
    "Said",
    "Say",
    "Sent",
    "ServerDatagram",
    "ServerMessage",
    "SfuClientMessage",
    "SfuServerMessage",
    "Signal",
    "Signaled",
    "Slack",
    "Slots",
    "Snapshot",
    "Stances",
    "Type",
    "Typing",
    "Uint8",
    "Uint16",
    "Uint32",
    "Use",
    "UserId",
    "View",
    "Wave",
    "Welcome",
    "client_message_limit",
    "decode_client",
    "decode_client_datagram",
    "decode_server",
    "decode_server_datagram",
    "encode",
]
