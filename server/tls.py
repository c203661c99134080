"""HTTPS without a proxy: the operator's certificate, or one of the server's own for the addresses of this computer.

Browsers give cameras and microphones to secure pages only, and a page from another computer is secure only over HTTPS.

TlsError        a certificate cannot be used; the text is for the operator
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.settings import Settings

FOLDER = "tls"
LIFE = timedelta(days=397)
"""The longest that browsers accept."""
RENEW_BEFORE = timedelta(days=30)
CLOCK_SLACK = timedelta(days=1)


class TlsError(Exception):
    """A certificate or its key cannot be used."""


def server_context(settings: Settings, addresses: Sequence[str], now: datetime | None = None) -> ssl.SSLContext | None:
    """What the server speaks HTTPS with; None: it speaks HTTP. `addresses`: IP addresses of this computer.

    Raises `TlsError`. `now`: for tests.
    """
    if settings.tls_cert is not None and settings.tls_key is not None:
        return _context(settings.tls_cert, settings.tls_key)
    if not settings.lan:
        return None
    names = ["localhost", *_host_names(), "127.0.0.1", "::1", *addresses]
    return _context(*own_certificate(settings.data_dir / FOLDER, names, now or datetime.now(UTC)))


def own_certificate(folder: Path, names: Sequence[str], now: datetime) -> tuple[Path, Path]:
    """Paths of a certificate for these host names and addresses, and of its key. The one that is there is kept while it
    names them all and lives on for a month: whoever trusted it need not do so again."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (key.exists() and _is_good(certificate, names, now)):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate, key, names, now)
    return certificate, key


def _is_good(path: Path, names: Sequence[str], now: datetime) -> bool:
    try:
        known = x509.load_pem_x509_certificate(path.read_bytes())
        alternative = known.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return known.not_valid_after_utc - now > RENEW_BEFORE and set(map(_general_name, names)) <= set(alternative)


def _make(certificate: Path, key: Path, names: Sequence[str], now: datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hallway on this computer")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now - CLOCK_SLACK + LIFE)
        .add_extension(x509.SubjectAlternativeName(dict.fromkeys(map(_general_name, names))), critical=False)
        # Not an authority: who trusts this certificate trusts this server, and nothing that it might sign.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _host_names() -> list[str]:
    """What others in the network may call this computer."""
    name = socket.gethostname().partition(".")[0].lower()
    return [name, f"{name}.local"] if name.isascii() and name.replace("-", "").isalnum() and name != "localhost" else []


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise TlsError(f"cannot use the certificate {certificate} with the key {key}: {error}") from error
    return context
