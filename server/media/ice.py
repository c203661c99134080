"""What a browser is told about STUN and TURN servers, with credentials that are good for a while.

The credentials are those of the TURN REST API (draft-uberti-behave-turn-rest-00), which coturn and others understand:
the name is the time of expiry and the user, the password its HMAC-SHA1 under the shared secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from msgspec import Struct

from server.ice_urls import parse_ice_urls
from server.settings import Settings


class IceServer(Struct, frozen=True, omit_defaults=True):
    """As RTCIceServer."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class IceServers(Struct, frozen=True):
    """`expires_in`: seconds after which the credentials are no longer good; None: there are none. `relay_only`: use no
    way but a relay, so that nobody learns anybody's address."""

    ice_servers: list[IceServer]
    expires_in: int | None
    relay_only: bool = False


def turn_credential(secret: str, user_id: UUID, expires_at: int) -> tuple[str, str]:
    """(username, credential). `expires_at`: Unix time, s."""
    username = f"{expires_at}:{user_id}"
    mac = hmac.new(secret.encode(), username.encode(), hashlib.sha1)
    return username, base64.b64encode(mac.digest()).decode()


def has_relay(settings: Settings) -> bool:
    """Whether people can be given a TURN server."""
    return settings.turn_secret is not None and bool(parse_ice_urls(settings.turn_urls, "turn"))


def ice_servers(settings: Settings, user_id: UUID, now: float, *, relay_only: bool = False) -> IceServers:
    """The servers for one person. `now`: Unix time, s."""
    servers: list[IceServer] = []
    if stun := parse_ice_urls(settings.stun_urls, "stun"):
        servers.append(IceServer(stun))
    turn = parse_ice_urls(settings.turn_urls, "turn")
    if not turn or settings.turn_secret is None:
        return IceServers(servers, None, relay_only)
    username, credential = turn_credential(settings.turn_secret, user_id, int(now) + settings.turn_credential_s)
    servers.append(IceServer(turn, username, credential))
    return IceServers(servers, settings.turn_credential_s, relay_only)
