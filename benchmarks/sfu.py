"""What a forwarded packet costs the built-in SFU: a real worker, real DTLS and SRTP, people who all hear and see all.

    python -m benchmarks.sfu --people 20 --seconds 10

One line of JSON. The cost is the worker's CPU time, user and system, for each packet that it handed on; what comes in
and is decrypted is in it. The load generator is this process: give it another core.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import json
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aioice import stun
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from prometheus_client import CollectorRegistry
from pylibsrtp import Policy, Session

from protocol.constants import LegState, Source
from server.dtls import fingerprint_of
from server.media.sfu.control import Answer, Changed, Figures, Hear, Notice, Offered, Open, Publish
from server.media.sfu.metrics import SfuMetrics
from server.media.sfu.sdp import PAYLOAD_TYPES
from server.media.sfu.supervisor import Supervisor
from server.media.sfu.worker import Options

SOUND_PACKETS_S = 50
SOUND_BYTES = 90
PICTURE_PACKETS_S = 60
PICTURE_BYTES = 1050
"""About 500 kbit/s."""
KEYFRAME_EVERY_S = 2.0
_PROFILE = b"SRTP_AEAD_AES_128_GCM"
EVERYTHING = 7
PATIENCE_S = 30.0


class Caller:
    """One client: connects, sends, and lets what comes in be counted by the kernel only."""

    def __init__(self, number: int, offer: str) -> None:
        self.number = number
        self._fragment, self._password = _attribute(offer, "ice-ufrag"), _attribute(offer, "ice-pwd")
        host, port = _attribute(offer, "candidate").split(" ")[4:6]
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((host, int(port)))
        self.socket.setblocking(False)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "benchmark")])
        now = datetime.datetime.now(tz=datetime.UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(1))
        self._certificate = builder.not_valid_after(now + datetime.timedelta(1)).sign(key, hashes.SHA256())
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        context.use_certificate(self._certificate)
        context.use_privatekey(key)
        context.set_tlsext_use_srtp(_PROFILE)
        self._dtls = SSL.Connection(context, None)
        self._dtls.set_connect_state()
        self._outbound: Session | None = None
        self.inbound: Session | None = None
        """Decrypts what comes in; None: the handshake is not over yet."""
        self._sound = self._picture = 0

    def answer(self) -> str:
        """What counts of an answer."""
        return (
            f"a=ice-ufrag:benc\r\na=ice-pwd:{'p' * 22}\r\n"
            f"a=fingerprint:sha-256 {fingerprint_of(self._certificate)}\r\na=setup:active\r\n"
        )

    def check(self) -> None:
        """Say where this client is."""
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes |= {"USERNAME": f"{self._fragment}:benc", "USE-CANDIDATE": None}
        message.add_message_integrity(self._password.encode())
        self.socket.send(bytes(message))

    async def connect(self) -> None:
        """Shake hands."""
        self.check()
        loop = asyncio.get_running_loop()
        while self._outbound is None:
            try:
                self._dtls.do_handshake()
            except SSL.WantReadError:
                pass
            else:
                # RFC 5764 section 4.2: keys of client and server, then their salts.
                raw = self._dtls.export_keying_material(b"EXTRACTOR-dtls_srtp", 56)
                profile = Policy.SRTP_PROFILE_AEAD_AES_128_GCM
                self._outbound = Session(Policy(raw[:16] + raw[32:44], Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
                self.inbound = Session(Policy(raw[16:32] + raw[44:], Policy.SSRC_ANY_INBOUND, srtp_profile=profile))
            try:
                while True:
                    self.socket.send(self._dtls.bio_read(1500))
            except SSL.Error:
                pass
            if self._outbound is None:
                data = await asyncio.wait_for(loop.sock_recv(self.socket, 2048), PATIENCE_S)
                if 20 <= data[0] < 64:
                    self._dtls.bio_write(data)

    def speak(self, sound: bytes = bytes(SOUND_BYTES)) -> None:
        """One packet of sound."""
        self._sound += 1
        extension = struct.pack(">HHBBxx", 0xBEDE, 1, 0x10, 0x80 | 20)
        head = _header(0x90, PAYLOAD_TYPES[Source.MICROPHONE], self._sound, self._sound * 960, 1000 + self.number)
        self._send(head + extension + sound)

    def show(self) -> None:
        """One packet of a picture; a frame has two."""
        self._picture += 1
        frame, second = divmod(self._picture, 2)
        key = frame % int(KEYFRAME_EVERY_S * PICTURE_PACKETS_S / 2) == 0
        descriptor = struct.pack(">BBH", 0x80 if second else 0x90, 0x80, 0x8000 | frame & 0x7FFF)
        head = _header(0x80, PAYLOAD_TYPES[Source.CAMERA], self._picture, frame * 3000, 2000 + self.number)
        self._send(head + descriptor + bytes([0 if key else 1]) + bytes(PICTURE_BYTES))

    def _send(self, packet: bytes) -> None:
        if self._outbound is not None:
            with contextlib.suppress(BlockingIOError):
                self.socket.send(self._outbound.protect(packet))


def _header(first: int, payload_type: int, sequence: int, timestamp: int, ssrc: int) -> bytes:
    return struct.pack(">BBHII", first, payload_type, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, ssrc)


def _attribute(sdp: str, name: str) -> str:
    return next(line.partition(":")[2] for line in sdp.splitlines() if line.startswith(f"a={name}:"))


@dataclass
class Measured:
    """What the worker said."""

    offers: dict[int, str] = field(default_factory=dict)
    connected: set[int] = field(default_factory=set)
    figures: list[Figures] = field(default_factory=list)

    def take(self, notice: Notice) -> None:
        """One notice."""
        if isinstance(notice, Offered):
            self.offers[notice.leg] = notice.sdp
        elif isinstance(notice, Changed) and notice.state == LegState.CONNECTED:
            self.connected.add(notice.leg)
        elif isinstance(notice, Figures):
            self.figures.append(notice)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, s."""
    return scheduled(pid)[0]


def scheduled(pid: int) -> tuple[float, float]:
    """User and system time of a process, and how long it was ready and had no processor, s."""
    # Of its first thread, which does everything: counted by the scheduler, where `stat` only samples.
    with open(f"/proc/{pid}/schedstat") as file:
        ran, waited, _ = file.read().split()
    return int(ran) / 1e9, int(waited) / 1e9


@asynccontextmanager
async def separate_sfu(people: int) -> AsyncIterator[tuple[Supervisor, list[Caller], Measured]]:
    """A worker that belongs to no server, and people on it who may all hear and see all others."""
    measured = Measured()
    options = Options("127.0.0.1", 0, ("127.0.0.1",), packets_s=1_000_000)
    worker = Supervisor(options, SfuMetrics(CollectorRegistry()), measured.take, lambda _: None)
    worker.start()
    try:
        await _until(lambda: worker.running)
        callers: list[Caller] = []
        for number in range(1, people + 1):
            worker.order(Open(number))
            await _until(lambda number=number: number in measured.offers)  # type: ignore[misc]
            caller = Caller(number, measured.offers[number])
            worker.order(Answer(number, caller.answer()))
            worker.order(Publish(number, EVERYTHING))
            await caller.connect()
            callers.append(caller)
        for number in range(1, people + 1):
            worker.order(Hear(number, tuple((other, 200) for other in range(1, people + 1) if other != number)))
        await _until(lambda: len(measured.connected) == people)
        yield worker, callers, measured
    finally:
        await worker.stop()


async def measure(people: int, seconds: float, *, pictures: bool) -> dict[str, float | int | bool]:
    """Run the scenario; the figures of its JSON line."""
    async with separate_sfu(people) as (worker, callers, measured):
        await send_media(callers, 2.0, pictures=pictures)
        measured.figures.clear()
        pid = worker.pid or 0
        before, began = cpu_seconds(pid), time.monotonic()
        await send_media(callers, seconds, pictures=pictures)
        spent, took = cpu_seconds(pid) - before, time.monotonic() - began
        await asyncio.sleep(0.1)
    forwarded = sum(each.forwarded + each.resent for each in measured.figures)
    received = sum(each.received for each in measured.figures)
    counted_s = max(1, len(measured.figures))
    rate = forwarded / counted_s
    return {
        "people": people,
        "pictures": pictures,
        "seconds": round(took, 2),
        "received_per_s": round(received / counted_s),
        "forwarded_per_s": round(rate),
        "unsent": sum(each.unsent for each in measured.figures),
        "worker_cpu_share": round(spent / took, 3),
        "us_per_forwarded_packet": round(spent / took / max(1.0, rate) * 1e6, 2),
    }


async def rest(callers: list[Caller], seconds: float) -> None:
    """Nobody says anything; their connections are kept."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for caller in callers:
            caller.check()
        await asyncio.sleep(min(2.0, left))


async def send_media(callers: list[Caller], seconds: float, *, pictures: bool) -> None:
    """Everybody speaks and shows, evenly in time."""
    began = time.monotonic()
    sounds = shown = 0
    checked = began
    while (elapsed := time.monotonic() - began) < seconds:
        while sounds < elapsed * SOUND_PACKETS_S:
            sounds += 1
            for caller in callers:
                caller.speak()
        while pictures and shown < elapsed * PICTURE_PACKETS_S:
            shown += 1
            for caller in callers:
                caller.show()
        for caller in callers:
            _discard(caller.socket)
        if began + elapsed - checked > 2:
            checked = began + elapsed
            for caller in callers:
                caller.check()
        await asyncio.sleep(0.002)


def _discard(source: socket.socket) -> None:
    """Empty the socket a little: a full one costs the sender nothing, but takes the kernel's memory."""
    try:
        for _ in range(8):
            source.recv(2048)
    except OSError:
        return


async def _until(condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker does not answer")
        await asyncio.sleep(0.01)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description="What a forwarded packet costs the built-in SFU.")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--sound-only", action="store_true")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.people, arguments.seconds, pictures=not arguments.sound_only))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
