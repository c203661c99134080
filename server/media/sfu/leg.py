"""One client's connection to the SFU: where it is, its keys, what it sends, and the slots that it is sent.

NEW --answer--> CONNECTING --first check, DTLS handshake--> CONNECTED --silence, alert, close--> FAILED
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final, TypeAlias

import pylibsrtp

from protocol.constants import LegState, Level, Source
from protocol.token_bucket import TokenBucket
from server.dtls import Identity
from server.media.sfu import rtcp
from server.media.sfu.arrivals import SharedArrivals, Talker
from server.media.sfu.copies import Copies, Destination
from server.media.sfu.dtls import DtlsServer, Keys
from server.media.sfu.ice_lite import SILENT_S, Address, Check, Credentials
from server.media.sfu.quality import Downlink
from server.media.sfu.rewriter import Rewriter
from server.media.sfu.rtp import RtpPacket, parse_rtp
from server.media.sfu.sdp import (
    LEVEL_EXTENSION,
    PICTURE_MIDS,
    PICTURE_PAYLOAD,
    RID_EXTENSION,
    SOUND_MIDS,
    SOUND_PAYLOAD,
    SOURCE_OF,
    Answer,
    Offer,
    parse_answer,
)
from server.media.sfu.stream import MISSING_S, PICTURE_HZ, SOUND_HZ, Slot, Stream

Send: TypeAlias = Callable[[bytes, Address], None]
Began: TypeAlias = Callable[["Leg", float], None]

ANSWER_S: Final = 10.0
CONNECT_S: Final = 15.0
REPORT_S: Final = 1.0
MAX_EARLY: Final = 4
"""Datagrams of a handshake that are kept until the answer is here."""
RESENDS_S, RESEND_BURST = 600, 600
"""Packets that one client may have sent again, a second and at once."""
MEDIA_S, MEDIA_BURST = 3000, 3000
"""Packets that one client may send, a second and at once: several times a camera, a screen and their sounds. Each costs
by all who get it."""
BEGINS_S, BEGIN_BURST = 5, 20
"""Streams that one client may begin, a second and at once: with each, slots are chosen anew for all who listen."""
LAYER_S: Final = 0.7
"""A layer of which nothing came for so long is not sent now."""
LAYERS: Final = {b"l": 1, b"h": 2}
CAMERA_BITRATE: Final = 900_000
SCREEN_BITRATE: Final = 2_500_000
REDUCED_BITRATE: Final = 250_000
"""bit/s asked of a client: of its camera, of its screen, and of the camera while the worker is at its limit."""
_OWN_SSRC: Final = 1


class Leg:
    """A leg. `send`: the socket; `began`: told when something new comes in. `now`: s, of any clock that goes on.
    `copies`: the compiled form, if there is one."""

    __slots__ = (
        "_answer",
        "_began",
        "_begins",
        "_by_ssrc",
        "_check_at",
        "_dtls",
        "_early",
        "_made",
        "_next_report",
        "_pictures",
        "_resends",
        "address",
        "chosen",
        "credentials",
        "destination",
        "downlink",
        "hears",
        "id",
        "keys",
        "most",
        "restless",
        "shown",
        "simulcast",
        "slots",
        "state",
        "streams",
        "talker",
        "transmit",
        "wants",
    )

    def __init__(
        self,
        number: int,
        send: Send,
        began: Began,
        now: float,
        *,
        simulcast: bool = False,
        copies: Copies | None = None,
    ) -> None:
        self.id = number
        self._began = began
        self.transmit, self._made, self._check_at = send, now, now
        self.simulcast = simulcast
        self.state = LegState.NONE
        self.credentials = Credentials.make()
        self.address: Address | None = None
        self.keys: Keys | None = None
        self.destination = Destination()
        """`address`, as `copies` knows it."""
        self._answer: Answer | None = None
        self._dtls: DtlsServer | None = None
        self._early: list[bytes] = []
        self.streams: dict[tuple[Source, int], Stream] = {}
        layers = {Source.CAMERA: (1, 2) if simulcast else (0,)}
        for source in Source:
            for layer in layers.get(source, (0,)):
                self.streams[source, layer] = Stream(number, source, layer, copies)
        self._pictures = tuple(stream for stream in self.streams.values() if not stream.is_sound)
        self._by_ssrc: dict[int, Stream] = {}
        self.talker = Talker(None, number, MEDIA_S, MEDIA_BURST, MEDIA_BURST, now)
        """What this one sends, as the compiled form knows it."""
        self.slots: dict[int, Slot] = {
            mid: self._make_slot(mid, shared=copies is not None) for mid in (*SOUND_MIDS, *PICTURE_MIDS)
        }
        self.hears: dict[int, float] = {}
        """How near those are whom this one may hear and see, by leg: 0 to 1."""
        self.restless, self.chosen = False, now
        """Whether its slots may have to be chosen anew although nothing was ordered, and when they were chosen last."""
        self.shown: tuple[bool, ...] = ()
        """What `signs` said when it was looked at last."""
        self.most = len(PICTURE_MIDS)
        self.wants: dict[tuple[int, Source], tuple[int, int]] = {}
        """Place and size of what the client asked for."""
        self.downlink = Downlink()
        self._next_report = now + REPORT_S
        self._resends = TokenBucket(RESENDS_S, RESEND_BURST, now)
        self._begins = TokenBucket(BEGINS_S, BEGIN_BURST, now)

    def _make_slot(self, mid: int, *, shared: bool) -> Slot:
        is_sound = mid in SOUND_MIDS
        ssrc = (secrets.randbits(26) << 5 | mid) & 0xFFFF_FFFF
        payload_type, clock_rate = (SOUND_PAYLOAD, SOUND_HZ) if is_sound else (PICTURE_PAYLOAD, PICTURE_HZ)
        first = secrets.randbits(15), secrets.randbits(31)
        rewriter = Rewriter(ssrc, payload_type, clock_rate, *first, shared=shared)
        return Slot(self, mid, ssrc, is_sound=is_sound, rewriter=rewriter)

    # --- setting up -------------------------------------------------------------------------------------------------

    def offer(self, fingerprint: str, addresses: tuple[Address, ...]) -> str:
        """The SDP that the client is to answer."""
        slots = {mid: slot.ssrc for mid, slot in self.slots.items()}
        return Offer(self.credentials, fingerprint, addresses, slots, self.simulcast).text()

    def answer(self, sdp: str, identity: Identity) -> bool:
        """Take the client's answer; False: it can not be used. One that is here already means nothing."""
        answer = parse_answer(sdp)
        if answer is not None and answer == self._answer:
            return True
        if answer is None or self.state is not LegState.NONE:
            return False
        self._answer = answer
        self._dtls = DtlsServer(identity, answer.fingerprint)
        self.state = LegState.CONNECTING
        early, self._early = self._early, []
        for datagram in early:
            self.receive_dtls(datagram)
        return True

    def check(self, check: Check, address: Address, now: float) -> bool:
        """Answer a connectivity check; False: it is not this client's."""
        answered = check.answer(self.credentials.password, address)
        if answered is None:
            return False
        response, nominated = answered
        if self.state is not LegState.FAILED:
            self._check_at = now
            if self.address is None or nominated:
                self.address = address
                self.destination.move(address)
            self.transmit(response, address)
        return True

    def receive_dtls(self, data: bytes) -> None:
        """A datagram of the handshake."""
        if self._dtls is None:
            # The answer takes the longer way, over the game socket: a client would try again only after a while.
            if len(self._early) < MAX_EARLY:
                self._early.append(data)
            return
        if self.address is None:
            return
        self._dtls.receive(data)
        self._advance()

    def _advance(self) -> None:
        dtls = self._dtls
        if dtls is None or self.address is None:
            return
        for datagram in dtls.to_send():
            self.transmit(datagram, self.address)
        if dtls.has_ended:
            self.state = LegState.FAILED
        elif dtls.keys is not None and self.keys is None:
            self.use(dtls.keys)

    def use(self, keys: Keys) -> None:
        """The handshake is over."""
        self.keys, self.talker.session = keys, keys.inbound.session
        self.destination.has_keys = True
        self.state = LegState.CONNECTED

    def close(self) -> None:
        """Nothing goes in or out any more."""
        if self._dtls is not None and self.keys is not None and self.address is not None:
            self._dtls.close()
            for datagram in self._dtls.to_send():
                self.transmit(datagram, self.address)
        for slot in self.slots.values():
            slot.close()
        for stream in self.streams.values():
            for slot in tuple(stream.slots):
                slot.fill(None)
        self.talker.session = None
        self.state, self.keys = LegState.FAILED, None

    # --- media ------------------------------------------------------------------------------------------------------

    def receive_rtp(self, data: bytes, now: float) -> int | None:
        """A packet of the client's; returns how often it was handed on, None: the client sends too many."""
        if self.keys is None:
            return 0
        try:
            opened = self.keys.inbound.unprotect(data)
        except (pylibsrtp.Error, ValueError):
            return 0
        # After that, so that nobody else can use up what this one may send.
        if not TokenBucket.take(self.talker, now):
            return None
        return self.receive_opened(opened, now)

    def receive_opened(self, data: bytes, now: float) -> int:
        """A packet of the client's that is decrypted; returns how often it was handed on."""
        if self.keys is None:
            return 0
        stream = self._by_ssrc.get(ssrc := int.from_bytes(data[8:12], "big"))
        if stream is None:
            # Also of what is no packet: it was decrypted, and so its numbers are kept.
            self.keys.inbound.saw(ssrc, self._by_ssrc)
        packet = parse_rtp(data)
        if packet is None:
            return 0
        if stream is None:
            stream = self._begin(packet, now)
            if stream is None:
                return 0
            # Before the packet is handed on: the first one of a picture is the keyframe that all wait for.
            self._began(self, now)
        elif now - stream.last_packet > MISSING_S and stream.is_missing(now):
            stream.last_packet = now
            self._began(self, now)
        return stream.forward(packet, packet.extensions.get(LEVEL_EXTENSION), now)

    def _begin(self, packet: RtpPacket, now: float) -> Stream | None:
        """The stream of a packet whose SSRC was not seen before."""
        source = SOURCE_OF.get(packet.payload_type)
        if source is None or not self._begins.take(now):
            return None
        layer = 0
        if source is Source.CAMERA and self.simulcast:
            layer = LAYERS.get(packet.extensions.get(RID_EXTENSION, b"h"), 2)
        stream = self.streams[source, layer]
        if stream.ssrc is not None:
            self._by_ssrc.pop(stream.ssrc, None)
        stream.begin(packet.ssrc)
        stream.last_packet = now
        self._by_ssrc[packet.ssrc] = stream
        if isinstance(stream.arrivals, SharedArrivals):
            self.talker.sends(tuple(self.streams.values()).index(stream), stream.arrivals, packet.ssrc)
        return stream

    def receive_rtcp(self, data: bytes, now: float) -> int:
        """Reports and requests of the client's; returns how many packets were sent again."""
        if self.keys is None:
            return 0
        inbound = self.keys.inbound
        try:
            parts = rtcp.parse_rtcp(inbound.unprotect_rtcp(data))
        except (pylibsrtp.Error, ValueError):
            return 0
        # RFC 3711 section 3.4: it is not encrypted, and the numbers of reports are counted by it.
        inbound.saw(int.from_bytes(data[4:8], "big"), self._by_ssrc)
        again = 0
        lost: list[int] = []
        for part in parts:
            if isinstance(part, rtcp.SenderReport):
                stream = self._by_ssrc.get(part.ssrc)
                if stream is not None:
                    stream.reception.sender_reported(part.ntp, part.timestamp, now)
                continue
            slot = self.slots.get(part.ssrc & 31)
            if slot is None or slot.ssrc != part.ssrc:
                continue
            if isinstance(part, rtcp.Nack):
                allowed = [sequence for sequence in part.sequences if self._resends.take(now)]
                again += slot.resend(allowed)
            elif isinstance(part, rtcp.KeyframeRequest):
                if slot.stream is not None and not slot.is_sound:
                    slot.stream.want_keyframe()
            elif slot.stream is not None:
                lost.append(part.fraction)
        if lost:
            self.downlink.observe(max(lost) / 256, now)
        return again

    # --- time -------------------------------------------------------------------------------------------------------

    def signs(self, now: float) -> tuple[bool, ...]:
        """What others' slots are chosen by, of what changes by itself: is the voice missing, does this one speak,
        which layers come."""
        streams = self.streams
        voice, other = streams[Source.MICROPHONE, 0], streams[Source.SCREEN_SOUND, 0]
        speaks = voice.is_missing(now), voice.is_speaking(now), other.is_speaking(now)
        if not self.simulcast:
            return speaks
        small, whole = streams[Source.CAMERA, 1], streams[Source.CAMERA, 2]
        return (*speaks, small.is_alive(now, LAYER_S), whole.is_alive(now, LAYER_S))

    def handle_timer(self, now: float) -> None:
        """To be called every 20 ms or so: ask for what is missing."""
        self._watch(now)
        if self.keys is None or self.state is LegState.FAILED:
            return
        feedback = b""
        for stream in self._pictures:
            if stream.losses is None or stream.ssrc is None:
                continue
            if stream.losses.waiting and (missing := stream.losses.due(now)):
                feedback += rtcp.pack_nack(_OWN_SSRC, stream.ssrc, missing)
            if stream.losses.hopeless:
                stream.losses.hopeless = False
                stream.want_keyframe()
            if stream.keyframe_due(now):
                feedback += rtcp.pack_pli(_OWN_SSRC, stream.ssrc)
        if feedback:
            self._send_rtcp(rtcp.pack_receiver_report(_OWN_SSRC, []) + feedback)

    def reports_due(self, now: float) -> bool:
        """Whether `report` is due."""
        return self.keys is not None and now >= self._next_report

    def report(self, now: float, ntp: int, level: Level) -> None:
        """Say what arrived, what is wanted, and how the slots' clocks stand. `ntp`: now, 64 bits."""
        self._next_report = now + REPORT_S
        streams = [stream for stream in self.streams.values() if stream.ssrc is not None and stream.is_alive(now)]
        blocks = [stream.reception.block(stream.ssrc or 0, now) for stream in streams]
        packet = rtcp.pack_receiver_report(_OWN_SSRC, [block for block in blocks if block is not None])
        packet += rtcp.pack_cname(_OWN_SSRC, b"hallway")
        pictures = [stream for stream in streams if not stream.is_sound]
        if pictures:
            camera = CAMERA_BITRATE if level is Level.FULL else REDUCED_BITRATE
            wanted = {Source.CAMERA: camera, Source.SCREEN: SCREEN_BITRATE}
            bitrate = sum(wanted[source] for source in {stream.key[1] for stream in pictures})
            packet += rtcp.pack_remb(_OWN_SSRC, bitrate, [stream.ssrc or 0 for stream in pictures])
        self._send_rtcp(packet)
        for slot in self.slots.values():
            report = slot.report(now, ntp)
            if report is not None:
                self._send_rtcp(rtcp.pack_sender_report(report) + rtcp.pack_cname(slot.ssrc, b"hallway"))

    def _watch(self, now: float) -> None:
        if self.state is LegState.NONE and now - self._made > ANSWER_S:
            self.state = LegState.FAILED
        elif self.state is LegState.CONNECTING:
            if now - self._made > ANSWER_S + CONNECT_S:
                self.state = LegState.FAILED
            elif self._dtls is not None and self._dtls.handle_timeout():
                self._advance()
        elif self.state is LegState.CONNECTED and now - self._check_at > SILENT_S:
            self.state = LegState.FAILED

    def _send_rtcp(self, data: bytes) -> None:
        if self.keys is not None and self.address is not None:
            self.transmit(self.keys.outbound.protect_rtcp(data), self.address)
