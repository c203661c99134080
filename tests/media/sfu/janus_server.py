"""A real Janus (Debian's package), with a configuration of its own, on ports of its own."""

from __future__ import annotations

import asyncio
import glob
import shutil
import socket
from pathlib import Path

import aiohttp
import ifaddr

from server.media.choice import own_addresses

SECRET = "a secret of the tests"
PLUGINS = ("voicemail", "recordplay", "sip", "nosip", "audiobridge", "textroom", "streaming", "videocall", "echotest")
TRANSPORTS = ("pfunix", "rabbitmq", "mqtt", "nanomsg", "websockets")


def is_installed() -> bool:
    return shutil.which("janus") is not None and bool(glob.glob("/usr/lib/*/janus/plugins/libjanus_videoroom.so"))


def interface() -> str:
    """The one with the address that people are told."""
    (address, *_) = own_addresses()
    return next(a.nice_name for a in ifaddr.get_adapters() for ip in a.ips if address in (ip.ip, ip.ip[0]))


class JanusServer:
    """Started in a folder of its own."""

    def __init__(self, folder: Path, interface: str) -> None:
        self._folder = folder
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}/janus"
        self._process: asyncio.subprocess.Process | None = None
        (libraries,) = glob.glob("/usr/lib/*/janus")
        disabled = ",".join(f"libjanus_{name}.so" for name in (*PLUGINS, "lua", "duktape"))
        transports = ",".join(f"libjanus_{name}.so" for name in TRANSPORTS)
        first = 20_000 + self._port % 300 * 100
        (folder / "janus.jcfg").write_text(
            f"""general: {{ configs_folder = "{folder}", plugins_folder = "{libraries}/plugins",
  transports_folder = "{libraries}/transports", events_folder = "{libraries}/events", api_secret = "{SECRET}" }}
media: {{ rtp_port_range = "{first}-{first + 99}" }}
nat: {{ ice_lite = true, ice_enforce_list = "{interface}" }}
plugins: {{ disable = "{disabled}" }}
transports: {{ disable = "{transports}" }}
"""
        )
        where = f'port = {self._port}, ip = "127.0.0.1"'
        http = f'general: {{ json = "compact", base_path = "/janus", http = true, {where} }}\n'
        (folder / "janus.transport.http.jcfg").write_text(http)
        (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")

    async def start(self) -> None:
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                "janus", "-F", str(self._folder), "-C", str(self._folder / "janus.jcfg"), stdout=log, stderr=log
            )
        async with aiohttp.ClientSession() as http, asyncio.timeout(15):
            while True:
                try:
                    async with http.get(f"{self.url}/info") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
