"""How well media arrives at a client (section 7.4)."""

from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from protocol.constants import HEALTH_ROW_BYTES, MAX_HEALTH_ROWS, Kind
from protocol.messages.types import Checks, Uint8, check_rows


class Health(Struct, array_like=True, tag=int(Kind.HEALTH), forbid_unknown_fields=True, frozen=True, gc=False):
    """Since the last report: how often ICE was restarted, how often connections were made anew, how often the direct
    way was given up. `links`, 10 bytes each: quality u8, way u8, kbit/s u16, loss u16, jitter u16, round trip u16."""

    restarts: Uint8
    rebuilds: Uint8
    given_up: Uint8
    links: Annotated[bytes, Meta(max_length=MAX_HEALTH_ROWS * HEALTH_ROW_BYTES)]


HealthClientMessage: TypeAlias = Health


def _check_health(message: Health) -> None:
    check_rows("links", message.links, HEALTH_ROW_BYTES)


CHECKS: Final[Checks] = {Health: _check_health}
"""What types cannot say, by message."""
