"""What clients send, taken off the socket without waking a coroutine a message.

aiohttp hands each message to a task, which costs several times what the message itself costs. Here a protocol stands
before aiohttp's own and cuts what arrives into frames: whole binary messages, PING and PONG go straight to whoever
takes them, and everything else (HELLO, CLOSE, frames of unusual form) to aiohttp, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

log = structlog.get_logger()

WHOLE_BINARY = 0x82
"""First byte of an unfragmented binary message (RFC 6455 section 5.2)."""
_MASKED = 0x80
PING = 0x89
PONG = 0x8A
_CLOSE = 0x88
_CONTROL = frozenset((_CLOSE, PING, PONG))
_SHORT = 126
_HEAD_BYTES = 2
_MASK_BYTES = 4


def unmasked(payload: bytes, mask: bytes) -> bytes:
    """The payload of a client's frame (RFC 6455 section 5.3)."""
    size = len(payload)
    key = (mask * (size // _MASK_BYTES + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class InboundFrames(asyncio.Protocol):
    """Stands before aiohttp's protocol on an upgraded connection.

    Until `begin` aiohttp gets everything. Its queue has room for a few messages and then wants no more, which only the
    event loop heeds: whoever reads the socket otherwise must have begun.
    """

    def __init__(
        self,
        http: asyncio.Protocol,
        transport: asyncio.Transport,
        most_bytes: int,
        ending: Callable[[], None] = lambda: None,
    ) -> None:
        """`http`: aiohttp's protocol. `most_bytes`: longer messages are aiohttp's to refuse. `ending`: called while
        the socket is still open, when the client closes the WebSocket, the connection is lost, or only aiohttp knows
        which of the two comes when."""
        self._ending = ending
        self._take: Callable[[bytes], None] | None = None
        self._take_control: Callable[[int, bytes], None] | None = None
        self._is_over = False
        """The client closes the WebSocket, or the connection is gone, or only aiohttp can read on."""
        self._http, self._transport, self._most_bytes = http, transport, most_bytes
        self._rest = b""
        self._failed = False
        self._unusual = False
        """A frame came that only aiohttp can read, and after it only aiohttp knows where the next one begins."""

    def begin(self, take: Callable[[bytes], None], take_control: Callable[[int, bytes], None]) -> bool:
        """Hand whole binary messages to `take` from now on, and PING and PONG, first byte and payload, to
        `take_control`. False: it is too late for that, aiohttp goes on."""
        if not self._is_over:
            self._take, self._take_control = take, take_control
        return not self._is_over

    @property
    def is_between(self) -> bool:
        """Whether a frame comes next, whose message goes to whoever takes them."""
        return self._take is not None and not (self._rest or self._unusual or self._failed)

    def data_received(self, data: bytes) -> None:
        """Cut into frames, and hand on each that is whole."""
        if self._unusual:
            self._http.data_received(data)
            return
        if self._failed:
            return
        if self._rest:
            data, self._rest = self._rest + data, b""
        # aiohttp gets frames that follow each other in one piece: each piece costs it a copy of what it has not read.
        place, kept, size = 0, 0, len(data)
        while place < size:
            end = self._end_of(data, place, size)
            if self._unusual:
                self._end()
                place = size
            elif end > size:
                self._rest = data[place:]
                break
            elif (take := self._taker(data[place])) is None:
                place = end
            else:
                if kept < place:
                    self._http.data_received(data[kept:place])
                self._hand_on(take, data, place, end)
                if self._failed:
                    return
                place = kept = end
        if kept < place:
            self._http.data_received(data[kept:place])

    def _taker(self, first: int) -> Callable[[bytes], None] | None:
        """Who gets a frame that begins so; None: aiohttp."""
        if first == WHOLE_BINARY:
            return self._take
        if first == _CLOSE:
            # Nothing that the client says after this counts.
            self._end()
            return None
        return partial(self._take_control, first) if self._take_control is not None else None

    def _end_of(self, data: bytes, place: int, size: int) -> int:
        """Where the frame that begins at `place` ends; beyond `size` if that is not known yet."""
        if size - place < _HEAD_BYTES:
            return size + 1
        first, second = data[place], data[place + 1]
        length = second & 0x7F
        if not second & _MASKED or (first != WHOLE_BINARY and first not in _CONTROL) or length > _SHORT:
            self._unusual = True
            return 0
        if length < _SHORT:
            return place + _HEAD_BYTES + _MASK_BYTES + length
        if size - place < _HEAD_BYTES + 2:
            return size + 1
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if length > self._most_bytes or length < _SHORT or first in _CONTROL:
            self._unusual = True
            return 0
        return place + _HEAD_BYTES + 2 + _MASK_BYTES + length

    def _hand_on(self, take: Callable[[bytes], None], data: bytes, place: int, end: int) -> None:
        body = place + (_HEAD_BYTES if data[place + 1] & 0x7F < _SHORT else _HEAD_BYTES + 2) + _MASK_BYTES
        try:
            take(unmasked(data[body:end], data[body - _MASK_BYTES : body]))
        except Exception:
            # A fault of ours must end this connection alone, and be seen.
            log.exception("a message could not be taken")
            self._failed = True
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._end()
        self._http.connection_lost(exc)

    def _end(self) -> None:
        self._is_over = True
        self._take = self._take_control = None
        self._ending()

    def eof_received(self) -> bool | None:
        """The client says no more."""
        return self._http.eof_received()

    def pause_writing(self) -> None:
        """More was written than the kernel takes."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """The kernel took it."""
        self._http.resume_writing()
