"""How rooms are entered, who is what in them, who is kept out, where portals lead, and what was done by whom.

`rooms.access` takes the place of `is_public`, which stays as what it always said. A deleted room is kept until
`purged_at`. Members have no row for the owner: `rooms.owner_id` alone says who that is. Invite tokens are kept hashed.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE users
        ADD COLUMN role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'operator')),
        ADD CONSTRAINT users_guest_is_no_operator CHECK (NOT is_guest OR role = 'user')
    """,
    "CREATE INDEX users_by_age ON users (created_at DESC, id)",
    """
    ALTER TABLE rooms
        ADD COLUMN access         text NOT NULL DEFAULT 'public' CHECK (access IN ('public', 'unlisted', 'members')),
        ADD COLUMN password_hash  text,
        ADD COLUMN guests_allowed boolean NOT NULL DEFAULT true,
        ADD COLUMN chat_kept      boolean NOT NULL DEFAULT true,
        ADD COLUMN proximity_px   integer CHECK (proximity_px BETWEEN 32 AND 1024),
        ADD COLUMN archived_at    timestamptz,
        ADD COLUMN deleted_at     timestamptz,
        ADD COLUMN purged_at      timestamptz,
        ADD CONSTRAINT rooms_deleted_are_purged CHECK ((deleted_at IS NULL) = (purged_at IS NULL))
    """,
    "UPDATE rooms SET access = 'unlisted' WHERE NOT is_public",
    "ALTER TABLE rooms DROP COLUMN is_public",  # and with it the index rooms_public
    "ALTER TABLE rooms ADD COLUMN is_public boolean GENERATED ALWAYS AS (access = 'public') STORED NOT NULL",
    """
    CREATE INDEX rooms_listed ON rooms (created_at DESC, id)
        WHERE access = 'public' AND archived_at IS NULL AND deleted_at IS NULL
    """,
    "CREATE INDEX rooms_to_purge ON rooms (purged_at) WHERE purged_at IS NOT NULL",
    "CREATE INDEX rooms_by_age ON rooms (created_at DESC, id)",
    """
    CREATE TABLE room_members (
        room_id    uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        role       text NOT NULL CHECK (role IN ('guest', 'member', 'moderator', 'admin')),
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id)
    )
    """,
    "CREATE INDEX room_members_by_user ON room_members (user_id)",
    """
    CREATE TABLE room_mutes (
        room_id    uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id)
    )
    """,
    "CREATE INDEX room_mutes_by_user ON room_mutes (user_id)",
    """
    CREATE TABLE bans (
        id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id    uuid REFERENCES rooms (id) ON DELETE CASCADE,
        user_id    uuid REFERENCES users (id) ON DELETE CASCADE,
        address    inet,
        reason     text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 200),
        banned_by  uuid REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        CONSTRAINT bans_name_somebody CHECK (user_id IS NOT NULL OR address IS NOT NULL)
    )
    """,
    "CREATE INDEX bans_by_room ON bans (room_id, created_at DESC)",
    "CREATE INDEX bans_by_user ON bans (user_id) WHERE user_id IS NOT NULL",
    "CREATE INDEX bans_by_author ON bans (banned_by) WHERE banned_by IS NOT NULL",
    """
    CREATE TABLE invites (
        id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        room_id    uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
        role       text NOT NULL CHECK (role IN ('guest', 'member', 'moderator', 'admin')),
        uses       integer NOT NULL DEFAULT 0 CHECK (uses >= 0),
        max_uses   integer CHECK (max_uses >= 1),
        created_by uuid REFERENCES users (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        CONSTRAINT invites_are_not_overused CHECK (uses <= max_uses)
    )
    """,
    "CREATE INDEX invites_by_room ON invites (room_id, created_at DESC)",
    "CREATE INDEX invites_by_author ON invites (created_by) WHERE created_by IS NOT NULL",
    """
    CREATE TABLE portals (
        room_id   uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        number    integer NOT NULL CHECK (number BETWEEN 1 AND 65535),
        target_id uuid NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
        name      text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
        x         integer NOT NULL CHECK (x >= 0),
        y         integer NOT NULL CHECK (y >= 0),
        w         integer NOT NULL CHECK (w > 0),
        h         integer NOT NULL CHECK (h > 0),
        PRIMARY KEY (room_id, number)
    )
    """,
    "CREATE INDEX portals_by_target ON portals (target_id)",
    # The log outlives those that it tells of: it keeps their names.
    """
    CREATE TABLE audit_log (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at          timestamptz NOT NULL DEFAULT now(),
        room_id     uuid REFERENCES rooms (id) ON DELETE SET NULL,
        actor_id    uuid REFERENCES users (id) ON DELETE SET NULL,
        actor_name  text NOT NULL,
        action      text NOT NULL,
        target_id   uuid,
        target_name text NOT NULL DEFAULT '',
        details     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object')
    )
    """,
    "CREATE INDEX audit_log_by_room ON audit_log (room_id, id DESC)",
    "CREATE INDEX audit_log_by_actor ON audit_log (actor_id) WHERE actor_id IS NOT NULL",
    """
    CREATE TABLE presence (
        user_id    uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
        status     text NOT NULL CHECK (status IN ('available', 'busy', 'away', 'dnd')),
        text       text NOT NULL DEFAULT '' CHECK (char_length(text) <= 80),
        findable   boolean NOT NULL DEFAULT true,
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
