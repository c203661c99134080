"""Which media backend the settings choose, and what it is told of this computer's network."""

from __future__ import annotations

from ipaddress import ip_address

import ifaddr

from server.media.backend import MediaBackend
from server.media.builtin import BuiltInSfu
from server.media.conductor import Conductor
from server.media.janus import JanusBackend
from server.media.livekit import LiveKitBackend
from server.media.plan import DirectLimits
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.worker import Options
from server.networks import parse_address
from server.ops.metrics import Metrics
from server.rooms.parts import PartMaker
from server.settings import Settings

LOOPBACK = "127.0.0.1"


def make_backend(settings: Settings, metrics: Metrics) -> MediaBackend:
    """The backend, not started yet."""
    if settings.media_backend == "builtin":
        return BuiltInSfu(worker_options(settings), SfuMetrics(metrics.registry))
    if settings.media_backend == "janus":
        return JanusBackend(settings.janus_url, settings.janus_secret, settings.janus_admin_key)
    if settings.media_backend == "livekit":
        return LiveKitBackend(settings.livekit_url, settings.livekit_key, settings.livekit_secret or "")
    return MediaBackend()


def conductors(settings: Settings, backend: MediaBackend, metrics: Metrics) -> PartMaker:
    """What makes the media part of each room."""
    limits = DirectLimits(settings.direct_people_video, settings.direct_people_sound)
    return lambda room: Conductor(room, backend, limits, metrics)


def worker_options(settings: Settings) -> list[Options]:
    """One for each worker of the built-in SFU."""
    private = is_for_this_computer_only(settings)
    addresses = (LOOPBACK,) if private else (parse_addresses(settings.sfu_addresses) or own_addresses())
    return [
        Options(
            LOOPBACK if private else "0.0.0.0",  # noqa: S104
            settings.sfu_port + number if settings.sfu_port else 0,
            addresses,
            settings.sfu_simulcast,
            compiled=settings.compiled,
        )
        for number in range(settings.sfu_workers)
    ]


def is_for_this_computer_only(settings: Settings) -> bool:
    """Whether nobody from elsewhere is expected. Behind a proxy there is a public address, although `host` is local."""
    host = parse_address(settings.host)
    local = settings.host == "localhost" or (host is not None and host.is_loopback)
    return local and not settings.public_url and not settings.sfu_addresses


def parse_addresses(text: str) -> tuple[str, ...]:
    """`192.0.2.7, 2001:db8::7` as addresses. ValueError: one of them is none."""
    return tuple(str(ip_address(part)) for part in text.replace(",", " ").split())


def own_addresses() -> tuple[str, ...]:
    """Where this computer can be reached, as far as it knows: the loopback address only if there is nothing else."""
    found: list[str] = []
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            address = ip_address(each.ip if isinstance(each.ip, str) else each.ip[0])
            if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                found.append(str(address))
    return tuple(found) or (LOOPBACK,)
