"""A process's own time is told finely enough for a second of a server with little to do."""

from __future__ import annotations

import os
import subprocess
import time

import pytest

from benchmarks.processor import spent_s

HUNDREDTH_S = 0.01


def test_it_tells_less_than_a_hundredth_of_a_second() -> None:
    before = spent_s(os.getpid())
    own = time.process_time()
    while time.process_time() - own < HUNDREDTH_S / 10:
        pass
    assert HUNDREDTH_S / 10 <= spent_s(os.getpid()) - before < HUNDREDTH_S


def test_it_knows_a_process_that_is_there_and_no_other() -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        assert spent_s(other.pid) >= 0
        other.kill()
    with pytest.raises(OSError, match="Invalid argument"):
        spent_s(other.pid)
