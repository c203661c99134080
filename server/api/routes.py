"""All REST endpoints, put on an application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from server.api.accounts import Accounts
from server.api.admin import Admin
from server.api.admin_live import AdminLive
from server.api.admin_people import AdminPeople
from server.api.directs import DirectMessages
from server.api.endpoint import Endpoint
from server.api.health import Health
from server.api.ice import Ice
from server.api.invitations import Invitations
from server.api.members import RoomMembers
from server.api.oidc_log_in import OidcLogIn
from server.api.own_account import OwnAccount
from server.api.people import People
from server.api.places import Places
from server.api.presence import OwnPresence
from server.api.problems import answer_with_problems
from server.api.reference import Reference
from server.api.room_access import RoomAccess
from server.api.room_audit import RoomAudit
from server.api.room_bans import RoomBans
from server.api.room_files import RoomFiles
from server.api.room_life import RoomLife
from server.api.room_messages import RoomMessages
from server.api.room_objects import RoomObjects
from server.api.room_portals import RoomPortals
from server.api.security_headers import (
    CONNECT_SOURCES,
    DATAGRAM_HOST,
    FRAME_SOURCES,
    add_security_headers,
    connect_sources,
)
from server.embeds import frame_sources
from server.ops.request_log import add_request_log
from server.rooms.templates import Template, load_templates
from server.services import Services


def endpoints(services: Services, templates: Mapping[str, Template]) -> list[Endpoint[Any]]:
    """Every REST endpoint."""
    access = RoomAccess(services)
    parts = (
        Accounts(services),
        OwnAccount(services),
        OidcLogIn(services),
        People(services),
        Places(services, access, templates),
        RoomLife(services, access),
        RoomMembers(services, access),
        RoomBans(services, access),
        Invitations(services, access),
        RoomPortals(services, access, templates),
        RoomObjects(services, access, templates),
        RoomFiles(services, access),
        RoomAudit(services, access),
        RoomMessages(services, access),
        DirectMessages(services),
        OwnPresence(services),
        Admin(services, access),
        AdminPeople(services, access),
        AdminLive(services),
        Ice(services, access),
        Health(services),
    )
    found = [endpoint for part in parts for endpoint in part.endpoints()]
    return [*found, *Reference(found).endpoints()]


def add_routes(app: web.Application, services: Services, templates: Mapping[str, Template] | None = None) -> None:
    """Add the REST API, its problem documents, and the security headers of every response.

    Without `templates`, those of the settings; one that is not right raises `sim.maps.MapError` here, at start.
    """
    all_endpoints = endpoints(
        services, load_templates(services.settings.templates_dir) if templates is None else templates
    )
    app[FRAME_SOURCES] = frame_sources(services.settings)
    settings = services.settings
    if settings.udp_port != 0:
        app[DATAGRAM_HOST] = settings.udp_host
    app[CONNECT_SOURCES] = connect_sources(settings.livekit_url if settings.media_backend == "livekit" else "")
    add_request_log(app, settings)
    app.middlewares.append(answer_with_problems)
    app.on_response_prepare.append(add_security_headers)
    app.add_routes([endpoint.route(services) for endpoint in all_endpoints])
