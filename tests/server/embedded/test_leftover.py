"""What a killed server left running is stopped by the next one, where the system itself does not; nothing else is."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.embedded.leftover import arguments_of, first_pid, is_alive, is_left_behind, stop_left_behind

DATA = Path("/srv/office/postgres")
OURS = f"/usr/lib/postgres -D {DATA} -c jit=off"


class FakeProcess:
    """A process that ends when it gets one of `ends_on`."""

    def __init__(self, arguments: str, ends_on: set[signal.Signals]) -> None:
        self.arguments = arguments
        self.ends_on = ends_on
        self.received: list[int] = []
        self.waited = 0.0

    def arguments_of(self, pid: int) -> str:
        return self.arguments

    def send(self, pid: int, number: int) -> None:
        self.received.append(number)
        if number in self.ends_on:
            self.arguments = ""

    def pause(self, seconds: float) -> None:
        self.waited += seconds

    def stop(self) -> bool:
        return stop_left_behind(
            7, DATA, signal.SIGINT, arguments=self.arguments_of, send=self.send, pause=self.pause, patience_s=3
        )


def test_a_left_behind_process_is_asked_to_end() -> None:
    process = FakeProcess(OURS, {signal.SIGINT})
    assert process.stop() is True
    assert process.received == [signal.SIGINT]
    assert process.waited == 0


def test_one_that_does_not_listen_is_killed_when_patience_ends() -> None:
    process = FakeProcess(OURS, {signal.SIGKILL})
    assert process.stop() is True
    assert process.received == [signal.SIGINT, signal.SIGKILL]
    assert process.waited == pytest.approx(3)


@pytest.mark.parametrize(
    "arguments",
    ["", "vim notes.txt", "postgres -D /srv/office/postgres2", "postgres -D /srv/office", "cat x/srv/office/postgresx"],
)
def test_a_process_that_merely_has_the_number_is_left_alone(arguments: str) -> None:
    process = FakeProcess(arguments, set())
    assert process.stop() is False
    assert process.received == []


def test_one_that_ends_in_between_is_no_error() -> None:
    process = FakeProcess(OURS, set())

    def send(pid: int, number: int) -> None:
        raise ProcessLookupError

    assert stop_left_behind(7, DATA, signal.SIGINT, arguments=process.arguments_of, send=send, pause=process.pause)


def test_paths_with_spaces_are_recognised() -> None:
    folder = Path("/Users/a/Library/Application Support/hallway/postgres")
    assert is_left_behind(7, folder, lambda pid: f"postgres -D {folder} -c jit=off")
    assert is_left_behind(7, folder, lambda pid: f"postgres -c jit=off -D {folder}\n")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "import time; print('running', flush=True); time.sleep(60)", "/a/b c"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_arguments_of_a_real_process_are_read(sleeper: subprocess.Popen[bytes], platform: str) -> None:
    if platform == "darwin" and not any(os.access(f"{folder}/ps", os.X_OK) for folder in ("/bin", "/usr/bin")):
        pytest.skip("no ps")
    assert "/a/b c" in arguments_of(sleeper.pid, platform)
    sleeper.kill()
    sleeper.wait()
    assert arguments_of(sleeper.pid, platform).strip() == ""
    assert not is_alive(sleeper.pid)


def test_a_process_of_another_user_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert is_alive(1)


def test_the_first_line_of_a_pid_file_is_its_process(tmp_path: Path) -> None:
    file = tmp_path / "postmaster.pid"
    assert first_pid(file) is None
    file.write_text("123\n/srv\n")
    assert first_pid(file) == 123
    file.write_text("\n")
    assert first_pid(file) is None
