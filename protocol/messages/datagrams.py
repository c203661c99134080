"""The state lane over datagrams (section 13): what is said about it on the event lane, and what a datagram may hold."""

from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct

from protocol.constants import (
    CARRIER_SECRET_BYTES,
    DATAGRAM_BYTES,
    FINGERPRINT_BYTES,
    MAX_CARRIER_ADDRESSES,
    MAX_CARRIER_HASHES,
    UINT16_MAX,
    Kind,
)
from protocol.errors import MalformedError
from protocol.messages.core import CHECKS as CORE_CHECKS
from protocol.messages.core import Input, Snapshot
from protocol.messages.types import Checks, Uint32, check_rows

Secret: TypeAlias = Annotated[bytes, Meta(min_length=CARRIER_SECRET_BYTES, max_length=CARRIER_SECRET_BYTES)]


class Lane(Struct, array_like=True, tag=int(Kind.LANE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 13.3. `carrier`: 0 the WebSocket, 1 the datagrams of the carrier that is bound."""

    carrier: Annotated[int, Meta(ge=0, le=1)]


class Quic(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """Where WebTransport is. `host` empty: that of the page. `hashes`: SHA-256 of the certificates, 32 bytes each."""

    host: Annotated[str, Meta(max_length=253)]
    port: Annotated[int, Meta(ge=1, le=UINT16_MAX)]
    path: Annotated[str, Meta(min_length=1, max_length=64)]
    hashes: Annotated[bytes, Meta(max_length=MAX_CARRIER_HASHES * FINGERPRINT_BYTES)]


class DataChannel(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """What the server's answer to an offer of a data channel says. `fingerprint`: SHA-256 of its certificate."""

    fragment: Annotated[str, Meta(min_length=4, max_length=32)]
    password: Annotated[str, Meta(min_length=22, max_length=64)]
    fingerprint: Annotated[bytes, Meta(min_length=FINGERPRINT_BYTES, max_length=FINGERPRINT_BYTES)]
    addresses: Annotated[list[Annotated[str, Meta(max_length=45)]], Meta(max_length=MAX_CARRIER_ADDRESSES)]
    port: Annotated[int, Meta(ge=1, le=UINT16_MAX)]


class Carriers(Struct, array_like=True, tag=int(Kind.CARRIERS), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 13.2. `secret`: binds one carrier to this connection. `eager`: move as soon as datagrams arrive."""

    secret: Secret
    eager: bool
    quic: Quic | None
    channel: DataChannel | None


class Probe(Struct, array_like=True, tag=int(Kind.PROBE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 13.3, in a datagram only."""

    number: Uint32
    secret: Secret


class Probed(Struct, array_like=True, tag=int(Kind.PROBED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 13.3, in a datagram only: the answer to the PROBE of this number."""

    number: Uint32


DatagramsClientMessage: TypeAlias = Lane
DatagramsServerMessage: TypeAlias = Carriers
ClientDatagram: TypeAlias = Input | Probe
ServerDatagram: TypeAlias = Snapshot | Probed


def _check_carriers(message: Carriers) -> None:
    if message.quic is not None:
        check_rows("hashes", message.quic.hashes, FINGERPRINT_BYTES)


CHECKS: Final[Checks] = {Carriers: _check_carriers}
"""What types cannot say, by message."""

_client_decoder = msgspec.msgpack.Decoder(ClientDatagram)
_server_decoder = msgspec.msgpack.Decoder(ServerDatagram)
# A datagram is an array of 2, 3, 5 or 11: whatever begins otherwise is refused before it is parsed.
_CLIENT_MARKERS: Final = frozenset({0x93, 0x95})
_SERVER_MARKERS: Final = frozenset({0x92, 0x9B})


def decode_client_datagram(data: bytes) -> ClientDatagram:
    """Decode one datagram of a client's. Raises `MalformedError`, and nothing else."""
    if not data or len(data) > DATAGRAM_BYTES or data[0] not in _CLIENT_MARKERS:
        raise MalformedError("no datagram of section 13")
    try:
        message: ClientDatagram = _client_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    _check(message)
    return message


def decode_server_datagram(data: bytes) -> ServerDatagram:
    """Decode one datagram of the server's. Raises `MalformedError`, and nothing else."""
    if not data or len(data) > DATAGRAM_BYTES or data[0] not in _SERVER_MARKERS:
        raise MalformedError("no datagram of section 13")
    try:
        message: ServerDatagram = _server_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedError(str(error)) from None
    _check(message)
    return message


def _check(message: ClientDatagram | ServerDatagram) -> None:
    check = CORE_CHECKS.get(type(message))
    if check is not None:
        check(message)
