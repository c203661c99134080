"""Places on their way to the database: batched off the tick, kept while the database is away."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

import structlog

from server.ops.metrics import Metrics
from server.store.errors import StoreUnavailable
from server.store.positions import Position

log = structlog.get_logger()


class PositionStore(Protocol):
    """Where places are written; `server.store.positions.Positions` in a running server."""

    async def save_many(self, room_id: UUID, positions: list[Position]) -> int:
        """Write all of them in one statement. Raises `StoreUnavailable`."""
        ...


class Saver:
    """The places of one room that are not yet written: the newest of each person, at most one each.

    Bound: one entry a person who was in the room since the last successful write.
    """

    def __init__(self, room_id: UUID, store: PositionStore, metrics: Metrics) -> None:
        self.room_id = room_id
        self._store = store
        self._metrics = metrics
        self._waiting: dict[UUID, Position] = {}
        self._writing: dict[UUID, Position] = {}

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be written."""
        return not self._waiting and not self._writing

    def note(self, position: Position) -> None:
        """This is where the person is now; an older place that waits is replaced."""
        self._waiting[position.user_id] = position

    def place_of(self, user_id: UUID) -> tuple[int, int] | None:
        """A place that is not yet surely in the database and newer than what is there, x and y in 1/256 px."""
        waiting = self._waiting.get(user_id) or self._writing.get(user_id)
        return (waiting.x, waiting.y) if waiting else None

    async def write(self) -> bool:
        """Write what waits. False if the database is away: it is kept and tried again with the next write."""
        if not self._waiting:
            return True
        batch = self._writing = self._waiting
        self._waiting = {}
        try:
            await self._store.save_many(self.room_id, list(batch.values()))
        except StoreUnavailable as error:
            self._waiting = batch | self._waiting
            self._metrics.save_failures.inc()
            log.debug("places not saved, will try again", room=str(self.room_id), people=len(batch), why=str(error))
            return False
        except BaseException:  # the room is being closed, and writes once more when this has ended
            self._waiting = batch | self._waiting
            raise
        finally:
            self._writing = {}
        self._metrics.saves.inc(len(batch))
        return True
