"""Single messages of `/ws/documents/{id}` (STANDARD.md section 11): every kind with the edges of its ranges; bytes to
refuse. The updates are bytes like any others here: what is in them is not the wire's business."""

from collections.abc import Iterator

import msgspec

from protocol.constants import UINT16_MAX, UINT32_MAX, CloseCode
from protocol.document_messages import (
    CURSOR_BYTES,
    DOCUMENT_VERSION,
    STATE_VECTOR_BYTES,
    Cursor,
    Cursors,
    Editor,
    Editors,
    Open,
    Opened,
    Saved,
    Update,
    Updated,
    encode_document,
)
from protocol.messages import Error, Goodbye
from protocol.vectors.files import plain

_ANA = "0b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_BO = "1b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b"
_EMPTY = bytes((0, 0))
"""What Yjs says when there is nothing to say."""
_TICKET = "t" * 20

_CLIENT: dict[str, msgspec.Struct] = {
    "open with nothing": Open(DOCUMENT_VERSION, _TICKET, b""),
    "open with the longest ticket and something": Open(DOCUMENT_VERSION, "t" * 128, bytes((1, 7, 42))),
    "the first update": Update(1, _EMPTY),
    "the last update": Update(UINT32_MAX, bytes(range(256))),
    "cursor": Cursor('{"x":12,"y":-3,"tool":"pointer","button":"up"}'),
    "no cursor": Cursor(""),
    "the longest cursor": Cursor("é" * (CURSOR_BYTES // 2)),
}

_SERVER: dict[str, msgspec.Struct] = {
    "opened, empty": Opened(DOCUMENT_VERSION, 1, True, _EMPTY, b"\x00"),
    "opened to look at": Opened(DOCUMENT_VERSION, UINT16_MAX, False, bytes(range(64)), bytes((1, 7, 42))),
    "updated": Updated(bytes((1, 1, 7, 0))),
    "nothing saved": Saved(0),
    "saved": Saved(UINT32_MAX),
    "nobody": Editors(()),
    "editors": Editors((Editor(1, _ANA, "Ana", True), Editor(UINT16_MAX, _BO, "B" * 64, False))),
    "cursors": Cursors(7, '{"x":1,"y":2}'),
    "cursor gone": Cursors(7, ""),
    "error": Error(0, "document_full", "There is no more room here."),
    "goodbye for good": Goodbye(CloseCode.CLOSED, "This was removed.", None),
    "goodbye for now": Goodbye(CloseCode.RESTART, "The server restarts.", 1000),
}


def _pack(*elements: object) -> bytes:
    return msgspec.msgpack.encode(elements)


_REFUSED: dict[str, dict[str, bytes]] = {
    "client": {
        "nothing": b"",
        "no array": msgspec.msgpack.encode("hello"),
        "an empty array": _pack(),
        "an unknown kind": _pack(99, 1),
        "a message of the server's": encode_document(Saved(1)),
        "too few elements": _pack(74, 1),
        "too many elements": _pack(75, "", 1),
        "a short ticket": _pack(73, 0, "t" * 19, b""),
        "a ticket too long": _pack(73, 0, "t" * 129, b""),
        "a state vector too long": _pack(73, 0, _TICKET, bytes(STATE_VECTOR_BYTES + 1)),
        "a state vector that is text": _pack(73, 0, _TICKET, "state"),
        "an update with the number 0": _pack(74, 0, _EMPTY),
        "an update with a number too high": _pack(74, UINT32_MAX + 1, _EMPTY),
        "an update of one byte": _pack(74, 1, b"\x00"),
        "an update that is text": _pack(74, 1, "update"),
        "a cursor too long": _pack(75, "é" * (CURSOR_BYTES // 2 + 1)),
        "a cursor that is a map": _pack(75, {"x": 1}),
        "bytes after the message": encode_document(Cursor("")) + b"\xc0",
    },
    "server": {
        "nothing": b"",
        "no array": msgspec.msgpack.encode("hello"),
        "an empty array": _pack(),
        "an unknown kind": _pack(99, 1),
        "a message of the client's": encode_document(Cursor("")),
        "too few elements": _pack(104, 0, 1, True, _EMPTY),
        "too many elements": _pack(106, 1, 1),
        "an editor without a number": _pack(104, 0, 0, True, _EMPTY, b"\x00"),
        "a number too high": _pack(106, UINT32_MAX + 1),
        "an editor with too little": _pack(107, [[1, _ANA, "Ana"]]),
        "an editor without a name": _pack(107, [[1, _ANA, "", True]]),
        "an editor who is no id": _pack(107, [[1, "Ana", "Ana", True]]),
        "a code that is none": _pack(25, 3999, "", None),
        "bytes after the message": encode_document(Saved(1)) + b"\xc0",
    },
}


def document_client_examples() -> Iterator[dict[str, object]]:
    """What clients may send."""
    return _valid(_CLIENT)


def document_server_examples() -> Iterator[dict[str, object]]:
    """What servers may send."""
    return _valid(_SERVER)


def document_malformed_examples() -> Iterator[dict[str, object]]:
    """Bytes that the other side refuses."""
    for side, examples in _REFUSED.items():
        for name, data in examples.items():
            yield {"from": side, "name": name, "hex": data.hex()}


def _valid(examples: dict[str, msgspec.Struct]) -> Iterator[dict[str, object]]:
    for name, message in examples.items():
        yield {"name": name, "message": plain(message), "hex": encode_document(message).hex()}  # type: ignore[arg-type]
