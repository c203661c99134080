"""How much may be handed on: what the worker bears, and what one client's network does. Pure; `now` is in s."""

from __future__ import annotations

from typing import Final

from protocol.constants import MAX_PICTURES, MAX_SOUNDS, Level

PICTURES: Final = {Level.FULL: MAX_PICTURES, Level.FEWER_PICTURES: 2, Level.SOUND_ONLY: 0, Level.NOTHING: 0}
"""Pictures a client may get at each level."""
SOUNDS: Final = {Level.FULL: MAX_SOUNDS, Level.FEWER_PICTURES: 12, Level.SOUND_ONLY: 8, Level.NOTHING: 0}
"""Sounds a client may get at each level: eight voices at once are more than anybody can follow."""
_WORST: Final = Level.SOUND_ONLY
"""Sound goes on in any case: it is a twentieth of the bytes, and what the conversation lives from."""


class Admission:
    """The worker's load against its limit, and the level that follows.

    Up as soon as the load is too high, one step a second so that each step shows before the next; down only if the load
    was well below the limit for a while, and later each time that it had to go up again at once.
    """

    HIGH: Final = 0.9
    LOW: Final = 0.55
    STEP_S: Final = 1.0
    CALM_S: Final = 10.0
    MOST_CALM_S: Final = 160.0

    def __init__(self, now: float) -> None:
        self.level = Level.FULL
        self._changed = now
        self._calm_since: float | None = None
        self._calm_s = self.CALM_S
        self._eased: float | None = None

    def observe(self, load: float, now: float) -> Level:
        """`load`: 1 is the limit, of packets or of time, whichever is nearer to its own."""
        if load > self.HIGH:
            self._calm_since = None
            if self.level < _WORST and now - self._changed >= self.STEP_S:
                if self._eased is not None and now - self._eased < self.CALM_S:
                    self._calm_s = min(self._calm_s * 2, self.MOST_CALM_S)
                self.level = Level(self.level + 1)
                self._changed = now
        elif load >= self.LOW:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        elif self.level > Level.FULL and now - self._calm_since >= self._calm_s:
            self.level = Level(self.level - 1)
            self._changed = self._calm_since = self._eased = now
        elif self.level is Level.FULL and now - self._changed > self.MOST_CALM_S:
            self._calm_s = self.CALM_S
        return self.level


class Downlink:
    """What one client's receiver reports say of its network."""

    BAD: Final = 0.10
    GOOD: Final = 0.03
    PATIENCE_S: Final = 3.0
    CALM_S: Final = 10.0

    def __init__(self) -> None:
        self.level = Level.FULL
        self._bad_since: float | None = None
        self._good_since: float | None = None

    def observe(self, lost: float, now: float) -> Level:
        """`lost`: share of the packets since the last report, 0 to 1."""
        if lost <= self.BAD:
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = now
        if lost >= self.GOOD:
            self._good_since = None
        elif self._good_since is None:
            self._good_since = now
        if self._bad_since is not None and now - self._bad_since >= self.PATIENCE_S and self.level < _WORST:
            self.level = Level(self.level + 1)
            self._bad_since = now
        elif self._good_since is not None and now - self._good_since >= self.CALM_S and self.level > Level.FULL:
            self.level = Level(self.level - 1)
            self._good_since = now
        return self.level
