"""A database of any earlier version, full of data, comes to the newest schema with everything still in it."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from server.rooms.roles import Role
from server.store.database import open_database
from server.store.members import Members
from server.store.migrations.upgrade import REVISIONS, migrate, upgrade_to
from server.store.rooms import Rooms
from server.store.users import Users

# What each revision added, with data as that version wrote it. Later revisions only append here.
DATA: dict[str, list[str]] = {
    "0001": [
        "INSERT INTO users (id, email, email_key, username, username_key, password_hash) VALUES "
        "('00000000-0000-0000-0000-00000000000a', 'Anna@example.org', 'anna@example.org', 'Anna', 'anna', 'hash')",
        "INSERT INTO users (id, username, username_key, is_guest) VALUES "
        "('00000000-0000-0000-0000-00000000000b', 'Ben', 'ben', true)",
        "INSERT INTO rooms (id, name, owner_id, room_config, is_public) VALUES "
        "('00000000-0000-0000-0000-000000000001', 'Open', '00000000-0000-0000-0000-00000000000a', "
        '\'{"template": "office", "open_doors": [2]}\', true), '
        "('00000000-0000-0000-0000-000000000002', 'Hidden', '00000000-0000-0000-0000-00000000000a', "
        '\'{"template": "meeting"}\', false)',
        "INSERT INTO user_sessions (user_id, room_id, position_x, position_y) VALUES "
        "('00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-000000000001', 7, 8)",
        "INSERT INTO room_objects (room_id, object_type, position_x, position_y, width, height) VALUES "
        "('00000000-0000-0000-0000-000000000001', 'whiteboard', 1, 2, 3, 4)",
    ],
    "0002": [
        "UPDATE users SET role = 'operator' WHERE username = 'Anna'",
        "UPDATE rooms SET access = 'members', password_hash = 'hash', proximity_px = 96 WHERE name = 'Hidden'",
        "INSERT INTO room_members (room_id, user_id, role) VALUES "
        "('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-00000000000b', 'member')",
        "INSERT INTO bans (room_id, address) VALUES ('00000000-0000-0000-0000-000000000001', '192.0.2.0/24')",
        "INSERT INTO audit_log (actor_name, action) VALUES ('Anna', 'room.changed')",
    ],
}


async def live_through(url: str, revision: str) -> None:
    """Bring a database up to a revision as a server that was upgraded again and again would have done."""
    for known in REVISIONS:
        if known <= revision:
            await upgrade_to(url, known)
            connection = await asyncpg.connect(url)
            for statement in DATA.get(known, []):
                await connection.execute(statement)
            await connection.close()


@pytest.mark.parametrize("revision", REVISIONS)
async def test_data_of_every_earlier_revision_comes_through(empty_database: str, revision: str) -> None:
    await live_through(empty_database, revision)
    assert await migrate(empty_database) is (revision != REVISIONS[-1])
    database = await open_database(empty_database)
    try:
        await check(database, revision)
    finally:
        await database.close()


async def check(database: Any, revision: str) -> None:
    anna = await Users(database).find_account("anna@example.org")
    assert anna is not None
    listed = {room.name: (room, role) for room, role in await Rooms(database).listed_for(anna.id)}
    room, role = listed["Open"]
    assert (room.access, room.is_public, room.open_doors, role) == ("public", True, [2], Role.OWNER)
    hidden = listed["Hidden"][0]
    later = revision >= "0002"
    assert (hidden.access, hidden.is_public) == ("members" if later else "unlisted", False)
    assert (hidden.proximity_px, hidden.guests_allowed) == (96 if later else None, True)
    assert anna.is_operator is later
    assert await database.fetchval("SELECT position_y FROM user_sessions") == 8
    assert await database.fetchval("SELECT object_type FROM room_objects") == "whiteboard"
    members = [(member.username, member.role) for member in await Members(database).list(hidden.id)]
    assert members == [("Anna", Role.OWNER), *([("Ben", Role.MEMBER)] if later else [])]
