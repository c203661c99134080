"""Every endpoint for rooms and presence, and what each kind of person gets: the one list of who may do what."""

from __future__ import annotations

from typing import Any

KINDS = ("nobody", "guest", "account", "invited", "member", "moderator", "admin", "owner", "operator")
Row = tuple[int, ...]


def by_role(least: str, status: int, *, nobody: int = 401, guest: int = 403, others: int = 403) -> Row:
    """`status` from the role `least` on, `others` below."""
    start = KINDS.index(least)
    return (nobody, guest, *(status if KINDS.index(kind) >= start else others for kind in KINDS[2:]))


def signed_in(status: int) -> Row:
    return (401, *[status] * 8)


ANYONE = (200,) * 9
ACCOUNTS_ONLY = (401, 403, *[200] * 7)

# (method, path): body, and a status for each of KINDS. {room} is the owner's and unlisted; {target} is a plain member,
# inside the room; {other} is another public room; {ban}, {invite} and {number} are the room's own.
TABLE: dict[tuple[str, str], tuple[Any, Row]] = {
    ("GET", "/api/templates"): (None, ANYONE),
    ("GET", "/api/rooms"): (None, signed_in(200)),
    ("POST", "/api/rooms"): ({"name": "New", "template": "closet"}, (401, 403, *[201] * 7)),
    ("GET", "/api/rooms/{room}"): (None, ANYONE),
    ("PUT", "/api/rooms/{room}"): ({"description": "Changed"}, by_role("admin", 200)),
    ("DELETE", "/api/rooms/{room}"): (None, by_role("owner", 204)),
    ("GET", "/api/rooms/{room}/map"): (None, ANYONE),
    ("GET", "/api/rooms/{room}/users"): (None, signed_in(200)),
    ("GET", "/api/rooms/{room}/ice"): (None, signed_in(200)),
    ("POST", "/api/rooms/{room}/join"): (None, signed_in(200)),
    ("POST", "/api/rooms/{room}/leave"): (None, signed_in(204)),
    ("GET", "/api/trash"): (None, ACCOUNTS_ONLY),
    ("POST", "/api/rooms/{room}/restore"): (None, by_role("owner", 200)),
    ("POST", "/api/rooms/{room}/archive"): (None, by_role("owner", 200)),
    ("DELETE", "/api/rooms/{room}/archive"): (None, by_role("owner", 200)),
    ("POST", "/api/rooms/{room}/copy"): (None, by_role("admin", 201)),
    ("PUT", "/api/rooms/{room}/owner"): ({"user_id": "{target}"}, by_role("owner", 200)),
    ("GET", "/api/rooms/{room}/members"): (None, by_role("member", 200)),
    ("PUT", "/api/rooms/{room}/members/{target}"): ({"role": "guest"}, by_role("admin", 200)),
    ("DELETE", "/api/rooms/{room}/members/{target}"): (None, by_role("admin", 204)),
    ("POST", "/api/rooms/{room}/kick"): ({"user_id": "{target}"}, by_role("moderator", 204)),
    ("PUT", "/api/rooms/{room}/mutes/{target}"): (None, by_role("moderator", 204)),
    ("DELETE", "/api/rooms/{room}/mutes/{target}"): (None, by_role("moderator", 204)),
    ("GET", "/api/rooms/{room}/bans"): (None, by_role("moderator", 200)),
    ("POST", "/api/rooms/{room}/bans"): ({"user_id": "{target}"}, by_role("moderator", 201)),
    ("DELETE", "/api/rooms/{room}/bans/{ban}"): (None, by_role("moderator", 204)),
    ("GET", "/api/rooms/{room}/invites"): (None, by_role("moderator", 200)),
    ("POST", "/api/rooms/{room}/invites"): (None, by_role("moderator", 201)),
    ("DELETE", "/api/rooms/{room}/invites/{invite}"): (None, by_role("moderator", 204)),
    ("POST", "/api/invites/look"): ({"token": "{token}"}, ANYONE),
    ("POST", "/api/invites/redeem"): ({"token": "{token}"}, signed_in(200)),
    ("GET", "/api/rooms/{room}/portals"): (None, ANYONE),
    ("POST", "/api/rooms/{room}/portals"): (
        {"x": 32, "y": 32, "w": 32, "h": 32, "room_id": "{other}"},
        by_role("admin", 201),
    ),
    ("DELETE", "/api/rooms/{room}/portals/{number}"): (None, by_role("admin", 204)),
    ("GET", "/api/object-types"): (None, ANYONE),
    ("GET", "/api/rooms/{room}/objects"): (None, ANYONE),
    ("POST", "/api/rooms/{room}/objects"): ({"type": "note", "x": 32, "y": 32}, by_role("member", 201)),
    ("PUT", "/api/rooms/{room}/objects/{object}"): ({"x": 24}, by_role("moderator", 200)),
    ("DELETE", "/api/rooms/{room}/objects/{object}"): (None, by_role("moderator", 204)),
    ("POST", "/api/rooms/{room}/objects/{object}/open"): ({"via": "page"}, by_role("member", 200)),
    ("GET", "/api/rooms/{room}/embeds"): (None, ANYONE),
    ("PUT", "/api/rooms/{room}/embeds"): ({"origins": []}, by_role("admin", 200)),
    ("POST", "/api/rooms/{room}/files"): (None, by_role("member", 415, others=409, guest=409)),
    ("GET", "/api/rooms/{room}/files/{file}"): (None, signed_in(200)),
    ("GET", "/api/rooms/{room}/audit"): (None, by_role("admin", 200)),
    ("GET", "/api/rooms/{room}/messages"): (None, by_role("member", 200)),
    ("DELETE", "/api/rooms/{room}/messages/{message}"): (None, by_role("moderator", 204)),
    ("GET", "/api/presence"): (None, signed_in(200)),
    ("PUT", "/api/presence"): ({"status": "busy"}, signed_in(200)),
    ("GET", "/api/admin/overview"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/rooms"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/people"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/servers"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/live"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/rooms/{room}/recording"): (None, by_role("operator", 409)),
    ("POST", "/api/admin/rooms/{room}/close"): (None, by_role("operator", 204)),
    ("PUT", "/api/admin/people/{target}"): ({"role": "user", "disabled": False}, by_role("operator", 200)),
    ("POST", "/api/admin/people/{target}/reset-password"): (None, by_role("operator", 201)),
    ("POST", "/api/admin/people/{target}/end"): (None, by_role("operator", 204)),
    ("GET", "/api/admin/sessions"): (None, by_role("operator", 200)),
    ("GET", "/api/admin/bans"): (None, by_role("operator", 200)),
    ("POST", "/api/admin/bans"): ({"user_id": "{target}"}, by_role("operator", 201)),
    ("DELETE", "/api/admin/bans/{server_ban}"): (None, by_role("operator", 204)),
    ("POST", "/api/admin/notice"): ({"text": "Soon"}, by_role("operator", 204)),
    ("GET", "/api/admin/audit"): (None, by_role("operator", 200)),
}

# The same where the room is for members only: what outsiders are not even shown.
MEMBERS_ONLY: dict[tuple[str, str], Row] = {
    ("GET", "/api/rooms/{room}"): (403, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/map"): (403, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/portals"): (403, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/objects"): (403, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/embeds"): (403, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/files/{file}"): (401, 403, 403, *[200] * 6),
    ("GET", "/api/rooms/{room}/users"): (401, 403, 403, *[200] * 6),
    ("POST", "/api/rooms/{room}/join"): (401, 403, 403, *[200] * 6),
}
