"""What people wrote: in a room that keeps it, or to one another.

A message is of a room or has a receiver. `seq` is the order of the history, `id` what the sender named it, `channel`
the number of STANDARD.md section 9.1. Everything that somebody wrote or was sent directly goes with their account.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE rooms ADD COLUMN chat_days integer CHECK (chat_days BETWEEN 1 AND 3650)",
    """
    CREATE TABLE messages (
        seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id           uuid NOT NULL UNIQUE,
        room_id      uuid REFERENCES rooms (id) ON DELETE CASCADE,
        sender_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        sender_name  text NOT NULL,
        recipient_id uuid REFERENCES users (id) ON DELETE CASCADE,
        channel      smallint NOT NULL CHECK (channel IN (1, 2, 3)),
        text         text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
        at           timestamptz NOT NULL,
        read_at      timestamptz,
        words        tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED,
        CONSTRAINT messages_have_one_place CHECK ((room_id IS NULL) = (recipient_id IS NOT NULL)),
        CONSTRAINT messages_direct_have_a_receiver CHECK ((channel = 2) = (recipient_id IS NOT NULL))
    )
    """,
    "CREATE INDEX messages_by_room ON messages (room_id, seq DESC) WHERE room_id IS NOT NULL",
    "CREATE INDEX messages_by_age ON messages (room_id, at) WHERE room_id IS NOT NULL",
    "CREATE INDEX messages_by_sender ON messages (sender_id, recipient_id)",
    "CREATE INDEX messages_by_receiver ON messages (recipient_id, sender_id) WHERE recipient_id IS NOT NULL",
    """
    CREATE INDEX messages_by_pair
        ON messages (least(sender_id, recipient_id), greatest(sender_id, recipient_id), seq DESC)
        WHERE recipient_id IS NOT NULL
    """,
    """
    CREATE INDEX messages_unread ON messages (recipient_id, sender_id)
        WHERE recipient_id IS NOT NULL AND read_at IS NULL
    """,
    "CREATE INDEX messages_by_word ON messages USING gin (words)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
