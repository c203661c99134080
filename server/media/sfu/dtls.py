"""The SRTP keys that come out of a DTLS handshake (RFC 5764)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

import pylibsrtp
from OpenSSL import SSL
from pylibsrtp import Policy

from server.dtls import Association, Identity, fingerprint_of
from server.media.sfu.srtp import Inbound, Outbound

REPLAY_WINDOW: Final = 1024
"""Numbers back that a packet may arrive late; retransmissions come that late."""
SOUND_WINDOW: Final = 128
"""The same of sound that is sent, which nobody asks for again: 2.5 s. Each packet costs by it."""
_EXPORTER: Final = b"EXTRACTOR-dtls_srtp"
_RECORD_BYTES: Final = 1500


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
SRTP_PROFILES: Final = b":".join(profile.name for profile in _PROFILES)
"""As OpenSSL names them."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What decrypts what the client sends, and what encrypts what is sent to it: reports, and media by `of`."""

    inbound: Inbound
    outbound: Outbound
    _profile: int
    _server: bytes = field(repr=False)

    def of(self, ssrc: int, window: int = REPLAY_WINDOW) -> Outbound:
        """What encrypts one stream alone. One of its own for each: where libsrtp has several, it looks through all for
        the right one with every packet. To be called once for an SSRC. `window`: how late a number may be sent."""
        return Outbound(_policy(self._server, Policy.SSRC_SPECIFIC, self._profile, ssrc, window))


def _policy(key: bytes, kind: int, profile: int, ssrc: int = 0, window: int = REPLAY_WINDOW) -> Policy:
    policy = Policy(key, kind, ssrc, profile)
    policy.allow_repeat_tx = True
    policy.window_size = window
    return policy


class DtlsServer(Association):
    """An association whose handshake gives the `keys` of media."""

    def __init__(self, identity: Identity, client_fingerprint: str) -> None:
        """`client_fingerprint`: sha-256, as in the client's SDP."""
        super().__init__(identity)
        self._client_fingerprint = client_fingerprint.upper()
        self.keys: Keys | None = None
        """None before the handshake is over, and if it was not with whom it was to be."""

    def receive(self, data: bytes) -> None:
        """A datagram came from the client. Nothing but the handshake and its end is looked for."""
        self._take(data, _RECORD_BYTES)

    def _opened(self) -> None:
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        known = "" if certificate is None else fingerprint_of(certificate)
        chosen = self._connection.get_selected_srtp_profile()
        profile = next((each for each in _PROFILES if each.name == chosen), None)
        if profile is None or not hmac.compare_digest(known, self._client_fingerprint):
            self.has_ended = True
            return
        client, server = profile.keys(self._connection)
        inbound = Inbound(_policy(client, Policy.SSRC_ANY_INBOUND, profile.srtp))
        outbound = Outbound(_policy(server, Policy.SSRC_ANY_OUTBOUND, profile.srtp))
        self.keys = Keys(inbound, outbound, profile.srtp, server)
