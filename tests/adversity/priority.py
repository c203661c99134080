"""Which processes get a processor first: a test of how fast something is, among tests of everything else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

FIRST = -10
"""Niceness; others have 0."""


@contextmanager
def before_all_others() -> Iterator[None]:
    """Let this process, and the servers and databases that it started, have a processor whenever they can use one: two
    are shared with browsers, and what those take is not what is measured. What they start meanwhile has it, too.
    Without the right to that, all stays as it is."""
    changed: list[tuple[int, int]] = []
    own = psutil.Process()
    for process in [*own.children(recursive=True), own]:
        with contextlib.suppress(PermissionError, ProcessLookupError, psutil.Error):
            if "chrom" not in process.name():
                before = os.getpriority(os.PRIO_PROCESS, process.pid)
                os.setpriority(os.PRIO_PROCESS, process.pid, FIRST)
                changed.append((process.pid, before))
    try:
        yield
    finally:
        for pid, before in changed:
            with contextlib.suppress(PermissionError, ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, pid, before)
