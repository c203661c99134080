"""How much one client may signal: messages and bytes, each with a burst (STANDARD.md section 6.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalLimits:
    """`rate`, `burst`: messages a second, and at once after a pause. `bytes_rate`, `bytes_burst`: the same in bytes."""

    rate: float = 40
    burst: float = 240
    bytes_rate: float = 64 * 1024
    bytes_burst: float = 512 * 1024


class Budget:
    """What is left for one client. `now` is in s, of any clock that does not run backwards."""

    __slots__ = ("_bytes", "_limits", "_messages", "_updated")

    def __init__(self, limits: SignalLimits, now: float) -> None:
        self._limits = limits
        self._messages, self._bytes = limits.burst, limits.bytes_burst
        self._updated = now

    def take(self, size: int, now: float) -> bool:
        """Take one message of `size` bytes, if there is enough for it."""
        elapsed, self._updated = max(0.0, now - self._updated), max(now, self._updated)
        limits = self._limits
        self._messages = min(limits.burst, self._messages + elapsed * limits.rate)
        self._bytes = min(limits.bytes_burst, self._bytes + elapsed * limits.bytes_rate)
        if self._messages < 1 or self._bytes < size:
            return False
        self._messages -= 1
        self._bytes -= size
        return True
