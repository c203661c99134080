"""The copies of a packet made, encrypted and sent in one go (copies.c), where a C compiler made that.

Every packet that comes in goes out a dozen times, and each copy differs from the others by a few numbers and its key.
What is ordinary, the next packet of the stream that a slot shows, is done there for all slots at once. Everything else
is left to `Slot` and `Rewriter`, which do it all where there is no compiled form: what comes out is the same.
"""

from __future__ import annotations

import ctypes
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from server.media.sfu.ice_lite import Address
from server.media.sfu.rtp import RtpPacket
from server.media.sfu.srtp import MAX_BYTES, PROTECT
from server.media.sfu.vp8 import Vp8Descriptor
from sim.shared_library import library

MOST_COPIES: Final = 64
"""Made before they are sent: as many as the processor keeps at hand."""
_TRAILER_BYTES: Final = 144
_NONE: Final = -1
_int32, _uint32, _int64 = ctypes.c_int32, ctypes.c_uint32, ctypes.c_int64

Flush: TypeAlias = Callable[["Copies"], None]


class Destination(ctypes.Structure):
    """Where a leg is. `address_bytes`: 4, 16, or 0: it is not known. `has_keys`: something may be sent there."""

    port: int
    address_bytes: int
    has_keys: int
    _fields_ = (
        ("port", _int32),
        ("address_bytes", _int32),
        ("has_keys", _int32),
        ("address", ctypes.c_uint8 * 16),
    )

    def move(self, address: Address) -> None:
        """The leg is there now. One that says more than an address and a port is left to the ordinary way."""
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        try:
            packed = socket.inet_pton(family, address[0])
        except OSError:
            packed = b""
        self.port, self.address_bytes = address[1], len(packed)
        ctypes.memmove(ctypes.addressof(self) + Destination.address.offset, packed, len(packed))


_FIELDS: Final[tuple[tuple[str, type[ctypes._SimpleCData[Any]]], ...]] = (
    ("session", ctypes.c_void_p),
    ("to", ctypes.c_void_p),
    *((name, _int64) for name in ("owner", "written", "packets", "octets")),
    ("last_time", ctypes.c_double),
    *((name, _uint32) for name in ("running", "payload_type", "ssrc")),
    *((name, _uint32) for name in ("sequence_offset", "last_sequence", "timestamp_offset", "last_timestamp")),
    *((name, _uint32) for name in ("picture_offset", "tl0_offset")),
    *((name, _int32) for name in ("last_picture", "last_tl0")),
)
_ANYWHERE: Final = frozenset({"session", "to"})
"""Fields that are addresses."""


class Row:
    """The numbers of one slot's outgoing stream.

    `session`: the `Outbound.session` that encrypts it, None: there is none yet, or no more. `to`: address of a
    `Destination`. `owner`: number of the stream that the slot shows, 0: none. `running`: a packet was written since the
    last switch; `written`: how many newest ones were. `packets`, `octets`: all that were sent, and their payloads'
    bytes. `last_*`: of the newest packet, `last_time` in s. The offsets are added to what comes in.
    """

    __slots__ = tuple(name for name, _ in _FIELDS)
    session: int | None
    to: int | None
    owner: int
    written: int
    packets: int
    octets: int
    last_time: float
    running: int
    payload_type: int
    ssrc: int
    sequence_offset: int
    last_sequence: int
    timestamp_offset: int
    last_timestamp: int
    picture_offset: int
    tl0_offset: int
    last_picture: int
    last_tl0: int

    def __init__(self) -> None:
        for name, _ in _FIELDS:
            setattr(self, name, None if name in _ANYWHERE else 0)


class SharedRow(ctypes.Structure):
    """A `Row` that copies.c counts on as well. Python takes several times as long to look into it."""

    _fields_ = _FIELDS


def make_row(*, shared: bool) -> Row:
    """All zero."""
    return cast("Row", SharedRow()) if shared else Row()


class _Datagram(ctypes.Structure):
    _fields_ = (
        ("to", ctypes.POINTER(Destination)),
        ("size", _int32),
        ("data", ctypes.c_uint8 * (MAX_BYTES + _TRAILER_BYTES)),
    )


class _Batch(ctypes.Structure):
    _fields_ = (("count", _int32), ("datagrams", _Datagram * MOST_COPIES))


Rows: TypeAlias = "ctypes.Array[ctypes.c_void_p]"


def rows_of(rows: Sequence[Row]) -> Rows:
    """Where shared rows are. They must be kept elsewhere."""
    return (ctypes.c_void_p * len(rows))(*[ctypes.addressof(cast("SharedRow", row)) for row in rows])


class Copies:
    """Makes copies. `flush`: called with this whenever some are ready; it must take or send them."""

    def __init__(self, code: ctypes.PyDLL, flush: Flush) -> None:
        """`code`: the library."""
        pointer = ctypes.c_void_p
        self._copy, self._send = code.hallway_copy, code.hallway_send
        self._copy.argtypes = (
            *(pointer, pointer, pointer, _int32, _int64, ctypes.c_char_p, *(_int32,) * 2, *(_uint32,) * 2),
            *(ctypes.c_double, *(_int32,) * 5, pointer),
        )
        self._send.argtypes = (pointer, _int32, _int32, pointer)
        self._copy.restype = self._send.restype = _int32
        self._flush = flush
        self._batch, self._left, self._bytes = _Batch(), (_int32 * MOST_COPIES)(), _int64()
        self._at = ctypes.addressof(self._batch)
        self._left_at, self._bytes_at = ctypes.addressof(self._left), ctypes.addressof(self._bytes)

    @property
    def batch(self) -> int:
        """Where the copies are that are ready."""
        return self._at

    def flush(self) -> None:
        """Have what is ready taken or sent."""
        if self._batch.count:
            self._flush(self)

    def make(
        self, rows: Rows, owner: int, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float
    ) -> list[int]:
        """Copy a packet of the stream of this number for all rows. Returns the places of those left to the caller."""
        count, at = len(rows), ctypes.addressof(rows)
        picture, wide, picture_at, tl0, tl0_at = _NONE, 0, 0, _NONE, 0
        if descriptor is not None:
            _, _, picture_id, wide, tl0_id, picture_at, tl0_at = descriptor
            picture = _NONE if picture_id is None else picture_id
            tl0 = _NONE if tl0_id is None else tl0_id
        _, marker, sequence, timestamp, _, _, payload = packet
        numbers = (owner, payload, len(payload), marker, sequence, timestamp, now)
        found: list[int] = []
        for start in range(0, count, MOST_COPIES):
            some = min(MOST_COPIES, count - start)
            left = self._copy(
                *(self._at, PROTECT, at + 8 * start, some, *numbers),
                *(picture, wide, picture_at, tl0, tl0_at, self._left_at),
            )
            if left:
                found += [start + place for place in self._left[:left]]
            if left < some:
                self._flush(self)
        return found

    def send(self, four: int, six: int) -> tuple[int, int]:
        """Send what is ready through these sockets' file numbers, by kind of address. Returns how many were not taken,
        and the bytes of the others."""
        unsent: int = self._send(self._at, four, six, self._bytes_at)
        return unsent, self._bytes.value

    def take(self) -> list[tuple[bytes, Address]]:
        """What is ready, to be sent otherwise."""
        found: list[tuple[bytes, Address]] = []
        for datagram in self._batch.datagrams[: self._batch.count]:
            to: Any = datagram.to.contents
            family = socket.AF_INET if to.address_bytes == 4 else socket.AF_INET6
            host = socket.inet_ntop(family, bytes(to.address[: to.address_bytes]))
            found.append((bytes(datagram.data[: datagram.size]), (host, to.port)))
        self._batch.count = 0
        return found


_code = library(Path(__file__).with_name("copies.c"))


def compiled_copies(flush: Flush) -> Copies | None:
    """None: there is no compiled form here."""
    return Copies(_code, flush) if _code is not None else None
