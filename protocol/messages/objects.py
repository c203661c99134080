"""What stands in the room and what people do with it (section 10)."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import OBJECT_JSON_BYTES, OBJECT_VALUE_BYTES, UINT16_MAX, Kind
from protocol.errors import MalformedError
from protocol.messages.types import Checks, Uint16, UserId

ObjectId: TypeAlias = UserId
ObjectWord: TypeAlias = Annotated[str, Meta(pattern=r"\A[a-z_]{1,32}\Z")]
_Json: TypeAlias = Annotated[str, Meta(max_length=OBJECT_JSON_BYTES)]
_Side: TypeAlias = Annotated[int, Meta(ge=1, le=UINT16_MAX)]


class Use(Struct, array_like=True, tag=int(Kind.USE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 10.2. `value`: JSON whose form the object's type decides, or empty."""

    ref: Annotated[int, Meta(ge=1, le=UINT16_MAX)]
    object_id: ObjectId
    action: ObjectWord
    value: Annotated[str, Meta(max_length=OBJECT_VALUE_BYTES)]


class ObjectEntry(Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """One object (section 10.3). `x`, `y`, `w`, `h` in px; `config`: JSON; `by`: who put it there."""

    object_id: ObjectId
    type: ObjectWord
    x: Uint16
    y: Uint16
    w: _Side
    h: _Side
    config: _Json
    by: UserId | None


class ObjectList(Struct, array_like=True, tag=int(Kind.OBJECTS), forbid_unknown_fields=True, frozen=True):
    """Everything that stands in the room; replaces what was known (section 10.3)."""

    entries: tuple[ObjectEntry, ...]


class ObjectPut(Struct, array_like=True, tag=int(Kind.OBJECT), forbid_unknown_fields=True, frozen=True, gc=False):
    """Adds or replaces one object (section 10.3)."""

    entry: ObjectEntry


class ObjectGone(Struct, array_like=True, tag=int(Kind.OBJECT_GONE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Removes one object (section 10.3)."""

    object_id: ObjectId


class ObjectState(
    Struct, array_like=True, tag=int(Kind.OBJECT_STATE), forbid_unknown_fields=True, frozen=True, gc=False
):
    """How an object stands now (section 10.4). `state`: JSON."""

    object_id: ObjectId
    state: _Json


class ObjectEvent(
    Struct, array_like=True, tag=int(Kind.OBJECT_EVENT), forbid_unknown_fields=True, frozen=True, gc=False
):
    """Something happened at an object and leaves no trace (section 10.4). `event`: JSON."""

    object_id: ObjectId
    event: _Json


ObjectsClientMessage: TypeAlias = Use
ObjectsServerMessage: TypeAlias = ObjectList | ObjectPut | ObjectGone | ObjectState | ObjectEvent


def _check_json(text: str, most: int) -> None:
    if len(text.encode()) > most:
        raise MalformedError(f"JSON is longer than {most} bytes")


def _check_use(message: Use) -> None:
    _check_json(message.value, OBJECT_VALUE_BYTES)


def _check_list(message: ObjectList) -> None:
    for entry in message.entries:
        _check_json(entry.config, OBJECT_JSON_BYTES)


def _check_put(message: ObjectPut) -> None:
    _check_json(message.entry.config, OBJECT_JSON_BYTES)


def _check_state(message: ObjectState) -> None:
    _check_json(message.state, OBJECT_JSON_BYTES)


def _check_event(message: ObjectEvent) -> None:
    _check_json(message.event, OBJECT_JSON_BYTES)


CHECKS: Final[Checks] = {
    Use: _check_use,
    ObjectList: _check_list,
    ObjectPut: _check_put,
    ObjectState: _check_state,
    ObjectEvent: _check_event,
}
"""What types cannot say, by message."""
