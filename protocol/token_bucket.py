"""A rate limit with a burst, and the point at which a sender is cut off (section 6.3)."""

from __future__ import annotations

from typing import Protocol


class BucketState(Protocol):
    """Where the numbers of a token bucket are kept."""

    rate: float
    burst: float
    tokens: float
    updated: float


class GateState(Protocol):
    """Where the numbers of a flood gate are kept."""

    limit: int
    window: float
    ends: float
    counted: int


class Bucket(BucketState, Protocol):
    """A `TokenBucket`, wherever its numbers are."""

    def take(self, now: float) -> bool:
        """As `TokenBucket.take`."""


class Gate(GateState, Protocol):
    """A `FloodGate`, wherever its numbers are."""

    def count(self, now: float) -> bool:
        """As `FloodGate.count`."""


class TokenBucket:
    """`take` says whether one more message is allowed. Time is an argument, in seconds."""

    __slots__ = ("burst", "rate", "tokens", "updated")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        """`rate`: tokens a second; `burst`: what a full bucket holds, and it starts full."""
        self.rate = rate
        self.burst = burst
        self.tokens = float(burst)
        self.updated = now

    def take(self: BucketState, now: float) -> bool:
        """Take a token if there is one. A clock that runs backwards gives none."""
        elapsed = now - self.updated
        if elapsed > 0:
            self.updated = now
            self.tokens = min(self.burst, self.tokens + elapsed * self.rate)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class FloodGate:
    """Counts in windows of fixed length; `count` says whether a window has had more than `limit`."""

    __slots__ = ("counted", "ends", "limit", "window")

    def __init__(self, limit: int, window: float, now: float) -> None:
        """`limit`: events in `window` seconds."""
        self.limit = limit
        self.window = window
        self.ends = now + window
        self.counted = 0

    def count(self: GateState, now: float) -> bool:
        """Count one event. True: the limit is exceeded."""
        if now >= self.ends:
            self.ends = now + self.window
            self.counted = 0
        self.counted += 1
        return self.counted > self.limit
