"""`hallway serve` as a process of its own, with its own databases: something that can be killed like in life."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.conftest import open_folder

ROOT = Path(__file__).parents[2]
START_S = 60.0
STOP_S = 20.0
_OF_THE_KILLED = ("(killed by SIGKILL)", "pre-existing shared memory block")
"""What is said of a database that a test killed, and of its successor that came before all its processes were gone."""


class ServerProcess:
    """One server on one port and one data folder, as often as it is started. `settings`: names without HALLWAY_."""

    def __init__(self, folder: Path, settings: dict[str, object]) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.address = ("127.0.0.1", self.port)
        self._folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HALLWAY_")}
        for name in ("DATABASE_URL", "REDIS_URL"):
            kept.pop(name, None)
        # Datagrams only where a test is about them: elsewhere they would be one more thing that a page does meanwhile.
        given = {"DATA": folder / "data", "PORT": self.port, "UDP_PORT": 0, "LOG_FORMAT": "json", **settings}
        self._environment = {**kept, **{f"HALLWAY_{name}": str(value) for name, value in given.items()}}
        self._process: subprocess.Popen[bytes] | None = None
        self._killed_databases = False
        self._log = folder / "server.log"

    @property
    def pid(self) -> int:
        """Of the server itself. RuntimeError: it does not run."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    def start(self) -> None:
        """Returns when it is ready. RuntimeError with the end of its log if it does not become so."""
        self.begin()
        self.await_ready()

    def begin(self) -> None:
        """Start it and do not wait."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from server.cli import main; main()", "serve"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def await_ready(self) -> None:
        """As `start`, for a server that was begun."""
        deadline = time.monotonic() + START_S
        while not self.is_ready():
            if self._process is None:
                raise RuntimeError("the server was not started")
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log()[-3000:]}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it answers, with its databases."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """As `kill -9` or a power cut: no word, no last save."""
        self._end(signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        os.kill(self.pid, signal.SIGTERM)

    def has_ended(self) -> bool:
        """Whether it has ended in good order, after it was asked to. AssertionError: it has ended otherwise."""
        assert self._process is not None
        code = self._process.poll()
        assert code in (None, 0), f"it ended with {code}"
        return code == 0

    def wait(self) -> int:
        """Its exit code."""
        assert self._process is not None
        return self._process.wait(STOP_S)

    def stop(self) -> None:
        """End it in good order, if it runs."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """All it said so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def errors(self) -> list[str]:
        """What it logged as an error: things that nobody outside may be able to cause. That a database was killed is
        none for a test that did it."""
        expected = _OF_THE_KILLED if self._killed_databases else ()
        return [
            line
            for line in self.said()
            if json.loads(line).get("level") in ("error", "critical") and not any(words in line for words in expected)
        ]

    def said(self, after: int = 0) -> list[str]:
        """The records of its log, each a line of JSON, from a place in it (characters)."""
        return [line for line in self.log()[after:].splitlines() if line.startswith("{")]

    def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        found = [line.rpartition(" ")[2] for line in lines if line.split("{")[0].split(" ")[0] == name]
        assert found, f"there is no metric {name}"
        return sum(float(value) for value in found)

    def kill_database(self, program: str) -> None:
        """Kill -9 the child that runs `program` ("postgres", "valkey-server"); the server looks after it."""
        for child in psutil.Process(self.pid).children():
            if child.name().startswith(program[:15]):
                self._killed_databases = True
                child.kill()
                return
        raise RuntimeError(f"the server has no child {program}")

    def kill_database_again(self, program: str) -> None:
        """As `kill_database`, if it runs just now: said often enough, it stays down."""
        with contextlib.suppress(RuntimeError, psutil.NoSuchProcess):
            self.kill_database(program)

    def command(self, *words: str) -> str:
        """Run `hallway ...` beside the server, as an operator does; what it prints. CalledProcessError if it fails."""
        done = subprocess.run(
            [sys.executable, "-c", "from server.cli import main; main()", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=True,
        )
        return done.stdout

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@contextmanager
def running_server(**settings: object) -> Iterator[ServerProcess]:
    """A started server in a folder of its own, both gone afterwards."""
    with open_folder() as folder:
        server = ServerProcess(folder, settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """A port that nobody listens on now. It is kept over restarts, so the server cannot choose it itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
