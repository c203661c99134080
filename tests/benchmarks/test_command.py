"""`hallway bots` as a person uses it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from benchmarks.bots.command import bots_command
from tests.benchmarks.test_swarm import ROOM, SmallServer

app = typer.Typer()
app.command()(bots_command)


@pytest.fixture
def address() -> Iterator[str]:
    """A small server in a thread of its own, as the command brings its own event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = TestServer(SmallServer().app)
    asyncio.run_coroutine_threadsafe(server.start_server(), loop).result(10)
    yield f"http://127.0.0.1:{server.port}"
    asyncio.run_coroutine_threadsafe(server.close(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_a_run_ends_with_tables_and_a_file(address: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    arguments = ["--room", "Office", "--url", address, "--count", "3", "--seconds", "1", "--json", str(file)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "3 of 3 bots, office, 1 s" in result.output
    written = json.loads(file.read_text())
    assert written["run"]["room"] == str(ROOM)
    assert written["bots"] == {"joined": 3, "stayed": 3}


def test_a_room_can_be_made_for_the_run(address: str) -> None:
    arguments = ["--room-template", "office", "--url", address, "--count", "1", "--seconds", "1"]
    assert CliRunner().invoke(app, [*arguments, "--behaviour", "idle"]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Which room?"),
        (["--room", "x", "--behaviour", "dance"], "There is no behaviour 'dance'"),
        (["--room", "x", "--transport", "pigeon"], "There is no transport 'pigeon'"),
        (["--room", "x", "--behaviour", "commuters"], "give --room-template"),
        (["--room", "x", "--url", "here"], "'here' is not the address of a server"),
        (["--room", "x", "--url", "http://127.0.0.1:1"], "Is the server running?"),
    ],
)
def test_a_mistake_is_one_readable_line(arguments: list[str], reason: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("hallway: ")
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1
