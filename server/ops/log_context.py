"""Whose work a log line is about: the ids of the request, the log-in and the room, added to every line of one task.

Plain context variables would not do: whatever starts while somebody's request is handled, such as a room's loop, would
inherit that request for life and blame it for everything after.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

_ids: ContextVar[tuple[object, dict[str, str]] | None] = ContextVar("hallway_log_ids", default=None)


def begin(**ids: str) -> None:
    """Start anew with these ids, for the task that runs now."""
    _ids.set((_task(), ids))


def add(**ids: str) -> None:
    """Name more of them, as they become known. What was inherited from another task is not continued."""
    _ids.set((_task(), current() | ids))


def current() -> dict[str, str]:
    """The ids of the task that runs now."""
    bound = _ids.get()
    return bound[1] if bound is not None and bound[0] is _task() else {}


def add_ids(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog's processor: what the line says itself goes before."""
    for name, value in current().items():
        event.setdefault(name, value)
    return event


def _task() -> object:
    """None in callbacks and in threads, which belong to nobody's request."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
