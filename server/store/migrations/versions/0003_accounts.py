"""Disabled accounts, log-in with other providers, links that set a new password."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE users ADD COLUMN disabled_at timestamptz",
    """
    CREATE TABLE user_identities (
        issuer     text NOT NULL,
        subject    text NOT NULL,
        user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        email      text,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (issuer, subject),
        CONSTRAINT user_identities_one_each UNIQUE (user_id, issuer)
    )
    """,
    """
    CREATE TABLE password_resets (
        token_hash bytea PRIMARY KEY,
        user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        expires_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX password_resets_by_user ON password_resets (user_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
