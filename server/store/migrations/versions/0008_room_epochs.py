"""Which of a room's owners, one after the other, may write its state: the newest."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE rooms ADD COLUMN epoch bigint NOT NULL DEFAULT 0")
