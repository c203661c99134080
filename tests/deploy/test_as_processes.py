"""deploy/compose.yaml without Docker: the same commands with the same environment, as processes behind the real nginx
and beside the real coturn, on a root that cannot be written where the system allows that."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from aiohttp import ClientSession, TCPConnector, WSMsgType

from protocol.constants import ALL_FEATURES, SUBPROTOCOL
from protocol.messages import Hello, Welcome, decode_server, encode
from server.config import load_settings
from server.embedded.binaries import find_valkey
from server.tls import own_certificate
from tests.adversity.server_process import free_port
from tests.conftest import open_folder
from tests.deploy.external import external_postgres, started_process
from tests.deploy.files import DEPLOY, KUBERNETES, OFFICE, ROOT, compose, manifests
from tests.deploy.nginx_process import NGINX, running_nginx

MISSING = [name for name, found in (("nginx-light", NGINX), ("coturn", shutil.which("turnserver"))) if not found]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed (apt-get install {' '.join(MISSING)})")

HALLWAY = Path(sys.executable).with_name("hallway")
READ_ONLY = """
mount --make-rprivate / && mount --bind "$0" /mnt && mount -t tmpfs -o mode=1777 tmpfs /tmp \\
&& mkdir -p "$HALLWAY_DATA" "$0" && mount --move /mnt "$0" && mount -o remount,ro,bind "$0" \\
&& mount -o remount,ro,bind / && ! touch /written 2>/dev/null && exec "$@"
"""
"""In a file system view of its own: /tmp and the data folder in it are new and empty, all else is read-only. $0 is the
checkout, which stays in sight when it lies in /tmp itself."""


@dataclass
class Office:
    """What runs. `host`: where nginx answers; `server`: the server itself."""

    url: str
    server: str
    turn_port: int
    ssl: ssl.SSLContext
    is_read_only: bool


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    services = compose(OFFICE | {"OFFICE_DOMAIN": "localhost"})["services"]
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder())
        http, https, server, turn, redis = (free_port() for _ in range(5))
        stack.enter_context(valkey(services["redis"], folder, redis))
        database = stack.enter_context(external_postgres(OFFICE["POSTGRES_PASSWORD"]))
        configure(services["configure"], folder)
        environment = {
            name: str(value)
            .replace("@postgres:5432/hallway", f"@{database.rpartition('@')[2]}")
            .replace("@redis:6379/0", f"@127.0.0.1:{redis}/0")
            for name, value in services["hallway"]["environment"].items()
        }
        # The name inside the network of containers is that of this computer here, and ports are those that are free.
        environment |= {
            "HALLWAY_PORT": str(server),
            "HALLWAY_TRUSTED_PROXIES": "127.0.0.1",
            "HALLWAY_PUBLIC_URL": f"https://localhost:{https}",
            "HALLWAY_SFU_PORT": "0",
            "HALLWAY_UDP_PORT": "0",
            "HALLWAY_DATA": str(folder / "kept"),
        }
        is_read_only = stack.enter_context(serving(services["hallway"]["command"], environment, folder, server))
        certificate, key = own_certificate(folder / "tls", ["localhost"], datetime.now(UTC))
        config = (folder / "nginx/hallway.conf").read_text()
        for named, here in (
            ("hallway:8080", f"127.0.0.1:{server}"),
            ("/etc/nginx/certificates/fullchain.pem", str(certificate)),
            ("/etc/nginx/certificates/privkey.pem", str(key)),
        ):
            assert named in config
            config = config.replace(named, here)
        config = re.sub(
            r"(listen (?:\[::\]:)?)443", rf"\g<1>{https}", re.sub(r"(listen (?:\[::\]:)?)80;", rf"\g<1>{http};", config)
        )
        stack.enter_context(running_nginx(folder / "nginx", config, https))
        stack.enter_context(coturn(services["coturn"]["command"], folder, turn))
        trusting = ssl.create_default_context(cafile=str(certificate))
        yield Office(f"https://localhost:{https}", f"http://127.0.0.1:{server}", turn, trusting, is_read_only)


def configure(service: dict[str, Any], folder: Path) -> None:
    """The one-shot service that writes nginx's and coturn's files."""
    for name in ("nginx", "coturn"):
        (folder / name).mkdir()
    shell, *words = service["command"]
    words[-1] = words[-1].replace("/etc/hallway/", f"{folder}/")
    path = f"{HALLWAY.parent}:{os.environ['PATH']}"
    environment = {"PATH": path, **{name: str(value) for name, value in service["environment"].items()}}
    subprocess.run([shell, *words], check=True, env=environment, cwd=folder, timeout=60)


@contextmanager
def valkey(service: dict[str, Any], folder: Path, port: int) -> Iterator[None]:
    place = folder / "redis"
    (place / "data").mkdir(parents=True)
    program = find_valkey(load_settings({})).server
    shell, *words = service["command"]
    words[-1] = (
        words[-1]
        .replace("/tmp/", f"{place}/")
        .replace("--dir /data", f"--dir {place}/data --port {port} --bind 127.0.0.1")
    )
    path = f"{program.parent}:{os.environ['PATH']}"
    with started_process([shell, *words], port, place, PATH=path, **service["environment"]):
        yield


@contextmanager
def serving(command: list[str], environment: dict[str, str], folder: Path, port: int) -> Iterator[bool]:
    """The server, on a root that it cannot write if this may be done here; whether it was."""
    words = [str(HALLWAY), *command[1:]]
    alone = ["unshare", "--mount", "sh", "-ec", READ_ONLY, str(HALLWAY.parents[2])]
    probe = subprocess.run([*alone, "true"], env={**os.environ, **environment}, capture_output=True)
    is_read_only = probe.returncode == 0
    with started_process([*alone, *words] if is_read_only else words, port, folder, **environment):
        yield is_read_only


@contextmanager
def coturn(command: list[str], folder: Path, port: int) -> Iterator[None]:
    config = folder / "coturn/turnserver.conf"
    text = config.read_text()
    assert f"external-ip={OFFICE['OFFICE_ADDRESS']}" in text
    config.write_text(
        text.replace("listening-port=3478", f"listening-port={port}").replace(
            f"external-ip={OFFICE['OFFICE_ADDRESS']}\n", ""
        )
    )
    words = [str(config) if word == "/etc/coturn/turnserver.conf" else word for word in command]
    here = ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers", "--allowed-peer-ip=127.0.0.1"]
    own = [f"--pidfile={folder}/coturn/pid", f"--userdb={folder}/coturn/db"]
    with started_process(["turnserver", *words, *here, *own], port, folder / "coturn"):
        yield


async def test_people_come_in_through_nginx_and_get_a_relay_that_carries(office: Office) -> None:
    async with ClientSession(connector=TCPConnector(ssl=office.ssl)) as http, asyncio.timeout(60):
        name = f"Ann {secrets.token_hex(4)}"
        account = {
            "email": f"{secrets.token_hex(6)}@example.org",
            "username": name,
            "password": "correct horse battery",
        }
        async with http.post(office.url + "/api/auth/register", json=account) as answer:
            assert answer.status == 201, await answer.text()
            assert "Secure" in answer.headers["Set-Cookie"]
            http.headers["Authorization"] = f"Bearer {(await answer.json())['access_token']}"
        async with http.post(office.url + "/api/rooms", json={"name": "Room", "template": "office"}) as answer:
            room = await answer.json()
        async with http.post(f"{office.url}/api/rooms/{room['id']}/join", json={}) as answer:
            ticket = (await answer.json())["ticket"]
        url = f"{office.url}/ws/rooms/{room['id']}".replace("https", "wss")
        async with http.ws_connect(url, protocols=(SUBPROTOCOL,)) as socket:
            await socket.send_bytes(encode(Hello(0, ALL_FEATURES, ticket, None, 0, "test")))
            message = await socket.receive()
            assert message.type is WSMsgType.BINARY
            assert isinstance(decode_server(message.data), Welcome)
        async with http.get(office.url + "/api/media/ice") as answer:
            [relay] = [found for found in (await answer.json())["ice_servers"] if "credential" in found]
    assert relay["urls"] == ["turn:localhost:3478?transport=udp", "turn:localhost:3478?transport=tcp"]
    client = ["turnutils_uclient", "-u", relay["username"], "-w", relay["credential"], "-p", str(office.turn_port)]
    command = [*client, "-n", "1", "-m", "1", "-y", "127.0.0.1"]
    carried = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=60)
    assert carried.returncode == 0, carried.stdout


def test_every_probe_that_the_files_name_is_answered(office: Office) -> None:
    paths = set(re.findall(r"/api/health/[a-z]+|/metrics", (ROOT / "Dockerfile").read_text()))
    paths |= set(re.findall(r"/api/health/[a-z]+", json.dumps(compose())))
    paths |= set(re.findall(r"/api/health/[a-z]+|/metrics", json.dumps([found for _, found in manifests()])))
    assert paths == {"/api/health/startup", "/api/health/live", "/api/health/ready", "/metrics"}
    for path in sorted(paths):
        with urlopen(office.server + path, timeout=10) as answer:
            assert answer.status == 200, path


def test_every_metric_that_alarms_boards_and_the_autoscaler_name_exists(office: Office) -> None:
    with urlopen(office.server + "/metrics", timeout=10) as answer:
        page = answer.read().decode()
    known = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", page, flags=re.MULTILINE):
        known |= {f"{name}{end}" for end in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))}
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())
    expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    [adapter] = yaml.safe_load((KUBERNETES / "prometheus-adapter.yaml").read_text())["rules"]["custom"]
    expressions += [adapter["seriesQuery"], adapter["metricsQuery"]]
    expressions += re.findall(r'"expr": "((?:[^"\\]|\\.)*)"', (DEPLOY / "grafana/hallway.json").read_text())
    named = {name for text in expressions for name in re.findall(r"\bhallway_[a-z_]+", text)}
    assert named - known == set()
    assert len(named) > 20


def test_the_server_needs_no_root_that_can_be_written(office: Office) -> None:
    if not office.is_read_only:
        pytest.skip("this system does not let a process have a file system view of its own")
    with urlopen(office.server + "/api/health/ready", timeout=10) as answer:
        assert json.load(answer)["parts"] == {"database": "up", "redis": "up", "rooms": "open"}
