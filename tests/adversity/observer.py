"""Somebody who stands in a room and remembers where everybody was during the last seconds."""

from __future__ import annotations

from collections import deque
from uuid import UUID

from benchmarks.bots.api import Api
from tests.adversity.visitor import Plan, Visitor

REMEMBERED_S = 12.0
NEAR_PX = 16
"""Between two snapshots nobody walks further; the server may have saved a place in between."""


class Observer(Visitor):
    """As a browser does, it computes everybody's place: the truth that a database is held to."""

    def __init__(self, api: Api, room: UUID, token: str, plan: Plan) -> None:
        super().__init__(api, room, token, plan)
        self._seen: deque[tuple[float, dict[str, tuple[int, int]]]] = deque()
        self.names: dict[int, str] = {}

    def _received(self, payload: bytes, now: float) -> None:
        before = self.snapshots
        super()._received(payload, now)
        if self.snapshots != before:
            self._note(now)

    def _note(self, now: float) -> None:
        view = self.view.now
        self.names.update(self.roster)
        places = {self.names[i]: (int(view.x[i]), int(view.y[i])) for i in map(int, view.ids()) if i in self.names}
        self._seen.append((now, places))
        while self._seen[0][0] < now - REMEMBERED_S:
            self._seen.popleft()

    def age(self, name: str, place: tuple[int, int], at: float) -> float:
        """How long before `at` (monotonic, s) the person was last at a place (1/256 px); infinite: not since long."""
        for when, places in reversed(self._seen):
            if when <= at and name in places:
                there = places[name]
                if max(abs(there[0] - place[0]), abs(there[1] - place[1])) <= NEAR_PX * 256:
                    return at - when
        return float("inf")

    def sees(self, name: str) -> bool:
        """Whether the person was in view at last."""
        return bool(self._seen) and name in self._seen[-1][1]

    def remembers(self, for_s: float) -> bool:
        """Whether it has been there for so long."""
        return bool(self._seen) and self._seen[-1][0] - self._seen[0][0] > for_s
