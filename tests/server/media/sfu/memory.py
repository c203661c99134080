"""A client of the SFU in memory, in virtual time: real ICE, DTLS and SRTP, packets and losses as a test writes them."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from aioice import stun
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Error as SrtpError
from pylibsrtp import Policy, Session

from protocol.constants import Source
from server.dtls import fingerprint_of
from server.media.sfu import rtcp
from server.media.sfu.control import Answer, Filled, Hear, Notice, Offered, Open, Publish
from server.media.sfu.copies import Copies, compiled_copies
from server.media.sfu.forwarder import Forwarder
from server.media.sfu.ice_lite import Address
from server.media.sfu.intake import compiled_intake
from server.media.sfu.rtp import RtpPacket, parse_rtp
from server.media.sfu.sdp import PAYLOAD_TYPES

TICK_S = 0.02


def _certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client")])
    now = datetime.datetime.now(tz=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    return key, builder.not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())


@dataclass
class Client:
    """One leg's other end. `lost`: which of the SFU's packets never arrive, by what is not encrypted of them.
    `arrived`: packets, those that came twice included."""

    net: Net
    leg: int
    address: Address
    offer: str = ""
    received: list[RtpPacket] = field(default_factory=list)
    feedback: list[rtcp.Feedback] = field(default_factory=list)
    lost: Callable[[RtpPacket], bool] = lambda _: False
    arrived: int = 0

    def __post_init__(self) -> None:
        key, self._certificate = _certificate()
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.use_certificate(self._certificate)
        context.use_privatekey(key)
        context.set_tlsext_use_srtp(b"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80")
        self._dtls = SSL.Connection(context, None)
        self._dtls.set_connect_state()
        self._inbound: Session | None = None
        self._outbound: Session | None = None

    @property
    def connected(self) -> bool:
        return self._outbound is not None

    def attribute(self, name: str) -> str:
        """The first attribute of this name in the offer."""
        return next(line.partition(":")[2] for line in self.offer.splitlines() if line.startswith(f"a={name}:"))

    def answer(self, fingerprint: str | None = None) -> str:
        print_of = fingerprint or fingerprint_of(self._certificate)
        return f"a=ice-ufrag:abcd\r\na=ice-pwd:{'p' * 22}\r\na=fingerprint:sha-256 {print_of}\r\na=setup:active\r\n"

    def connect(self) -> None:
        """A check, and the handshake."""
        self.check()
        self._handshake()

    def check(self, password: str | None = None, address: Address | None = None) -> None:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.attribute('ice-ufrag')}:abcd"
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or self.attribute("ice-pwd")).encode())
        if address is not None:
            self.address = address
            self.net.clients[address] = self
        self.net.to_sfu(bytes(message), self.address)

    def _handshake(self) -> None:
        try:
            self._dtls.do_handshake()
        except SSL.WantReadError:
            pass
        except SSL.Error:
            return
        else:
            self._agree()
        while True:
            try:
                data = self._dtls.bio_read(1500)
            except SSL.Error:
                break
            self.net.to_sfu(data, self.address)

    def _agree(self) -> None:
        if self._outbound is not None:
            return
        gcm = self._dtls.get_selected_srtp_profile() == b"SRTP_AEAD_AES_128_GCM"
        profile, salt = (
            (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 12) if gcm else (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 14)
        )
        raw = self._dtls.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (16 + salt))
        keys = [raw[16 * n : 16 * n + 16] + raw[32 + salt * n : 32 + salt * n + salt] for n in (0, 1)]
        policies = [
            Policy(keys[0], Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile),
            Policy(keys[1], Policy.SSRC_ANY_INBOUND, srtp_profile=profile),
        ]
        for policy in policies:
            policy.allow_repeat_tx, policy.window_size = True, 1024
        self._outbound, self._inbound = Session(policies[0]), Session(policies[1])

    def arrives(self, data: bytes) -> None:
        """A datagram of the SFU's."""
        if data[0] < 4:
            return
        if 20 <= data[0] < 64:
            self._dtls.bio_write(data)
            self._handshake()
        elif self._inbound is not None:
            if 192 <= data[1] <= 223:
                self.feedback += rtcp.parse_rtcp(self._inbound.unprotect_rtcp(data))
                return
            sealed = parse_rtp(data)
            assert sealed is not None
            if self.lost(sealed):
                return
            self.arrived += 1
            with contextlib.suppress(SrtpError):  # it came twice
                packet = parse_rtp(self._inbound.unprotect(data))
                assert packet is not None
                self.received.append(packet)

    def send(self, data: bytes) -> None:
        """A packet for the SFU."""
        assert self._outbound is not None
        self.net.to_sfu(self._outbound.protect(data), self.address)

    def say(self, data: bytes) -> None:
        """A report for the SFU."""
        assert self._outbound is not None
        self.net.to_sfu(self._outbound.protect_rtcp(data), self.address)

    def slot(self, mid: int) -> list[RtpPacket]:
        """What came out of one section."""
        section = next(part for part in self.offer.split("\r\nm=") if f"a=mid:{mid}\r\n" in part)
        ssrc = int(next(line for line in section.splitlines() if line.startswith("a=ssrc:"))[7:].split()[0])
        return [packet for packet in self.received if packet.ssrc == ssrc]

    def ssrc_of(self, mid: int) -> int:
        section = next(part for part in self.offer.split("\r\nm=") if f"a=mid:{mid}\r\n" in part)
        return int(next(line for line in section.splitlines() if line.startswith("a=ssrc:"))[7:].split()[0])


class Net:
    """The SFU, its clients, and the clock."""

    at_once: ClassVar = False
    """Whether what is ordinary is done by the compiled form; there must be one."""

    def __init__(self, *, simulcast: bool = False, packets_s: int = 50_000) -> None:
        self.now = 1000.0
        self.clients: dict[Address, Client] = {}
        self.notices: list[Notice] = []
        self.unsent: list[tuple[bytes, Address]] = []
        copies = compiled_copies(self._copied) if self.at_once else None
        self.intake = compiled_intake(copies)
        self.sfu = Forwarder(
            self._from_sfu,
            self.notices.append,
            (("192.0.2.1", 7880),),
            self.now,
            1_700_000_000.0,
            simulcast=simulcast,
            packets_s=packets_s,
            copies=copies,
            intake=self.intake,
        )

    def _from_sfu(self, data: bytes, address: Address) -> None:
        client = self.clients.get(address)
        if client is None:
            self.unsent.append((data, address))
        else:
            client.arrives(data)

    def _copied(self, copies: Copies) -> None:
        for data, address in copies.take():
            self._from_sfu(data, address)

    def to_sfu(self, data: bytes, address: Address) -> None:
        if self.intake is None:
            self.sfu.receive_datagram(data, address, self.now)
        else:
            self.intake.put((data, address))
            self.sfu.receive_all(self.intake, self.now)

    def client(self, leg: int, bits: int = 7) -> Client:
        """Somebody connected."""
        client = self.offered(leg)
        self.sfu.receive_order(Answer(leg, client.answer()), self.now)
        self.sfu.receive_order(Publish(leg, bits), self.now)
        client.connect()
        assert client.connected
        return client

    def offered(self, leg: int) -> Client:
        """Somebody who has an offer, and did nothing with it yet."""
        client = Client(self, leg, ("198.51.100.1", 40_000 + leg))
        self.clients[client.address] = client
        self.sfu.receive_order(Open(leg), self.now)
        client.offer = next(each.sdp for each in self.notices if isinstance(each, Offered) and each.leg == leg)
        return client

    def hear(self, leg: int, *speakers: int) -> None:
        self.sfu.receive_order(Hear(leg, tuple((speaker, 200) for speaker in speakers)), self.now)

    def slots(self, leg: int) -> dict[tuple[int, Source], int]:
        """Section by leg and source, as the server was told last."""
        told = [each for each in self.notices if isinstance(each, Filled) and each.leg == leg]
        rows = told[-1].slots if told else ()
        return {(who, Source(source)): mid for mid, who, source, _ in rows}

    def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK_S)):
            self.now += TICK_S
            self.sfu.handle_timer(self.now)


def vp8(source: Source, sequence: int, picture: int, *, key: bool = False, ssrc: int = 7, size: int = 900) -> bytes:
    """A frame of one packet."""
    payload = bytes([0x90, 0xC0, 0x80 | picture >> 8 & 0x7F, picture & 0xFF, picture & 0xFF, 0 if key else 1])
    return packet(source, sequence, picture * 3000, payload + bytes(size), ssrc)


def opus(sequence: int, level: int = 20, ssrc: int = 5, source: Source = Source.MICROPHONE) -> bytes:
    """20 ms of sound. `level`: -dBov."""
    return packet(source, sequence, sequence * 960, b"sound", ssrc, level)


def packet(source: Source, sequence: int, timestamp: int, payload: bytes, ssrc: int, level: int | None = None) -> bytes:
    first = 0x80 if level is None else 0x90
    head = bytes([first, 0x80 | PAYLOAD_TYPES[source]]) + (sequence & 0xFFFF).to_bytes(2, "big")
    head += (timestamp & 0xFFFF_FFFF).to_bytes(4, "big") + ssrc.to_bytes(4, "big")
    extension = b"" if level is None else b"\xbe\xde\x00\x01" + bytes([0x10, 0x80 | level, 0, 0])
    return head + extension + payload
