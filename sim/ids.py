"""Avatar ids: small numbers that rest before they are used again (STANDARD.md section 6.3)."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Final

MAX_ID: Final = 65_535


class IdPool:
    """Ids 1 to `capacity`; one that was given back at tick t is taken again at tick t + `rest_ticks` at the earliest.

    The rest is as long as the oldest baseline, so that a client never mistakes a newcomer for the one who left.
    """

    def __init__(self, capacity: int, rest_ticks: int = 64) -> None:
        if not 1 <= capacity <= MAX_ID:
            raise ValueError(f"capacity must be 1 to {MAX_ID}, not {capacity}")
        if rest_ticks < 0:
            raise ValueError(f"rest_ticks must not be negative, not {rest_ticks}")
        self.capacity = capacity
        self.rest_ticks = rest_ticks
        self._rested = list(range(1, capacity + 1))
        self._resting: deque[tuple[int, int]] = deque()
        self._taken: set[int] = set()

    def __len__(self) -> int:
        """How many ids are taken."""
        return len(self._taken)

    def take(self, tick: int) -> int | None:
        """The lowest rested id; None if every id is taken or resting."""
        while self._resting and tick - self._resting[0][0] >= self.rest_ticks:
            heapq.heappush(self._rested, self._resting.popleft()[1])
        if not self._rested:
            return None
        avatar = heapq.heappop(self._rested)
        self._taken.add(avatar)
        return avatar

    def give_back(self, avatar: int, tick: int) -> None:
        """Let the id rest from `tick` on. ValueError if it is not taken, or if time runs backwards."""
        if avatar not in self._taken:
            raise ValueError(f"id {avatar} is not taken")
        if self._resting and tick < self._resting[-1][0]:
            raise ValueError(f"tick {tick} is before tick {self._resting[-1][0]}, the last one given back")
        self._taken.remove(avatar)
        self._resting.append((tick, avatar))
