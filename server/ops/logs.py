"""Structured logs: readable on a terminal, JSON for collectors, and never a secret.

Everything goes one way, also what libraries say through `logging`: ids of request, log-in and room are added, keys
that name a secret are emptied, and the secrets of the settings are struck out wherever they appear.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import quote, unquote

import structlog

from server.ops.log_context import add_ids
from server.settings import SECRET_FIELDS, URL_FIELDS, Settings

SECRET_WORDS = ("token", "ticket", "password", "secret", "cookie", "authorization", "credential")
HIDDEN = "(hidden)"
SHORTEST = 6
"""Characters: a shorter password is found inside ordinary words, and striking those out would tell it."""

Event = MutableMapping[str, Any]


def hide_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Replace the value of every key that names a secret."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = HIDDEN
    return event


class StrikeOut:
    """Replaces the secrets themselves in all texts of an event, tracebacks included."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, _logger: object, _method: str, event: Event) -> Event:
        """A processor of structlog's."""
        if self._pattern is not None:
            for key, value in event.items():
                if not isinstance(value, (int, float, bool, type(None))):
                    text = value if isinstance(value, str) else repr(value)
                    if self._pattern.search(text):
                        event[key] = self._pattern.sub(HIDDEN, text)
        return event


def secrets_of(settings: Settings) -> list[str]:
    """Every secret in the settings: keys, and the passwords in addresses."""
    found = [value for field in sorted(SECRET_FIELDS) if (value := getattr(settings, field))]
    for field in sorted(URL_FIELDS):
        user_part = re.search(r"//[^/:@]*:(.*)@", getattr(settings, field) or "")
        if user_part:
            found += [user_part[1], unquote(user_part[1])]
    return found


def configure_logs(settings: Settings) -> None:
    """Set up logging for the whole process, on standard error."""
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    plain = structlog.dev.plain_traceback  # tracebacks are texts by then, so that secrets can be struck out of them
    console = structlog.dev.ConsoleRenderer(exception_formatter=plain)
    renderer: Any = console if as_text else structlog.processors.JSONRenderer()
    level = getattr(logging, settings.log_level.upper())
    processors: list[Any] = [
        add_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
        structlog.processors.format_exc_info,
        StrikeOut(secrets_of(settings)),
    ]
    structlog.configure(
        processors=[*processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # One write a line, also where Python does not buffer: several workers share the file.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *processors, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # The pool tells of each try to come back with a traceback; `Database` says once that PostgreSQL is away.
    logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)
