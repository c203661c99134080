"""DTLS as a server over datagrams that somebody else carries, and the SRTP keys that come out of it (RFC 5764)."""

from __future__ import annotations

import datetime
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

import pylibsrtp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy

from server.media.sfu.srtp import Inbound, Outbound

MTU: Final = 1200
REPLAY_WINDOW: Final = 1024
"""Numbers back that a packet may arrive late; retransmissions come that late."""
_EXPORTER: Final = b"EXTRACTOR-dtls_srtp"


@dataclass(frozen=True, slots=True)
class _Profile:
    name: bytes
    srtp: int
    key_bytes: int
    salt_bytes: int

    def keys(self, connection: SSL.Connection) -> tuple[bytes, bytes]:
        """What the client encrypts with, and what the server does: key and salt (RFC 5764 section 4.2)."""
        key, salt = self.key_bytes, self.salt_bytes
        raw = connection.export_keying_material(_EXPORTER, 2 * (key + salt))
        salts = raw[2 * key :]
        return raw[:key] + salts[:salt], raw[key : 2 * key] + salts[salt:]


def _available() -> list[_Profile]:
    """What libsrtp was built with; AES-GCM first, which costs little more than half of the other."""
    found: list[_Profile] = []
    for profile in (
        _Profile(b"SRTP_AEAD_AES_128_GCM", Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
        _Profile(b"SRTP_AES128_CM_SHA1_80", Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
    ):
        try:
            Policy(srtp_profile=profile.srtp)
        except pylibsrtp.Error:
            continue
        found.append(profile)
    return found


_PROFILES: Final = _available()


class Identity:
    """The worker's certificate, made anew with each worker."""

    def __init__(self) -> None:
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
        # The certificates are self-signed: what counts is the fingerprint that came over the game socket.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(
            b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
            b"ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA"
        )
        context.set_tlsext_use_srtp(b":".join(profile.name for profile in _PROFILES))

    def accept(self) -> SSL.Connection:
        """The server's end of a new association."""
        connection = SSL.Connection(self._context, None)
        connection.set_accept_state()
        connection.set_ciphertext_mtu(MTU)
        return connection


def fingerprint_of(certificate: x509.Certificate) -> str:
    """The sha-256 fingerprint as SDP writes it (RFC 8122)."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


@dataclass(frozen=True, slots=True)
class Keys:
    """What decrypts what the client sends, and what encrypts what is sent to it."""

    inbound: Inbound
    outbound: Outbound


class DtlsServer:
    """One association. Feed it datagrams; take what it wants sent from `to_send`. `keys` come with the handshake."""

    def __init__(self, identity: Identity, client_fingerprint: str) -> None:
        """`client_fingerprint`: sha-256, as in the client's SDP."""
        self._connection = identity.accept()
        self._client_fingerprint = client_fingerprint.upper()
        self.keys: Keys | None = None
        self.failed = False
        """Not the certificate that was promised, no common cipher, or an alert."""
        self.closed = False
        """The client said that it goes."""

    def receive(self, data: bytes) -> None:
        """A datagram came from the client."""
        if self.failed or self.closed:
            return
        self._connection.bio_write(data)
        try:
            if self.keys is None:
                self._connection.do_handshake()
                self._agree()
            else:
                self._connection.recv(1500)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error:
            self.failed = True

    def to_send(self) -> list[bytes]:
        """Datagrams for the client."""
        records = b""
        while True:
            try:
                records += self._connection.bio_read(4096)
            except SSL.Error:
                return datagrams_of(records)

    def is_due(self) -> bool:
        """Whether `handle_timeout` is due: OpenSSL keeps the time of the handshake by itself."""
        if self.keys is not None or self.failed:
            return False
        due: float | None = self._connection.DTLSv1_get_timeout()
        return due is not None and due <= 0

    def handle_timeout(self) -> None:
        """Send again what was lost, perhaps."""
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:
            self.failed = True

    def close(self) -> None:
        """Say goodbye."""
        try:
            self._connection.shutdown()
        except SSL.Error:
            self.closed = True

    def _agree(self) -> None:
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        known = "" if certificate is None else fingerprint_of(certificate)
        chosen = self._connection.get_selected_srtp_profile()
        profile = next((each for each in _PROFILES if each.name == chosen), None)
        if profile is None or not hmac.compare_digest(known, self._client_fingerprint):
            self.failed = True
            return
        client, server = profile.keys(self._connection)
        inbound = Policy(client, Policy.SSRC_ANY_INBOUND, srtp_profile=profile.srtp)
        outbound = Policy(server, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile.srtp)
        for policy in (inbound, outbound):
            policy.allow_repeat_tx = True
            policy.window_size = REPLAY_WINDOW
        self.keys = Keys(Inbound(inbound), Outbound(outbound))


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
