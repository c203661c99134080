"""Errors of the store.

StoreError
├── StoreUnavailableError   PostgreSQL does not answer at present
├── TakenError              a value that must be unique is in use
└── MigrationError          the database cannot be brought to this version's schema
"""

from __future__ import annotations


class StoreError(Exception):
    """Any failure of the store that a caller may want to handle."""


class StoreUnavailableError(StoreError):
    """The database does not answer; trying again in a few seconds may help."""


class TakenError(StoreError):
    """A value that must be unique is in use; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is taken")
        self.field = field


class MigrationError(StoreError):
    """The database's schema cannot be brought to what this version needs."""
