"""When somebody was last here: guests who stay away are removed after a while."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE users ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now()",
    """
    UPDATE users u SET last_seen_at = greatest(u.updated_at,
        (SELECT max(s.last_active) FROM user_sessions s WHERE s.user_id = u.id))
    """,
    "CREATE INDEX users_guests_by_last_seen ON users (last_seen_at) WHERE is_guest",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
