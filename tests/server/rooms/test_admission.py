"""Who gets into a room, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from server.rooms.admission import may_look, needs_password, refusal
from server.rooms.roles import Role
from server.store.members import ActiveBan, Standing
from tests.server.rooms.people import STORED

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
STRANGER = Standing()
GUEST = Standing(is_guest=True)
INVITED = Standing(is_invited=True)
INVITED_GUEST = Standing(is_invited=True, is_guest=True)
BANNED = Standing(ban=ActiveBan("shouting", NOW))


@pytest.mark.parametrize(
    ("room", "standing", "code"),
    [
        ({}, STRANGER, None),
        ({}, GUEST, None),
        ({"access": "unlisted"}, GUEST, None),
        ({"access": "members"}, STRANGER, "members_only"),
        ({"access": "members"}, GUEST, "members_only"),
        ({"access": "members"}, INVITED, None),
        ({"access": "members", "guests_allowed": False}, INVITED_GUEST, None),
        ({"guests_allowed": False}, GUEST, "guests_not_allowed"),
        ({"guests_allowed": False}, STRANGER, None),
        ({"archived_at": NOW}, INVITED, "room_archived"),
        ({"archived_at": NOW, "access": "members"}, BANNED, "banned"),
    ],
)
def test_the_gravest_reason_is_told(room: dict[str, Any], standing: Standing, code: str | None) -> None:
    refused = refusal(replace(STORED, **room), standing)
    assert (refused.code if refused else None) == code


def test_a_ban_tells_until_when_and_why() -> None:
    refused = refusal(STORED, BANNED)
    assert refused is not None
    assert refused.text == "You were banned from this room until 22 November 2026, 12:30 UTC. The reason: shouting"
    forever = refusal(STORED, Standing(ban=ActiveBan("", None)))
    assert forever is not None
    assert forever.text == "You were banned from this room."


def test_whoever_was_invited_needs_no_password() -> None:
    room = replace(STORED, password_hash="hash")
    assert needs_password(room, STRANGER)
    assert not needs_password(room, INVITED)
    assert not needs_password(STORED, STRANGER)


def test_nobody_looks_into_a_members_room_without_saying_who_they_are() -> None:
    assert may_look(STORED, None)
    assert not may_look(replace(STORED, access="members"), None)
    assert may_look(replace(STORED, access="members"), replace(STRANGER, role=Role.OPERATOR, is_invited=True))
