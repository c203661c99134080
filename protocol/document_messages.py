"""The messages of `/ws/documents/{object_id}` (STANDARD.md section 11) as typed, limited Structs, and their bytes."""

from enum import IntEnum
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct

from protocol.constants import UINT16_MAX, UINT32_MAX
from protocol.errors import MalformedError
from protocol.messages import Error, Goodbye, Uint8, Uint16, Uint32, UserId

DOCUMENT_SUBPROTOCOL: Final = "hallway.documents.v1"
DOCUMENT_VERSION: Final = 0
DOCUMENT_MESSAGE_BYTES: Final = 1 << 20
"""Most bytes of a message from a client."""
STATE_VECTOR_BYTES: Final = 64 * 1024
CURSOR_BYTES: Final = 512
EDITORS: Final = 100
"""Most connections to one document."""


class DocumentKind(IntEnum):
    """First element of every message of this endpoint."""

    ERROR = 24
    GOODBYE = 25
    OPEN = 73
    UPDATE = 74
    CURSOR = 75
    OPENED = 104
    UPDATED = 105
    SAVED = 106
    EDITORS = 107
    CURSORS = 108


class Open(Struct, array_like=True, tag=int(DocumentKind.OPEN), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 11.2. `state_vector`: what the client has already."""

    version: Uint8
    ticket: Annotated[str, Meta(min_length=20, max_length=128)]
    state_vector: Annotated[bytes, Meta(max_length=STATE_VECTOR_BYTES)]


class Update(Struct, array_like=True, tag=int(DocumentKind.UPDATE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 11.2. `number` rises by one with each."""

    number: Annotated[int, Meta(ge=1, le=UINT32_MAX)]
    update: Annotated[bytes, Meta(min_length=2)]


class Cursor(Struct, array_like=True, tag=int(DocumentKind.CURSOR), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 11.2. `state`: JSON, or empty: no cursor."""

    state: Annotated[str, Meta(max_length=CURSOR_BYTES)]


class Opened(Struct, array_like=True, tag=int(DocumentKind.OPENED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 11.3. `editor`: the client's own number."""

    version: Uint8
    editor: Annotated[int, Meta(ge=1, le=UINT16_MAX)]
    may_edit: bool
    update: bytes
    state_vector: bytes


class Updated(
    Struct, array_like=True, tag=int(DocumentKind.UPDATED), forbid_unknown_fields=True, frozen=True, gc=False
):
    """Section 11.3."""

    update: bytes


class Saved(Struct, array_like=True, tag=int(DocumentKind.SAVED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 11.3. Everything up to this `number` outlives the server."""

    number: Uint32


class Editor(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """Somebody who has the document open."""

    editor: Uint16
    user_id: UserId
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    may_edit: bool


class Editors(Struct, array_like=True, tag=int(DocumentKind.EDITORS), forbid_unknown_fields=True, frozen=True):
    """Section 11.3."""

    entries: tuple[Editor, ...]


class Cursors(
    Struct, array_like=True, tag=int(DocumentKind.CURSORS), forbid_unknown_fields=True, frozen=True, gc=False
):
    """Section 11.3. The cursor of one editor."""

    editor: Uint16
    state: Annotated[str, Meta(max_length=CURSOR_BYTES)]


DocumentClientMessage: TypeAlias = Open | Update | Cursor
DocumentServerMessage: TypeAlias = Opened | Updated | Saved | Editors | Cursors | Error | Goodbye

_encoder = msgspec.msgpack.Encoder()
_client_decoder = msgspec.msgpack.Decoder(DocumentClientMessage)
_server_decoder = msgspec.msgpack.Decoder(DocumentServerMessage)
_ARRAY_MARKERS: Final = frozenset(range(0x90, 0xA0)) | {0xDC, 0xDD}


def encode_document(message: DocumentClientMessage | DocumentServerMessage) -> bytes:
    """The bytes of a message. The caller answers for its contents."""
    return _encoder.encode(message)


def decode_document_client(data: bytes | memoryview) -> DocumentClientMessage:
    """Decode what a client sent. Raises `MalformedError`, and nothing else."""
    if len(data) > DOCUMENT_MESSAGE_BYTES:
        raise MalformedError(f"{len(data)} bytes, at most {DOCUMENT_MESSAGE_BYTES} are allowed")
    message: DocumentClientMessage = _decode(data, _client_decoder)
    if isinstance(message, Cursor) and len(message.state.encode()) > CURSOR_BYTES:
        raise MalformedError(f"a cursor of more than {CURSOR_BYTES} bytes")
    return message


def decode_document_server(data: bytes | memoryview) -> DocumentServerMessage:
    """Decode what a server sent. Raises `MalformedError`, and nothing else."""
    message: DocumentServerMessage = _decode(data, _server_decoder)
    return message


def _decode(data: bytes | memoryview, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
    if not data or data[0] not in _ARRAY_MARKERS:
        raise MalformedError("not an array")
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
