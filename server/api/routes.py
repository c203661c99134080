"""All REST endpoints, put on an application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from server.api.accounts import Accounts
from server.api.endpoint import Endpoint
from server.api.health import Health
from server.api.ice import Ice
from server.api.people import People
from server.api.places import Places
from server.api.problems import answer_with_problems
from server.api.security_headers import add_security_headers
from server.rooms.templates import Template, load_templates
from server.services import Services


def endpoints(services: Services, templates: Mapping[str, Template]) -> list[Endpoint[Any]]:
    """Every REST endpoint."""
    parts = (Accounts(services), People(services), Places(services, templates), Ice(services), Health(services))
    return [endpoint for part in parts for endpoint in part.endpoints()]


def add_routes(app: web.Application, services: Services, templates: Mapping[str, Template] | None = None) -> None:
    """Add the REST API, its problem documents, and the security headers of every response.

    Without `templates`, those that come with Hallway; one that is not right raises `sim.maps.MapError` here, at start.
    """
    all_endpoints = endpoints(services, load_templates() if templates is None else templates)
    app.middlewares.append(answer_with_problems)
    app.on_response_prepare.append(add_security_headers)
    app.add_routes([endpoint.route(services) for endpoint in all_endpoints])
