"""The frequent messages of a room's clients, taken from their sockets without a Python object (listener.c), where a C
compiler made that.

In a room of a hundred, four messages come in a tick. What belongs to the client of each, its limits, its courses, what
it acknowledged, lay in a dozen objects that fifty milliseconds of other work had pushed out of the processor's caches,
and most of a message's cost was to fetch them. Here all of that is columns, and one call reads all sockets.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from protocol.constants import Kind
from protocol.event_log import EventLog
from protocol.token_bucket import FloodGate, TokenBucket
from server.rooms.baselines import Baselines
from server.rooms.compiled_courses import Columns, CompiledCourses, code
from server.rooms.connection import Connection
from server.rooms.courses import Courses
from server.rooms.direct import DirectSockets
from sim.world import World

_Pointer, _Int, _Long, _Real = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64, ctypes.c_double
NOBODY = 0
NEVER = -1
"""The acknowledgement of a client that has sent none."""
ROOM_BYTES = 1 << 17
"""For what clients say that is not for here, in one tick; who has none is read as all were without this."""
PINGS = 4096
_FRAME_BYTES = 24
_HEAD_BYTES = 2
_EVENT_BYTES = 16
"""Of `struct epoll_event`, at most."""


class _Bucket(ctypes.Structure):
    _fields_ = tuple((name, _Real) for name in ("rate", "burst", "tokens", "updated"))
    rate: float
    burst: float
    tokens: float
    updated: float
    take = TokenBucket.take


class _Gate(ctypes.Structure):
    _fields_ = (("window", _Real), ("ends", _Real), ("limit", _Long), ("counted", _Long))
    limit: int
    window: float
    ends: float
    counted: int
    count = FloodGate.count


class _Allowance(ctypes.Structure):
    """`Allowance` in listener.c."""

    _fields_ = (("bucket", _Bucket), ("gate", _Gate))


class _Ping(ctypes.Structure):
    _fields_ = (
        *(("avatar", _Int), ("token", ctypes.c_uint32), ("sent", _Int), ("length", _Int)),
        ("frame", ctypes.c_uint8 * _FRAME_BYTES),
    )


_PING = struct.Struct(f"=iIii{_FRAME_BYTES}s")


class _Rest(ctypes.Structure):
    _fields_ = tuple((name, _Int) for name in ("socket", "offset", "length", "reads"))


_COLUMNS = (
    *("connected", "reliable", "base_tick", "base_home", "sent", "completed", "sent_ticks", "sent_homes"),
    *("acked", "unacked_since"),
)
_OWN = ("allowance", "direct", "said_ack", "avatar_of", "ready", "pings", "rests", "bytes")


class _Columns(ctypes.Structure):
    """`Listener` in listener.c."""

    _fields_ = (
        ("courses", ctypes.POINTER(Columns)),
        *((name, _Pointer) for name in (*_COLUMNS, *_OWN)),
        ("tick", _Long),
        ("resend_ticks", _Long),
        ("now", _Real),
        *((name, _Int) for name in ("phase", "pong_kind", "answers")),
        *((name, _Int) for name in ("rows", "sockets", "poll", "most_ready", "ping_room", "room")),
        *((name, _Int) for name in ("read_bytes", "most_reads")),
        *((name, _Int) for name in ("ping_count", "rest_count", "messages")),
    )


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words may be taken here. `connection`: gets its limits from here meanwhile. `events`: keeps what it is
    told. `is_between`: whether all that was read is taken, so that a frame comes next. `answer(token)`: send PONG."""

    avatar: int
    connection: Connection
    events: EventLog
    is_between: Callable[[], bool]
    answer: Callable[[int], None]


class Moment(NamedTuple):
    """When something is heard. tick: the newest that the world computed; phase: 0-255, how much of the present one has
    passed; now: s, of the clock of the limits; answers: whether no event waits anywhere, so that PONG comes next."""

    tick: int
    phase: int
    now: float
    answers: bool


class Rest(NamedTuple):
    """What is left to be read in the usual way: `data` first, and then the socket, if fewer than the most `reads` are
    used up."""

    socket: int
    data: bytes
    reads: int


class Listener:
    """The speakers of one room, by avatar and by the number of their sockets."""

    def __init__(
        self,
        library: ctypes.PyDLL,
        baselines: Baselines,
        courses: CompiledCourses,
        direct: DirectSockets | None,
        world: World,
    ) -> None:
        rows = len(baselines.tick)
        self._baselines, self._courses = baselines, courses
        self._allowances = (_Allowance * rows)()
        acks = np.full(rows, NEVER, np.int64)
        # One number of it is taken at a time, for which numpy is slow.
        self._said = acks.data
        self._tick = lambda: world.tick
        self._avatar_of = np.zeros(1024, np.int32)
        self._ready = np.zeros(_EVENT_BYTES * rows, np.uint8)
        self._pings, self._rests = (_Ping * PINGS)(), (_Rest * rows)()
        self._pings_at = ctypes.addressof(self._pings)
        self._bytes = (ctypes.c_char * ROOM_BYTES)()
        self._speakers: dict[int, Speaker] = {}
        self._socket_of: dict[int, int] = {}
        columns = self._columns = _Columns()
        columns.courses = ctypes.pointer(courses.columns)
        places = dict(zip(_COLUMNS, _columns_of(baselines), strict=True)) | {
            "allowance": ctypes.addressof(self._allowances),
            "direct": None if direct is None else direct.sockets.ctypes.data,
            "said_ack": acks.ctypes.data,
            "avatar_of": self._avatar_of.ctypes.data,
            "ready": self._ready.ctypes.data,
            "pings": ctypes.addressof(self._pings),
            "rests": ctypes.addressof(self._rests),
            "bytes": ctypes.addressof(self._bytes),
        }
        for name, place in places.items():
            setattr(columns, name, place)
        columns.rows, columns.most_ready, columns.resend_ticks = rows, rows, baselines.resend_ticks
        columns.pong_kind = int(Kind.PONG)
        columns.room, columns.ping_room, columns.sockets = ROOM_BYTES, PINGS, len(self._avatar_of)
        self._listen, self._at = library.hallway_listen, ctypes.addressof(columns)
        self._listen.argtypes = (_Pointer,)

    def add(self, socket: int, speaker: Speaker) -> None:
        """Take what is said on this socket from now on, until `remove`."""
        avatar = speaker.avatar
        if not 0 < avatar < self._columns.rows:
            return
        if (before := self._socket_of.get(avatar)) is not None:
            self.remove(before)
        if socket >= len(self._avatar_of):
            self._avatar_of = np.concatenate((self._avatar_of, np.zeros(socket, np.int32)))
            self._columns.avatar_of, self._columns.sockets = self._avatar_of.ctypes.data, len(self._avatar_of)
        bucket, gate = self._allowances[avatar].bucket, self._allowances[avatar].gate
        wire = speaker.connection.wire
        for name in TokenBucket.__slots__:
            setattr(bucket, name, getattr(wire.bucket, name))
        for name in FloodGate.__slots__:
            setattr(gate, name, getattr(wire.flood, name))
        wire.bucket, wire.flood = bucket, gate
        self._said[avatar] = NEVER
        # When it looks, what was said since the acknowledgement goes before the next snapshot, too.
        speaker.events.watch(self._said, avatar, self._tick)
        self._speakers[socket] = speaker
        self._socket_of[avatar] = socket
        self.look(socket)

    def remove(self, socket: int) -> None:
        """Nothing is taken from this socket any more; its limits go on where they are. Nothing happens if it is not
        here."""
        speaker = self._speakers.pop(socket, None)
        if speaker is None:
            return
        speaker.events.watch(None)
        self._avatar_of[socket] = NOBODY
        del self._socket_of[speaker.avatar]
        wire = speaker.connection.wire
        old, flood = wire.bucket, wire.flood
        bucket, gate = TokenBucket(old.rate, old.burst, old.updated), FloodGate(flood.limit, flood.window, 0.0)
        bucket.tokens, gate.ends, gate.counted = old.tokens, flood.ends, flood.counted
        wire.bucket, wire.flood = bucket, gate

    def look(self, socket: int) -> None:
        """Somebody else has read from this socket: see whether a frame comes next."""
        speaker = self._speakers.get(socket)
        if speaker is not None:
            self._avatar_of[socket] = speaker.avatar if speaker.is_between() else NOBODY

    def listen(self, poll: int, moment: Moment, read_bytes: int, most_reads: int) -> tuple[int, list[Rest]]:
        """Take what has come on all sockets that `poll`, the number of an epoll, says are ready. Returns how many
        messages were taken, and what is left."""
        columns = self._columns
        columns.poll = poll
        columns.tick, columns.phase, columns.now, columns.answers = moment
        columns.read_bytes, columns.most_reads = read_bytes, most_reads
        self._listen(self._at)
        if columns.ping_count:
            self._finish_pings(columns.ping_count)
        if self._courses.columns.discarded:
            self._courses.count_discarded()
        if not columns.rest_count:
            return columns.messages, []
        start = ctypes.addressof(self._bytes)
        rests = [
            Rest(rest.socket, ctypes.string_at(start + rest.offset, rest.length), rest.reads)
            for rest in self._rests[: columns.rest_count]
        ]
        return columns.messages, rests

    def _finish_pings(self, count: int) -> None:
        """Keep the PONGs that were sent, as every event, or send them."""
        # All at once: to ask a field of a structure takes longer than to unpack one.
        pings = ctypes.string_at(self._pings_at, count * ctypes.sizeof(_Ping))
        for avatar, token, sent, length, frame in _PING.iter_unpack(pings):
            socket = self._socket_of.get(avatar)
            if socket is None:
                continue
            speaker = self._speakers[socket]
            if not sent:
                speaker.answer(token)
                continue
            speaker.events.append(frame[_HEAD_BYTES:length])
            if sent < length:
                speaker.connection.outbox.finish_frames(frame[sent:length])


def _columns_of(baselines: Baselines) -> list[int]:
    arrays = (
        *(baselines.connected, baselines.reliable, baselines.tick, baselines.home, baselines.sent),
        *(baselines.completed, baselines.sent_ticks, baselines.sent_homes, baselines.acked, baselines.unacked_since),
    )
    return [array.ctypes.data for array in arrays]


def make_listener(
    baselines: Baselines, courses: Courses, direct: DirectSockets | None, world: World
) -> Listener | None:
    """For the clients of a room. `direct`: where whole frames may be written. None: there is no compiled form here."""
    if code is None or not isinstance(courses, CompiledCourses) or not hasattr(code, "hallway_listen"):
        return None
    return Listener(code, baselines, courses, direct, world)
