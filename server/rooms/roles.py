"""Who may do what in a room. Pure policy: REST handlers and running rooms ask, nobody else decides.

A person's *role* in a room is the highest of what they are: the room's owner, a member with a role, or else a guest,
registered or not. An operator of the server stands above the owner of every room.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from types import MappingProxyType


class Role(IntEnum):
    """Higher ranks include the rights of the lower ones. The numbers are on the wire (STANDARD.md section 5.2)."""

    GUEST = 0
    MEMBER = 1
    MODERATOR = 2
    ADMIN = 3
    OWNER = 4
    OPERATOR = 5

    @property
    def label(self) -> str:
        """The name that REST and the database use."""
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Role:
        """The role with this name. KeyError if there is none."""
        return cls[label.upper()]


class Right(Enum):
    """Something that not everybody in a room may do."""

    KICK = "kick"
    MUTE = "mute"
    BAN = "ban"
    INVITE = "invite"
    ANNOUNCE = "announce"
    DELETE_MESSAGES = "delete_messages"
    SEE_MEMBERS = "see_members"
    OBJECTS = "objects"
    COPY = "copy"
    SETTINGS = "settings"
    PORTALS = "portals"
    MEMBERS = "members"
    AUDIT = "audit"
    ARCHIVE = "archive"
    DELETE = "delete"
    TRANSFER = "transfer"


NEEDED = MappingProxyType(
    {
        Right.SEE_MEMBERS: Role.MEMBER,
        Right.OBJECTS: Role.MEMBER,
        Right.KICK: Role.MODERATOR,
        Right.MUTE: Role.MODERATOR,
        Right.BAN: Role.MODERATOR,
        Right.INVITE: Role.MODERATOR,
        Right.ANNOUNCE: Role.MODERATOR,
        Right.DELETE_MESSAGES: Role.MODERATOR,
        Right.COPY: Role.ADMIN,
        Right.SETTINGS: Role.ADMIN,
        Right.PORTALS: Role.ADMIN,
        Right.MEMBERS: Role.ADMIN,
        Right.AUDIT: Role.ADMIN,
        Right.ARCHIVE: Role.OWNER,
        Right.DELETE: Role.OWNER,
        Right.TRANSFER: Role.OWNER,
    }
)
"""The least role that has each right."""

GUESTS_AT_MOST = Role.MEMBER
"""What somebody without an account can be made at most: they cannot prove tomorrow that they are the same person."""


def may(role: Role, right: Right) -> bool:
    """Whether the role has the right at all."""
    return role >= NEEDED[right]


def may_against(role: Role, right: Right, target: Role) -> bool:
    """Whether the role has the right over a person with the role `target`: nobody acts against their equals."""
    return may(role, right) and role > target


def may_grant(role: Role, granted: Role) -> bool:
    """Whether the role can make others `granted`: below one's own rank; ownership is transferred, never granted."""
    return granted < Role.OWNER and role > granted


def rights_of(role: Role) -> list[str]:
    """The names of all rights of the role, in a stable order."""
    return [right.value for right in Right if may(role, right)]
