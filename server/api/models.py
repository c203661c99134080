"""What the REST API takes and answers. Names and types here are the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from server.api.bodies import rule
from server.auth import rules
from server.rooms.templates import Template
from server.store import rooms, users
from server.store.users import LOOK_PARTS

Byte = Annotated[int, Meta(ge=0, le=255)]
Email = Annotated[str, rule(rules.email)]
Username = Annotated[str, rule(rules.username)]
Password = Annotated[str, rule(rules.password)]
RoomName = Annotated[str, rule(rules.room_name)]
Description = Annotated[str, rule(rules.description)]
Capacity = Annotated[int, Meta(ge=2, le=5000)]


class AvatarConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`look`: skin, hair style, hair colour, top colour, bottom colour, accessory (STANDARD.md 5.7)."""

    look: Annotated[list[Byte], Meta(min_length=LOOK_PARTS, max_length=LOOK_PARTS)]


class Register(Struct, frozen=True):
    email: Email
    username: Username
    password: Password
    avatar_config: AvatarConfig | UnsetType = UNSET


class LogIn(Struct, frozen=True):
    """`email` takes the username as well."""

    email: str
    password: str


class EnterAsGuest(Struct, frozen=True):
    name: Username
    avatar_config: AvatarConfig | UnsetType = UNSET


class ChangeUser(Struct, frozen=True):
    username: Username | UnsetType = UNSET
    avatar_config: AvatarConfig | UnsetType = UNSET


class CreateRoom(Struct, frozen=True):
    name: RoomName
    template: str
    description: Description = ""
    max_capacity: Capacity = rooms.DEFAULT_CAPACITY
    is_public: bool = True


class ChangeRoom(Struct, frozen=True):
    name: RoomName | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    max_capacity: Capacity | UnsetType = UNSET
    is_public: bool | UnsetType = UNSET


class JoinRoom(Struct, frozen=True):
    """`is_bot`: a program walks, and says so; it is shown to the others."""

    is_bot: bool = False


class User(Struct, frozen=True):
    """A person. `email` is there for the person themselves only."""

    id: UUID
    username: str
    email: str | None
    is_guest: bool
    avatar_config: AvatarConfig
    created_at: datetime

    @classmethod
    def of(cls, user: users.User, *, to_themselves: bool) -> Self:
        return cls(
            id=user.id,
            username=user.username,
            email=user.email if to_themselves else None,
            is_guest=user.is_guest,
            avatar_config=AvatarConfig(list(user.look)),
            created_at=user.created_at,
        )


class SignedIn(Struct, frozen=True):
    """`expires_in`: seconds that the access token is good for."""

    user: User
    access_token: str
    expires_in: int


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
    """`people`: how many are inside now."""

    id: UUID
    name: str
    description: str
    template: str
    owner: Owner
    max_capacity: int
    people: int
    is_public: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, room: rooms.Room, people: int) -> Self:
        return cls(
            id=room.id,
            name=room.name,
            description=room.description,
            template=room.template,
            owner=Owner(room.owner_id, room.owner_name),
            max_capacity=room.max_capacity,
            people=people,
            is_public=room.is_public,
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
    """`ticket` goes into HELLO on the WebSocket at `url`, within `expires_in` seconds."""

    ticket: str
    url: str
    expires_in: int
    room: Room


class Health(Struct, frozen=True):
    """`parts`: "up" or "down" for each thing that the server depends on."""

    status: str
    parts: dict[str, str] = {}
