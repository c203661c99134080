"""DTLS as a server, over datagrams that somebody else carries: for media and for data channels alike.

What an association is for, its kinds know: `server.media.sfu.dtls` takes SRTP's keys out of the handshake,
`server.gateway.dtls_records` sends and receives records.
"""

from __future__ import annotations

import datetime
import secrets
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

MTU: Final = 1200
"""Bytes of a datagram."""


class Identity:
    """A process's certificate, made anew with each process."""

    def __init__(self, srtp_profiles: bytes) -> None:
        """`srtp_profiles`: what media may be encrypted with, best first, as OpenSSL names them. Browsers ask for one
        in every handshake, also where there will be no media."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(8))])
        now = datetime.datetime.now(tz=datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = fingerprint_of(certificate)
        self._context = context = SSL.Context(SSL.DTLS_METHOD)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU)
        # The certificates are self-signed: what counts is a fingerprint that came over the game socket, or a secret.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(
            b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
            b"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
        )
        context.set_tlsext_use_srtp(srtp_profiles)

    def accept(self) -> SSL.Connection:
        """The server's end of a new association."""
        connection = SSL.Connection(self._context, None)
        connection.set_accept_state()
        connection.set_ciphertext_mtu(MTU)
        return connection


def fingerprint_of(certificate: x509.Certificate) -> str:
    """The sha-256 fingerprint as SDP writes it (RFC 8122)."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class Association:
    """One client's. Feed it datagrams; take what it wants sent from `to_send`."""

    def __init__(self, identity: Identity) -> None:
        self._connection = identity.accept()
        self.is_open = False
        """Whether the handshake is over, and came out well."""
        self.has_ended = False
        """By an alert, a goodbye, or a handshake that can not succeed."""

    def to_send(self) -> list[bytes]:
        """Datagrams for the client."""
        records = b""
        while True:
            try:
                records += self._connection.bio_read(4096)
            except SSL.Error:
                return datagrams_of(records)

    def handle_timeout(self) -> bool:
        """Send again what was lost of the handshake, if it is time: OpenSSL keeps it by itself. Whether it was."""
        if self.is_open or self.has_ended:
            return False
        due: float | None = self._connection.DTLSv1_get_timeout()
        if due is None or due > 0:
            return False
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self.has_ended = True
        return True

    def close(self) -> None:
        """Say goodbye."""
        if not self.is_open or self.has_ended:
            return
        self.has_ended = True
        try:
            self._connection.shutdown()
        except SSL.Error:
            return

    def _take(self, data: bytes, most: int) -> list[bytes]:
        """A datagram came from the client; what its records say, `most` bytes of each. `_opened` is called once."""
        found: list[bytes] = []
        if self.has_ended:
            return found
        self._connection.bio_write(data)
        try:
            if not self.is_open:
                self._connection.do_handshake()
                self.is_open = True
                self._opened()
            while not self.has_ended:
                found.append(self._connection.recv(most))
        except SSL.WantReadError:
            pass
        except SSL.Error:
            self.has_ended = True
        return found

    def _opened(self) -> None:
        """The handshake is over: look at what it brought."""


def datagrams_of(records: bytes) -> list[bytes]:
    """Whole DTLS records, as many to a datagram as fit; the memory they were read from knows no borders."""
    found: list[bytes] = []
    at = 0
    while at + 13 <= len(records):
        end = at + 13 + int.from_bytes(records[at + 11 : at + 13], "big")
        if found and len(found[-1]) + end - at <= MTU:
            found[-1] += records[at:end]
        else:
            found.append(records[at:end])
        at = end
    return found
