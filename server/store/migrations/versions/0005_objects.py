"""What stands in rooms: who put it there and how it stands now; documents that many people write; uploaded files.

A document is a snapshot and the updates after it, in the order of their numbers; a compaction puts both into a new
snapshot. A server of the version before makes and copies objects without the new columns, which have defaults.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE room_objects
        ADD COLUMN state      jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN created_by uuid REFERENCES users (id) ON DELETE SET NULL,
        ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()
    """,
    "CREATE INDEX room_objects_by_author ON room_objects (created_by) WHERE created_by IS NOT NULL",
    """
    CREATE TABLE documents (
        object_id  uuid PRIMARY KEY REFERENCES room_objects (id) ON DELETE CASCADE,
        snapshot   bytea,
        compacted  bigint NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE document_updates (
        object_id uuid NOT NULL REFERENCES documents (object_id) ON DELETE CASCADE,
        number    bigint GENERATED ALWAYS AS IDENTITY,
        data      bytea NOT NULL,
        PRIMARY KEY (object_id, number)
    )
    """,
    """
    CREATE TABLE files (
        id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id    uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        created_by uuid REFERENCES users (id) ON DELETE SET NULL,
        name       text NOT NULL CHECK (char_length(name) <= 120),
        media_type text NOT NULL,
        size       integer NOT NULL CHECK (size > 0),
        data       bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "ALTER TABLE files ALTER COLUMN data SET STORAGE EXTERNAL",  # pictures and PDFs are compressed already
    "CREATE INDEX files_by_room ON files (room_id)",
    "CREATE INDEX files_by_age ON files (created_at)",
    "CREATE INDEX files_by_author ON files (created_by) WHERE created_by IS NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
