"""What the REST API answers to those who run the server."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from server.api.room_models import Room, Text
from server.auth import rules
from server.auth.rules import rule
from server.ops.servers import ServerEntry
from server.services import Visit
from server.store.admin import Account, Totals

Search = Annotated[str, Meta(max_length=80)]


class Page(Struct, frozen=True):
    """`search`: a part of the name, in any case. `before`: the `next` of the page before."""

    search: Search = ""
    before: datetime | None = None


class Overview(Struct, frozen=True):
    """The server as a whole. `global_connections`: open pages, in a room or not."""

    version: str
    started_at: datetime
    tick_rate: int
    rooms_open: int
    people_inside: int
    global_connections: int
    accounts: int
    guests: int
    rooms: int

    @classmethod
    def of(cls, version: str, started_at: datetime, tick_rate: int, now: tuple[int, int, int], totals: Totals) -> Self:
        return cls(version, started_at, tick_rate, *now, totals.accounts, totals.guests, totals.rooms)


class Server(Struct, frozen=True):
    """One process. `load`: the part of the time that its ticks take, 0 to 1. `is_this`: the one that answers."""

    id: str
    address: str
    version: str
    started_at: datetime
    seen_at: datetime
    tick_rate: int
    rooms: int
    people: int
    connections: int
    load: float
    ticks_dropped: int
    is_this: bool

    @classmethod
    def of(cls, entry: ServerEntry, own_id: str) -> Self:
        return cls(**structs.asdict(entry), is_this=entry.id == own_id)


class ServerList(Struct, frozen=True):
    """Those that are there, the oldest first."""

    servers: list[Server]


class RoomPage(Struct, frozen=True):
    """Newest first. `next` null: there is no more."""

    rooms: list[Room]
    next: datetime | None


class AdminPerson(Struct, frozen=True):
    """`room_id`: a room that they are in. `disabled`: they cannot log in."""

    id: UUID
    username: str
    email: str | None
    is_guest: bool
    role: Literal["user", "operator"]
    disabled: bool
    is_online: bool
    room_id: UUID | None
    created_at: datetime

    @classmethod
    def of(cls, account: Account, *, is_online: bool, room_id: UUID | None) -> Self:
        return cls(
            account.id,
            account.username,
            account.email,
            account.is_guest,
            "operator" if account.role == "operator" else "user",
            account.disabled,
            is_online,
            room_id,
            account.created_at,
        )


class AdminPersonPage(Struct, frozen=True):
    """Newest first. `next` null: there is no more."""

    people: list[AdminPerson]
    next: datetime | None


class ChangePerson(Struct, frozen=True):
    """What is left out stays. `disabled`: they cannot log in."""

    role: Literal["user", "operator"] | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class MakeResetLink(Struct, frozen=True):
    """`hours`: how long the link is good."""

    hours: Annotated[int, Meta(ge=1, le=720)] | UnsetType = UNSET


class ResetLink(Struct, frozen=True):
    """`url` sets a new password once. It is shown once."""

    url: str
    expires_at: datetime


class AdminSession(Struct, frozen=True):
    """Somebody in a room. `away_s`: for how long their connection has been lost; null: it stands."""

    room_id: UUID
    room_name: str
    user_id: UUID
    username: str
    is_guest: bool
    is_bot: bool
    away_s: float | None
    address: str | None

    @classmethod
    def of(cls, visit: Visit, room_name: str) -> Self:
        return cls(
            visit.room_id,
            room_name,
            visit.user_id,
            visit.name,
            visit.is_guest,
            visit.is_bot,
            visit.away_s,
            visit.address,
        )


class AdminSessionList(Struct, frozen=True):
    sessions: list[AdminSession]


class GiveNotice(Struct, frozen=True):
    text: Annotated[Text, Meta(min_length=1), rule(rules.description)]
