"""Memory in large pages: only the process's own, only whole pages, each once."""

from __future__ import annotations

import mmap
import sys

import pytest

from server.ops.large_pages import LARGE_BYTES, LargePages, large_ranges

MAPS = """\
00400000-00c00000 r-xp 00000000 08:01 1 /usr/bin/python3
01000000-01500000 rw-p 00000000 00:00 0 [heap]
02100000-02500000 rw-p 00000000 00:00 0
03000000-03800000 rw-s 00000000 00:01 2 /dev/zero (deleted)
04000000-04100000 rw-p 00000000 00:00 0
05000000-05400000 rw-p 00000000 08:01 3 /usr/lib/libpython3.so
"""


def test_only_own_memory_is_meant_and_whole_pages_of_it() -> None:
    assert list(large_ranges(MAPS.splitlines())) == [0x1000000, 0x1200000, 0x2200000]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's call")
def test_what_lies_in_memory_stays_what_it_is() -> None:
    pages = LargePages()
    with mmap.mmap(-1, 4 * LARGE_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory[:: 1 << 12] = bytes(range(256)) * (len(memory) // (1 << 12) // 256)
        before = memory[:]
        pages.use()
        assert memory[:] == before
        assert pages.use(most=0) == 0
