"""The certificate of the UDP port: one of the server's own, so short-lived that a browser takes it by its hash.

W3C WebTransport, serverCertificateHashes: ECDSA P-256, valid for at most 14 days. There are always two, the present one
and the next, and clients are told the hashes of both: whoever was told a hash can come back for `CHANGE_AFTER`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CLOCK_SLACK: Final = timedelta(days=1)
"""How far a client's clock may be behind."""
LIFE: Final = timedelta(days=13)
CHANGE_AFTER: Final = timedelta(days=5)
"""How long a certificate is shown; it is made so long before that."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate, its key, and the SHA-256 of its DER form."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    made: datetime

    @property
    def hash(self) -> bytes:
        """32 bytes."""
        return self.certificate.fingerprint(hashes.SHA256())

    @classmethod
    def make(cls, now: datetime) -> Certificate:
        """A new one. Nobody checks the name: what counts is the hash."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hallway")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - CLOCK_SLACK)
            .not_valid_after(now - CLOCK_SLACK + LIFE)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("hallway")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key, now)


class ShortLived:
    """The present certificate and the next one."""

    def __init__(self, now: datetime | None = None) -> None:
        now = now or datetime.now(UTC)
        self._since = now
        self._pair = deque((Certificate.make(now), Certificate.make(now)))

    def present(self, now: datetime) -> Certificate:
        """The one to show now; it is renewed by asking."""
        if now - self._since >= CHANGE_AFTER:
            self._since = now
            # Asked again only after both have grown old (the computer slept): nobody knows of either any more.
            if now - self._pair[1].made >= 2 * CHANGE_AFTER:
                self._pair = deque((Certificate.make(now), Certificate.make(now)))
            else:
                self._pair.popleft()
                self._pair.append(Certificate.make(now))
        return self._pair[0]

    def hashes(self, now: datetime) -> bytes:
        """Of the present one and of the next, 32 bytes each."""
        self.present(now)
        return b"".join(each.hash for each in self._pair)
