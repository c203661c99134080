"""Errors of the store.

StoreError
├── StoreUnavailable    PostgreSQL does not answer at present
├── StaleEpoch          another server owns the room by now
├── Taken               a value that must be unique is in use
└── MigrationError      the database cannot be brought to this version's schema
"""

from __future__ import annotations


class StoreError(Exception):
    """Any failure of the store that a caller may want to handle."""


class StoreUnavailable(StoreError):  # noqa: N818 - a state of the world, as its readers say it
    """The database does not answer; trying again in a few seconds may help."""


class StaleEpoch(StoreError):  # noqa: N818
    """The writer's epoch is not the room's newest: another server owns the room, and nothing was written."""


class Taken(StoreError):  # noqa: N818
    """A value that must be unique is in use; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is taken")
        self.field = field


class MigrationError(StoreError):
    """The database's schema cannot be brought to what this version needs."""
