"""Children end with their parent, get nothing of its environment, and wait longer each time they fail."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from server.embedded.errors import StartFailed
from server.embedded.process import LOG_LIMIT, Backoff, SupervisedProcess, exit_text, spawn

SLEEP = [sys.executable, "-c", "import sys, time; print('ready', flush=True); time.sleep(60)"]


def start(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    return spawn(
        command, account=None, folder=folder, log_file=folder / "log", end_with_parent=signal.SIGTERM, env={"KEY": "v"}
    )


class Sleeper(SupervisedProcess):
    """A child that is ready when it says so, made of the command it is given."""

    name = "Sleeper"
    stop_signals = ((signal.SIGTERM, 5.0),)
    poll_s = 0.005

    def __init__(self, folder: Path, command: list[str]) -> None:
        super().__init__(folder / "sleeper.log")
        self.folder = folder
        self.command = command

    async def prepare(self) -> None:
        self.log_file.unlink(missing_ok=True)

    def launch(self) -> subprocess.Popen[bytes]:
        return spawn(
            self.command, account=None, folder=self.folder, log_file=self.log_file, end_with_parent=signal.SIGTERM
        )

    async def is_ready(self, pid: int) -> bool:
        return "ready" in self.log_file.read_text()


def test_the_wait_doubles_up_to_its_bound_and_starts_anew_after_a_healthy_time() -> None:
    backoff = Backoff(first_s=1, longest_s=5, healthy_s=60)
    assert [backoff.after(0) for _ in range(5)] == [1, 2, 4, 5, 5]
    assert backoff.after(60) == 1
    assert backoff.after(59) == 2


def test_children_are_started_from_the_main_thread_only(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def try_it() -> None:
        try:
            start(SLEEP, tmp_path)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_a_child_has_its_own_session_and_none_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c ssl=on")
    script = "import os; print(sorted(os.environ), os.getsid(0) == os.getpid(), oct(os.umask(0)))"
    child = start([sys.executable, "-c", script], tmp_path)
    assert child.wait(10) == 0
    names, own_session, umask = (tmp_path / "log").read_text().rsplit(" ", 2)
    assert set(eval(names)) <= {"KEY", "LC_ALL", "PATH", "TZ", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}
    assert (own_session, umask.strip()) == ("True", "0o77")


async def test_a_child_that_ends_at_once_fails_the_start_with_its_last_words(tmp_path: Path) -> None:
    child = Sleeper(tmp_path, [sys.executable, "-c", "import sys; print('no room'); sys.exit(3)"])
    with pytest.raises(StartFailed, match=r"Sleeper did not start \(exit code 3\): no room \(log: .*sleeper.log\)"):
        await child.start()
    assert child.pid is None


async def test_a_child_that_is_never_ready_is_stopped(tmp_path: Path) -> None:
    child = Sleeper(tmp_path, [sys.executable, "-c", "import time; time.sleep(60)"])
    child.ready_timeout_s = 0.05
    with pytest.raises(StartFailed, match="was not ready"):
        await child.start()
    assert child.pid is None


async def test_a_child_that_ends_by_itself_is_started_again(tmp_path: Path) -> None:
    child = Sleeper(tmp_path, SLEEP)
    await child.start()
    try:
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(10):
            while child.pid in (None, first) or not await child.is_ready(0):
                await asyncio.sleep(0.005)
    finally:
        await child.stop()
    assert child.pid is None


async def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    )
    child = Sleeper(tmp_path, [sys.executable, "-c", script])
    child.stop_signals = ((signal.SIGTERM, 0.05),)
    await child.start()
    pid = child.pid
    assert pid is not None
    await child.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_long_log_is_set_aside_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "sleeper.log").write_bytes(b"x" * (LOG_LIMIT + 1))
    child = Sleeper(tmp_path, SLEEP)
    await child.start()
    await child.stop()
    assert (tmp_path / "sleeper.log.1").stat().st_size == LOG_LIMIT + 1


def test_the_way_a_process_ended_is_told_in_words() -> None:
    assert exit_text(1) == "exit code 1"
    assert exit_text(-9) == "killed by SIGKILL"
    assert exit_text(-1000) == "killed by signal 1000"
