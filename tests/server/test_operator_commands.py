"""`hallway top`, `record` and `replay` as typed: what goes wrong is one line, what goes right is a table."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from server.cli import app
from sim.commands import Commands, Join
from sim.recording import Recorder
from sim.world import World
from sim.world_config import WorldConfig
from tests.server.rooms.people import small_map

RUNNER = CliRunner()


def recorded(path: Path, ticks: int = 60) -> str:
    """Three people who walk about; the state hash at the end."""
    world = World(WorldConfig(tick_rate=20, capacity=20), small_map())
    lines: list[str] = []
    recorder = Recorder(lines.append, world)
    for tick in range(ticks):
        commands = Commands(joins=[Join(avatar) for avatar in (1, 2, 3)]) if tick == 0 else Commands()
        if tick % 20 == 5:
            commands.courses = (np.array([1, 2], np.uint16), np.array([0x10 + tick % 16, 0x18], np.uint8))
        world.step(commands)
        recorder.step(world.tick, commands)
    recorder.checkpoint(world)
    path.write_bytes(gzip.compress("".join(lines).encode()))
    return world.state_hash()


def test_a_recording_is_replayed_with_a_table_and_a_file(tmp_path: Path) -> None:
    end = recorded(tmp_path / "room.gz")
    result = RUNNER.invoke(app, ["replay", str(tmp_path / "room.gz"), "--json", str(tmp_path / "out.json")])
    assert result.exit_code == 0, result.output
    assert "60 ticks, 3.0 s at 20 Hz, up to 3 people; 1 checkpoints, all as in the room" in result.output
    assert "movement" in result.output
    [run] = json.loads((tmp_path / "out.json").read_text())["runs"]
    assert run["state_hash"] == end
    assert run["snapshots_s"] > 0


def test_a_recording_that_was_cut_off_is_replayed_as_far_as_it_goes(tmp_path: Path) -> None:
    recorded(tmp_path / "room.gz")
    whole = (tmp_path / "room.gz").read_bytes()
    (tmp_path / "room.gz").write_bytes(whole[:-12])
    assert RUNNER.invoke(app, ["replay", str(tmp_path / "room.gz")]).exit_code == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "line 1"),
        (b"hello", "line 1"),
        (b'{"format":"hallway.recording/1"}\n', "recording/1"),
        (None, "cannot read"),
    ],
)
def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    if content is not None:
        (tmp_path / "room").write_bytes(content)
    result = RUNNER.invoke(app, ["replay", str(tmp_path / "room")])
    assert result.exit_code == 1
    assert complaint in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_server_and_no_key_are_said_in_one_line(tmp_path: Path, unused_tcp_port: int) -> None:
    nothing = RUNNER.invoke(app, ["top", "--data", str(tmp_path)], env={"HALLWAY_SECRET_KEY": ""})
    assert nothing.exit_code == 1
    assert f"there is no key of an office in {tmp_path}" in nothing.stderr
    (tmp_path / "secret_key").write_text("k" * 40)
    address = f"http://127.0.0.1:{unused_tcp_port}"
    for command in (["top", "--once"], ["record", "Room", str(tmp_path / "out.gz")]):
        result = RUNNER.invoke(app, [*command, "--url", address, "--data", str(tmp_path)])
        assert result.exit_code == 1
        assert f"no server answers at {address}" in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out.gz").exists()


def test_a_file_is_not_overwritten_unless_told_so(tmp_path: Path) -> None:
    (tmp_path / "out.gz").write_text("mine")
    result = RUNNER.invoke(app, ["record", "Room", str(tmp_path / "out.gz"), "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "--overwrite" in result.stderr
    assert (tmp_path / "out.gz").read_text() == "mine"
