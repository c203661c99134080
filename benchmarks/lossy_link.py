"""A line between this computer and a process of its own that delays and loses packets, by a seed: TCP and UDP alike.

Two TUN devices, one here and one in a network namespace that has nothing else, and this process in between, which
carries every IP packet late or not at all. It needs Linux, root and /dev/net/tun.
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import os
import random
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

HERE: Final = "10.213.77.1"
THERE: Final = "10.213.77.2"
WIDTH: Final = 30
_TUN: Final = "/dev/net/tun"
_TUNSETIFF: Final = 0x400454CA
_IFF_TUN_NO_PI: Final = 0x1001
_CLONE_NEWNET: Final = 0x40000000
_PACKET: Final = 65_536


@dataclass
class Line:
    """What happens to packets each way: the share that is lost, and how late the others come, s."""

    loss: float
    delay_s: float
    seed: int = 1
    carried: int = 0
    lost: int = 0


def is_possible() -> bool:
    """Whether this computer lets this user make such a line."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and os.access(_TUN, os.R_OK | os.W_OK) and _has_ip()


def _has_ip() -> bool:
    try:
        return subprocess.run(["ip", "-V"], capture_output=True, check=False).returncode == 0  # noqa: S607
    except OSError:
        return False


def enter_far_end(channel: socket.socket) -> None:
    """Move this process to the far end of a line, whose near end the other side of `channel` holds. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")
    device = _device("hallway0", THERE)
    socket.send_fds(channel, [b"tun"], [device])
    os.close(device)


@contextmanager
def carrying(line: Line, channel: socket.socket) -> Iterator[None]:
    """Be the line to the process that calls `enter_far_end` on the other side of `channel`."""
    _, (far, *_), _, _ = socket.recv_fds(channel, 16, 1)
    near = _device(f"hallway{os.getpid() % 10_000}", HERE)
    stop = threading.Event()
    carrier = threading.Thread(target=_carry, args=(line, near, far, stop), daemon=True)
    carrier.start()
    try:
        yield
    finally:
        stop.set()
        carrier.join()
        os.close(near)
        os.close(far)


def _device(name: str, address: str) -> int:
    device = os.open(_TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN_NO_PI))
    for command in (["addr", "add", f"{address}/{WIDTH}", "dev", name], ["link", "set", name, "up"]):
        subprocess.run(["ip", *command], check=True, capture_output=True)  # noqa: S603, S607
    return device


def _carry(line: Line, near: int, far: int, stop: threading.Event) -> None:
    chance = random.Random(line.seed)  # noqa: S311 - the same line again
    waiting: list[tuple[float, int, int, bytes]] = []
    number = 0
    other = {near: far, far: near}
    while not stop.is_set():
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, device, packet = heapq.heappop(waiting)
            _write(device, packet)
        patience = min(0.05, max(0.0, waiting[0][0] - now)) if waiting else 0.05
        for device in select.select([near, far], [], [], patience)[0]:
            packet = os.read(device, _PACKET)
            if chance.random() < line.loss:
                line.lost += 1
                continue
            number += 1
            line.carried += 1
            heapq.heappush(waiting, (time.monotonic() + line.delay_s, number, other[device], packet))


def _write(device: int, packet: bytes) -> None:
    try:
        os.write(device, packet)
    except OSError:
        return  # the other end is gone, or its queue is full: lost
