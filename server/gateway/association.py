"""One SCTP association with one unreliable data channel in it (RFC 8831, 8832): aiortc's, over records of our own.

aiortc's peer connections are left out: they take sockets, tasks and offers of their own, and here one socket serves
everybody and no offer is read. Private names of that library are used; its version is pinned, and a test says so when
they change. What it does not bound, and a client decides, is bounded here.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Final, Protocol, cast

from aiortc.rtcdatachannel import RTCDataChannel
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from protocol.constants import DATAGRAM_BYTES

PORT: Final = 5000
MOST_STREAMS: Final = 4
MOST_MISORDERED: Final = 256
"""Numbers of chunks that arrived before others: that many are under way only for somebody who invents them."""
MOST_UNFINISHED_BYTES: Final = 32_768
"""Of messages that did not arrive whole yet; ours fit in one chunk."""


class MisbehavedError(Exception):
    """The client said what no client of ours would: its carrier is to be closed."""


class User(Protocol):
    """Who uses an association."""

    def send_record(self, record: bytes) -> None:
        """Encrypt this and send it."""

    def message_received(self, message: bytes) -> None:
        """The client sent this."""


class _Records:
    """What aiortc takes for the DTLS transport below; it is connected as long as it is used."""

    state = "connected"
    _role = "server"

    def __init__(self, user: User) -> None:
        self._user = user

    def _register_data_receiver(self, _receiver: object) -> None:
        """Records are handed over by `Association.receive`."""

    def _unregister_data_receiver(self, _receiver: object) -> None:
        """As above."""

    async def _send_data(self, data: bytes) -> None:
        self._user.send_record(data)


class Association:
    """The server's end. It begins at once; needs a running event loop, for its timers."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._channel: RTCDataChannel | None = None
        self._wrong = ""
        self._sctp = RTCSctpTransport(cast(RTCDtlsTransport, _Records(user)), PORT)
        self._room = self._sctp._advertised_rwnd
        self._sctp.on("datachannel", self._opened)
        _run(self._sctp.start(RTCSctpCapabilities(maxMessageSize=DATAGRAM_BYTES), PORT))

    @property
    def has_ended(self) -> bool:
        """Whether the client ended it, or never answered."""
        return self._sctp.state == "closed"

    @property
    def is_free(self) -> bool:
        """Whether a message would leave at once, as far as is known."""
        return self._channel is not None and not self._channel.bufferedAmount and not self._sctp._outbound_queue

    def receive(self, record: bytes) -> None:
        """A record came from the client. Raises MisbehavedError."""
        try:
            _run(self._sctp._handle_data(record))
        except Exception as error:
            # Asserts, decoding errors: whatever a library finds that takes its peer's word.
            raise MisbehavedError(f"{type(error).__name__}: {error}") from None
        sctp = self._sctp
        if len(sctp._inbound_streams) > MOST_STREAMS or len(sctp._data_channels) > 1:
            self._wrong = "too many streams"
        elif len(sctp._sack_misordered) > MOST_MISORDERED or len(sctp._sack_duplicates) > MOST_MISORDERED:
            self._wrong = "too much out of order"
        elif self._room - sctp._advertised_rwnd > MOST_UNFINISHED_BYTES:
            self._wrong = "messages that never end"
        if self._wrong:
            raise MisbehavedError(self._wrong)

    def send(self, message: bytes) -> None:
        """Queue a message; nothing happens before the channel is open."""
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(message)

    def close(self) -> None:
        """Abort it, and stop its timers."""
        self._channel = None
        if not self.has_ended:
            _run(self._sctp.stop())

    def _opened(self, channel: RTCDataChannel) -> None:
        if self._channel is not None or channel.ordered or channel.maxRetransmits != 0:
            self._wrong = "not the channel of section 13.1"
            return
        self._channel = channel
        channel.on("message", self._received)

    def _received(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self._user.message_received(message)


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine of aiortc's that waits for nothing, because `_Records` never does."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("aiortc waits for something")
