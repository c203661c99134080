"""One outgoing stream made of many incoming ones, one after the other, such that a receiver sees one without a break.

Sequence numbers, timestamps and VP8's picture ids of what comes in are moved by offsets that change only when the
stream is switched; a decoder that met a jump in them would wait for seconds.
"""

from __future__ import annotations

from server.media.sfu.copies import make_row
from server.media.sfu.rtp import HEADER, RtpPacket, pack_rtp
from server.media.sfu.sequence import ahead
from server.media.sfu.vp8 import Vp8Descriptor, patch_vp8

MAX_TURN: int = 1 << 14
"""Packets older than this against the first one after a switch belong to the past or to nobody."""


class Rewriter:
    """One slot's outgoing stream. `clock_rate`: Hz of its timestamps."""

    __slots__ = ("_clock_rate", "_first", "_turn", "row")

    def __init__(
        self,
        ssrc: int,
        payload_type: int,
        clock_rate: int,
        first_sequence: int,
        first_timestamp: int,
        *,
        shared: bool = False,
    ) -> None:
        """`first_sequence`, `first_timestamp`: where the outgoing numbers begin; chosen at random by the caller.
        `shared`: the compiled form writes, too."""
        self._clock_rate = clock_rate
        self.row = row = make_row(shared=shared)
        row.ssrc, row.payload_type = ssrc, payload_type
        row.last_sequence, row.last_timestamp = (first_sequence - 1) & 0xFFFF, first_timestamp
        row.last_picture = row.last_tl0 = -1
        self._first = self._turn = 0

    @property
    def running(self) -> bool:
        """Whether a packet was written since the last switch."""
        return bool(self.row.running)

    @property
    def turn(self) -> int:
        """Rises with every switch."""
        return self._turn

    def switch(self) -> None:
        """What is written next comes from elsewhere, or goes on after a pause."""
        self.row.running = 0
        self._turn += 1

    def write(self, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float) -> bytes | None:
        """The outgoing packet; None: it is older than the switch. `now`: s. `descriptor`: of a VP8 packet."""
        row = self.row
        if not row.running:
            self._join(packet, descriptor, now)
        _, marker, source, timestamp, _, _, payload = packet
        sequence = (source + row.sequence_offset) & 0xFFFF
        timestamp = (timestamp + row.timestamp_offset) & 0xFFFF_FFFF
        # The next one, nearly always: ahead of the last by less than half of the range.
        newest = 0 < (sequence - row.last_sequence) & 0xFFFF < 0x8000
        if newest:
            row.last_sequence, row.last_timestamp, row.last_time = sequence, timestamp, now
            row.written += 1
        elif self._is_older(source):
            return None
        if descriptor is not None:
            payload = self._renumber(payload, descriptor, newest=newest)
        # Here and not in a function: this is done for every copy.
        row.packets += 1
        row.octets += len(payload)
        second = row.payload_type | marker << 7
        return HEADER.pack(0x80, second, sequence, timestamp, row.ssrc) + payload

    def source_sequence(self, sequence: int) -> int | None:
        """Which incoming packet became the outgoing one of this number; None: none since the last switch."""
        if not self.row.running or ahead(sequence, self.row.last_sequence) > 0:
            return None
        source = (sequence - self.row.sequence_offset) & 0xFFFF
        return None if self._is_older(source) else source

    def write_again(self, packet: RtpPacket, descriptor: Vp8Descriptor | None) -> bytes:
        """The same bytes as `write` made of this packet before, since no switch lies in between."""
        row = self.row
        sequence = (packet.sequence + row.sequence_offset) & 0xFFFF
        timestamp = (packet.timestamp + row.timestamp_offset) & 0xFFFF_FFFF
        payload = packet.payload
        if descriptor is not None:
            payload = self._renumber(payload, descriptor, newest=False)
        return pack_rtp(row.payload_type, packet.marker, sequence, timestamp, row.ssrc, payload)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _is_older(self, source: int) -> bool:
        """Whether an incoming number lies before the first one since the switch."""
        row = self.row
        if row.written > MAX_TURN:
            # The first number may have come round again.
            newest = (row.last_sequence - row.sequence_offset) & 0xFFFF
            return ahead(source, newest) < -MAX_TURN
        return bool(row.running) and ahead(source, self._first) < 0

    def _join(self, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float) -> None:
        """Set the offsets such that this packet follows the last one written."""
        row = self.row
        self._first, row.running, row.written = packet.sequence, 1, 0
        row.sequence_offset = (row.last_sequence + 1 - packet.sequence) & 0xFFFF
        # The first of all begins where the numbers do.
        elapsed = max(1, round((now - row.last_time) * self._clock_rate)) if row.packets else 0
        row.timestamp_offset = (row.last_timestamp + elapsed - packet.timestamp) & 0xFFFF_FFFF
        if descriptor is not None:
            if descriptor.picture_id is not None:
                row.picture_offset = (row.last_picture + 1 - descriptor.picture_id) & 0x7FFF
            if descriptor.tl0 is not None:
                row.tl0_offset = (row.last_tl0 + 1 - descriptor.tl0) & 0xFF

    def _renumber(self, payload: bytes, descriptor: Vp8Descriptor, *, newest: bool) -> bytes:
        """The payload with the outgoing picture id and TL0PICIDX. `newest`: later ones follow from these."""
        row, picture, tl0 = self.row, descriptor.picture_id, descriptor.tl0
        if picture is not None:
            picture = (picture + row.picture_offset) & 0x7FFF
            if newest:
                row.last_picture = picture
        if tl0 is not None:
            tl0 = (tl0 + row.tl0_offset) & 0xFF
            if newest:
                row.last_tl0 = tl0
        return patch_vp8(payload, descriptor, picture or 0, tl0 or 0)
