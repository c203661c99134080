"""The databases that Hallway runs itself when nobody gives it any."""

from server.embedded.errors import EmbeddedError
from server.embedded.services import EmbeddedServices

__all__ = ["EmbeddedError", "EmbeddedServices"]
