"""The Redis (or Valkey) connection."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

CONNECT_TIMEOUT_S = 1.0
COMMAND_TIMEOUT_S = 2.0


def open_cache(redis_url: str) -> Redis:
    """A client for `redis_url` (`redis://`, `rediss://`, `unix://`); it connects on first use, answers are bytes.

    Times are short and there is one retry: whoever waits gets a 503 within seconds instead of a hanging page.
    """
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=COMMAND_TIMEOUT_S,
        retry=Retry(ConstantBackoff(0.05), 1),
        health_check_interval=30,
        client_name="hallway",
    )
