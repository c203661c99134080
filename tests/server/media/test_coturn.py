"""A real coturn with the configuration that Hallway writes: whom it lets relay, and whom not."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from server.config import load_settings
from server.media.coturn import coturn_config
from server.media.ice import turn_credential

SECRET = "a secret of this test's"
USER, SOMEBODY_ELSE = UUID(int=7), UUID(int=8)

pytestmark = pytest.mark.skipif(
    shutil.which("turnserver") is None or shutil.which("turnutils_uclient") is None,
    reason="coturn is not installed (apt-get install coturn)",
)


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """It takes TCP on the same port; its log is written late."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def coturn(folder: Path, *allowed: str) -> Iterator[Callable[[str, str], bool]]:
    """A relay on loopback. Gives a function: does it carry packets for this username and credential?"""
    port = free_udp_port()
    text = coturn_config(load_settings({"HALLWAY_TURN_SECRET": SECRET}), realm="example.org", allowed_peers=allowed)
    config = folder / "turnserver.conf"
    config.write_text(text.replace("listening-port=3478", f"listening-port={port}"))
    own = [f"--pidfile={folder / 'pid'}", f"--userdb={folder / 'db'}", "--allow-loopback-peers"]
    ips = ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["turnserver", "-c", str(config), *ips, *own], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while not listens(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "coturn did not start"
            time.sleep(0.05)

        def carries(username: str, credential: str) -> bool:
            options = ["-u", username, "-w", credential, "-p", str(port), "-n", "1", "-m", "1", "-y", "127.0.0.1"]
            return subprocess.run(["turnutils_uclient", *options], capture_output=True, timeout=60).returncode == 0

        yield carries
    finally:
        process.terminate()
        process.wait(20)


def credential(user: UUID, life_s: int) -> tuple[str, str]:
    return turn_credential(SECRET, user, int(time.time()) + life_s)


def test_it_carries_for_a_credential_of_hallways_until_that_expires(tmp_path: Path) -> None:
    with coturn(tmp_path, "127.0.0.1") as carries:
        assert carries(*credential(USER, 600))
        assert not carries(*credential(USER, -10))


def test_a_credential_is_good_for_nobody_else_and_cannot_be_made_up(tmp_path: Path) -> None:
    username, password = credential(USER, 600)
    with coturn(tmp_path, "127.0.0.1") as carries:
        assert not carries(username.replace(str(USER), str(SOMEBODY_ELSE)), password)
        assert not carries(username, "made up")
        assert not carries("", "")


def test_it_carries_nothing_into_a_private_network(tmp_path: Path) -> None:
    with coturn(tmp_path) as carries:
        assert not carries(*credential(USER, 600))
