"""What the server and a worker say to each other, one MessagePack array behind its length (u32, little-endian).

The server speaks of legs by numbers of its own; a worker knows neither rooms nor people.
"""

from __future__ import annotations

import struct
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

MAX_MESSAGE: Final = 1 << 20
_LENGTH: Final = struct.Struct("<I")


# --- server to worker -----------------------------------------------------------------------------------------------


class Open(Struct, array_like=True, tag=1, frozen=True):
    """There is a new leg; the answer is `Offered`."""

    leg: int


class Answer(Struct, array_like=True, tag=2, frozen=True):
    """The client's answer."""

    leg: int
    sdp: str


class Close(Struct, array_like=True, tag=3, frozen=True):
    """The leg ends."""

    leg: int


class Publish(Struct, array_like=True, tag=4, frozen=True):
    """What of a leg may be handed on: bits of MEDIA."""

    leg: int
    bits: int


class Hear(Struct, array_like=True, tag=5, frozen=True):
    """Everyone whom a leg may hear and see, (leg, nearness 0 to 255); replaces what was said before."""

    leg: int
    speakers: tuple[tuple[int, int], ...]


class Look(Struct, array_like=True, tag=6, frozen=True):
    """What a client has room for: most pictures, and (leg, source, size) of its wishes, in order."""

    leg: int
    most: int
    wants: tuple[tuple[int, int, int], ...]


Order: TypeAlias = Open | Answer | Close | Publish | Hear | Look


# --- worker to server -----------------------------------------------------------------------------------------------


class Ready(Struct, array_like=True, tag=16, frozen=True):
    """The worker listens on this UDP port."""

    port: int


class Offered(Struct, array_like=True, tag=17, frozen=True):
    """What the client is to answer."""

    leg: int
    sdp: str


class Changed(Struct, array_like=True, tag=18, frozen=True):
    """The leg is in another state: a `LegState`."""

    leg: int
    state: int


class Filled(Struct, array_like=True, tag=19, frozen=True):
    """Whose what comes out of which section of a leg: (mid, leg, source, layer)."""

    leg: int
    slots: tuple[tuple[int, int, int, int], ...]


class Limited(Struct, array_like=True, tag=20, frozen=True):
    """How much a leg gets: a `Level`, a `Reason`, and how many slots of each kind may be filled."""

    leg: int
    level: int
    reason: int
    sound: int
    pictures: int


class Figures(Struct, array_like=True, tag=21, frozen=True):
    """What was done in the last second. `busy`: share of the time. `refused`: datagrams of nobody known."""

    legs: int
    received: int
    forwarded: int
    resent: int
    sent_bytes: int
    refused: int
    unsent: int
    busy: float
    level: int


Notice: TypeAlias = Ready | Offered | Changed | Filled | Limited | Figures

_encoder: Final = msgspec.msgpack.Encoder()
_orders: Final = msgspec.msgpack.Decoder(Order)
_notices: Final = msgspec.msgpack.Decoder(Notice)


def pack(message: Order | Notice) -> bytes:
    """The bytes of a message, with its length in front."""
    data = _encoder.encode(message)
    return _LENGTH.pack(len(data)) + data


class Reader:
    """Bytes in, messages out. ValueError: the other end does not speak this."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def orders(self, data: bytes) -> list[Order]:
        """What the server said."""
        return [_orders.decode(message) for message in self._messages(data)]

    def notices(self, data: bytes) -> list[Notice]:
        """What a worker said."""
        return [_notices.decode(message) for message in self._messages(data)]

    def _messages(self, data: bytes) -> list[bytes]:
        self._buffer += data
        found: list[bytes] = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_MESSAGE:
                raise ValueError(f"a control message of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            found.append(bytes(self._buffer[_LENGTH.size : end]))
            del self._buffer[:end]
        return found
