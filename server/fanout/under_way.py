"""Connections that were sent somewhere and have not arrived yet, by where; so that a rush is spread evenly, too."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final

UNDER_WAY_S: Final = 2.0
"""What is not heard of for so long did not arrive."""


class UnderWay:
    """`clock`: s, on any clock that does not run backwards."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def add(self, where: str) -> None:
        """One more was sent there."""
        self._sent[where].append(self._clock())

    def arrived(self, where: str) -> None:
        """One did arrive, perhaps without having been sent."""
        sent = self._sent.get(where)
        if sent:
            sent.popleft()

    def count(self, where: str) -> int:
        """How many may still arrive."""
        sent, now = self._sent.get(where), self._clock()
        while sent and now - sent[0] > UNDER_WAY_S:
            sent.popleft()
        if sent is not None and not sent:
            del self._sent[where]
        return len(sent) if sent else 0
