"""A recording as a benchmark: the ticks that a room really had, with somebody listening for everyone who was in it.

The world goes through the very same states, which its checkpoints prove. Around it stand the encoder and outboxes of a
server; their clients are counters that have everything they were sent. Only what came over sockets is missing.
"""

from __future__ import annotations

import gzip
import io
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.counting_transport import CountingTransport
from benchmarks.results import machine
from server.ops.metrics import Metrics
from server.rooms.baselines import Baselines
from server.rooms.compiled import make_encoder
from server.rooms.courses import Courses
from server.rooms.fanout import Fanout
from server.rooms.interest import UNITS_PER_PX, Interest
from server.rooms.outbox import Outbox
from sim.commands import Commands
from sim.recording import RecordingError, Replay
from sim.world import World

HEARTBEAT_HZ: Final = 2
_GZIP: Final = b"\x1f\x8b"


@dataclass(slots=True)
class Replayed:
    """What one run found. `state_hash`: of the world at the end. Times in s of CPU, by tick and by stage."""

    ticks: int
    first_tick: int
    checkpoints: int
    tick_rate: int
    most_people: int
    state_hash: str
    tick_s: list[float] = field(default_factory=list)
    stage_s: dict[str, float] = field(default_factory=dict)
    bytes: int = 0
    snapshots: int = 0

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self.ticks / self.tick_rate

    def figures(self) -> dict[str, float]:
        """For people and programs."""
        spent = np.array(self.tick_s or [0.0]) * 1000
        people = max(1, self.most_people)
        return {
            "tick_p50_ms": round(float(np.percentile(spent, 50)), 4),
            "tick_p99_ms": round(float(np.percentile(spent, 99)), 4),
            "tick_max_ms": round(float(spent.max()), 4),
            "busy": round(float(spent.mean()) * self.tick_rate / 1000, 5),
            "times_real_time": round(self.seconds / max(float(spent.sum()) / 1000, 1e-9), 1),
            "snapshots_s": round(self.snapshots / max(self.seconds, 1e-9) / people, 3),
            "bytes_s": round(self.bytes / max(self.seconds, 1e-9) / people, 1),
        }


class _Listeners:
    """A client for everyone in the world: each has what it was sent."""

    def __init__(self, world: World) -> None:
        config = world.config
        size, rate = config.capacity, config.tick_rate
        self._world = world
        self._metrics = Metrics()
        self.transport = CountingTransport()
        interest = Interest(
            world.room_map.width_px, world.room_map.height_px, config.cell_px, config.interest_radius_px
        )
        fastest = max(world.kinematics.walk, world.kinematics.run, 1)
        self._baselines = Baselines(size, config.cell_px * UNITS_PER_PX // fastest, resend_ticks=max(1, rate // 2))
        encoder = make_encoder(world, interest, max(1, rate // HEARTBEAT_HZ), 2 * rate, self._baselines)
        self._fanout = Fanout(encoder, self._baselines, self._metrics, patience_ticks=10 * rate)
        self._courses = Courses(size + 1, self._metrics)
        self._inside: set[int] = set()

    def step(self, commands: Commands) -> None:
        """The world made a step with these commands."""
        world = self._world
        alive = set(np.flatnonzero(world.alive).tolist())
        if alive != self._inside:
            for avatar in self._inside - alive:
                self._baselines.close(avatar)
                self._fanout.close(avatar)
            for avatar in alive - self._inside:
                self._baselines.open(avatar)
                self._courses.begin(avatar)
                self._fanout.open(avatar, Outbox(self.transport, buffer_high=1 << 16, event_bytes=1 << 20))
            self._inside = alive
        ids = commands.courses[0].astype(np.int64)
        self._courses.applied[ids] += 1
        self._courses.applied_tick[ids] = world.tick
        sent = self._baselines.sent
        self._baselines.acked[:] = sent
        self._baselines.unacked_since[:] = 0
        self._fanout.deliver(self._courses.applied, self._courses.applied_tick, self._courses.slack)


def replay_file(path: Path, *, clients: bool = True) -> Replayed:
    """Live through a recording, gzip or not. `clients`: encode and send, too. RecordingError, OSError, EOFError."""
    with _opened(path) as file:
        return replay_stream(file, clients=clients)


def replay_stream(file: TextIO, *, clients: bool = True) -> Replayed:
    """As `replay_file`."""
    recorded = Replay(file)
    world = recorded.world
    listeners = _Listeners(world) if clients else None
    stages: dict[str, float] = defaultdict(float)
    found = Replayed(0, recorded.first_tick, 0, recorded.config.tick_rate, int(world.alive.sum()), "")
    clock = time.thread_time
    since = clock()

    def mark(stage: str) -> None:
        nonlocal since
        now = clock()
        stages[stage] += now - since
        since = now

    for commands in recorded.steps():
        began = since = clock()
        try:
            world.step(commands, mark)
        except (ValueError, TypeError, IndexError) as error:
            raise RecordingError(f"tick {world.tick + 1} of the recording is damaged: {error!r}") from error
        if listeners is not None:
            listeners.step(commands)
            mark("encode and send")
        found.tick_s.append(clock() - began)
        found.ticks += 1
        found.most_people = max(found.most_people, int(world.alive.sum()))
    found.checkpoints, found.state_hash, found.stage_s = recorded.checkpoints, world.state_hash(), dict(stages)
    if listeners is not None:
        found.bytes, found.snapshots = listeners.transport.bytes, listeners.transport.writes
    return found


def show(runs: list[Replayed], console: Console | None = None) -> None:
    """Print the run with the least CPU time: what others did to this computer meanwhile only adds to it."""
    console = console or Console()
    best = min(runs, key=lambda run: sum(run.tick_s))
    console.print(
        f"{best.ticks:,} ticks, {best.seconds:,.1f} s at {best.tick_rate} Hz, up to {best.most_people} people; "
        f"{best.checkpoints} checkpoints, all as in the room. State {best.state_hash[:16]}",
        highlight=False,
    )
    table = Table(box=None)
    table.add_column("stage")
    for heading in ("us a tick", "share"):
        table.add_column(heading, justify="right")
    total = sum(best.stage_s.values()) or 1.0
    for stage, seconds in best.stage_s.items():
        table.add_row(stage, f"{seconds / max(1, best.ticks) * 1e6:,.1f}", f"{seconds / total:.0%}")
    console.print(table)
    for name, value in best.figures().items():
        console.print(f"{name.replace('_', ' '):<16} {value:,.4g}", highlight=False)


def write_json(runs: list[Replayed], path: Path) -> None:
    """Write the figures of every run. OSError."""
    data: dict[str, Any] = {"format": "hallway.replay/1", "machine": machine(), "runs": []}
    for run in runs:
        data["runs"].append(
            {
                "ticks": run.ticks,
                "first_tick": run.first_tick,
                "tick_rate": run.tick_rate,
                "most_people": run.most_people,
                "checkpoints": run.checkpoints,
                "state_hash": run.state_hash,
                "stage_us_a_tick": {k: round(v / max(1, run.ticks) * 1e6, 2) for k, v in run.stage_s.items()},
                **run.figures(),
            }
        )
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if not packed:
            yield io.TextIOWrapper(raw, encoding="utf-8")
            return
        # A recording that was cut off ends without gzip's last bytes: what is there is good.
        with gzip.open(raw) as unpacked:
            yield io.TextIOWrapper(io.BufferedReader(_Whole(unpacked)), encoding="utf-8")


class _Whole(io.RawIOBase):
    """Reads until the end of what can be read."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._ended:
            return 0
        try:
            data = self._file.read1(len(buffer))
        except EOFError:
            self._ended, data = True, b""
        buffer[: len(data)] = data
        return len(data)
