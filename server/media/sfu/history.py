"""What a source sent lately, so that a receiver that lost a packet gets it from here."""

from __future__ import annotations

from typing import Final

from server.media.sfu.rtp import RtpPacket
from server.media.sfu.vp8 import Vp8Descriptor

HISTORY_PACKETS: Final = 512
"""About four seconds of a camera. A power of two: 65,536 numbers wrap without a seam."""


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
