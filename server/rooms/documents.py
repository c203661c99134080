"""What a room asks of the documents that are open in it."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from protocol.constants import CloseCode


class OpenDocuments(Protocol):
    """Documents that are open, by room; `server.documents.hub.DocumentHub` in a running server."""

    def is_open(self, room_id: UUID) -> bool:
        """Whether somebody has one of the room's documents open."""
        ...

    async def close_room(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Save the room's documents and send their writers away."""
        ...

    def abandon_room(self, room_id: UUID, code: CloseCode, reason: str, retry_ms: int | None) -> None:
        """Send their writers away; another server has the documents."""
        ...
