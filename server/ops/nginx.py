"""A configuration of nginx for one server, several that are named, or as many as a Kubernetes StatefulSet has.

REST and pages may go to any server. A room's socket has to reach the server that owns the room, so each server has a
path of its own for sockets, `/at/NAME/ws/`, of which nginx takes the front off again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.cluster.address import AT
from server.settings import Settings

SILENCE_S = 75
"""How long a socket may say nothing: rooms speak twice a second, `/ws/global` every 25 s."""
JOIN_S = 8
"""How long a server may take to let somebody in; it waits itself while a room moves (`server.cluster.forward`)."""
BODY = "128k"
"""The largest request that is no upload; the server takes 64 KiB."""
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HOST = re.compile(r"(unix:/[^\s;{}\"']+|\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)")
_PATH = re.compile(r"[^\s;{}\"'$\\]+")


@dataclass(frozen=True, slots=True)
class Upstream:
    """A server as nginx reaches it. `address`: `host:port`, or `unix:/path`."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Pods:
    """Servers whose names are host names below `domain`, such as those of a StatefulSet. `any_of`: the address that
    leads to any of them. `resolver`: the DNS server that knows them."""

    prefix: str
    domain: str
    any_of: str
    port: int
    resolver: str


@dataclass(frozen=True, slots=True)
class Front:
    """Where nginx itself answers. `certificate` and `key` None: HTTP only, for TLS that ends before nginx; then
    `inside`, the networks of whoever ends it, are believed about the address and the scheme."""

    host: str
    certificate: str | None = None
    key: str | None = None
    http_port: int = 80
    https_port: int = 443
    inside: Sequence[str] = ()


def parse_upstream(text: str) -> Upstream:
    """`NAME=HOST:PORT`. Raises ValueError with a text for the operator."""
    name, equals, address = text.partition("=")
    if not equals or not _NAME.fullmatch(name):
        raise ValueError(f"{text!r} is not NAME=HOST:PORT with a name of lower-case letters, digits and hyphens")
    host, colon, port = address.rpartition(":")
    is_socket = address.startswith("unix:")
    if not _HOST.fullmatch(address if is_socket else host) or not (is_socket or (colon and is_port(port))):
        raise ValueError(f"{address!r} is not HOST:PORT, such as 10.0.0.7:8080, [fd00::7]:8080 or unix:/run/a.sock")
    return Upstream(name, address)


def is_port(text: str) -> bool:
    """Whether the text is a TCP port."""
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536


def nginx_config(settings: Settings, front: Front, servers: Sequence[Upstream] | Pods) -> str:
    """The text of a file for nginx's `conf.d`. ValueError: a name or a path that nginx would read as something else."""
    if not isinstance(servers, Pods):
        names = [server.name for server in servers]
        if not names or len(set(names)) != len(names):
            raise ValueError("each server needs a name of its own")
    for path in filter(None, (front.certificate, front.key, front.host)):
        if not _PATH.fullmatch(path):
            raise ValueError(f"{path!r} has a character that means something to nginx")
    listens = _pods_head(servers) if isinstance(servers, Pods) else _upstreams(servers)
    parts = [
        "# nginx for Hallway, made by `hallway nginx-config`. It belongs into conf.d, inside `http { }`.",
        "# Each person is two connections in and two out: set worker_connections to four times the people, at least.",
        "",
        "map $http_upgrade $hallway_connection {",
        "    default upgrade;",
        "    '' '';",
        "}",
        *_scheme(front),
        "",
        *listens,
        "",
        *(_redirect(front) if front.certificate else []),
        "server {",
        *(f"    {line}" if line else "" for line in _server(settings, front, servers)),
        "}",
    ]
    return "\n".join(parts) + "\n"


def _scheme(front: Front) -> list[str]:
    if front.certificate:
        return ["map $scheme $hallway_scheme { default $scheme; }"]
    # The connection is plain here: what the browser speaks is said by whoever ended its TLS, if that is one of ours.
    return [
        "geo $realip_remote_addr $hallway_inside {",
        "    default 0;",
        *(f"    {network} 1;" for network in front.inside),
        "}",
        "map $hallway_inside:$http_x_forwarded_proto $hallway_scheme {",
        "    default $scheme;",
        "    1:https https;",
        "}",
    ]


def _upstreams(servers: Sequence[Upstream]) -> list[str]:
    lines = [
        "# A server that does not answer is left alone for two seconds.",
        "upstream hallway {",
        "    least_conn;",
        *(f"    server {server.address} max_fails=1 fail_timeout=2s;" for server in servers),
        "    keepalive 32;",
        "}",
    ]
    for server in servers:
        lines += [
            f"upstream hallway_{server.name} {{",
            f"    server {server.address} max_fails=0;",
            "    keepalive 8;",
            "}",
        ]
    return lines


def _pods_head(pods: Pods) -> list[str]:
    return [
        f"resolver {pods.resolver} valid=5s ipv6=off;",
        "upstream hallway {",
        f"    server {pods.any_of}:{pods.port} max_fails=0;",
        "    keepalive 32;",
        "}",
    ]


def _redirect(front: Front) -> list[str]:
    port = "" if front.https_port == 443 else f":{front.https_port}"
    return [
        "server {",
        f"    listen {front.http_port};",
        f"    listen [::]:{front.http_port};",
        f"    server_name {front.host};",
        f"    return 308 https://$host{port}$request_uri;",
        "}",
        "",
    ]


def _server(settings: Settings, front: Front, servers: Sequence[Upstream] | Pods) -> list[str]:
    named = _named_pods(servers) if isinstance(servers, Pods) else _named(servers)
    upload = settings.upload_max_mb + 1
    return [
        *_listen(front),
        f"server_name {front.host};",
        "",
        f"client_max_body_size {BODY};",
        "client_body_timeout 20s;",
        "client_header_timeout 20s;",
        "keepalive_timeout 65s;",
        "",
        "proxy_http_version 1.1;",
        *_headers(),
        "proxy_connect_timeout 2s;",
        "proxy_read_timeout 60s;",
        "proxy_send_timeout 60s;",
        "proxy_socket_keepalive on;",
        "# What never reached a server may be tried at the next one.",
        "proxy_next_upstream error timeout;",
        "proxy_next_upstream_tries 2;",
        "",
        "location / {",
        "    proxy_pass http://hallway;",
        "}",
        "# Pictures and PDFs: `upload_max_mb`, and what surrounds them.",
        "location ~ ^/api/rooms/[^/]+/files(/|$) {",
        f"    client_max_body_size {upload}m;",
        "    proxy_pass http://hallway;",
        "}",
        "# Whoever wants to come in is asked for at the next server, too, if the first one sleeps: it may be repeated.",
        "location ~ ^/api/rooms/[^/]+/join$ {",
        f"    proxy_read_timeout {JOIN_S}s;",
        "    proxy_next_upstream error timeout non_idempotent;",
        "    proxy_pass http://hallway;",
        "}",
        "# Metrics are for Prometheus, which asks each server itself; what servers say to each other is for them.",
        "location ~ ^/(metrics$|internal/) {",
        "    return 404;",
        "}",
        "location /ws/ {",
        *_indented(_socket()),
        "    proxy_pass http://hallway;",
        "}",
        *named,
        "# A server that nginx does not know: its rooms are somewhere else by now.",
        f"location {AT} {{",
        "    return 503;",
        "}",
    ]


def _listen(front: Front) -> list[str]:
    if not front.certificate:
        realip = [f"set_real_ip_from {network};" for network in front.inside]
        more = [*realip, "real_ip_header X-Forwarded-For;", "real_ip_recursive on;"] if realip else []
        return [f"listen {front.http_port};", f"listen [::]:{front.http_port};", *more]
    return [
        f"listen {front.https_port} ssl http2;",
        f"listen [::]:{front.https_port} ssl http2;",
        f"ssl_certificate {front.certificate};",
        f"ssl_certificate_key {front.key};",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_session_cache shared:hallway:10m;",
        "ssl_session_timeout 1d;",
        "ssl_session_tickets off;",
    ]


def _headers(connection: str = '""') -> list[str]:
    # nginx inherits these only where a location sets none, hence all of them each time.
    return [
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $hallway_scheme;",
        "proxy_set_header X-Request-ID $request_id;",
        f"proxy_set_header Connection {connection};",
    ]


def _socket() -> list[str]:
    return [
        *_headers("$hallway_connection"),
        "proxy_set_header Upgrade $http_upgrade;",
        f"proxy_read_timeout {SILENCE_S}s;",
        f"proxy_send_timeout {SILENCE_S}s;",
    ]


def _named(servers: Sequence[Upstream]) -> list[str]:
    lines = []
    for server in servers:
        lines += [
            f"location {AT}{server.name}/ws/ {{",
            *_indented(_socket()),
            f"    proxy_pass http://hallway_{server.name}/ws/;",
            "}",
        ]
    return lines


def _named_pods(pods: Pods) -> list[str]:
    return [
        f"location ~ ^{AT}({re.escape(pods.prefix)}-[0-9]+)(/ws/.*)$ {{".replace("\\-", "-"),
        *_indented(_socket()),
        f"    proxy_pass http://$1.{pods.domain}:{pods.port}$2$is_args$args;",
        "}",
    ]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
