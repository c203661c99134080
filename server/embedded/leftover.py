"""Processes that a killed server left behind.

Linux ends the children with their parent (PR_SET_PDEATHSIG). macOS has nothing like it, so the next start stops them.
A process id alone proves nothing, since ids are reused: a process is ours only if its arguments name our data folder.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process of this id exists, whoever it belongs to."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def arguments_of(pid: int, platform: str = sys.platform) -> str:
    """The command line of a process as one text, "" if it is gone."""
    if platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603


def first_pid(file: Path) -> int | None:
    """The process id in the first line of a pid file; None if there is no such file or no number in it."""
    try:
        return int(file.read_text(errors="replace").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def is_left_behind(pid: int, data: Path, arguments: Callable[[int], str] = arguments_of) -> bool:
    """Whether this is a database that an earlier server started on the folder `data`."""
    return f" {data} " in f" {arguments(pid).strip()} "


def stop_left_behind(
    pid: int,
    data: Path,
    gentle: signal.Signals,
    *,
    patience_s: float = 10.0,
    arguments: Callable[[int], str] = arguments_of,
    send: Callable[[int, int], None] = os.kill,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Stop what an earlier server left running on `data`; True if there was something.

    First `gentle`, and SIGKILL when that had no effect for `patience_s`. The caller holds the lock of the data folder,
    so whatever still runs on it has lost its server.
    """
    if not is_left_behind(pid, data, arguments):
        return False
    step_s = 0.02
    for number, patience in ((gentle, patience_s), (signal.SIGKILL, 2.0)):
        try:
            send(pid, number)
        except ProcessLookupError:
            return True
        for _ in range(round(patience / step_s)):
            if not is_left_behind(pid, data, arguments):
                return True
            pause(step_s)
    return True
