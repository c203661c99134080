"""What a source sent lately, so that a receiver that lost a packet gets it from here."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
from typing import Any, Final

from server.media.sfu.rtp import RtpPacket
from server.media.sfu.srtp import MAX_BYTES
from server.media.sfu.vp8 import Vp8Descriptor, parse_vp8

HISTORY_PACKETS: Final = 512
"""About four seconds of a camera. A power of two: 65,536 numbers wrap without a seam."""

_GIVE_BACK: Final[int | None] = getattr(mmap, "MADV_REMOVE", None)
"""Has the machine take back the pages of a map that is not a file's; where it is missing they stay."""


class History:
    """The last packets of one source, by sequence number."""

    __slots__ = ("_mask", "_ring")

    def __init__(self, size: int = HISTORY_PACKETS) -> None:
        """`size`: packets, a power of two."""
        if size & (size - 1):
            raise ValueError("the size is no power of two")
        self._mask = size - 1
        self._ring: list[tuple[RtpPacket, Vp8Descriptor | None] | None] = [None] * size

    def put(self, packet: RtpPacket, descriptor: Vp8Descriptor | None) -> None:
        """Keep a packet instead of the one that was in its place."""
        self._ring[packet.sequence & self._mask] = (packet, descriptor)

    def get(self, sequence: int) -> tuple[RtpPacket, Vp8Descriptor | None] | None:
        """The packet of this number, if it is still here."""
        kept = self._ring[sequence & self._mask]
        return kept if kept is not None and kept[0].sequence == sequence else None

    def clear(self) -> None:
        """Forget everything: the source stopped, and nothing of it may be asked for any more."""
        self._ring = [None] * (self._mask + 1)


class _Kept(ctypes.Structure):
    _fields_ = (
        ("timestamp", ctypes.c_uint32),
        *((name, ctypes.c_uint16) for name in ("sequence", "size")),
        *((name, ctypes.c_uint8) for name in ("used", "marker")),
        ("spare", ctypes.c_uint8 * 2),
    )


class SharedHistory:
    """A `History` in which intake.c keeps packets as well. `kept`, `bodies`: where it is, as long as this lives."""

    __slots__ = ("_memory", "_ring", "_view", "bodies", "kept")

    def __init__(self) -> None:
        self._ring: Any = (_Kept * HISTORY_PACKETS)()
        # Of this the machine gives only what is written to.
        self._memory = mmap.mmap(-1, HISTORY_PACKETS * MAX_BYTES)
        self._view = ctypes.c_uint8.from_buffer(self._memory)
        self.kept, self.bodies = ctypes.addressof(self._ring), ctypes.addressof(self._view)

    def put(self, packet: RtpPacket, descriptor: Vp8Descriptor | None) -> None:
        """As `History.put`."""
        place = packet.sequence % HISTORY_PACKETS
        kept, size = self._ring[place], len(packet.payload)
        if size > MAX_BYTES:
            kept.used = 0
            return
        kept.timestamp, kept.sequence, kept.size = packet.timestamp, packet.sequence, size
        kept.used, kept.marker = 1, packet.marker
        ctypes.memmove(self.bodies + place * MAX_BYTES, packet.payload, size)

    def get(self, sequence: int) -> tuple[RtpPacket, Vp8Descriptor | None] | None:
        """As `History.get`; of the packet only what `Rewriter.write_again` needs is right."""
        place = sequence % HISTORY_PACKETS
        kept = self._ring[place]
        if not kept.used or kept.sequence != sequence:
            return None
        payload = ctypes.string_at(self.bodies + place * MAX_BYTES, kept.size)
        packet = RtpPacket(0, bool(kept.marker), sequence, kept.timestamp, 0, {}, payload)
        return packet, parse_vp8(payload)

    def clear(self) -> None:
        """As `History.clear`."""
        ctypes.memset(self.kept, 0, ctypes.sizeof(self._ring))
        if _GIVE_BACK is not None:
            # Whoever had a camera on for a moment would hold most of a megabyte for as long as they are here.
            with contextlib.suppress(OSError):
                self._memory.madvise(_GIVE_BACK)
