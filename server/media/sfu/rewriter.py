"""One outgoing stream made of many incoming ones, one after the other, such that a receiver sees one without a break.

Sequence numbers, timestamps and VP8's picture ids of what comes in are moved by offsets that change only when the
stream is switched; a decoder that met a jump in them would wait for seconds.
"""

from __future__ import annotations

from server.media.sfu.rtp import HEADER, RtpPacket, pack_rtp
from server.media.sfu.sequence import ahead
from server.media.sfu.vp8 import Vp8Descriptor, patch_vp8

MAX_TURN: int = 1 << 14
"""Packets older than this against the first one after a switch belong to the past or to nobody."""


class Rewriter:
    """One slot's outgoing stream. `clock_rate`: Hz of its timestamps."""

    __slots__ = (
        "_clock_rate",
        "_first",
        "_last_picture",
        "_last_sequence",
        "_last_time",
        "_last_timestamp",
        "_last_tl0",
        "_payload_type",
        "_picture_offset",
        "_sequence_offset",
        "_ssrc",
        "_tl0_offset",
        "_turn",
        "_written",
        "timestamp_offset",
    )

    def __init__(
        self, ssrc: int, payload_type: int, clock_rate: int, first_sequence: int, first_timestamp: int
    ) -> None:
        """`first_sequence`, `first_timestamp`: where the outgoing numbers begin; chosen at random by the caller."""
        self._ssrc, self._payload_type, self._clock_rate = ssrc, payload_type, clock_rate
        self._last_sequence = (first_sequence - 1) & 0xFFFF
        self._last_timestamp = first_timestamp
        self._last_time: float | None = None
        self._last_picture, self._last_tl0 = -1, -1
        self._sequence_offset = self.timestamp_offset = 0
        self._picture_offset = self._tl0_offset = 0
        self._first: int | None = None
        self._turn = self._written = 0

    @property
    def running(self) -> bool:
        """Whether a packet was written since the last switch."""
        return self._first is not None

    @property
    def turn(self) -> int:
        """Rises with every switch."""
        return self._turn

    def switch(self) -> None:
        """What is written next comes from elsewhere, or goes on after a pause."""
        self._first = None
        self._turn += 1

    def write(self, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float) -> bytes | None:
        """The outgoing packet; None: it is older than the switch. `now`: s. `descriptor`: of a VP8 packet."""
        if self._first is None:
            self._join(packet, descriptor, now)
        _, marker, source, timestamp, _, _, payload = packet
        sequence = (source + self._sequence_offset) & 0xFFFF
        timestamp = (timestamp + self.timestamp_offset) & 0xFFFF_FFFF
        # The next one, nearly always: ahead of the last by less than half of the range.
        newest = 0 < (sequence - self._last_sequence) & 0xFFFF < 0x8000
        if newest:
            self._last_sequence, self._last_timestamp, self._last_time = sequence, timestamp, now
            self._written += 1
        elif self._is_older(source):
            return None
        if descriptor is not None:
            payload = self._renumber(payload, descriptor, newest=newest)
        # Here and not in a function: this is done for every copy.
        second = self._payload_type | marker << 7
        return HEADER.pack(0x80, second, sequence, timestamp, self._ssrc) + payload

    def source_sequence(self, sequence: int) -> int | None:
        """Which incoming packet became the outgoing one of this number; None: none since the last switch."""
        if self._first is None or ahead(sequence, self._last_sequence) > 0:
            return None
        source = (sequence - self._sequence_offset) & 0xFFFF
        return None if self._is_older(source) else source

    def write_again(self, packet: RtpPacket, descriptor: Vp8Descriptor | None) -> bytes:
        """The same bytes as `write` made of this packet before, since no switch lies in between."""
        sequence = (packet.sequence + self._sequence_offset) & 0xFFFF
        timestamp = (packet.timestamp + self.timestamp_offset) & 0xFFFF_FFFF
        payload = packet.payload
        if descriptor is not None:
            payload = self._renumber(payload, descriptor, newest=False)
        return pack_rtp(self._payload_type, packet.marker, sequence, timestamp, self._ssrc, payload)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _is_older(self, source: int) -> bool:
        """Whether an incoming number lies before the first one since the switch."""
        if self._written > MAX_TURN:
            # The first number may have come round again.
            newest = (self._last_sequence - self._sequence_offset) & 0xFFFF
            return ahead(source, newest) < -MAX_TURN
        return self._first is not None and ahead(source, self._first) < 0

    def _join(self, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float) -> None:
        """Set the offsets such that this packet follows the last one written."""
        self._first, self._written = packet.sequence, 0
        self._sequence_offset = (self._last_sequence + 1 - packet.sequence) & 0xFFFF
        if self._last_time is None:
            self.timestamp_offset = (self._last_timestamp - packet.timestamp) & 0xFFFF_FFFF
        else:
            elapsed = max(1, round((now - self._last_time) * self._clock_rate))
            self.timestamp_offset = (self._last_timestamp + elapsed - packet.timestamp) & 0xFFFF_FFFF
        if descriptor is not None:
            if descriptor.picture_id is not None:
                self._picture_offset = (self._last_picture + 1 - descriptor.picture_id) & 0x7FFF
            if descriptor.tl0 is not None:
                self._tl0_offset = (self._last_tl0 + 1 - descriptor.tl0) & 0xFF

    def _renumber(self, payload: bytes, descriptor: Vp8Descriptor, *, newest: bool) -> bytes:
        """The payload with the outgoing picture id and TL0PICIDX. `newest`: later ones follow from these."""
        picture, tl0 = descriptor.picture_id, descriptor.tl0
        if picture is not None:
            picture = (picture + self._picture_offset) & 0x7FFF
            if newest:
                self._last_picture = picture
        if tl0 is not None:
            tl0 = (tl0 + self._tl0_offset) & 0xFF
            if newest:
                self._last_tl0 = tl0
        return patch_vp8(payload, descriptor, picture or 0, tl0 or 0)
