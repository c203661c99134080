"""What is counted of an incoming stream, laid out such that the compiled form (intake.c) counts on as well."""

from __future__ import annotations

import ctypes
from typing import Any, Final, cast

_int32, _int64, _double = ctypes.c_int32, ctypes.c_int64, ctypes.c_double
MOST_STREAMS: Final = 8
"""Streams of one leg: each layer of each source is one."""
UNKNOWN: Final = -1
LONG_AGO: Final = float("-inf")

_FIELDS: Final[tuple[tuple[str, type[ctypes._SimpleCData[Any]]], ...]] = (
    *((name, ctypes.c_void_p) for name in ("rows", "kept", "bodies")),
    *((name, _int64) for name in ("number", "received", "cycles", "transit")),
    *((name, _double) for name in ("clock_rate", "jitter", "last_packet", "energy", "spoke")),
    *((name, _int32) for name in ("count", "on", "is_sound", "newest")),
    *((name, ctypes.c_uint32) for name in ("first", "highest")),
)
_ANYWHERE: Final = frozenset({"rows", "kept", "bodies"})
"""Fields that are addresses."""


class Arrivals:
    """The numbers of one incoming stream.

    `number`: of the stream. `received`: packets since it began; before the first one, `first`, `highest`, `cycles` and
    `transit` mean nothing: the number of the first, the highest, what its wraps come to, and the time it came against
    its timestamp. `clock_rate`: Hz. `jitter`: in ticks of that clock. `newest`: the number after which the next one is
    no loss, -1: none. `last_packet`, `spoke`: when something came, and when it was loud enough, s; `energy`: how loud
    it is. `on`: it may be handed on. `rows`, `count`: the `Rows` that it goes to, and how many, -1: it is not known.
    `kept`, `bodies`: where a `SharedHistory` is, None: nothing is kept.
    """

    __slots__ = tuple(name for name, _ in _FIELDS)
    rows: int | None
    kept: int | None
    bodies: int | None
    number: int
    received: int
    cycles: int
    transit: int
    clock_rate: float
    jitter: float
    last_packet: float
    energy: float
    spoke: float
    count: int
    on: int
    is_sound: int
    newest: int
    first: int
    highest: int

    def __init__(self) -> None:
        for name, _ in _FIELDS:
            setattr(self, name, None if name in _ANYWHERE else 0)


class SharedArrivals(ctypes.Structure):
    """`Arrivals` that intake.c counts on as well. Python takes several times as long to look into it."""

    _fields_ = _FIELDS


def make_arrivals(clock_rate: int, *, shared: bool) -> Arrivals:
    """Nothing came yet, and where it goes is not known."""
    arrivals = cast("Arrivals", SharedArrivals()) if shared else Arrivals()
    arrivals.clock_rate = clock_rate
    arrivals.newest = arrivals.count = UNKNOWN
    arrivals.last_packet = arrivals.spoke = LONG_AGO
    return arrivals


class Talker(ctypes.Structure):
    """Whose packets come from an address, as intake.c looks it up. `session`: the `Inbound.session` that decrypts them,
    None: there is none yet, or no more. `streams`, `ssrcs`: of what it sends, in any order. The others: of a
    `TokenBucket`, of what may come."""

    session: int | None
    leg: int
    rate: float
    burst: float
    tokens: float
    updated: float
    _fields_ = (
        ("session", ctypes.c_void_p),
        ("leg", _int64),
        *((name, _double) for name in ("rate", "burst", "tokens", "updated")),
        ("streams", ctypes.c_void_p * MOST_STREAMS),
        ("ssrcs", ctypes.c_uint32 * MOST_STREAMS),
    )

    def sends(self, place: int, arrivals: Arrivals, ssrc: int) -> None:
        """The stream at this place, 0 to 7, has this SSRC now. `arrivals`: shared ones, to be kept elsewhere."""
        fields: Any = self
        fields.streams[place] = ctypes.addressof(cast("SharedArrivals", arrivals))
        fields.ssrcs[place] = ssrc
