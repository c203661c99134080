"""Schema revisions (Alembic), and the call that brings a database to the newest one."""

from server.store.migrations.upgrade import migrate

__all__ = ["migrate"]
