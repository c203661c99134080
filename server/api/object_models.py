"""What the REST API takes and answers about objects, their documents and files."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from server.objects.kind import ObjectType
from server.store import files, objects

Place = Annotated[int, Meta(ge=0, le=16_376, multiple_of=8)]
TypeName = Annotated[str, Meta(min_length=1, max_length=32)]


class CreateObject(Struct, frozen=True):
    """`x`, `y`: px, multiples of 8, the upper left corner. `config`: as the type's schema says (`GET object-types`)."""

    type: TypeName
    x: Place
    y: Place
    config: dict[str, Any] | UnsetType = UNSET


class ChangeObject(Struct, frozen=True):
    """What is not named stays. `config` replaces the whole configuration."""

    x: Place | UnsetType = UNSET
    y: Place | UnsetType = UNSET
    config: dict[str, Any] | UnsetType = UNSET


class RoomObject(Struct, frozen=True):
    """`x`, `y`, `width`, `height`: px. `state`: as it was last kept; clients inside are told how it is now.

    `created_by` null: it came with the room. `may_edit`, `may_move`: whether the asker may change its content, and move
    and remove it.
    """

    id: UUID
    type: str
    x: int
    y: int
    width: int
    height: int
    config: dict[str, Any]
    state: dict[str, Any]
    created_by: UUID | None
    may_edit: bool
    may_move: bool

    @classmethod
    def of(cls, stored: objects.StoredObject, *, may_edit: bool, may_move: bool, state: bool) -> Self:
        return cls(
            stored.id,
            stored.type,
            stored.x,
            stored.y,
            stored.width,
            stored.height,
            stored.config,
            stored.state if state else {},
            stored.created_by,
            may_edit,
            may_move,
        )


class ObjectList(Struct, frozen=True):
    objects: list[RoomObject]


class ObjectTypeEntry(Struct, frozen=True):
    """`width`, `height`: px, as a rule. `placed_by`: the least role that puts one up. `config`: JSON Schema."""

    name: str
    width: int
    height: int
    placed_by: str
    config: dict[str, Any]

    @classmethod
    def of(cls, kind: ObjectType[Any]) -> Self:
        return cls(kind.name, *kind.size, kind.placed_by.label, kind.describe())


class ObjectTypeList(Struct, frozen=True):
    types: list[ObjectTypeEntry]


class OpenDocument(Struct, frozen=True):
    """`via` "object": from where one stands in the room; "page": from outside, as a member of the room."""

    via: Literal["object", "page"] = "object"


class DocumentTicket(Struct, frozen=True):
    """`ticket` goes into the first message on the WebSocket at `url`, within `expires_in` seconds."""

    ticket: str
    url: str
    expires_in: int
    may_edit: bool
    object: RoomObject


class File(Struct, frozen=True):
    """`url` hands it out to whoever may look at the room."""

    id: UUID
    name: str
    media_type: str
    size: int
    url: str

    @classmethod
    def of(cls, stored: files.StoredFile) -> Self:
        url = f"/api/rooms/{stored.room_id}/files/{stored.id}"
        return cls(stored.id, stored.name, stored.media_type, stored.size, url)


class Embeds(Struct, frozen=True):
    """Sites whose pages the room's screens show. `origins` null: all that the server allows; `server`: those."""

    origins: list[str] | None
    server: list[str]


class ChangeEmbeds(Struct, frozen=True):
    origins: Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=100)] | None
