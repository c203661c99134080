"""What clients send, taken off the socket without waking a coroutine a message.

aiohttp hands each message to a task, which costs several times what the message itself costs. Here a protocol stands
before aiohttp's own and cuts what arrives into frames: whole binary messages go straight to whoever takes them, and
everything else (control frames, HELLO, frames of unusual form) to aiohttp, frame by frame and in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

log = structlog.get_logger()

WHOLE_BINARY = 0x82
"""First byte of an unfragmented binary message (RFC 6455 section 5.2)."""
_MASKED = 0x80
_CLOSE = 0x88
_CONTROL = frozenset((_CLOSE, 0x89, 0x8A))
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

    `take`: gets the whole binary messages from now on; None: aiohttp gets them, as it does everything else.
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
        self.take: Callable[[bytes], None] | None = None
        self._http, self._transport, self._most_bytes = http, transport, most_bytes
        self._rest = b""
        self._failed = False
        self._unusual = False
        """A frame came that only aiohttp can read, and after it only aiohttp knows where the next one begins."""

    def data_received(self, data: bytes) -> None:
        """Cut into frames, and hand on each that is whole."""
        if self._unusual:
            self._http.data_received(data)
            return
        if self._failed:
            return
        if self._rest:
            data, self._rest = self._rest + data, b""
        place, size = 0, len(data)
        while place < size:
            end = self._end_of(data, place, size)
            if self._unusual:
                self._ending()
                self._http.data_received(data[place:])
                return
            if end > size:
                self._rest = data[place:]
                return
            if data[place] == WHOLE_BINARY and self.take is not None:
                self._hand_on(data, place, end)
                if self._failed:
                    return
            else:
                if data[place] == _CLOSE:
                    self._ending()
                self._http.data_received(data[place:end])
            place = end

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

    def _hand_on(self, data: bytes, place: int, end: int) -> None:
        body = place + (_HEAD_BYTES if data[place + 1] & 0x7F < _SHORT else _HEAD_BYTES + 2) + _MASK_BYTES
        assert self.take is not None  # noqa: S101 - the caller looked
        try:
            self.take(unmasked(data[body:end], data[body - _MASK_BYTES : body]))
        except Exception:
            # A fault of ours must end this connection alone, and be seen.
            log.exception("a message could not be taken")
            self._failed = True
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.take = None
        self._ending()
        self._http.connection_lost(exc)

    def eof_received(self) -> bool | None:
        """The client says no more."""
        return self._http.eof_received()

    def pause_writing(self) -> None:
        """More was written than the kernel takes."""
        self._http.pause_writing()

    def resume_writing(self) -> None:
        """The kernel took it."""
        self._http.resume_writing()
