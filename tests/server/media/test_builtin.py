"""The built-in SFU's hold on several workers, without the processes."""

from __future__ import annotations

from uuid import UUID

import pytest

from protocol.constants import LegState
from server.media import builtin
from server.media.builtin import BuiltInSfu
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.worker import Options
from server.ops.metrics import Metrics


class Worker:
    """A supervisor of no process."""

    def __init__(self, *given: object) -> None:
        self.running = False
        self.on_change = given[3]

    def start(self) -> None:
        self.change(up=True)

    def order(self, order: object) -> None:
        """Nobody is there."""

    def change(self, *, up: bool) -> None:
        self.running = up
        self.on_change(up)  # type: ignore[operator]


class Rooms:
    """Whoever opens legs and writes down which of them failed."""

    def __init__(self) -> None:
        self.failed: list[int] = []

    def changed(self, leg: int, state: LegState) -> None:
        assert state is LegState.FAILED
        self.failed.append(leg)


async def test_two_workers_that_die_together_fail_the_legs_of_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes back first waits for the other; its legs are as dead."""
    monkeypatch.setattr(builtin, "Supervisor", Worker)
    sfu = BuiltInSfu([Options("127.0.0.1", 0, ("127.0.0.1",))] * 2, SfuMetrics(Metrics().registry))
    sfu.wake()
    rooms = Rooms()
    legs = [sfu.open(UUID(int=room), UUID(int=9), rooms) for room in (2, 3)]  # type: ignore[arg-type]
    one, two = sfu._workers
    assert isinstance(one, Worker)
    assert isinstance(two, Worker)
    for worker in (one, two):
        worker.change(up=False)
    one.change(up=True)
    assert rooms.failed == []
    sfu.open(UUID(int=2), UUID(int=8), rooms)  # type: ignore[arg-type]
    two.change(up=True)
    assert sorted(rooms.failed) == legs
    rooms.failed.clear()
    two.change(up=False)
    two.change(up=True)
    assert rooms.failed == legs[1:]
