"""DTLS for what is no media: records in and out (RFC 8261)."""

from __future__ import annotations

from typing import Final

from OpenSSL import SSL

from server.dtls import MTU, Association

_RECORD_BYTES: Final = 16_384


class DtlsRecords(Association):
    """An association whose records are for its user.

    Whose certificate the client shows is not asked: what it may do, it may do by the secret that it shows later.
    """

    def receive(self, data: bytes) -> list[bytes]:
        """A datagram came from the client; the records in it that are for the user."""
        return self._take(data, _RECORD_BYTES)

    def send(self, record: bytes) -> None:
        """Encrypt a record; nothing happens unless the association is open."""
        if not self.is_open or self.has_ended or len(record) > MTU:
            return
        try:
            self._connection.send(record)
        except SSL.Error:
            self.has_ended = True
