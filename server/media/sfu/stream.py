"""What comes in from one person, and what goes out through one slot."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import addressof
from itertools import count
from typing import TYPE_CHECKING, Final

import pylibsrtp

from protocol.constants import Source
from server.media.sfu.arrivals import UNKNOWN, make_arrivals
from server.media.sfu.copies import Copies, Rows, rows_of
from server.media.sfu.dtls import REPLAY_WINDOW, SOUND_WINDOW
from server.media.sfu.history import History, SharedHistory
from server.media.sfu.losses import Losses
from server.media.sfu.reception import Reception
from server.media.sfu.rewriter import Rewriter
from server.media.sfu.rtcp import SenderReport
from server.media.sfu.rtp import SILENCE, RtpPacket
from server.media.sfu.srtp import Outbound
from server.media.sfu.vp8 import Vp8Descriptor, parse_vp8

if TYPE_CHECKING:
    from server.media.sfu.leg import Leg

SOUND_HZ: Final = 48_000
PICTURE_HZ: Final = 90_000
SPEAKING_ENERGY: Final = 75.0
"""Above it somebody speaks: about -52 dBov for a tenth of a second."""
SPEAKING_HOLD_S: Final = 1.0
ATTACK, RELEASE = 0.3, 0.05
KEYFRAME_INTERVAL_S: Final = 0.3
"""Between two requests for a keyframe: each costs everybody who watches."""
ALIVE_S: Final = 2.0
MISSING_S: Final = 1.5
"""Of a sound that is on nothing came for so long: less than a client waits for a slot that is silent."""
_numbers: Final = count(1)


class Stream:
    """One incoming RTP stream: the sound, or one layer of the picture, of one source.

    `on_since`: when it was last switched on or off, s. `slots`: where it goes, those included that
    wait for a keyframe; `add` and `drop` change it. `number`: no other stream of the process has it.
    """

    __slots__ = (
        "_copies",
        "_keyframe_asked",
        "_keyframe_wanted",
        "_rows",
        "arrivals",
        "history",
        "is_sound",
        "key",
        "layer",
        "losses",
        "number",
        "on_since",
        "reception",
        "slots",
        "ssrc",
    )

    def __init__(self, leg: int, source: Source, layer: int, copies: Copies | None = None) -> None:
        """`copies`: the compiled form, if there is one."""
        self.key = (leg, source)
        self.is_sound = source in (Source.MICROPHONE, Source.SCREEN_SOUND)
        self.number = next(_numbers)
        self.arrivals = make_arrivals(SOUND_HZ if self.is_sound else PICTURE_HZ, shared=copies is not None)
        """What intake.c counts on as well, where `copies` is there."""
        self.arrivals.number, self.arrivals.is_sound = self.number, self.is_sound
        self._copies = copies
        self._rows: Rows | None = None
        self.layer = layer
        self.on_since = 0.0
        self.slots: list[Slot] = []
        self.ssrc: int | None = None
        self.history: History | SharedHistory | None = None
        self._keyframe_wanted = False
        self._keyframe_asked = float("-inf")
        self.begin(None)

    def begin(self, ssrc: int | None) -> None:
        """From now on it has this SSRC; nothing of before means anything."""
        self.ssrc = ssrc
        arrivals = self.arrivals
        arrivals.received = arrivals.cycles = 0
        arrivals.jitter, arrivals.newest = 0.0, UNKNOWN
        self.reception = Reception(SOUND_HZ if self.is_sound else PICTURE_HZ, arrivals)
        self.losses = None if self.is_sound else Losses(arrivals)
        if self.history is not None:
            self.history.clear()
        elif ssrc is not None and not self.is_sound:
            self._keep()
        for slot in self.slots:
            slot.pause()

    def _keep(self) -> None:
        """From now on what comes may be asked for again."""
        if self._copies is None:
            self.history = History()
            return
        self.history = history = SharedHistory()
        self.arrivals.kept, self.arrivals.bodies = history.kept, history.bodies

    @property
    def on(self) -> bool:
        """Whether the server lets it be handed on."""
        return bool(self.arrivals.on)

    @on.setter
    def on(self, on: bool) -> None:
        self.arrivals.on = on

    @property
    def last_packet(self) -> float:
        """When the last packet came, s."""
        return self.arrivals.last_packet

    @last_packet.setter
    def last_packet(self, now: float) -> None:
        self.arrivals.last_packet = now

    def add(self, slot: Slot) -> None:
        """It goes there as well."""
        self.slots.append(slot)
        self._route(None)

    def drop(self, slot: Slot) -> None:
        """It does not go there any more."""
        self.slots.remove(slot)
        self._route(None)

    def _route(self, rows: Rows | None) -> None:
        self._rows = rows
        arrivals = self.arrivals
        arrivals.rows, arrivals.count = (None, UNKNOWN) if rows is None else (addressof(rows), len(rows))

    def forward(self, packet: RtpPacket, level: bytes | None, now: float) -> int:
        """Hand a packet on to every slot; returns to how many."""
        self.last_packet = now
        self.reception.arrived(packet.sequence, packet.timestamp, now)
        if self.losses is None or self.history is None:
            self._listen(level, now)
            return self._forward(packet, None, now) if self.on else 0
        self.losses.arrived(packet.sequence, now)
        # None: padding, sent to probe the network. Its number would be missed.
        descriptor = parse_vp8(packet.payload)
        if descriptor is not None:
            self.history.put(packet, descriptor)
            if descriptor.keyframe:
                self._keyframe_wanted = False
        return self._forward(packet, descriptor, now) if self.on else 0

    def _forward(self, packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float) -> int:
        slots = self.slots
        if self._copies is None:
            return self._forward_to(tuple(slots), packet, descriptor, now)
        if self._rows is None:
            self._route(rows_of([slot.rewriter.row for slot in slots]))
        if self._rows is None or not slots:
            return 0
        left = self._copies.make(self._rows, self.number, packet, descriptor, now)
        made = len(slots) - len(left)
        return made + self._forward_to([slots[place] for place in left], packet, descriptor, now) if left else made

    def _forward_to(
        self, slots: Sequence[Slot], packet: RtpPacket, descriptor: Vp8Descriptor | None, now: float
    ) -> int:
        copies = 0
        is_start = self.is_sound or (descriptor is not None and descriptor.keyframe)
        for slot in slots:
            if slot.waiting or slot.stream is not self:
                if not is_start:
                    self._keyframe_wanted = self._keyframe_wanted or descriptor is not None
                    continue
                slot.take(self)
            if (data := slot.rewriter.write(packet, descriptor, now)) is not None:
                slot.send(data)
                copies += 1
        return copies

    def _listen(self, level: bytes | None, now: float) -> None:
        """How loud it is. `level`: of RFC 6464; a client that does not say is taken to speak."""
        arrivals = self.arrivals
        before = arrivals.energy
        # A hostile one may say it with no byte at all.
        energy = float(SILENCE - (level[0] & 0x7F)) if level else float(SILENCE)
        arrivals.energy = after = before + (energy - before) * (ATTACK if energy > before else RELEASE)
        if after > SPEAKING_ENERGY:
            arrivals.spoke = now

    def is_speaking(self, now: float) -> bool:
        """Whether something was heard in the last moment."""
        return now - self.arrivals.spoke < SPEAKING_HOLD_S

    def is_alive(self, now: float, within: float = ALIVE_S) -> bool:
        """Whether a packet came within these seconds."""
        return now - self.last_packet < within

    def is_missing(self, now: float) -> bool:
        """Whether something should come, and nothing does."""
        return self.on and now - max(self.last_packet, self.on_since) > MISSING_S

    def want_keyframe(self) -> None:
        """Somebody can not go on without one."""
        self._keyframe_wanted = True

    def keyframe_due(self, now: float) -> bool:
        """Whether to ask for a keyframe now; if so, it counts as asked for."""
        if not self._keyframe_wanted and not any(slot.waiting for slot in self.slots):
            return False
        if self.ssrc is None or now - self._keyframe_asked < KEYFRAME_INTERVAL_S or not self.is_alive(now):
            return False
        self._keyframe_asked = now
        return True

    def forget(self) -> None:
        """It may not be handed on any more, and nothing that was kept of it either."""
        if self.history is not None:
            self.history.clear()


class Slot:
    """One outgoing section of one leg. `stream`: whose packets it gets; `coming`: a layer that takes over with its next
    keyframe. `waiting`: nothing of `stream` was sent yet."""

    __slots__ = ("_outbound", "coming", "is_sound", "leg", "mid", "rewriter", "ssrc", "stream", "waiting")

    def __init__(self, leg: Leg, mid: int, ssrc: int, *, is_sound: bool, rewriter: Rewriter) -> None:
        self.leg, self.mid, self.ssrc, self.is_sound, self.rewriter = leg, mid, ssrc, is_sound, rewriter
        self.stream: Stream | None = None
        self.coming: Stream | None = None
        self.waiting = False
        self._outbound: Outbound | None = None
        rewriter.row.to = addressof(leg.destination)

    def fill(self, stream: Stream | None) -> None:
        """Whose packets come out of it from now on; None: nobody's. Another layer of the same source takes over when it
        can, anybody else at once."""
        if stream is (self.coming or self.stream):
            return
        if self.coming is not None:
            self.coming.drop(self)
            self.coming = None
            if stream is self.stream:
                return
        same_source = stream is not None and self.stream is not None and stream.key == self.stream.key
        if stream is not None and same_source and not self.waiting:
            self.coming = stream
        else:
            if self.stream is not None:
                self.stream.drop(self)
            self._show(stream)
            self.pause()
        if stream is not None:
            stream.add(self)
            if not self.is_sound:
                stream.want_keyframe()

    def take(self, stream: Stream) -> None:
        """A keyframe of this stream is here: it goes on with it."""
        if stream is self.coming:
            if self.stream is not None:
                self.stream.drop(self)
            self._show(stream)
            self.coming = None
        self.rewriter.switch()
        self.waiting = False

    def _show(self, stream: Stream | None) -> None:
        self.stream = stream
        self.rewriter.row.owner = 0 if stream is None else stream.number

    def pause(self) -> None:
        """What comes next does not follow from what was sent."""
        self.rewriter.switch()
        self.waiting = self.stream is not None

    def send(self, data: bytes) -> None:
        """Send a packet that the rewriter made; nothing if the leg has no keys, or none any more."""
        leg, outbound = self.leg, self._outbound
        if outbound is None:
            if leg.keys is None:
                return
            outbound = self._outbound = leg.keys.of(self.ssrc, SOUND_WINDOW if self.is_sound else REPLAY_WINDOW)
            self.rewriter.row.session = outbound.session
        if leg.address is None:
            return
        try:
            sealed = outbound.protect(data)
        except pylibsrtp.Error:
            # Older than the window: the source decides how late a packet comes.
            return
        leg.transmit(sealed, leg.address)

    def close(self) -> None:
        """Nothing comes out of it any more."""
        self.fill(None)
        self._outbound = self.rewriter.row.session = None

    def resend(self, sequences: list[int]) -> int:
        """The client did not get these; returns how many were sent again."""
        stream, sent = self.stream, 0
        if stream is None or stream.history is None or not stream.on or self.waiting:
            return 0
        for sequence in sequences:
            source = self.rewriter.source_sequence(sequence)
            kept = None if source is None else stream.history.get(source)
            if kept is not None:
                self.send(self.rewriter.write_again(*kept))
                sent += 1
        return sent

    def report(self, now: float, ntp: int) -> SenderReport | None:
        """The source's sender report in the slot's own numbers. `ntp`: now, 64 bits."""
        stream = self.stream
        if stream is None or self.waiting or not self.rewriter.running:
            return None
        timestamp = stream.reception.timestamp_at(now)
        if timestamp is None:
            return None
        row = self.rewriter.row
        timestamp = (timestamp + row.timestamp_offset) & 0xFFFF_FFFF
        return SenderReport(self.ssrc, ntp, timestamp, row.packets & 0xFFFF_FFFF, row.octets & 0xFFFF_FFFF)
