"""Structured logs: readable on a terminal, JSON for collectors, and never a secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from server.settings import Settings

SECRET_WORDS = ("token", "ticket", "password", "secret", "cookie", "authorization", "credential")


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of every key that names a secret."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "(hidden)"
    return event


def configure_logs(settings: Settings) -> None:
    """Set up logging for the whole process, on standard error."""
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if as_text else structlog.processors.JSONRenderer()
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    # The pool tells of each try to come back with a traceback; `Database` says once that PostgreSQL is away.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
