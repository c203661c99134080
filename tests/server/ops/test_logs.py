"""Log lines say whose work they are about, are of one form, and never hold a secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from aiohttp.test_utils import make_mocked_request

from server.config import load_settings
from server.ops import log_context
from server.ops.logs import StrikeOut, configure_logs, secrets_of
from server.ops.request_log import request_id_of

ENV = {
    "HALLWAY_LOG_FORMAT": "json",
    "HALLWAY_TURN_SECRET": "turn-secret-of-sixteen",
    "DATABASE_URL": "postgresql://hallway:p%40ss:word@db.example.org/hallway",
    "REDIS_URL": "redis://:redis-word@cache.example.org/0",
}


class Shared(io.StringIO):
    """What several workers write to at once: whoever writes less than a line is mixed up with another."""

    def write(self, text: str) -> int:
        assert text.endswith("\n")
        return super().write(text)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What was logged since, one dictionary a line."""
    output = Shared()
    monkeypatch.setattr("sys.stderr", output)
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    pool = logging.getLogger("asyncpg.pool").level
    configure_logs(load_settings(ENV))
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers = handlers
    logging.getLogger("asyncpg.pool").setLevel(pool)


def test_what_libraries_say_is_of_the_same_form(lines: Any) -> None:
    logging.getLogger("aiohttp.server").error("no luck with %s", "this")
    structlog.get_logger().info("ours", room="r")
    theirs, ours = lines()
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("no luck with this", "aiohttp.server", "error")
    assert set(ours) == {"event", "room", "level", "timestamp"}


def test_secrets_of_the_settings_are_struck_out_wherever_they_appear(lines: Any) -> None:
    log = structlog.get_logger()
    try:
        raise ConnectionError(f"cannot reach {ENV['DATABASE_URL']} as p@ss:word")
    except ConnectionError:
        log.exception("away", why=ENV["REDIS_URL"], listing=["turn-secret-of-sixteen"], access_token="eyJ")
    logging.getLogger("asyncpg").error("no way to %s", ENV["DATABASE_URL"])
    text = json.dumps(lines())
    for secret in ("p%40ss:word", "p@ss:word", "redis-word", "turn-secret-of-sixteen", "eyJ"):
        assert secret not in text
    assert "db.example.org" in text, "what is no secret helps to find the mistake"


def test_a_short_password_is_not_struck_out_of_ordinary_words() -> None:
    settings = load_settings({"DATABASE_URL": "postgresql://u:room@h/n"})
    assert secrets_of(settings) == ["room", "room"]
    assert StrikeOut(secrets_of(settings))(None, "info", {"event": "a room"}) == {"event": "a room"}


async def test_lines_carry_the_ids_of_their_own_request_and_not_of_the_one_that_started_them(lines: Any) -> None:
    log = structlog.get_logger()

    async def room_loop() -> None:
        log.info("tick")

    async def request() -> asyncio.Task[None]:
        log_context.begin(request="r-1")
        log_context.add(session="s-1")
        log.info("asked", session="given by the line itself")
        task = asyncio.create_task(room_loop())
        await task
        log.info("answered")
        log_context.begin()
        log.info("next")
        return task

    await asyncio.create_task(request())
    found = [{key: line[key] for key in ("event", "request", "session") if key in line} for line in lines()]
    assert found == [
        {"event": "asked", "request": "r-1", "session": "given by the line itself"},
        {"event": "tick"},
        {"event": "answered", "request": "r-1", "session": "s-1"},
        {"event": "next"},
    ]


@pytest.mark.parametrize(
    ("given", "trusted", "kept"),
    [
        ("abcdef0123456789", "127.0.0.1", True),
        ("abcdef0123456789", "", False),
        ("short", "127.0.0.1", False),
        ('x" level="error', "127.0.0.1", False),
        ("x" * 65, "127.0.0.1", False),
    ],
)
def test_only_a_trusted_proxy_names_a_request_and_only_in_our_form(given: str, trusted: str, kept: bool) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Request-ID": given}).clone(remote="127.0.0.1")
    found = request_id_of(request, load_settings({}, flags={"trusted_proxies": trusted}))
    assert (found == given) is kept
    assert found.isascii()
    assert 8 <= len(found) <= 64
