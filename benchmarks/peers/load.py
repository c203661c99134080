"""Walkers on a peer's server, measured as Hallway's bots are: CPU of the server, bytes, packets, input to view."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from array import array
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import numpy as np

from benchmarks.bots.behaviour import Behaviour, behaviour
from benchmarks.bots.bot import AGENT
from benchmarks.bots.errors import BotError
from benchmarks.bots.framing import Handshake, Message
from benchmarks.bots.health import Health
from benchmarks.load import SETTLE_S, fastest_loop
from benchmarks.peers.wires import Colyseus, PeerConnection, SocketIo, Wire, colyseus_path, socketio_path
from benchmarks.results import Figure, Point
from benchmarks.serving import Served, cores
from protocol.constants import GAIT_MASK

FOLDER: Final = Path(__file__).parent
TIMED: Final = 20
"""People whose steps are timed."""
JOINS_AT_ONCE: Final = 8
START_S: Final = 20.0
JOIN_S: Final = 60.0
WALKS: Final = 16


@dataclass(frozen=True, slots=True)
class Peer:
    """`script`: its server, in this folder."""

    name: str
    script: str
    wire: Callable[[], Wire]
    path: Callable[[aiohttp.ClientSession, str], Awaitable[str]]


PEERS: Final = {
    "colyseus": Peer("colyseus", "colyseus.mjs", Colyseus, colyseus_path),
    "socketio": Peer("socketio", "socketio.mjs", SocketIo, socketio_path),
}


class Steps:
    """Which stamps are under way, and how long each took to whom."""

    def __init__(self, random: Random) -> None:
        self.latencies = array("d")
        self._random = random
        self._sent: dict[int, tuple[bytes, float]] = {}

    def stamp(self, walker: int, wire: Wire, now: float) -> int:
        """A new one for a walker; its older one is not looked for any more."""
        stamp = self._random.randrange(1 << 28, 1 << 31)
        self._sent[walker] = (wire.mark(stamp), now)
        return stamp

    def look(self, viewer: int, payload: bytes, seen: dict[int, float], now: float) -> None:
        """Look for them in what a viewer received. `seen`: by walker, when the newest stamp that it saw was sent."""
        for walker, (mark, sent) in self._sent.items():
            if walker != viewer and seen.get(walker) != sent and mark in payload:
                seen[walker] = sent
                self.latencies.append(now - sent)


class Walker(PeerConnection):
    """One client."""

    def __init__(self, number: int, wire: Wire, steps: Steps, moves: Behaviour, handshake: Handshake) -> None:
        super().__init__(self, handshake)
        self.number, self.wire, self.joined = number, wire, asyncio.Event()
        self.intervals = array("d")
        self.lost = False
        self._steps, self._moves = steps, moves
        self._seen: dict[int, float] = {}
        self._before = 0.0

    def opened(self, now: float) -> None:
        """The WebSocket stands."""

    def closed(self, code: int, reason: str, now: float) -> None:
        """It is gone."""
        self.lost = True

    def received(self, payload: bytes, now: float) -> None:
        """Not used: `took` has it with its kind."""

    def took(self, message: Message, now: float) -> None:
        for opcode, payload in self.wire.received(message):
            self.say(opcode, payload)
        if self.wire.joined:
            self.joined.set()
        self._steps.look(self.number, message.payload, self._seen, now)
        if self._before:
            self.intervals.append(now - self._before)
        self._before = now

    def walk(self) -> None:
        """Begin, and go on."""
        move = next(self._moves)
        asyncio.get_running_loop().call_later(move.after, self._turn, move.course)

    def _turn(self, course: int) -> None:
        if self.lost:
            return
        moves = WALKS if course & GAIT_MASK else 0
        now = time.perf_counter()
        stamp = self._steps.stamp(self.number, self.wire, now) if self.number < TIMED else 0
        self.say(*self.wire.course(moves | (course & 15), stamp))
        self.walk()


@contextmanager
def peer_serving(peer: Peer) -> Iterator[tuple[Served, str]]:
    """Start a peer's server on a core of its own: (it, the address of its figures). BotError if it does not start."""
    node = shutil.which("node")
    if node is None:
        raise BotError("The peers need Node.js on the PATH.")
    if not (FOLDER / "node_modules").is_dir():
        raise BotError(f"The peers are not installed: (cd {FOLDER} && npm install --no-save --ignore-scripts)")
    for_server, for_load = cores()
    os.sched_setaffinity(0, for_server)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own script
            [node, peer.script], cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    finally:
        os.sched_setaffinity(0, for_load | for_server)
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        line = process.stdout.readline().split()
        if len(line) != 3 or line[0] != "listening":
            raise BotError(f"The server of {peer.name} did not start: {' '.join(line)}")
        yield Served(f"http://127.0.0.1:{line[1]}", process.pid), f"http://127.0.0.1:{line[2]}"
    finally:
        process.kill()
        process.wait()


def measure_peer(peer: Peer, people: int, seconds: float, settle_s: float = SETTLE_S) -> Point:
    """So many walkers on a server of the peer. BotError."""
    _, for_load = cores()
    with peer_serving(peer) as (served, figures_url):
        everywhere = os.sched_getaffinity(0)
        os.sched_setaffinity(0, for_load)
        try:
            with asyncio.Runner(loop_factory=fastest_loop) as runner:
                return runner.run(_measure(peer, people, seconds, settle_s, served, figures_url))
        finally:
            os.sched_setaffinity(0, everywhere)


async def _measure(peer: Peer, people: int, seconds: float, settle_s: float, served: Served, figures_url: str) -> Point:
    steps, health = Steps(Random(1)), Health()  # noqa: S311 - repeatable, not secret
    async with aiohttp.ClientSession() as http:
        walkers = await _join_all(peer, people, steps, served, http)
        for walker in walkers:
            walker.walk()
        watching = asyncio.create_task(health.run())
        await asyncio.sleep(settle_s)
        await _figures(http, figures_url)
        steps.latencies = array("d")
        before = [(w.traffic.bytes_in, w.traffic.messages_in) for w in walkers]
        for walker in walkers:
            walker.intervals = array("d")
        health.start()
        began, spent = time.perf_counter(), served.cpu_s()
        await asyncio.sleep(seconds)
        took, spent = time.perf_counter() - began, served.cpu_s() - spent
        report, ticks = health.report(), await _figures(http, figures_url)
        watching.cancel()
        down = sum(w.traffic.bytes_in for w in walkers) - sum(b for b, _ in before)
        packets = sum(w.traffic.messages_in for w in walkers) - sum(p for _, p in before)
        stayed = sum(not walker.lost for walker in walkers)
        for walker in walkers:
            walker.abort()
    found = {
        "cpu_us": Figure(round(spent / took / people * 1e6, 1), "us per client and second"),
        "down_kb_s": Figure(round(down / took / people / 1000, 3), "kB per client and second"),
        "down_packets_s": Figure(round(packets / took / people, 2), "packets per client and second"),
        "core": Figure(round(spent / took, 3), "of a core"),
    }
    if steps.latencies:
        for share in (50, 95, 99):
            value = float(np.percentile(np.frombuffer(steps.latencies, np.float64), share)) * 1000
            found[f"view_p{share}_ms"] = Figure(round(value, 1), "ms")
    found["tick_interval_p99_ms"] = Figure(round(float(ticks["interval_p99_ms"]), 1), "ms")
    found["tick_p99_ms"] = Figure(round(float(ticks["tick_p99_ms"]), 2), "ms")
    found["stayed"] = Figure(stayed / people, "share of the bots", "more")
    return Point({"server": peer.name, "people": people}, found, report.complaint())


async def _join_all(peer: Peer, people: int, steps: Steps, served: Served, http: aiohttp.ClientSession) -> list[Walker]:
    gate = asyncio.Semaphore(JOINS_AT_ONCE)
    server = urlsplit(served.url)

    async def join(number: int) -> Walker:
        async with gate:
            path = await peer.path(http, served.url)
            handshake = Handshake(server.netloc, path, None, AGENT)
            walker = Walker(number, peer.wire(), steps, behaviour("office", 1, number), handshake)
            await asyncio.get_running_loop().create_connection(lambda: walker, server.hostname or "", server.port or 80)
            await walker.joined.wait()
            return walker

    try:
        async with asyncio.timeout(JOIN_S):
            return list(await asyncio.gather(*(join(number) for number in range(people))))
    except (TimeoutError, OSError, aiohttp.ClientError) as error:
        raise BotError(f"{people} people did not get into {peer.name}: {error or 'it took too long'}") from None


async def _figures(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with http.get(url) as answer:
        found: dict[str, Any] = json.loads(await answer.text())
        return found
