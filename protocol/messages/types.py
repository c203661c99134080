"""Types of fields with their limits, and checks of what types cannot say."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

from msgspec import Meta

from protocol.constants import LOOK_BYTES, RESUME_TOKEN_BYTES, UINT16_MAX, UINT32_MAX
from protocol.errors import MalformedError

Uint8: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
Uint16: TypeAlias = Annotated[int, Meta(ge=0, le=UINT16_MAX)]
Uint32: TypeAlias = Annotated[int, Meta(ge=0, le=UINT32_MAX)]
AvatarId: TypeAlias = Annotated[int, Meta(ge=1, le=UINT16_MAX)]
Slack: TypeAlias = Annotated[int, Meta(ge=-128, le=127)]
ResumeToken: TypeAlias = Annotated[bytes, Meta(min_length=RESUME_TOKEN_BYTES, max_length=RESUME_TOKEN_BYTES)]
Look: TypeAlias = Annotated[bytes, Meta(min_length=LOOK_BYTES, max_length=LOOK_BYTES)]
UserId: TypeAlias = Annotated[
    str, Meta(pattern=r"\A[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
]

Checks: TypeAlias = Mapping[type, Callable[[Any], None]]
"""By message type, what raises `MalformedError` for a message that its types allow and the standard does not."""


def check_rows(field: str, data: bytes, row_bytes: int) -> None:
    """Raises `MalformedError` for a `bin` that is no whole number of rows."""
    if len(data) % row_bytes:
        raise MalformedError(f"{field} ends within a row")
