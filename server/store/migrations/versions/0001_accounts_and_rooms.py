"""Accounts, rooms, who stood where, and objects in rooms.

`username_key` and `email_key` are the folded forms that uniqueness is decided on: folding in the server does not depend
on the database's locale. Guests' names need not be unique, so that index leaves them out.
Positions in `user_sessions` are in 1/256 px, as everywhere in the simulation.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE users (
        id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        email         text,
        email_key     text,
        username      text NOT NULL CHECK (char_length(username) BETWEEN 1 AND 32),
        username_key  text NOT NULL,
        password_hash text,
        avatar_config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(avatar_config) = 'object'),
        is_guest      boolean NOT NULL DEFAULT false,
        created_at    timestamptz NOT NULL DEFAULT now(),
        updated_at    timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT users_email_has_key CHECK ((email IS NULL) = (email_key IS NULL)),
        CONSTRAINT users_account_has_email CHECK (is_guest OR email IS NOT NULL),
        CONSTRAINT users_guest_has_no_password CHECK (NOT is_guest OR password_hash IS NULL)
    )
    """,
    "CREATE UNIQUE INDEX users_email_unique ON users (email_key)",
    "CREATE UNIQUE INDEX users_username_unique ON users (username_key) WHERE NOT is_guest",
    """
    CREATE TABLE rooms (
        id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
        description  text NOT NULL DEFAULT '' CHECK (char_length(description) <= 500),
        owner_id     uuid NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
        max_capacity integer NOT NULL DEFAULT 50 CHECK (max_capacity BETWEEN 2 AND 5000),
        room_config  jsonb NOT NULL CHECK (room_config ? 'template'),
        is_public    boolean NOT NULL DEFAULT true,
        created_at   timestamptz NOT NULL DEFAULT now(),
        updated_at   timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX rooms_by_owner ON rooms (owner_id, created_at DESC)",
    "CREATE INDEX rooms_public ON rooms (created_at DESC) WHERE is_public",
    """
    CREATE TABLE user_sessions (
        id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        room_id     uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        position_x  integer NOT NULL CHECK (position_x >= 0),
        position_y  integer NOT NULL CHECK (position_y >= 0),
        is_active   boolean NOT NULL DEFAULT true,
        joined_at   timestamptz NOT NULL DEFAULT now(),
        last_active timestamptz NOT NULL DEFAULT now(),
        UNIQUE (user_id, room_id)
    )
    """,
    "CREATE INDEX user_sessions_by_room ON user_sessions (room_id)",
    """
    CREATE TABLE room_objects (
        id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id     uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        object_type text NOT NULL,
        position_x  integer NOT NULL,
        position_y  integer NOT NULL,
        width       integer NOT NULL CHECK (width > 0),
        height      integer NOT NULL CHECK (height > 0),
        config      jsonb NOT NULL DEFAULT '{}',
        created_at  timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX room_objects_by_room ON room_objects (room_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
