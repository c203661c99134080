"""What lies between two people: a real coturn, and a way for UDP that loses, delays and swallows packets by plan."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import pytest

from server.config import load_settings
from server.media.coturn import coturn_config

SECRET = "a secret of this test's"

REQUEST = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

needs_coturn = pytest.mark.skipif(
    shutil.which("turnserver") is None or shutil.which("openssl") is None,
    reason="coturn or openssl is not installed (apt-get install coturn openssl)",
)


def free_port() -> int:
    """A port on loopback that nobody listens on, neither with UDP nor with TCP."""
    while True:
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            with contextlib.suppress(OSError):
                udp.bind(("127.0.0.1", port))
                return port


@dataclass(frozen=True)
class Relay:
    """A running coturn on loopback."""

    port: int
    tls_port: int

    def url(self, how: str) -> str:
        """`how`: udp, tcp or tls."""
        if how == "tls":
            return f"turns:localhost:{self.tls_port}?transport=tcp"
        return f"turn:127.0.0.1:{self.port}?transport={how}"

    def settings(self, *ways: str) -> dict[str, object]:
        """For a server that offers these ways to its people."""
        return {"TURN_URLS": ", ".join(self.url(how) for how in ways), "TURN_SECRET": SECRET}


@contextmanager
def running_relay(folder: Path) -> Iterator[Relay]:
    """coturn with the configuration that Hallway writes, for loopback only, with a certificate of its own."""
    relay = Relay(free_port(), free_port())
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [*REQUEST, "-keyout", str(key), "-out", str(certificate), *subject],
        check=True,
        capture_output=True,
    )
    text = coturn_config(
        load_settings({"HALLWAY_TURN_SECRET": SECRET}),
        realm="example.org",
        tls_certificate=str(certificate),
        tls_key=str(key),
        allowed_peers=["127.0.0.1"],
    )
    text = text.replace("listening-port=3478", f"listening-port={relay.port}", 1)
    text = text.replace("tls-listening-port=5349", f"tls-listening-port={relay.tls_port}", 1)
    config = folder / "turnserver.conf"
    config.write_text(text)
    for path in (config, key, certificate):
        path.chmod(0o644)
    own = [f"--pidfile={folder / 'pid'}", f"--userdb={folder / 'db'}", "--allow-loopback-peers"]
    ips = ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"]
    with (folder / "coturn.log").open("wb") as log:
        process = subprocess.Popen(["turnserver", "-c", str(config), *ips, *own], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 20
        while not (_listens(relay.port) and _listens(relay.tls_port)):
            assert process.poll() is None, (folder / "coturn.log").read_text()
            assert time.monotonic() < deadline, "coturn did not start"
            time.sleep(0.05)
        yield relay
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Weather:
    """What happens to packets, each way: the share that is lost; how late the others come, s. `silent`: all lost."""

    loss: float = 0.0
    delay_s: float = 0.0
    silent: bool = False


class _End(asyncio.DatagramProtocol):
    """One end of the way: the address that a page takes for the other person."""

    def __init__(self, way: UdpWay) -> None:
        self.way = way
        self.peer: tuple[str, int] | None = None
        self.transport: asyncio.DatagramTransport | None = None
        self.other: _End | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.peer = addr
        self.way.carry(self, data)

    @property
    def port(self) -> int:
        assert self.transport is not None
        return int(self.transport.get_extra_info("sockname")[1])


class UdpWay:
    """The only way between two pages: each sends to its end, and gets from there what the other one sent."""

    def __init__(self, weather: Weather, random: Random) -> None:
        self.weather, self._random = weather, random
        self.ends = (_End(self), _End(self))
        self.ends[0].other, self.ends[1].other = self.ends[1], self.ends[0]
        self.carried = self.lost = 0

    def carry(self, end: _End, data: bytes) -> None:
        weather = self.weather
        if weather.silent or self._random.random() < weather.loss:
            self.lost += 1
        elif weather.delay_s > 0:
            asyncio.get_running_loop().call_later(weather.delay_s, self._deliver, end, data)
        else:
            self._deliver(end, data)

    def _deliver(self, end: _End, data: bytes) -> None:
        other = end.other
        if other and other.peer and other.transport and not other.transport.is_closing():
            self.carried += 1
            other.transport.sendto(data, other.peer)


@asynccontextmanager
async def udp_way(weather: Weather, random: Random, server_port: int | None = None) -> AsyncIterator[UdpWay]:
    """A way on loopback, for one pair of connections; or from one page to a server's port."""
    way = UdpWay(weather, random)
    if server_port is not None:
        way.ends[1].peer = ("127.0.0.1", server_port)
    loop = asyncio.get_running_loop()
    for end in way.ends:
        await loop.create_datagram_endpoint(lambda end=end: end, local_addr=("127.0.0.1", 0))  # type: ignore[misc]
    try:
        yield way
    finally:
        for end in way.ends:
            if end.transport is not None:
                end.transport.close()


def only_by(end: _End) -> str:
    """A script for a page: whatever address the other person names, they are reached by this end and no other way."""
    return f"""
(() => {{
  const add = RTCPeerConnection.prototype.addIceCandidate
  RTCPeerConnection.prototype.addIceCandidate = function (candidate) {{
    if (!candidate?.candidate) return add.call(this, candidate)
    const [foundation, component, , priority] = candidate.candidate.split(' ')
    const line = `${{foundation}} ${{component}} udp ${{priority}} 127.0.0.1 {end.port} typ host generation 0`
    const ufrag = / ufrag (\\S+)/.exec(candidate.candidate)
    return add.call(this, {{ ...candidate, candidate: ufrag === null ? line : `${{line}} ufrag ${{ufrag[1]}}` }})
  }}
}})()
"""


def through(end: _End) -> str:
    """A script for a page: the SFU is reached by this end and no other way."""
    return f"""
(() => {{
  const set = RTCPeerConnection.prototype.setRemoteDescription
  const here = (sdp) => sdp.replace(/^(a=candidate:\\S+ \\d+ udp \\d+) \\S+ \\d+/gim, '$1 127.0.0.1 {end.port}')
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {{
    const {{ type, sdp }} = description
    return set.call(this, {{ type, sdp: sdp.includes('a=ice-lite') ? here(sdp) : sdp }})
  }}
}})()
"""
