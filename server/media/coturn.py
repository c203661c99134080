"""A configuration for coturn that relays for people of this Hallway and for nobody else.

A relay that takes any peer address is a way into the network it stands in, so everything private is denied.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.ice_urls import parse_ice_urls
from server.settings import Settings

DENIED_PEERS = (
    "0.0.0.0-0.255.255.255",
    "10.0.0.0-10.255.255.255",
    "100.64.0.0-100.127.255.255",
    "127.0.0.0-127.255.255.255",
    "169.254.0.0-169.254.255.255",
    "172.16.0.0-172.31.255.255",
    "192.0.0.0-192.0.0.255",
    "192.0.2.0-192.0.2.255",
    "192.88.99.0-192.88.99.255",
    "192.168.0.0-192.168.255.255",
    "198.18.0.0-198.19.255.255",
    "198.51.100.0-198.51.100.255",
    "203.0.113.0-203.0.113.255",
    "240.0.0.0-255.255.255.255",
    "::1",
    "64:ff9b::-64:ff9b::ffff:ffff",
    "100::-100::ffff:ffff:ffff:ffff",
    "2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
    "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
)
"""What coturn must not relay to: this computer, private, link-local, reserved and translated addresses."""

USER_QUOTA = 24
"""Allocations at a time for one person: some for each of the people near."""
TOTAL_QUOTA = 2400
BANDWIDTH_BYTES_S = 1_500_000
"""Most that one allocation may carry each way, bytes a second."""
RELAY_PORTS = (49152, 65535)


def coturn_config(
    settings: Settings,
    *,
    realm: str,
    external_ip: str | None = None,
    tls_certificate: str | None = None,
    tls_key: str | None = None,
    allowed_peers: Sequence[str] = (),
) -> str:
    """The text of a turnserver.conf. ValueError: the settings have no `turn_secret`.

    `external_ip`: the public address of a server behind NAT. `tls_certificate`, `tls_key`: files; without them there is
    no TURN over TLS. `allowed_peers`: addresses or ranges to relay to although they are private, such as an office's.
    """
    if settings.turn_secret is None:
        raise ValueError("turn_secret is not set: coturn and Hallway must share one")
    schemes = {url.partition(":")[0] for url in parse_ice_urls(settings.turn_urls, "turn")}
    tls = tls_certificate is not None and tls_key is not None
    lines = [
        "# coturn for Hallway, made by `hallway coturn-config`. It holds a secret: keep it readable for coturn only.",
        "listening-port=3478",
        *(
            ["tls-listening-port=5349", f"cert={tls_certificate}", f"pkey={tls_key}", "no-tlsv1", "no-tlsv1_1"]
            if tls
            else []
        ),
        *([] if tls else ["no-tls"]),
        "no-dtls",
        *([f"external-ip={external_ip}"] if external_ip else []),
        f"min-port={RELAY_PORTS[0]}",
        f"max-port={RELAY_PORTS[1]}",
        "",
        "# Only people with a credential of Hallway's, and only for a while.",
        "use-auth-secret",
        f"static-auth-secret={settings.turn_secret}",
        f"realm={realm}",
        "fingerprint",
        "stale-nonce=600",
        f"user-quota={USER_QUOTA}",
        f"total-quota={TOTAL_QUOTA}",
        f"max-bps={BANDWIDTH_BYTES_S}",
        "",
        "# No way into the network that coturn stands in.",
        "no-multicast-peers",
        *(f"allowed-peer-ip={peer}" for peer in allowed_peers),
        *(f"denied-peer-ip={peer}" for peer in DENIED_PEERS),
        "no-tcp-relay",
        "no-cli",
        "",
        "no-software-attribute",
        "simple-log",
        "log-file=stdout",
    ]
    if "turns" in schemes and not tls:
        lines.insert(1, "# turn_urls has a turns: address, which needs --certificate and --key here, or TLS in front.")
    return "\n".join(lines) + "\n"
