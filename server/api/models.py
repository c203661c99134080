"""What the REST API takes and answers. Names and types here are the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from server.auth import rules
from server.auth.rules import rule
from server.store import users
from server.store.users import LOOK_PARTS

Byte = Annotated[int, Meta(ge=0, le=255)]
Email = Annotated[str, rule(rules.email)]
Username = Annotated[str, rule(rules.username)]
Password = Annotated[str, rule(rules.password)]


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


class User(Struct, frozen=True):
    """A person. `email` is there for the person themselves only, and so is a `role` of "operator"."""

    id: UUID
    username: str
    email: str | None
    is_guest: bool
    avatar_config: AvatarConfig
    created_at: datetime
    role: Literal["user", "operator"]

    @classmethod
    def of(cls, user: users.User, *, to_themselves: bool) -> Self:
        return cls(
            id=user.id,
            username=user.username,
            email=user.email if to_themselves else None,
            is_guest=user.is_guest,
            avatar_config=AvatarConfig(list(user.look)),
            created_at=user.created_at,
            role="operator" if to_themselves and user.is_operator else "user",
        )


class SignedIn(Struct, frozen=True):
    """`expires_in`: seconds that the access token is good for."""

    user: User
    access_token: str
    expires_in: int


class Health(Struct, frozen=True):
    """`parts`: "up" or "down" for each thing that the server depends on, "open" or "draining" for its rooms. `reason`:
    why it is not ready, in words."""

    status: str
    parts: dict[str, str] = {}
    reason: str = ""
