"""The stream between an owner and a gateway: what is to be said goes out in one write a turn of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, cast

import structlog

from server.fanout.messages import FanoutError, Incoming, framed

log = structlog.get_logger()

HIGH_BYTES = 1 << 20
"""Unsent bytes from which on an end is told that its line is crowded."""


class End(Protocol):
    """One end of a line; it does no I/O of its own."""

    wake: Callable[[], None]
    """To be called when there is something to send."""

    def receive(self, messages: list[Any]) -> None:
        """What the other end said, in order. Raises `FanoutError`."""

    def messages_to_send(self) -> list[Any]:
        """What is to be said, in order; each is returned once."""

    def crowded(self, is_crowded: bool) -> None:
        """The other end does not read as fast as this one writes, or does again."""

    def lost(self) -> None:
        """The line is gone."""


class Line(asyncio.Protocol):
    """The I/O of one end. `kinds`: what the other end may say."""

    def __init__(self, end: End, kinds: Any) -> None:
        self.ended = asyncio.Event()
        self._end, self._incoming = end, Incoming(kinds)
        self._transport: asyncio.Transport | None = None
        self._is_flush_due = False
        end.wake = self._wake

    @property
    def unsent(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def close(self) -> None:
        """End it, once all is out that was said."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End it at once."""
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio.Protocol -------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The stream is there, also one that spoke another protocol before."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=HIGH_BYTES)
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Hand on what is whole."""
        try:
            if messages := self._incoming.receive(data):
                self._end.receive(messages)
        except FanoutError as error:
            log.error("a line between processes is ended", why=str(error))
            self.abort()
        except Exception:
            # A fault of ours must not leave clients on a line that is out of step.
            log.exception("a line between processes failed")
            self.abort()

    def pause_writing(self) -> None:
        """The other end is slow."""
        self._end.crowded(True)

    def resume_writing(self) -> None:
        """It has caught up."""
        self._end.crowded(False)

    def connection_lost(self, exc: Exception | None) -> None:
        """The stream is gone."""
        self._transport = None
        self._end.lost()
        self.ended.set()

    # --- parts ------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        if not self._is_flush_due:
            self._is_flush_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flush_due = False
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        messages = self._end.messages_to_send()
        if messages:
            transport.write(framed(messages))
