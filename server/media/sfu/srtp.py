"""SRTP: `pylibsrtp`'s sessions without what they do anew for each packet, which is two thirds of their time.

It takes parts of the library that are not promised to anybody; tests/media/sfu/test_contract.py names them.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Final

import pylibsrtp
from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

MAX_BYTES: Final = 1500
"""Longest packet before it is encrypted."""
_MEMORY: Final[Any] = ffi.new("char[]", MAX_BYTES + pylibsrtp.SRTP_MAX_TRAILER_LEN)
_BYTES: Final[Any] = ffi.buffer(_MEMORY)
_LENGTH: Final[Any] = ffi.new("int *")
"""One for all: each use is one call that nothing interrupts."""
_protect: Final[Any] = lib.srtp_protect
_unprotect: Final[Any] = lib.srtp_unprotect
PROTECT: Final = int(ffi.cast("uintptr_t", ffi.addressof(lib, "srtp_protect")))
UNPROTECT: Final = int(ffi.cast("uintptr_t", ffi.addressof(lib, "srtp_unprotect")))
"""Where the library's own functions are, for those who call them from C."""
MOST_SSRCS: Final = 64
"""Streams of one client that the library keeps numbers of; it would keep those of any SSRC that was ever seen."""


class Inbound:
    """Decrypts what one client sends. `session`: where its `srtp_t` is, as long as this lives."""

    __slots__ = ("_context", "_seen", "_session", "session")

    def __init__(self, policy: Policy) -> None:
        self._session = Session(policy)
        self._context: Any = self._session._srtp[0]
        self.session = int(ffi.cast("uintptr_t", self._context))
        self._seen: dict[int, None] = {}

    def saw(self, ssrc: int, needed: Container[int]) -> None:
        """Something of this SSRC was decrypted that is not known to be `needed`. Of the others the oldest is forgotten
        where there are too many."""
        if ssrc in self._seen:
            return
        self._seen[ssrc] = None
        if len(self._seen) > MOST_SSRCS:
            oldest = next(each for each in self._seen if each not in needed)
            del self._seen[oldest]
            self._session.remove_stream(oldest)

    def unprotect(self, packet: bytes) -> bytes:
        """The RTP packet. pylibsrtp.Error: it is not the client's, or came before; ValueError: it is too long."""
        size = len(packet)
        if size > MAX_BYTES:
            raise ValueError("the packet is too long")
        _BYTES[0:size] = packet
        _LENGTH[0] = size
        if _unprotect(self._context, _MEMORY, _LENGTH):
            raise pylibsrtp.Error("the packet can not be decrypted")
        opened: bytes = _BYTES[0 : _LENGTH[0]]
        return opened

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """The RTCP packet of an SRTCP packet; fails as `unprotect` does."""
        return self._session.unprotect_rtcp(packet)


class Outbound:
    """Encrypts what is sent to one client. `session`: where its `srtp_t` is, as long as this lives."""

    __slots__ = ("_context", "_session", "session")

    def __init__(self, policy: Policy) -> None:
        self._session = Session(policy)
        self._context: Any = self._session._srtp[0]
        self.session = int(ffi.cast("uintptr_t", self._context))

    def protect(self, packet: bytes) -> bytes:
        """The SRTP packet of an RTP packet. pylibsrtp.Error: it is none; ValueError: it is too long."""
        size = len(packet)
        if size > MAX_BYTES:
            raise ValueError("the packet is too long")
        _BYTES[0:size] = packet
        _LENGTH[0] = size
        if _protect(self._context, _MEMORY, _LENGTH):
            raise pylibsrtp.Error("the packet can not be encrypted")
        sealed: bytes = _BYTES[0 : _LENGTH[0]]
        return sealed

    def protect_rtcp(self, packet: bytes) -> bytes:
        """The SRTCP packet of an RTCP packet."""
        return self._session.protect_rtcp(packet)
