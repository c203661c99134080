"""The newest messages that went through one process: so that one said twice is sent out once, and can be taken back."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID


@dataclass(slots=True)
class Known:
    """A message that was taken. `settled`: its sender was told so; `at`: ms since 1970."""

    author: UUID
    name: str
    at: int
    heard: int
    kept: bool
    settled: bool = False


class RecentMessages:
    """Bound: `most` messages, the oldest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[UUID, Known] = OrderedDict()

    def get(self, message_id: UUID) -> Known | None:
        return self._known.get(message_id)

    def add(self, message_id: UUID, known: Known) -> None:
        self._known[message_id] = known
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, message_id: UUID) -> None:
        self._known.pop(message_id, None)
