"""Rooms in which screens are shared in their areas and at their presentation screens only."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE rooms ADD COLUMN share_near boolean NOT NULL DEFAULT true")
