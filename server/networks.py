"""Sets of IP networks as operators write them, and the one form in which addresses are compared."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

NONE = "none"


@cache
def parse_networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8, ::1` as networks; "none" and "" are no network. Raises ValueError for anything else."""
    if text.strip().lower() in ("", NONE):
        return ()
    return tuple(ip_network(part) for part in re.split(r"[,\s]+", text.strip()))


def parse_address(text: str) -> Address | None:
    """An address in the form that networks are compared with: IPv4 inside IPv6 is IPv4. None: it is no address."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def is_within(address: Address | None, networks: tuple[Network, ...]) -> bool:
    """Whether the address is in one of the networks."""
    return address is not None and any(address in network for network in networks)
