"""Through which of several servers the next person comes into a room."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID


class Entrance:
    """Asked by the REST interface for its answers. Alone, a server is the entrance to all of its rooms."""

    def __init__(self) -> None:
        self.choose: Callable[[UUID], str | None] = lambda room_id: None

    def server_for(self, room_id: UUID) -> str | None:
        """The name of the server; None: the one that runs the room."""
        return self.choose(room_id)
