"""A transport that takes everything and counts it: what a room without sockets writes to."""

from __future__ import annotations


class CountingTransport:
    """Takes every message at once."""

    def __init__(self) -> None:
        self.bytes = 0
        self.writes = 0

    def write(self, *messages: bytes) -> None:
        """Count one write."""
        self.writes += 1
        self.bytes += sum(map(len, messages))

    def buffered(self) -> int:
        """Nothing waits."""
        return 0

    def abort(self) -> None:
        """Nothing to end."""
