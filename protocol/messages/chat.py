"""What people write to each other, and gestures (section 9)."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import CHAT_LETTERS, UINT16_MAX, UINT53_MAX, Kind
from protocol.errors import MalformedError
from protocol.messages.types import AvatarId, Checks, Uint8, Uint16, Uint32, UserId

Ref: TypeAlias = Annotated[int, Meta(ge=1, le=UINT16_MAX)]
ChannelNumber: TypeAlias = Literal[0, 1, 2, 3]
ChatText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=CHAT_LETTERS)]
Millis: TypeAlias = Annotated[int, Meta(ge=0, le=UINT53_MAX)]


class Say(Struct, array_like=True, tag=int(Kind.SAY), forbid_unknown_fields=True, frozen=True, gc=False):
    """Something written. `id`: of the client's making, never used again. `to`: with channel 2 and only then."""

    ref: Ref
    id: UserId
    channel: ChannelNumber
    to: UserId | None
    text: ChatText


class Type(Struct, array_like=True, tag=int(Kind.TYPE), forbid_unknown_fields=True, frozen=True, gc=False):
    """The client's person is writing something."""

    channel: Literal[0, 1, 2]
    to: UserId | None


class React(Struct, array_like=True, tag=int(Kind.REACT), forbid_unknown_fields=True, frozen=True, gc=False):
    """A reaction over the own avatar: a number of the table in section 9.5."""

    ref: Ref
    reaction: Uint8


class Hand(Struct, array_like=True, tag=int(Kind.HAND), forbid_unknown_fields=True, frozen=True, gc=False):
    """A hand goes up or down. `avatar` 0: the own one."""

    ref: Ref
    up: bool
    avatar: Uint16


class Wave(Struct, array_like=True, tag=int(Kind.WAVE), forbid_unknown_fields=True, frozen=True, gc=False):
    """A wave at somebody."""

    ref: Ref
    avatar: AvatarId


class Said(Struct, array_like=True, tag=int(Kind.SAID), forbid_unknown_fields=True, frozen=True, gc=False):
    """Somebody wrote something. `at`: ms since 1970, the server's clock."""

    id: UserId
    channel: ChannelNumber
    user_id: UserId
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    to: UserId | None
    text: ChatText
    at: Millis


class Sent(Struct, array_like=True, tag=int(Kind.SENT), forbid_unknown_fields=True, frozen=True, gc=False):
    """What the client wrote is safe. `heard`: how many others were sent it at once. `kept`: it is in the history."""

    id: UserId
    at: Millis
    heard: Uint32
    kept: bool


class Removed(Struct, array_like=True, tag=int(Kind.REMOVED), forbid_unknown_fields=True, frozen=True, gc=False):
    """A message was deleted."""

    id: UserId


class Typing(Struct, array_like=True, tag=int(Kind.TYPING), forbid_unknown_fields=True, frozen=True, gc=False):
    """Somebody is writing something that this client would be sent."""

    channel: Literal[0, 1, 2]
    user_id: UserId


class GestureMade(Struct, array_like=True, tag=int(Kind.GESTURE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Somebody reacts (value: the reaction), waves (at avatar `value`), or has a hand up (its turn; 0: down)."""

    gesture: Literal[0, 1, 2]
    avatar: AvatarId
    value: Uint32


ChatClientMessage: TypeAlias = Say | Type | React | Hand | Wave
ChatServerMessage: TypeAlias = Said | Sent | Removed | Typing | GestureMade

_DIRECT: Final = 2
_CONTROLS: Final = frozenset(map(chr, range(32))) - {"\t", "\n"} | {"\x7f"}


def check_text(text: str) -> None:
    """Raises `MalformedError` for a text that shows nothing, and for control characters but tab and line feed."""
    if not text.strip():
        raise MalformedError("text is blank")
    if not text.isprintable() and not _CONTROLS.isdisjoint(text):
        raise MalformedError("text holds a control character")


def _check_say(message: Say) -> None:
    if (message.to is None) == (message.channel == _DIRECT):
        raise MalformedError("a receiver goes with the direct channel, and only with it")
    check_text(message.text)


def _check_type(message: Type) -> None:
    if (message.to is None) == (message.channel == _DIRECT):
        raise MalformedError("a receiver goes with the direct channel, and only with it")


def _check_said(message: Said) -> None:
    if (message.to is None) == (message.channel == _DIRECT):
        raise MalformedError("a receiver goes with the direct channel, and only with it")
    if len(message.name.encode()) > 64:
        raise MalformedError("name is longer than 64 bytes")


CHECKS: Final[Checks] = {Say: _check_say, Type: _check_type, Said: _check_said}
"""What types cannot say, by message."""
