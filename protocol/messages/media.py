"""Who is linked, what they send each other and what they let others hear and see (sections 3.6, 3.7 and 7)."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import LINK_ROW_BYTES, Kind
from protocol.messages.types import AvatarId, Checks, Uint32, check_rows


class Media(Struct, array_like=True, tag=int(Kind.MEDIA), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.6. `state`: bit 0 microphone, bit 1 camera, bit 2 screen."""

    state: Annotated[int, Meta(ge=0, le=7)]


class Signal(Struct, array_like=True, tag=int(Kind.SIGNAL), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 3.7. `payload` is between the two clients; the server does not look into it."""

    to: AvatarId
    link: Uint32
    payload: Annotated[str, Meta(min_length=1)]


class MediaState(Struct, array_like=True, tag=int(Kind.MEDIA_STATE), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.11."""

    avatar: AvatarId
    state: Annotated[int, Meta(ge=0, le=7)]


class Signaled(Struct, array_like=True, tag=int(Kind.SIGNALED), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.13."""

    sender: AvatarId
    link: Uint32
    payload: Annotated[str, Meta(min_length=1)]


class Links(Struct, array_like=True, tag=int(Kind.LINKS), forbid_unknown_fields=True, frozen=True, gc=False):
    """Section 5.12. `links`: everyone linked, 7 bytes each: avatar u16, link number u32, flags u8."""

    tick: Uint32
    epoch: Uint32
    links: bytes


MediaClientMessage: TypeAlias = Media | Signal
MediaServerMessage: TypeAlias = MediaState | Signaled | Links


def _check_links(message: Links) -> None:
    check_rows("links", message.links, LINK_ROW_BYTES)


CHECKS: Final[Checks] = {Links: _check_links}
"""What types cannot say, by message."""
