"""A rate limit with a burst, and the point at which a sender is cut off (section 6.3)."""


class TokenBucket:
    """`take` says whether one more message is allowed. Time is an argument, in seconds."""

    __slots__ = ("_burst", "_rate", "_tokens", "_updated")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        """`rate`: tokens a second; `burst`: what a full bucket holds, and it starts full."""
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._updated = now

    def take(self, now: float) -> bool:
        """Take a token if there is one. A clock that runs backwards gives none."""
        elapsed = now - self._updated
        if elapsed > 0:
            self._updated = now
            self._tokens = min(self._burst, self._tokens + elapsed * self._rate)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class FloodGate:
    """Counts in windows of fixed length; `count` says whether a window has had more than `limit`."""

    __slots__ = ("_counted", "_ends", "_limit", "_window")

    def __init__(self, limit: int, window: float, now: float) -> None:
        """`limit`: events in `window` seconds."""
        self._limit = limit
        self._window = window
        self._ends = now + window
        self._counted = 0

    def count(self, now: float) -> bool:
        """Count one event. True: the limit is exceeded."""
        if now >= self._ends:
            self._ends = now + self._window
            self._counted = 0
        self._counted += 1
        return self._counted > self._limit
