"""Who gets into a room. Pure policy: the REST API asks before it gives a ticket, the gateway once more on arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.store.members import Standing
from server.store.rooms import Room

Code = Literal["banned", "room_archived", "members_only", "guests_not_allowed"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not get in; `text` is for them."""

    code: Code
    text: str


MEMBERS_ONLY = Refusal("members_only", "This room is for its members only. Ask one of them for an invitation.")
ARCHIVED = Refusal("room_archived", "This room is archived. Its owner can open it again.")
NO_GUESTS = Refusal("guests_not_allowed", "This room takes no guests. Register, or ask to be invited.")


def refusal(room: Room, standing: Standing) -> Refusal | None:
    """Why the person may not enter, the gravest reason first; None: they may. The password is another matter."""
    if standing.ban is not None:
        until = standing.ban.expires_at
        when = "" if until is None else f" until {until:%d %B %Y, %H:%M} UTC"
        why = f" The reason: {standing.ban.reason}" if standing.ban.reason else ""
        return Refusal("banned", f"You were banned from this room{when}.{why}")
    if room.archived_at is not None:
        return ARCHIVED
    if may_look(room, standing) is False:
        return MEMBERS_ONLY
    if standing.is_guest and not room.guests_allowed and not standing.is_invited:
        return NO_GUESTS
    return None


def may_look(room: Room, standing: Standing | None) -> bool:
    """Whether somebody (None: nobody who said who they are) may know about the room what its visitors know."""
    return room.access != "members" or (standing is not None and standing.is_invited)


def needs_password(room: Room, standing: Standing) -> bool:
    """Whether the room's password is asked of the person: whoever was invited has shown enough."""
    return room.password_hash is not None and not standing.is_invited
