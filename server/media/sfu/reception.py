"""What a receiver reports of one incoming stream: loss and jitter (RFC 3550 section 6.4.1, appendices A.3 and A.8)."""

from __future__ import annotations

from server.media.sfu.arrivals import Arrivals, make_arrivals
from server.media.sfu.rtcp import ReceiverBlock
from server.media.sfu.sequence import ahead


class Reception:
    """Statistics of one stream. `clock_rate`: Hz."""

    __slots__ = (
        "_arrivals",
        "_expected_before",
        "_received_before",
        "_sender_report",
        "_sender_report_at",
        "report_ntp",
        "report_time",
        "report_timestamp",
    )

    def __init__(self, clock_rate: int, arrivals: Arrivals | None = None) -> None:
        """`arrivals`: where the numbers are kept; nothing came yet."""
        self._arrivals = make_arrivals(clock_rate, shared=False) if arrivals is None else arrivals
        self._received_before = self._expected_before = 0
        self._sender_report = 0
        self._sender_report_at: float | None = None
        self.report_ntp = 0
        """NTP time of the newest sender report, 64 bits."""
        self.report_timestamp = 0
        """RTP timestamp of the newest sender report."""
        self.report_time: float | None = None
        """When it came; None: none came yet."""

    @property
    def packets(self) -> int:
        """How many arrived."""
        return self._arrivals.received

    def arrived(self, sequence: int, timestamp: int, now: float) -> None:
        """A packet came."""
        arrivals = self._arrivals
        transit = int(now * arrivals.clock_rate) - timestamp
        if arrivals.received:
            highest = arrivals.highest
            if 0 < (sequence - highest) & 0xFFFF < 0x8000:
                if sequence < highest:
                    arrivals.cycles += 1 << 16
                arrivals.highest = sequence
            moved = ahead(transit & 0xFFFF_FFFF, arrivals.transit & 0xFFFF_FFFF, 32)
            arrivals.jitter += (abs(moved) - arrivals.jitter) / 16
        else:
            arrivals.first = arrivals.highest = sequence
        arrivals.received += 1
        arrivals.transit = transit

    def sender_reported(self, ntp: int, timestamp: int, now: float) -> None:
        """A sender report came. `ntp`: 64 bits."""
        self._sender_report, self._sender_report_at = ntp >> 16 & 0xFFFF_FFFF, now
        self.report_ntp, self.report_timestamp, self.report_time = ntp, timestamp, now

    def timestamp_at(self, now: float) -> int | None:
        """What the source's RTP clock shows; None: it did not say yet."""
        if self.report_time is None:
            return None
        return (self.report_timestamp + round((now - self.report_time) * self._arrivals.clock_rate)) & 0xFFFF_FFFF

    def block(self, ssrc: int, now: float) -> ReceiverBlock | None:
        """What to report since the last time; None: nothing arrived yet."""
        arrivals = self._arrivals
        received = arrivals.received
        if not received:
            return None
        highest = arrivals.cycles + arrivals.highest
        expected = highest - arrivals.first + 1
        lost = expected - received
        expected_now = expected - self._expected_before
        lost_now = expected_now - (received - self._received_before)
        self._expected_before, self._received_before = expected, received
        fraction = max(0, min(255, (lost_now << 8) // expected_now)) if expected_now > 0 else 0
        since = 0 if self._sender_report_at is None else max(0, round((now - self._sender_report_at) * 65536))
        return ReceiverBlock(
            ssrc,
            fraction,
            max(-0x80_0000, min(0x7F_FFFF, lost)),
            highest & 0xFFFF_FFFF,
            min(int(arrivals.jitter), 0xFFFF_FFFF),
            self._sender_report,
            min(since, 0xFFFF_FFFF),
        )
