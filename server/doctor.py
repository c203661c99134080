"""`hallway doctor`: looks at everything that a start needs, changes nothing, and says what to do."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.client_files import client_root
from server.config import flag_of, variable_of
from server.settings import Settings
from sim.shared_library import SOURCES, unbuilt

MINIMUM_FREE = 300 * 1024 * 1024
"""Bytes: a new cluster takes 45 MB, and its write-ahead log may grow to 256 MB."""

SERVER_TIMEOUT_S = 5.0
CLOCK_TOLERANCE_S = 5.0
UDP_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` is what to do, and not empty only if there is a problem."""

    subject: str
    text: str
    advice: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether a start would fail, or go badly."""
        return bool(self.advice)


def examine(settings: Settings) -> list[Finding]:
    """Run every check, in the order of a start."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        check_data_folder,
        check_database,
        check_redis,
        check_secret_key,
        check_clock,
        check_port,
        check_udp,
        check_client,
        check_compiled,
        check_open_files,
    )
    return [check(settings) for check in checks]


def check_port(settings: Settings) -> Finding:
    """Can the server listen where it shall?"""
    where = f"{settings.host}:{settings.port}"
    other = f"choose another with {flag_of('port')} or {variable_of('port')}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        advice = f"set {variable_of('host')} to 127.0.0.1 or 0.0.0.0"
        return Finding("port", f"{settings.host} is no address of this computer", advice)
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(1)
        except PermissionError:
            return Finding("port", f"this user may not listen on {where}", f"{other} above 1023")
        except OSError as error:
            in_use = "another program listens on" if error.errno == 98 or "in use" in str(error) else "cannot listen on"
            return Finding("port", f"{in_use} {where}", f"stop that program, or {other}")
    return Finding("port", f"{where} is free" if settings.port else f"any free port on {settings.host}")


def check_udp(settings: Settings) -> Finding:
    """Can the server have its UDP port, and does a datagram get there? A firewall further out is not seen from here."""
    from server.gateway.udp import listening_address, open_socket

    port = settings.port if settings.udp_port is None else settings.udp_port
    if not port:
        why = "is switched off" if settings.udp_port == 0 else "will be that of the TCP port"
        return Finding("UDP", f"the port {why}")
    where = f"{listening_address(settings)}:{port}"
    other = f"choose another with {flag_of('udp_port')} or {variable_of('udp_port')}; until then all use WebSockets"
    try:
        with open_socket(listening_address(settings), port) as listener:
            listener.settimeout(UDP_TIMEOUT_S)
            family, bound = listener.family, listener.getsockname()[0]
            target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound, bound)  # noqa: S104
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"hallway", (target, port))
            listener.recv(16)
    except TimeoutError:
        return Finding("UDP", f"nothing arrives at {where}", "let a local firewall pass UDP to this port")
    except OSError as error:
        return Finding("UDP", f"cannot listen on {where}: {error.strerror or error}", other)
    return Finding("UDP", f"{where} is free; people on lossy networks need it open in the firewall, too")


def check_sfu_port(settings: Settings) -> Finding:
    """Is the port free that browsers are told of for sound and picture?"""
    if settings.media_backend != "builtin" or not settings.sfu_port:
        return Finding("SFU", "any free port" if settings.media_backend == "builtin" else settings.media_backend)
    for port in range(settings.sfu_port, settings.sfu_port + settings.sfu_workers):
        if not _is_free_udp(port):
            advice = f"stop that program, or choose another with {flag_of('sfu_port')}"
            return Finding("SFU", f"another program has UDP port {port}, which a firewall may expect here", advice)
    return Finding("SFU", f"UDP {settings.sfu_port} is free; it must be open to people's browsers")


def _is_free_udp(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def check_proxy(settings: Settings) -> Finding:
    """Does the server know who stands in front of it?"""
    serves_tls = settings.lan or settings.tls_cert is not None
    if settings.public_url is None:
        known = "HTTPS of its own" if serves_tls else "none; cameras need HTTPS, except on this computer itself"
        return Finding("proxy", known)
    if not serves_tls and not settings.trusted_proxies:
        return Finding(
            "proxy",
            f"{settings.public_url} is served by a proxy that is not trusted: everybody seems to come from its address",
            f"set {variable_of('trusted_proxies')} to the proxy's address, such as 127.0.0.1",
        )
    return Finding("proxy", f"{settings.public_url}, trusted: {settings.trusted_proxies or 'nobody'}")


def check_data_folder(settings: Settings) -> Finding:
    """Is there a folder to keep things in, with room, that the databases can enter?"""
    folder = settings.data_dir
    choose = f"choose another with {flag_of('data_dir')} or {variable_of('data_dir')}"
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding("data folder", f"{nearest} is not a folder that this user may write", f"{choose}")
    if not (settings.database_url and settings.redis_url) and sys.platform != "win32":
        from server.embedded.account import check_enterable, child_account
        from server.embedded.errors import EmbeddedError

        try:
            check_enterable(child_account(), nearest)
        except EmbeddedError as error:
            return Finding("data folder", str(error), choose)
    free = shutil.disk_usage(nearest).free
    if free < MINIMUM_FREE:
        return Finding("data folder", f"only {free // 2**20} MB are free at {folder}", f"make room, or {choose}")
    state = "is there" if nearest == folder else "will be made"
    return Finding("data folder", f"{folder} {state}, {free // 2**30} GB free")


def check_database(settings: Settings) -> Finding:
    """Does the given PostgreSQL answer, or can an own one be started?"""
    if settings.database_url is None:
        from server.embedded.binaries import find_postgres

        return _own_program("PostgreSQL", lambda: find_postgres(settings).postgres, "database_url")
    import asyncpg

    async def version(url: str) -> tuple[str, float]:
        connection = await asyncpg.connect(url, timeout=SERVER_TIMEOUT_S)
        try:
            row = await connection.fetchrow("SELECT current_setting('server_version'), extract(epoch FROM now())")
            assert row is not None  # noqa: S101 - a SELECT without FROM has one row
            return str(row[0]), float(row[1])
        finally:
            await connection.close()

    from server.embedded.services import where

    place = where(settings.database_url)
    try:
        number, its_time = asyncio.run(version(settings.database_url))
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = str(error).splitlines()[0] if str(error) else "no answer"
        advice = "start that server, correct DATABASE_URL, or leave it out for an own PostgreSQL"
        return Finding("PostgreSQL", f"{place} cannot be used: {reason}", advice)
    skew = abs(its_time - time.time())
    if skew > CLOCK_TOLERANCE_S:
        return Finding("PostgreSQL", f"its clock at {place} is {skew:.0f} s off this one's", "synchronise both clocks")
    return Finding("PostgreSQL", f"{number} answers at {place}")


def check_redis(settings: Settings) -> Finding:
    """Does the given Redis answer, or can an own Valkey be started?"""
    if settings.redis_url is None:
        from server.embedded.binaries import find_valkey

        return _own_program("Valkey", lambda: find_valkey(settings).server, "redis_url")
    import redis

    from server.embedded.services import where

    place = where(settings.redis_url)
    try:
        with redis.Redis.from_url(
            settings.redis_url, socket_timeout=SERVER_TIMEOUT_S, socket_connect_timeout=SERVER_TIMEOUT_S
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        advice = "start that server, correct REDIS_URL, or leave it out for an own Valkey"
        return Finding("Redis", f"{place} cannot be used: {error}", advice)
    return Finding("Redis", f"answers at {place}")


def check_secret_key(settings: Settings) -> Finding:
    """Do the servers that share this Redis sign with the key of this one?"""
    subject, name = "secret key", variable_of("secret_key")
    kept = settings.data_dir / "secret_key"
    secret = settings.secret_key or (kept.read_text().strip() if os.access(kept, os.R_OK) else "")
    if settings.redis_url is None:
        return Finding(subject, "given" if settings.secret_key else "made once and kept in the data folder")
    import redis

    from server.cluster.registry import Process, processes
    from server.cluster.same_key import fingerprint, strangers
    from server.store.cache import open_cache

    async def found(url: str) -> list[Process]:
        client = open_cache(url)
        try:
            return await processes(client)
        finally:
            await client.aclose()

    try:
        others = asyncio.run(found(settings.redis_url))
    except (redis.RedisError, OSError, ValueError):
        return Finding(subject, "not compared with that of other servers: Redis does not answer")
    if strange := strangers(fingerprint(secret) if secret else "none yet", others):
        who = ", ".join(sorted({other.name or other.url or other.id for other in strange}))
        return Finding(subject, f"another one than that of {who}", f"set {name} to theirs")
    if not settings.secret_key:
        return Finding(subject, f"this server's own; other servers on the same databases need it as {name}")
    return Finding(subject, f"the same for all {len(others)} running processes" if others else "given")


def check_clock(settings: Settings, now: Callable[[], float] = time.time) -> Finding:
    """Tokens and tickets carry times: a clock from before this program was installed makes them worthless."""
    installed = Path(__file__).stat().st_mtime
    stamp = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now()))
    if now() < installed - 24 * 3600:
        return Finding("clock", f"it says {stamp}, which is before Hallway was installed", "set the system's clock")
    return Finding("clock", stamp)


def check_client(settings: Settings) -> Finding:
    """Is there a page to send to browsers?"""
    root = client_root()
    if root is None:
        advice = "run `make client` in the checkout, or install the package again"
        return Finding("client", "the browser client is not built", advice)
    return Finding("client", f"built, in {root}")


def check_compiled(settings: Settings) -> Finding:
    """Are there compiled passes, and are they wanted? Without them everything works, at a higher price."""
    missing = unbuilt()
    if len(missing) == len(SOURCES):
        return Finding("ticks", "on numpy alone; with a C compiler at installation a small room costs half as much")
    if missing:
        advice = "run `make client` in the checkout, or install the package again"
        return Finding("ticks", f"compiled, but not {', '.join(missing)}", advice)
    return Finding(
        "ticks", "compiled" if settings.compiled else f"on numpy alone, for {variable_of('compiled')} says so"
    )


def check_open_files(settings: Settings) -> Finding:
    """Each connection is an open file; systems start with a low limit."""
    if sys.platform == "win32":
        return Finding("open files", "no limit")
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.max_clients + 100
    if hard != resource.RLIM_INFINITY and hard < needed:
        advice = f"raise the limit (ulimit -n {needed}), or lower {variable_of('max_clients')}"
        return Finding("open files", f"{hard} allowed, {needed} needed for {settings.max_clients} clients", advice)
    return Finding("open files", "no limit" if hard == resource.RLIM_INFINITY else f"{hard} allowed")


def _own_program(name: str, find: Callable[[], Path], url_field: str) -> Finding:
    from server.embedded.errors import EmbeddedError

    url = url_field.upper()
    try:
        program = find()
        result = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except EmbeddedError as error:
        return Finding(name, str(error).partition(": ")[0], str(error).partition(": ")[2])
    except (OSError, subprocess.SubprocessError):
        return Finding(name, f"{program} does not run on this system", f"install {name} yourself, or set {url}")
    return Finding(name, f"own, {result.stdout.strip()}, {program}")
