"""What the REST API takes and answers about one's own account and log-ins. Names and types are the interface."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from msgspec import Meta, Struct

from server.api.models import Password
from server.auth.tokens import LogIn
from server.store.identities import LinkedIdentity

TypedPassword = Annotated[str, Meta(max_length=1024)]
Token = Annotated[str, Meta(min_length=1, max_length=128)]


class ChangePassword(Struct, frozen=True):
    """`current_password` is left out by an account that has none yet."""

    new_password: Password
    current_password: TypedPassword | None = None


class ResetPassword(Struct, frozen=True):
    """`token`: what stands after the `#` of the link."""

    token: Token
    new_password: Password


class DeleteAccount(Struct, frozen=True):
    """`password` confirms; who has none, such as a guest, confirms with their `username`.

    `delete_rooms`: the rooms that the account owns are deleted with it; without, there must be none.
    """

    password: TypedPassword | None = None
    username: Annotated[str, Meta(max_length=64)] | None = None
    delete_rooms: bool = False


class Identity(Struct, frozen=True):
    """The account's link to another provider. `email` as the provider said it."""

    issuer: str
    label: str
    email: str | None
    created_at: datetime

    @classmethod
    def of(cls, identity: LinkedIdentity, label: str) -> Self:
        return cls(identity.issuer, label, identity.email, identity.created_at)


class Account(Struct, frozen=True):
    """What only the person themselves may know. `owned_rooms`: how many rooms would stay behind."""

    email: str
    has_password: bool
    identity: Identity | None
    owned_rooms: int
    created_at: datetime


class LogInEntry(Struct, frozen=True):
    """A log-in that stands. `method`: password, registration, guest or oidc. `agent`: what the browser calls itself."""

    id: str
    is_current: bool
    created_at: datetime
    last_used_at: datetime
    address: str
    agent: str
    method: str

    @classmethod
    def of(cls, log_in: LogIn, current: str) -> Self:
        return cls(
            id=log_in.session_id,
            is_current=log_in.session_id == current,
            created_at=datetime.fromtimestamp(log_in.created_at, UTC),
            last_used_at=datetime.fromtimestamp(log_in.last_used_at, UTC),
            address=log_in.origin.address,
            agent=log_in.origin.agent,
            method=log_in.origin.method,
        )


class LogInList(Struct, frozen=True):
    sessions: list[LogInEntry]


class PersonalData(Struct, frozen=True):
    """Everything that is kept about a person. `records`: table and column that name them, and the rows."""

    exported_at: datetime
    account: dict[str, Any]
    log_ins: list[LogInEntry]
    records: dict[str, list[dict[str, Any]]]


class OidcMethod(Struct, frozen=True):
    """`url`: where the browser goes to log in; not for scripts."""

    label: str
    url: str


class Methods(Struct, frozen=True):
    """The ways in that this server offers."""

    password: bool
    registration: bool
    guests: bool
    oidc: OidcMethod | None


class Redirect(Struct, frozen=True):
    """`url`: where the browser is to go next."""

    url: str


class OidcStart(Struct, frozen=True):
    """`next`: the page of ours to return to, a path."""

    next: str = "/"


class OidcCallback(Struct, frozen=True):
    """What the provider adds to the address (RFC 6749 4.1.2, RFC 9207)."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str = ""
