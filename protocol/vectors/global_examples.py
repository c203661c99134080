"""Single messages of `/ws/global` (STANDARD.md section 8): every kind with the edges of its ranges; bytes to refuse."""

from collections.abc import Iterator

import msgspec

from protocol.constants import PRESENCE_TEXT_BYTES, UINT16_MAX, UINT32_MAX, CloseCode
from protocol.global_messages import (
    CALL_TEXT_BYTES,
    GLOBAL_VERSION,
    OFFLINE,
    TOKEN_CLOSE_CODE,
    Answer,
    Answered,
    Call,
    Called,
    Count,
    Find,
    Found,
    Greet,
    Idle,
    Notice,
    People,
    Ready,
    Rooms,
    Someone,
    encode_global,
)
from protocol.messages import Error, Goodbye, Removed, Said, Say, Sent, Type, Typing
from protocol.vectors.files import plain

_ANA = "0b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_BO = "1b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_ROOM = "2b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_MESSAGE = "3b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_LOOK = bytes((1, 2, 3, 4, 5, 6))
_AT = 1_800_000_000_123

_CLIENT: dict[str, msgspec.Struct] = {
    "greet with the shortest token": Greet(0, "t" * 20, ""),
    "greet with the longest token": Greet(GLOBAL_VERSION, "t" * 2048, "a" * 64),
    "idle": Idle(True),
    "not idle": Idle(False),
    "find": Find(1, _ANA),
    "find with the last number": Find(UINT16_MAX, _BO),
    "call without a word": Call(2, _ANA, ""),
    "call with the longest text": Call(3, _ANA, "é" * (CALL_TEXT_BYTES // 2)),
    "answer yes": Answer(_ANA, True),
    "answer no": Answer(_ANA, False),
    "say": Say(4, _MESSAGE, 2, _BO, "Hello 👋"),
    "type": Type(2, _BO),
}

_SERVER: dict[str, msgspec.Struct] = {
    "ready": Ready(GLOBAL_VERSION, _ANA, 0, "", True),
    "ready, not to be found": Ready(GLOBAL_VERSION, _ANA, 3, "m" * PRESENCE_TEXT_BYTES, False),
    "nobody": People(True, ()),
    "people": People(
        True,
        (
            Someone(_ANA, "Ana", _LOOK, 0, 0, "", _ROOM),
            Someone(_BO, "Bo", bytes(6), 1, 2, "back soon", None),
            Someone(_ROOM, "Swarm", _LOOK, 2, 1, "", _ROOM),
        ),
    ),
    "somebody gone": People(False, (Someone(_ANA, "Ana", _LOOK, 0, OFFLINE, "", None),)),
    "no rooms": Rooms(True, ()),
    "rooms": Rooms(False, (Count(_ROOM, 0), Count(_BO, 12), Count(_ANA, UINT32_MAX))),
    "found": Found(1, _ANA, _ROOM, "Studio"),
    "found in a room without a name": Found(UINT16_MAX, _ANA, _ROOM, ""),
    "called": Called(_ANA, "Ana", _ROOM, "Studio", "come and see"),
    "answered": Answered(_BO, "Bo", True),
    "answered no": Answered(_BO, "Bo", False),
    "notice": Notice(0, "Back in five minutes."),
    "warning": Notice(1, "The server stops."),
    "said": Said(_MESSAGE, 2, _ANA, "Ana", _BO, "Hello 👋", _AT),
    "sent": Sent(_MESSAGE, _AT, 1, True),
    "removed": Removed(_MESSAGE),
    "typing": Typing(2, _ANA),
    "error": Error(7, "not_found", "They are in no room."),
    "goodbye, come again": Goodbye(int(CloseCode.RESTART), "The server restarts.", 1000),
    "goodbye, another token": Goodbye(TOKEN_CLOSE_CODE, "This access token is not good any more.", 0),
    "goodbye for good": Goodbye(int(CloseCode.ENDED), "You logged out.", None),
}


def _pack(*elements: object) -> bytes:
    return msgspec.msgpack.encode(elements)


_REFUSED: dict[str, dict[str, bytes]] = {
    "client": {
        "nothing": b"",
        "no array": msgspec.msgpack.encode("hello"),
        "an empty array": _pack(),
        "an unknown kind": _pack(99, 1),
        "a message of the server's": encode_global(Rooms(True, ())),
        "too few elements": _pack(33),
        "too many elements": _pack(33, True, 1),
        "a short token": _pack(32, 0, "t" * 19, ""),
        "a token too long": _pack(32, 0, "t" * 2049, ""),
        "an agent too long": _pack(32, 0, "t" * 20, "é" * 33),
        "a number 0": _pack(34, 0, _ANA),
        "somebody who is no id": _pack(34, 1, "Ana"),
        "a text too long": _pack(35, 1, _ANA, "é" * (CALL_TEXT_BYTES // 2 + 1)),
        "an answer that is a number": _pack(36, _ANA, 1),
        "a message to a room": encode_global(Say(4, _MESSAGE, 0, None, "Hello")),
        "bytes after the message": encode_global(Idle(True)) + b"\xc0",
    },
    "server": {
        "nothing": b"",
        "no array": msgspec.msgpack.encode("hello"),
        "an empty array": _pack(),
        "an unknown kind": _pack(99, 1),
        "a message of the client's": encode_global(Idle(True)),
        "too few elements": _pack(48, 0, _ANA),
        "too many elements": _pack(54, 0, "text", 1),
        "an unknown status": _pack(48, 0, _ANA, 4, "", True),
        "a look of the wrong size": _pack(49, True, [[_ANA, "Ana", b"\x01", 0, 0, "", None]]),
        "a count below zero": _pack(50, True, [[_ROOM, -1]]),
        "a code that is none": _pack(25, 3999, "", None),
        "bytes after the message": encode_global(Notice(0, "")) + b"\xc0",
    },
}


def global_client_examples() -> Iterator[dict[str, object]]:
    """What clients may send."""
    return _valid(_CLIENT)


def global_server_examples() -> Iterator[dict[str, object]]:
    """What servers may send."""
    return _valid(_SERVER)


def global_malformed_examples() -> Iterator[dict[str, object]]:
    """Bytes that the other side refuses."""
    for side, examples in _REFUSED.items():
        for name, data in examples.items():
            yield {"from": side, "name": name, "hex": data.hex()}


def _valid(examples: dict[str, msgspec.Struct]) -> Iterator[dict[str, object]]:
    for name, message in examples.items():
        yield {"name": name, "message": plain(message), "hex": encode_global(message).hex()}  # type: ignore[arg-type]
