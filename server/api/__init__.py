"""The REST API and the pages of the browser client."""

from server.api.client_pages import add_client_pages
from server.api.routes import add_routes

__all__ = ["add_client_pages", "add_routes"]
