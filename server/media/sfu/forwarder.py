"""All legs of one worker, and what goes from which to which.

Sans-IO: datagrams, orders and time in; datagrams and notices out.

Whoever is not in what `Hear` said of a leg is in none of its slots, and what `Publish` does not allow is in nobody's:
both take effect before the call returns.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from protocol.constants import MAX_SOUNDS, LegState, Level, Reason, Source
from server.dtls import Identity
from server.media.sfu.control import (
    Answer,
    Changed,
    Close,
    Figures,
    Filled,
    Hear,
    Limited,
    Notice,
    Offered,
    Open,
    Order,
    Publish,
)
from server.media.sfu.copies import Copies
from server.media.sfu.dtls import SRTP_PROFILES
from server.media.sfu.ice_lite import Address, is_stun, parse_check
from server.media.sfu.intake import GO_ON, Intake
from server.media.sfu.leg import LAYER_S, Leg, Send
from server.media.sfu.quality import PICTURES, SOUNDS, Admission
from server.media.sfu.sdp import PICTURE_MIDS, SOUND_MIDS
from server.media.sfu.slots import Key, Picture, Sound, choose_pictures, choose_sounds
from server.media.sfu.stream import Stream

PACKETS_S: Final = 50_000
"""Most packets that a worker hands on in a second."""
BUSY_LIMIT: Final = 0.85
MAX_ADDRESSES: Final = 16
"""Addresses of one client that are known at a time: those of its candidates."""
LOOK_S: Final = 0.15
"""How often it is looked whether somebody began or ceased to speak, or a layer stopped."""
CHOOSE_S: Final = 2.0
"""Where more want to be heard than fit, slots are chosen anew at least so often."""
CHOICES: Final = 8
"""Legs whose slots are chosen anew each time the timer comes: a crowd is large."""
_SOURCES: Final = tuple(Source)
_BIT_OF: Final = {Source.MICROPHONE: 1, Source.CAMERA: 2, Source.SCREEN: 4, Source.SCREEN_SOUND: 4}
_NTP_UNIX: Final = 2_208_988_800
LARGE: Final = 2

Tell: TypeAlias = Callable[[Notice], None]


@dataclass(slots=True)
class _Counts:
    received: int = 0
    forwarded: int = 0
    resent: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Told:
    """What the server knows of a leg."""

    state: LegState = LegState.NONE
    slots: tuple[tuple[int, int, int, int], ...] = ()
    limited: tuple[int, int, int, int] = (0, 0, MAX_SOUNDS, len(PICTURE_MIDS))
    addresses: deque[Address] = field(default_factory=deque)


class Forwarder:
    """`send`: the socket. `tell`: to the server. `unix_time`: what the wall clock showed at `now`. `copies`: the
    compiled form, whose `flush` is the socket, too; None: everything goes through `send`. `intake`: hands packets
    on through `copies` by itself."""

    def __init__(
        self,
        send: Send,
        tell: Tell,
        addresses: tuple[Address, ...],
        now: float,
        unix_time: float,
        *,
        simulcast: bool = False,
        packets_s: int = PACKETS_S,
        copies: Copies | None = None,
        intake: Intake | None = None,
    ) -> None:
        self._copies, self._intake = copies, intake
        self._send, self._tell, self._addresses, self._simulcast = send, tell, addresses, simulcast
        self._identity = Identity(SRTP_PROFILES)
        self._legs: dict[int, Leg] = {}
        self._told: dict[int, _Told] = {}
        self._by_fragment: dict[str, Leg] = {}
        self._by_address: dict[Address, Leg] = {}
        self._clock = unix_time - now
        self._packets_s = packets_s
        self._admission = Admission(now)
        self._counts = _Counts()
        self._figures_at = now
        self._listeners: dict[int, set[int]] = {}
        self._looked = now
        self._stale: dict[int, None] = {}
        """Legs whose slots may have to be chosen anew, the first ones first."""

    # --- what the server says ---------------------------------------------------------------------------------------

    def receive_order(self, order: Order, now: float) -> None:
        """Do what the server says; what is about a leg that is gone means nothing."""
        if isinstance(order, Open):
            self._open(order.leg, now)
            return
        leg = self._legs.get(order.leg)
        if leg is None:
            return
        if isinstance(order, Answer):
            if not leg.answer(order.sdp, self._identity):
                leg.state = LegState.FAILED
            self._notice_state(leg)
        elif isinstance(order, Close):
            self._close(leg, now)
        elif isinstance(order, Publish):
            self._publish(leg, order.bits, now)
        elif isinstance(order, Hear):
            self._hear(leg, order, now)
        else:
            leg.most = order.most
            leg.wants = {(who, Source(source)): (at, size) for at, (who, source, size) in enumerate(order.wants)}
            self._choose(leg, now)

    def _open(self, number: int, now: float) -> None:
        if number in self._legs:
            self._close(self._legs[number], now)
        leg = Leg(number, self._send, self._began, now, simulcast=self._simulcast, copies=self._copies)
        self._legs[number] = leg
        self._told[number] = _Told()
        self._by_fragment[leg.credentials.fragment] = leg
        self._tell(Offered(number, leg.offer(self._identity.fingerprint, self._addresses)))
        self._choose_all(self._listeners.get(number, ()), now)

    def _began(self, leg: Leg, now: float) -> None:
        """Something new comes in from a leg."""
        self._choose_all(self._listeners.get(leg.id, ()), now)

    def _close(self, leg: Leg, now: float) -> None:
        leg.close()
        del self._legs[leg.id]
        del self._by_fragment[leg.credentials.fragment]
        self._stale.pop(leg.id, None)
        for address in self._told.pop(leg.id).addresses:
            self._forget(address)
        self._listen(leg.id, leg.hears.keys(), set())
        self._choose_all(self._listeners.get(leg.id, ()), now)

    def _publish(self, leg: Leg, bits: int, now: float) -> None:
        changed = False
        for (source, _), stream in leg.streams.items():
            on = bool(bits & _BIT_OF[source])
            if on != stream.on:
                changed, stream.on, stream.on_since = True, on, now
                if not on:
                    stream.forget()
        if changed:
            self._choose_all(self._listeners.get(leg.id, ()), now)

    def _hear(self, leg: Leg, order: Hear, now: float) -> None:
        before = leg.hears.keys()
        leg.hears = {who: near / 255 for who, near in order.speakers if who != leg.id}
        self._listen(leg.id, before, leg.hears.keys())
        self._choose(leg, now)

    def _listen(self, listener: int, before: Set[int], after: Set[int]) -> None:
        """Keep who listens to whom, also to those who have no leg yet."""
        for gone in before - after:
            listeners = self._listeners[gone]
            listeners.discard(listener)
            if not listeners:
                del self._listeners[gone]
        for new in after - before:
            self._listeners.setdefault(new, set()).add(listener)

    # --- what clients send ------------------------------------------------------------------------------------------

    def receive_datagram(self, data: bytes, address: Address, now: float) -> None:
        """A datagram came in (RFC 7983 tells what it is by its first byte)."""
        if not data:
            return
        first = data[0]
        if 128 <= first < 192:
            leg = self._by_address.get(address)
            if leg is None or len(data) < 12:
                self._counts.refused += 1
                return
            self._counts.received += 1
            # RFC 5761 section 4: RTCP's packet types lie where RTP has its marker and 64 to 95.
            if 192 <= data[1] <= 223:
                self._counts.resent += leg.receive_rtcp(data, now)
            else:
                handed_on = leg.receive_rtp(data, now)
                self._counts.forwarded += handed_on or 0
                self._counts.refused += handed_on is None
        elif is_stun(data):
            self._receive_check(data, address, now)
        elif 20 <= first < 64 and (leg := self._by_address.get(address)) is not None:
            leg.receive_dtls(data)
            self._notice_state(leg)
        else:
            self._counts.refused += 1

    def receive_all(self, intake: Intake, now: float, descriptor: int = GO_ON) -> None:
        """What `intake` has, after it read from the socket of this file number."""
        left = intake.take(now, descriptor)
        while left is not None:
            if left.leg is None:
                self.receive_datagram(left.data, left.address, now)
            elif (leg := self._legs.get(left.leg)) is not None:
                self._counts.forwarded += leg.receive_opened(left.data, now)
            left = intake.take(now)

    def _receive_check(self, data: bytes, address: Address, now: float) -> None:
        check = parse_check(data)
        leg = None if check is None else self._by_fragment.get(check.fragment)
        if check is None or leg is None or not leg.check(check, address, now):
            self._counts.refused += 1
            return
        # Whoever knew the password speaks from there.
        owner = self._by_address.get(address)
        if owner is leg:
            return
        if owner is not None:
            self._told[owner.id].addresses.remove(address)
        self._by_address[address] = leg
        if self._intake is not None:
            self._intake.know(address, leg.talker)
        known = self._told[leg.id].addresses
        known.append(address)
        if len(known) > MAX_ADDRESSES:
            self._forget(known.popleft())

    def _forget(self, address: Address) -> None:
        del self._by_address[address]
        if self._intake is not None:
            self._intake.know(address, None)

    # --- time -------------------------------------------------------------------------------------------------------

    def handle_timer(self, now: float) -> None:
        """To be called every 20 ms or so."""
        for leg in tuple(self._legs.values()):
            leg.handle_timer(now)
            if leg.reports_due(now):
                leg.report(now, self._ntp(now), self._admission.level)
                self._limit(leg, now)
            self._notice_state(leg)
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._look(now)
        for _ in range(min(CHOICES, len(self._stale))):
            number = next(iter(self._stale))
            del self._stale[number]
            self._choose(self._legs[number], now)

    def _look(self, now: float) -> None:
        """Note whose slots may have to be chosen anew although nothing was ordered."""
        for leg in self._legs.values():
            if leg.restless and now - leg.chosen >= CHOOSE_S:
                self._stale[leg.id] = None
            signs = leg.signs(now)
            if signs != leg.shown:
                # Whether a voice comes at all matters to everybody, the rest where not all fit.
                everybody = leg.shown[:1] == (not signs[0],)
                leg.shown = signs
                for number in self._listeners.get(leg.id, ()):
                    listener = self._legs.get(number)
                    if listener is not None and (everybody or listener.restless):
                        self._stale[number] = None

    def figures(self, now: float, *, busy: float, unsent: int, sent_bytes: int) -> Figures:
        """What was done since the last time; also what the limit is held against. `busy`: share of the time."""
        counts, self._counts = self._counts, _Counts()
        if self._intake is not None:
            taken = self._intake.counts()
            counts.received, counts.forwarded = counts.received + taken.received, counts.forwarded + taken.forwarded
            unsent, sent_bytes = unsent + taken.unsent, sent_bytes + taken.sent_bytes
            counts.refused += taken.refused
        seconds = max(0.001, now - self._figures_at)
        self._figures_at = now
        rate = (counts.forwarded + counts.resent) / seconds
        before = self._admission.level
        level = self._admission.observe(max(rate / self._packets_s, busy / BUSY_LIMIT), now)
        if level is not before:
            for leg in self._legs.values():
                self._limit(leg, now)
                self._choose(leg, now)
        return Figures(
            len(self._legs),
            counts.received,
            counts.forwarded,
            counts.resent,
            sent_bytes,
            counts.refused,
            unsent,
            round(busy, 4),
            level.value,
        )

    def _ntp(self, now: float) -> int:
        return int((now + self._clock + _NTP_UNIX) * (1 << 32)) & 0xFFFF_FFFF_FFFF_FFFF

    # --- who gets which slot ----------------------------------------------------------------------------------------

    def _level(self, leg: Leg) -> tuple[Level, Reason]:
        load, network = self._admission.level, leg.downlink.level
        if load is Level.FULL and network is Level.FULL:
            return Level.FULL, Reason.NONE
        return (load, Reason.SERVER_LOAD) if load >= network else (network, Reason.NETWORK)

    def _pictures(self, leg: Leg) -> int:
        return min(PICTURES[self._level(leg)[0]], leg.most)

    def _limit(self, leg: Leg, now: float) -> None:
        """Tell the server if the leg may get more or less than before."""
        level, reason = self._level(leg)
        limited = (level.value, reason.value, SOUNDS[level], PICTURES[level])
        told = self._told[leg.id]
        if limited != told.limited:
            told.limited = limited
            self._tell(Limited(leg.id, *limited))
            self._choose(leg, now)

    def _choose_all(self, legs: Iterable[int], now: float) -> None:
        for number in tuple(legs):
            if (leg := self._legs.get(number)) is not None:
                self._choose(leg, now)

    def _choose(self, leg: Leg, now: float) -> None:
        """Fill the slots of a leg anew, and tell the server if that changed anything."""
        sounds: list[Sound] = []
        pictures: list[Picture] = []
        for who, near in leg.hears.items():
            speaker = self._legs.get(who)
            if speaker is None:
                continue
            speaking = speaker.streams[Source.MICROPHONE, 0].is_speaking(now)
            for source in _SOURCES:
                stream = self._stream(speaker, source, now, large=False)
                if not stream.on or (stream.ssrc is None and source is not Source.MICROPHONE):
                    continue
                # A slot that stays silent is what a client takes for a connection that brings nothing.
                if source is Source.MICROPHONE and stream.is_missing(now):
                    continue
                key: Key = (who, source)
                if stream.is_sound:
                    heard = speaking if source is Source.MICROPHONE else stream.is_speaking(now)
                    sounds.append(Sound(key, near, heard))
                else:
                    wish = leg.wants.get(key)
                    if wish is None:
                        pictures.append(Picture(key, near, speaking))
                    elif wish[1] > 0:
                        pictures.append(Picture(key, near, speaking, wish[0], wish[1] == LARGE))
        present: dict[Key, int] = {slot.stream.key: mid for mid, slot in leg.slots.items() if slot.stream is not None}
        sound_mids = SOUND_MIDS[: SOUNDS[self._level(leg)[0]]]
        picture_mids = PICTURE_MIDS[: self._pictures(leg)]
        chosen = choose_sounds(sounds, present, sound_mids)
        chosen |= choose_pictures(pictures, present, picture_mids)
        # Who speaks matters only where not all fit; a browser may stop a layer at any time.
        layered = self._simulcast and bool(pictures)
        leg.restless = layered or len(sounds) > len(sound_mids) or len(pictures) > len(picture_mids)
        leg.chosen = now
        large = {picture.key for picture in pictures if picture.large}
        seats = {mid: key for key, mid in chosen.items()}
        for mid, slot in leg.slots.items():
            taken = seats.get(mid)
            slot.fill(
                None if taken is None else self._stream(self._legs[taken[0]], taken[1], now, large=taken in large)
            )
        self._notice_slots(leg)

    def _stream(self, speaker: Leg, source: Source, now: float, *, large: bool) -> Stream:
        if source is Source.CAMERA and speaker.simulcast:
            small, whole = speaker.streams[source, 1], speaker.streams[source, 2]
            wanted, other = (whole, small) if large else (small, whole)
            # Browsers send one layer alone when the picture is small or their network slow: which, they do not say.
            return other if other.is_alive(now, LAYER_S) and not wanted.is_alive(now, LAYER_S) else wanted
        return speaker.streams[source, 0]

    # --- notices ----------------------------------------------------------------------------------------------------

    def _notice_state(self, leg: Leg) -> None:
        told = self._told.get(leg.id)
        if told is not None and leg.state is not told.state:
            told.state = leg.state
            self._tell(Changed(leg.id, leg.state.value))

    def _notice_slots(self, leg: Leg) -> None:
        rows = tuple(
            (mid, *(slot.coming or slot.stream).key, (slot.coming or slot.stream).layer)
            for mid, slot in leg.slots.items()
            if slot.stream is not None
        )
        told = self._told[leg.id]
        if rows != told.slots:
            told.slots = rows
            self._tell(Filled(leg.id, rows))
