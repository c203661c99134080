"""What the REST API takes and answers about rooms, their people and presence. Names and types are the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from server.auth import rules
from server.auth.rules import rule
from server.rooms.roles import Role, rights_of
from server.rooms.templates import Template
from server.store import audit, bans, invites, members, portals, rooms

RoomName = Annotated[str, rule(rules.room_name)]
Description = Annotated[str, rule(rules.description)]
Text = Annotated[str, Meta(max_length=200), rule(rules.description)]
Capacity = Annotated[int, Meta(ge=2, le=5000)]
ProximityPx = Annotated[int, Meta(ge=32, le=384)]
RoomPassword = Annotated[str, Meta(min_length=1, max_length=128)]
Seconds = Annotated[int, Meta(ge=60, le=366 * 86400)]
Uses = Annotated[int, Meta(ge=1, le=10_000)]
Pixel = Annotated[int, Meta(ge=0, le=16_376, multiple_of=8)]
Side = Annotated[int, Meta(ge=8, le=2048, multiple_of=8)]
Token = Annotated[str, Meta(min_length=20, max_length=128)]

Access = Literal["public", "unlisted", "members"]
GrantedRole = Literal["guest", "member", "moderator", "admin"]
AreaRole = Literal["member", "moderator", "admin", "owner"]
Status = Literal["available", "busy", "away", "dnd"]


class Area(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What differs from the map in one of its zones; `zone`: its id there. `min_role`: the least role that gets in,
    null: everybody. `capacity`: most people inside, 0: any number, null: as the map says. `lockable`: whether those
    inside may lock it, null: as the map says."""

    zone: Annotated[int, Meta(ge=1, le=65_535)]
    min_role: AreaRole | None = None
    capacity: Annotated[int, Meta(ge=0, le=5000)] | None = None
    lockable: bool | None = None

    @classmethod
    def all_of(cls, room: rooms.Room) -> list[Self]:
        roles, capacities, locks = room.areas, room.area_capacities, room.area_locks
        return [
            cls(
                zone,
                roles[zone].label if zone in roles else None,  # type: ignore[arg-type]
                capacities.get(zone),
                locks.get(zone),
            )
            for zone in sorted({*roles, *capacities, *locks})
        ]


ChatDays = Annotated[int, Meta(ge=1, le=3650)]
"""How many days what is written is kept."""


class CreateRoom(Struct, frozen=True):
    """`is_public` false is short for `access` "unlisted"; `access` wins. `proximity_px` null: the server's setting.
    `chat_days` null: what is written is kept until it is deleted."""

    name: RoomName
    template: str
    description: Description = ""
    max_capacity: Capacity = rooms.DEFAULT_CAPACITY
    is_public: bool = True
    access: Access | UnsetType = UNSET
    password: RoomPassword | None = None
    guests_allowed: bool = True
    chat_kept: bool = True
    relay_only: bool = False
    share_near: bool = True
    chat_days: ChatDays | None = None
    proximity_px: ProximityPx | None = None


class ChangeRoom(Struct, frozen=True):
    """What is not named stays. `relay_only`: people's media go through the TURN server, which hides their addresses
    from each other; refused where there is none. `password` null: none any more. `proximity_px` null: the server's
    setting. `share_near` false: a screen can be shared in areas and by whoever presents at a presentation screen, not
    with whoever is near on the open floor."""

    name: RoomName | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    max_capacity: Capacity | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET
    access: Access | UnsetType = UNSET
    password: RoomPassword | UnsetType | None = UNSET
    guests_allowed: bool | UnsetType = UNSET
    chat_kept: bool | UnsetType = UNSET
    relay_only: bool | UnsetType = UNSET
    share_near: bool | UnsetType = UNSET
    chat_days: ChatDays | UnsetType | None = UNSET
    proximity_px: ProximityPx | UnsetType | None = UNSET
    areas: Annotated[list[Area], Meta(max_length=64)] | UnsetType = UNSET


class CopyRoom(Struct, frozen=True):
    name: RoomName | UnsetType = UNSET


class TransferRoom(Struct, frozen=True):
    """`user_id`: the new owner, who must have an account."""

    user_id: UUID


class JoinRoom(Struct, frozen=True):
    """`is_bot`: a program walks, and says so; it is shown to the others. `password`: where the room has one."""

    is_bot: bool = False
    password: Annotated[str, Meta(max_length=128)] | None = None


class TemplateEntry(Struct, frozen=True):
    """`width`, `height` in tiles; `map`: as `GET rooms/{id}/map`."""

    id: str
    name: str
    description: str
    width: int
    height: int
    map: dict[str, Any]

    @classmethod
    def of(cls, template: Template) -> Self:
        room_map = template.room_map
        description = str(template.data.get("description", ""))
        return cls(template.id, room_map.name, description, room_map.width, room_map.height, template.public)


class TemplateList(Struct, frozen=True):
    templates: list[TemplateEntry]


class Owner(Struct, frozen=True):
    id: UUID
    username: str


class Room(Struct, frozen=True):
    """`people`: how many are inside now. `role` and `rights`: the asker's own; of nobody in particular, a guest's.

    `archived_at`: nobody can enter since then. `deleted_at`, `purged_at`: when the owner deleted it, and until when it
    can be restored.
    """

    id: UUID
    name: str
    description: str
    template: str
    owner: Owner
    max_capacity: int
    people: int
    is_public: bool
    access: Access
    has_password: bool
    guests_allowed: bool
    chat_kept: bool
    relay_only: bool
    share_near: bool
    chat_days: int | None
    proximity_px: int | None
    areas: list[Area]
    role: str
    rights: list[str]
    archived_at: datetime | None
    deleted_at: datetime | None
    purged_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, room: rooms.Room, role: Role, people: int) -> Self:
        return cls(
            id=room.id,
            name=room.name,
            description=room.description,
            template=room.template,
            owner=Owner(room.owner_id, room.owner_name),
            max_capacity=room.max_capacity,
            people=people,
            is_public=room.is_public,
            access=room.access,
            has_password=room.password_hash is not None,
            guests_allowed=room.guests_allowed,
            chat_kept=room.chat_kept,
            relay_only=room.relay_only,
            share_near=room.share_near,
            chat_days=room.chat_days,
            proximity_px=room.proximity_px,
            areas=Area.all_of(room),
            role=role.label,
            rights=rights_of(role),
            archived_at=room.archived_at,
            deleted_at=room.deleted_at,
            purged_at=room.purged_at,
            created_at=room.created_at,
            updated_at=room.updated_at,
        )


class RoomList(Struct, frozen=True):
    rooms: list[Room]


class Person(Struct, frozen=True):
    id: UUID
    username: str
    is_guest: bool


class PersonList(Struct, frozen=True):
    users: list[Person]


class Joining(Struct, frozen=True):
    """`ticket` goes into HELLO on the WebSocket at `url`, within `expires_in` seconds; the place is kept until then."""

    ticket: str
    url: str
    expires_in: int
    room: Room


class Member(Struct, frozen=True):
    """`since` null: the owner, who is a member from the start."""

    user: Person
    role: str
    since: datetime | None
    is_muted: bool
    is_inside: bool

    @classmethod
    def of(cls, member: members.Member, *, is_inside: bool) -> Self:
        person = Person(member.user_id, member.username, member.is_guest)
        return cls(person, member.role.label, member.since, member.is_muted, is_inside)


class MemberList(Struct, frozen=True):
    members: list[Member]


class ChangeMember(Struct, frozen=True):
    role: GrantedRole


class Kick(Struct, frozen=True):
    user_id: UUID
    reason: Text = ""


class BanPerson(Struct, frozen=True):
    """`by_address`: also whoever comes from where this person is connected from now. `expires_in` null: for good."""

    user_id: UUID
    by_address: bool = False
    expires_in: Seconds | None = None
    reason: Text = ""


class Ban(Struct, frozen=True):
    """`by_address`: other people from the same address are kept out, too."""

    id: UUID
    user: Person | None
    by_address: bool
    reason: str
    banned_by: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, ban: bans.Ban) -> Self:
        person = None if ban.user_id is None else Person(ban.user_id, ban.username or "", bool(ban.is_guest))
        return cls(
            ban.id, person, ban.address is not None, ban.reason, ban.banned_by or "", ban.created_at, ban.expires_at
        )


class BanList(Struct, frozen=True):
    bans: list[Ban]


class CreateInvite(Struct, frozen=True):
    """`expires_in` null: until it is withdrawn. `max_uses` null: any number."""

    role: GrantedRole = "guest"
    expires_in: Seconds | None = 7 * 86400
    max_uses: Uses | None = None


class Invite(Struct, frozen=True):
    id: UUID
    role: str
    uses: int
    max_uses: int | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, invite: invites.Invite) -> Self:
        return cls(
            invite.id,
            invite.role.label,
            invite.uses,
            invite.max_uses,
            invite.created_by or "",
            invite.created_at,
            invite.expires_at,
        )


class NewInvite(Struct, frozen=True):
    """`token` is told this once; `path` is the page that takes it, to be put behind the server's address."""

    invite: Invite
    token: str
    path: str


class InviteList(Struct, frozen=True):
    invites: list[Invite]


class UseInvite(Struct, frozen=True):
    token: Token


class Invitation(Struct, frozen=True):
    """What an invite link leads to. `room.role` is what it makes of whoever accepts."""

    room: Room
    role: str
    expires_at: datetime | None


class CreatePortal(Struct, frozen=True):
    """A rectangle of the room, px, multiples of 8; who stands in it can go on to `room_id`."""

    x: Pixel
    y: Pixel
    w: Side
    h: Side
    room_id: UUID
    name: RoomName | UnsetType = UNSET


class PortalTarget(Struct, frozen=True):
    id: UUID
    name: str
    people: int


class Portal(Struct, frozen=True):
    """`number`: the target of ACT (STANDARD.md section 3.3)."""

    number: int
    name: str
    x: int
    y: int
    w: int
    h: int
    room: PortalTarget

    @classmethod
    def of(cls, portal: portals.Portal, people: int) -> Self:
        target = PortalTarget(portal.target_id, portal.target_name, people)
        return cls(portal.number, portal.name, portal.x, portal.y, portal.w, portal.h, target)


class PortalList(Struct, frozen=True):
    portals: list[Portal]


class AuditEntry(Struct, frozen=True):
    """`details` depends on `action`."""

    id: int
    at: datetime
    room_id: UUID | None
    actor: str
    actor_id: UUID | None
    action: str
    target: str
    target_id: UUID | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: audit.AuditEntry) -> Self:
        return cls(
            entry.id,
            entry.at,
            entry.room_id,
            entry.actor_name,
            entry.actor_id,
            entry.action,
            entry.target_name,
            entry.target_id,
            entry.details,
        )


class AuditPage(Struct, frozen=True):
    """Newest first. `next` goes into `before` of the next request; null: there is no more."""

    entries: list[AuditEntry]
    next: int | None


class Presence(Struct, frozen=True):
    """How one wants to be seen. `findable`: whether others are told which room one is in."""

    status: Status
    text: str
    findable: bool


class ChangePresence(Struct, frozen=True):
    status: Status | UnsetType = UNSET
    text: Annotated[str, Meta(max_length=80), rule(rules.description)] | UnsetType = UNSET
    findable: bool | UnsetType = UNSET
