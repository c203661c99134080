"""The memory of a process in large pages, where the kernel has them: a tick that begins with cold caches then looks up
fewer addresses."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

LARGE_BYTES: Final = 2 << 20
MORE_EVERY_S: Final = 30.0
AT_ONCE: Final = 4
"""As many later on, between two ticks."""
MADV_COLLAPSE: Final = 25
"""madvise(2), since Linux 6.1: put what is there into large pages, at once."""
_MAPS: Final = Path("/proc/self/maps")


class LargePages:
    """What was put into large pages so far."""

    def __init__(self) -> None:
        self._done: set[int] = set()

    def use(self, most: int | None = None) -> int:
        """Put memory that the process has by now into large pages, half a millisecond each, and each once. `most`: no
        more than so many. Returns how many; 0 where that cannot be."""
        if sys.platform != "linux":
            return 0
        try:
            fresh = [start for start in large_ranges(_MAPS.read_text().splitlines()) if start not in self._done][:most]
            advise = ctypes.CDLL(None).madvise
        except (OSError, AttributeError):
            return 0
        advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        # Also those that fail: there is nothing in them, or the kernel does not do it.
        self._done.update(fresh)
        return sum(advise(start, LARGE_BYTES, MADV_COLLAPSE) == 0 for start in fresh)


def large_ranges(maps: Iterable[str]) -> Iterator[int]:
    """Where the process's own memory may be in large pages. `maps`: the lines of /proc/self/maps."""
    for line in maps:
        place, rights, _, _, _, *name = line.split(maxsplit=5)
        if rights == "rw-p" and (not name or name[0] == "[heap]"):
            start, end = (int(part, 16) for part in place.split("-"))
            first = -(-start // LARGE_BYTES) * LARGE_BYTES
            yield from range(first, end - LARGE_BYTES + 1, LARGE_BYTES)
