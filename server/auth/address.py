"""Whose address a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network

from aiohttp import web

from server.networks import is_within, parse_address, parse_networks
from server.settings import Settings

TOLD_ADDRESS = web.RequestKey("told_address", str)
"""The client's address as another process of this office saw it, which handed the request on (`server.cluster`)."""
UNKNOWN = "unknown"
"""Stands for the address of a connection that has none, such as a Unix socket's."""

IPV6_SITE = 64
"""Bits that belong to one customer: counting single addresses of a network would count nothing."""


def comes_through_proxy(request: web.Request, settings: Settings) -> bool:
    """Whether the connection is from a proxy named in `trusted_proxies`: only then are forwarded headers believed."""
    return is_within(parse_address(request.remote or ""), parse_networks(settings.trusted_proxies))


def client_address(request: web.Request, settings: Settings) -> str:
    """The address of the client: the connection's own, unless that is a proxy named in `trusted_proxies`.

    Of `X-Forwarded-For` only what trusted proxies wrote counts, from the right: everything before is the client's word.
    """
    if TOLD_ADDRESS in request:
        return request[TOLD_ADDRESS]
    trusted = parse_networks(settings.trusted_proxies)
    found = parse_address(request.remote or "")
    if not comes_through_proxy(request, settings):
        return str(found) if found else UNKNOWN
    for text in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        address = parse_address(text)
        if address is None:
            break
        found = address
        if not is_within(address, trusted):
            break
    return str(found)


def counted_as(address: str) -> str:
    """The address that limits count for it: itself, or the network of an IPv6 address."""
    parsed = parse_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, IPV6_SITE), strict=False))
    return address
