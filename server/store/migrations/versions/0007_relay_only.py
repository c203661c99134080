"""Rooms where sound and pictures go through a relay only."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE rooms ADD COLUMN relay_only boolean NOT NULL DEFAULT false")
