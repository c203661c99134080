"""DTLS as a server for what is no media: records in and out (RFC 8261), over datagrams that somebody else carries."""

from __future__ import annotations

from typing import Final

from OpenSSL import SSL

from server.media.sfu.dtls import MTU, Identity, datagrams_of

_RECORD_BYTES: Final = 16_384


class DtlsRecords:
    """One association. Feed it datagrams; take what it wants sent from `to_send`.

    Whose certificate the client shows is not asked: what it may do, it may do by the secret that it shows later.
    """

    def __init__(self, identity: Identity) -> None:
        self._connection = identity.accept()
        self.is_open = False
        """Whether the handshake is over."""
        self.has_ended = False
        """By an alert, a goodbye, or a handshake that can not succeed."""

    def receive(self, data: bytes) -> list[bytes]:
        """A datagram came from the client; the records in it that are for the user."""
        found: list[bytes] = []
        if self.has_ended:
            return found
        self._connection.bio_write(data)
        try:
            if not self.is_open:
                self._connection.do_handshake()
                self.is_open = True
            while True:
                found.append(self._connection.recv(_RECORD_BYTES))
        except SSL.WantReadError:
            pass
        except SSL.Error:
            self.has_ended = True
        return found

    def send(self, record: bytes) -> None:
        """Encrypt a record; nothing happens unless the association is open."""
        if not self.is_open or self.has_ended or len(record) > MTU:
            return
        try:
            self._connection.send(record)
        except SSL.Error:
            self.has_ended = True

    def to_send(self) -> list[bytes]:
        """Datagrams for the client."""
        records = b""
        while True:
            try:
                records += self._connection.bio_read(4096)
            except SSL.Error:
                return datagrams_of(records)

    def handle_timeout(self) -> None:
        """Send again what was lost of the handshake, if it is time: OpenSSL keeps it by itself."""
        if self.is_open or self.has_ended:
            return
        due: float | None = self._connection.DTLSv1_get_timeout()
        if due is None or due > 0:
            return
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self.has_ended = True

    def close(self) -> None:
        """Say goodbye."""
        if not self.is_open or self.has_ended:
            return
        self.has_ended = True
        try:
            self._connection.shutdown()
        except SSL.Error:
            return
