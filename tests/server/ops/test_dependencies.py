"""What Prometheus is told of the databases: whether each answers, one that hangs included."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry
from redis.exceptions import ConnectionError as RedisAway

from server.ops import dependencies
from server.ops.dependencies import Dependencies
from server.store.errors import StoreUnavailable


async def answers() -> None:
    """A store that is there."""


async def away() -> None:
    raise StoreUnavailable("PostgreSQL does not answer")


async def redis_away() -> None:
    raise RedisAway("connection refused")


async def hangs() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("failing", [away, redis_away, hangs])
async def test_a_part_that_does_not_answer_is_down_until_it_does(
    monkeypatch: pytest.MonkeyPatch, failing: object
) -> None:
    monkeypatch.setattr(dependencies, "TIMEOUT_S", 0.01)
    registry, asked = CollectorRegistry(), {"database": answers, "redis": answers}
    watch = Dependencies(registry, asked)

    def up(part: str) -> float | None:
        return registry.get_sample_value("hallway_part_up", {"part": part})

    assert (up("database"), up("redis")) == (1, 1), "the start is over, so both answered"
    for question, expected in ((failing, 0), (answers, 1)):
        asked["database"] = question  # type: ignore[assignment]
        await watch.look()
        assert (up("database"), up("redis")) == (expected, 1)
