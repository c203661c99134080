"""People who speak and listen for real, and cost little: DTLS-SRTP over a socket of their own, a tone as Opus, and a
decoder for each voice that comes in. A dozen of them fit beside browsers in one process.

For what a whole WebRTC stack does (jitter buffers, feedback), see `people.py`.
"""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np
import pylibsrtp
from av import AudioFrame, CodecContext, Packet
from numpy.typing import NDArray

from benchmarks.sfu import Caller
from tests.media.sfu.people import LOUD, RATE, SAMPLES

AMPLITUDE = 0.35
"""Of the tone, of full scale: as loud as those of the browsers."""
FRESH_S = 0.25
FRAME_S = 0.02
POLL_S = 0.005
CHECK_S = 2.0
MIDS = 32
"""The section of a packet is in the low bits of its SSRC."""


@lru_cache(maxsize=64)
def tone(hz: int) -> tuple[bytes, ...]:
    """A second of a steady tone as Opus, in packets of 20 ms, that goes on without a seam when it is repeated."""
    codec = CodecContext.create("libopus", "w")
    codec.format, codec.layout, codec.sample_rate, codec.bit_rate = "s16", "mono", RATE, 32_000
    packets: list[bytes] = []
    for at in range(0, 2 * RATE + SAMPLES, SAMPLES):
        wave = AMPLITUDE * 32767 * np.sin(2 * np.pi * hz * (np.arange(SAMPLES) + at) / RATE)
        frame = AudioFrame.from_ndarray(wave.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        packets += [bytes(packet) for packet in codec.encode(frame)]
    second = RATE // SAMPLES
    return tuple(packets[second : 2 * second])


class Ear:
    """What comes out of one section."""

    def __init__(self) -> None:
        self._codec = CodecContext.create("libopus", "r")
        self._codec.format, self._codec.layout, self._codec.sample_rate = "s16", "mono", RATE
        self.window: NDArray[np.float64] = np.zeros(2 * SAMPLES)
        """The newest 40 ms."""
        self.heard_at = -FRESH_S

    def take(self, sound: bytes, now: float) -> None:
        """One packet of Opus."""
        for frame in self._codec.decode(Packet(sound)):
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0] / 32768
            self.window = np.concatenate((self.window, samples))[-2 * SAMPLES :]
        self.heard_at = now


class Voice(Caller):
    """Somebody with a pitch (whole Hz) of their own. They speak while they are not `muted`, and always listen."""

    def __init__(self, number: int, offer: str, hz: int) -> None:
        super().__init__(number, offer)
        self.hz, self.muted = hz, False
        self.ears: dict[int, Ear] = {}
        self._packets, self._at = tone(hz), 0
        self._listened_at = 0.0

    def utter(self) -> None:
        """The next 20 ms."""
        self._at += 1
        if not self.muted:
            self.speak(self._packets[self._at % len(self._packets)])

    def listen(self, now: float) -> None:
        """Decode everything that came in."""
        self._listened_at = now
        while True:
            try:
                data = self.socket.recv(2048)
            except OSError:
                return
            # RFC 5761 section 4: RTCP's packet types lie where RTP has its marker and 64 to 95.
            if self.inbound is None or not 128 <= data[0] < 192 or 192 <= data[1] <= 223:
                continue
            try:
                packet = self.inbound.unprotect(data)
            except pylibsrtp.Error:
                continue
            [ssrc] = struct.unpack_from(">I", packet, 8)
            self.ears.setdefault(ssrc % MIDS, Ear()).take(_payload(packet), now)

    def hears(self, pitches: Iterable[int]) -> set[int]:
        """Which of these came out of any section when this one listened last."""
        wanted = tuple(sorted(pitches))
        windows = [ear.window for ear in self.ears.values() if self._listened_at - ear.heard_at < FRESH_S]
        if not windows:
            return set()
        levels = np.abs(np.array(windows) @ _scale(wanted)).max(axis=0)
        return {hz for hz, level in zip(wanted, levels, strict=True) if level > LOUD}


@lru_cache(maxsize=64)
def _scale(pitches: tuple[int, ...]) -> NDArray[np.complex128]:
    """What gives the amplitude of each pitch in a window of 40 ms, of full scale, when it is multiplied with it."""
    weight = np.hanning(2 * SAMPLES)
    waves = np.exp(-2j * np.pi * np.outer(np.arange(2 * SAMPLES) / RATE, pitches))
    found: NDArray[np.complex128] = 2 * weight[:, None] * waves / np.sum(weight)
    return found


def _payload(packet: bytes) -> bytes:
    """What follows an RTP header (RFC 3550 section 5.1) and its extension."""
    start = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        [words] = struct.unpack_from(">H", packet, start + 2)
        start += 4 + 4 * words
    return packet[start:]


async def converse(voices: Callable[[], Iterable[Voice]]) -> None:
    """Everybody whom `voices` names speaks and listens, until this is cancelled."""
    began = time.monotonic()
    frames = 0
    checked = 0.0
    while True:
        now = time.monotonic()
        present = [voice for voice in voices() if voice.inbound is not None]
        due = int((now - began) / FRAME_S)
        # Whoever was kept waiting says what was to be said by now, but not for minutes.
        for _ in range(min(10, due - frames)):
            for voice in present:
                voice.utter()
        frames = due
        for voice in present:
            voice.listen(now)
        if now - checked > CHECK_S:
            checked = now
            for voice in present:
                voice.check()
        await asyncio.sleep(POLL_S)
