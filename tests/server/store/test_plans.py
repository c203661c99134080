"""The plans of hot queries on tables with many rows: an index for each, no table read from end to end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from server.store.audit import AuditLog
from server.store.bans import Bans
from server.store.database import Database
from server.store.epochs import Epochs
from server.store.invites import Invites
from server.store.members import Members
from server.store.messages import Messages
from server.store.objects import Objects
from server.store.portals import Portals
from server.store.positions import Position, Positions
from server.store.presence import Presences
from server.store.rooms import Rooms
from server.store.users import Users

ROOM, USER = UUID(int=1), UUID(int=2)

FILL = """
INSERT INTO users (username, username_key, is_guest) SELECT 'g' || n, 'g' || n, true FROM generate_series(1, 3000) n;
INSERT INTO rooms (name, owner_id, room_config, access, created_at)
    SELECT 'r', u.id, '{"template": "office"}', (ARRAY['public', 'unlisted', 'members'])[1 + n % 3],
        now() - n * interval '1 second'
    FROM (SELECT id, row_number() OVER () AS n FROM users) u;
INSERT INTO room_members (room_id, user_id, role)
    SELECT r.id, u.id, 'member' FROM (SELECT id, row_number() OVER () n FROM rooms) r
    JOIN (SELECT id, row_number() OVER () n FROM users) u ON u.n = 1 + r.n * 7 % 2999;
INSERT INTO room_mutes (room_id, user_id) SELECT room_id, user_id FROM room_members;
INSERT INTO bans (room_id, user_id) SELECT room_id, user_id FROM room_members;
INSERT INTO invites (room_id, token_hash, role) SELECT id, sha256(id::text::bytea), 'member' FROM rooms;
INSERT INTO portals (room_id, number, target_id, name, x, y, w, h) SELECT id, 1, id, 'p', 0, 0, 8, 8 FROM rooms;
INSERT INTO audit_log (room_id, actor_name, action) SELECT room_id, 'x', 'room.changed' FROM room_members;
INSERT INTO presence (user_id, status) SELECT id, 'busy' FROM users;
INSERT INTO user_sessions (room_id, user_id, position_x, position_y) SELECT room_id, user_id, 1, 1 FROM room_members;
INSERT INTO messages (id, room_id, sender_id, sender_name, channel, text, at)
    SELECT gen_random_uuid(), r.room_id, r.user_id, 'g', 1, 'word' || n % 500 || ' and more', now()
    FROM room_members r, generate_series(1, 6) n;
INSERT INTO messages (id, recipient_id, sender_id, sender_name, channel, text, at)
    SELECT gen_random_uuid(), a.user_id, b.user_id, 'g', 2, 'word' || a.n % 500, now()
    FROM (SELECT user_id, row_number() OVER () n FROM room_members) a
    JOIN (SELECT user_id, row_number() OVER () n FROM room_members) b ON b.n = 1 + a.n * 11 % 2999
    WHERE a.user_id <> b.user_id;
INSERT INTO room_objects (room_id, object_type, position_x, position_y, width, height)
    SELECT id, 'note', 0, 0, 8, 8 FROM rooms;
ANALYZE;
"""


@pytest.fixture
async def full(database: Database) -> Database:
    async with database.transaction() as connection:
        await connection.execute(FILL)
    return database


class Explained:
    """A database that explains what it is asked instead of answering."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.plans: list[str] = []

    async def _explain(self, query: str, *args: object) -> None:
        async with self._database.transaction() as connection:
            await connection.execute("SET LOCAL random_page_cost = 1.1")  # a disk without a head, as everywhere today
            records = await connection.fetch(f"EXPLAIN {query}", *args)
        self.plans.append("\n".join(record[0] for record in records))

    async def fetch(self, query: str, *args: object) -> list[Any]:
        await self._explain(query, *args)
        return []

    async def fetchrow(self, query: str, *args: object) -> None:
        await self._explain(query, *args)
        return None

    async def fetchval(self, query: str, *args: object) -> Any:
        await self._explain(query, *args)

    async def execute(self, query: str, *args: object) -> int:
        await self._explain(query, *args)
        return 0


HOT: dict[str, Any] = {
    "the room of a request": lambda db: Rooms(db).get(ROOM),
    "the list of rooms": lambda db: Rooms(db).listed_for(USER, 50),
    "deleted rooms": lambda db: Rooms(db).deleted_of(USER),
    "what somebody is in a room": lambda db: Members(db).standing(ROOM, USER, "192.0.2.1"),
    "the members of a room": lambda db: Members(db).list(ROOM),
    "the rooms of a person": lambda db: Members(db).rooms_of(USER),
    "the bans of a room": lambda db: Bans(db).list(ROOM),
    "the bans of the server": lambda db: Bans(db).list(None),
    "a ban of the server": lambda db: Bans(db).of_server_for(USER, "192.0.2.1"),
    "who is banned of those around": lambda db: Bans(db).kept_out([(USER, "192.0.2.1")]),
    "an invitation": lambda db: Invites(db).look("x" * 32),
    "the invitations of a room": lambda db: Invites(db).list(ROOM),
    "the portals of a room": lambda db: Portals(db).list(ROOM),
    "the audit log of a room": lambda db: AuditLog(db).of_room(ROOM),
    "the audit log of the server": lambda db: AuditLog(db).of_server(),
    "somebody's presence": lambda db: Presences(db).get(USER),
    "somebody's place": lambda db: Positions(db).load(ROOM, USER),
    "nobody is here": lambda db: Positions(db).mark_all_gone(ROOM),
    "the places of an owner": lambda db: Positions(db).save_many(ROOM, [Position(USER, 1, 1)], 1),
    "the epoch of a room": lambda db: Epochs(db).current(ROOM),
    "a new epoch": lambda db: Epochs(db).advance(ROOM, 1),
    "rooms that others own": lambda db: Epochs(db).overtaken({ROOM: 1, USER: 2}),
    "how an object stands": lambda db: Objects(db).save_state(ROOM, USER, {}, 1),
    "what was written in a room": lambda db: Messages(db).of_room(ROOM, 1000),
    "a search in a room": lambda db: Messages(db).of_room(ROOM, None, "needle"),
    "what two people wrote": lambda db: Messages(db).between(ROOM, USER, 1000),
    "a search in what two people wrote": lambda db: Messages(db).between(ROOM, USER, None, "needle"),
    "with whom somebody wrote": lambda db: Messages(db).conversations(USER),
    "messages that were read": lambda db: Messages(db).mark_read(USER, ROOM),
    "whether somebody wrote": lambda db: Messages(db).has_written(USER, ROOM),
    "the author of a message": lambda db: Messages(db).author_in(ROOM, USER),
    "a direct message to delete": lambda db: Messages(db).delete_direct(USER, ROOM, ROOM),
    "a user": lambda db: Users(db).get(USER),
    "an account by name": lambda db: Users(db).find_account("anna"),
    "the doors of a room": lambda db: Rooms(db).save_open_doors(ROOM, [1]),
    "rooms to purge": lambda db: Rooms(db).purge(),
    "guests to purge": lambda db: Users(db).purge_guests(30 * 86400, [USER]),
    "somebody is here": lambda db: Users(db).touch(USER),
    "accounts of those who are connected": lambda db: Users(db).usable([USER, ROOM]),
}


async def test_hot_queries_read_no_table_from_end_to_end(full: Database) -> None:
    found = {}
    for what, ask in HOT.items():
        explained = Explained(full)
        await ask(explained)
        assert explained.plans, what
        if any("Seq Scan" in plan for plan in explained.plans):
            found[what] = "\n".join(explained.plans)
    assert not found, "\n\n".join(f"{what}:\n{plan}" for what, plan in found.items())
