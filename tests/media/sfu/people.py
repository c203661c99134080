"""People with a real WebRTC stack (aiortc) who speak with a worker of the SFU: each has a tone of their own."""

from __future__ import annotations

import asyncio
import fractions
import time
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame, VideoFrame
from numpy.typing import NDArray

RATE = 48_000
SAMPLES = 960
LOUD = 0.02
"""Share of full scale above which a pitch counts as heard; an open microphone of somebody else is far below."""


def pitch(number: int) -> float:
    """Hz; each person's own, apart by more than a window of 40 ms can not tell."""
    return 300.0 + 100.0 * number


class Tone(MediaStreamTrack):  # type: ignore[misc]
    """A steady tone, in frames of 20 ms."""

    kind = "audio"

    def __init__(self, hz: float) -> None:
        super().__init__()
        self._hz, self._at, self._start = hz, 0, time.monotonic()

    async def recv(self) -> AudioFrame:
        due = self._start + self._at / RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        t = (np.arange(SAMPLES) + self._at) / RATE
        wave = (0.3 * 32767 * np.sin(2 * np.pi * self._hz * t)).astype(np.int16)
        frame = AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._at, fractions.Fraction(1, RATE)
        self._at += SAMPLES
        return frame


class Picture(MediaStreamTrack):  # type: ignore[misc]
    """A picture of one brightness, 10 times a second."""

    kind = "video"

    def __init__(self, brightness: int) -> None:
        super().__init__()
        self._brightness, self._at, self._start = brightness, 0, time.monotonic()

    async def recv(self) -> VideoFrame:
        due = self._start + self._at / 10
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        plane: NDArray[np.uint8] = np.full((120, 160, 3), self._brightness, np.uint8)
        frame = VideoFrame.from_ndarray(plane, format="rgb24")
        frame.pts, frame.time_base = self._at * 9000, fractions.Fraction(1, 90_000)
        self._at += 1
        return frame


class Person:
    """One client: sends what it has on mid 0 to 3, and listens to every slot."""

    def __init__(self, number: int, *, microphone: bool = True, camera: int | None = None) -> None:
        """`camera`: brightness of the picture; None: no camera."""
        self.number = number
        self._microphone, self._camera = microphone, camera
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._tasks: list[asyncio.Task[None]] = []
        self.sound: dict[str, tuple[float, NDArray[np.float64]]] = {}
        """By mid, when something was heard last (monotonic, s), and its newest 40 ms."""
        self.brightness: dict[str, tuple[float, float]] = {}
        """By mid, when a picture came last, and how bright it was."""
        self.frames: dict[str, int] = defaultdict(int)

    @property
    def connected(self) -> bool:
        return bool(self._connection.connectionState == "connected")

    async def answer(self, sdp: str) -> str:
        """Take the SFU's offer; returns the answer."""
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        tracks: dict[str, MediaStreamTrack] = {}
        if self._microphone:
            tracks["0"] = Tone(pitch(self.number))
        if self._camera is not None:
            tracks["1"] = Picture(self._camera)
        for transceiver in self._connection.getTransceivers():
            mid = transceiver.mid
            if int(mid) < 4:
                transceiver.direction = "sendonly"
                if mid in tracks:
                    transceiver.sender.replaceTrack(tracks[mid])
            else:
                transceiver.direction = "recvonly"
        await self._connection.setLocalDescription(await self._connection.createAnswer())
        for transceiver in self._connection.getTransceivers():
            if int(transceiver.mid) >= 4:
                listen = self._hear if transceiver.kind == "audio" else self._see
                self._tasks.append(asyncio.create_task(listen(transceiver.mid, transceiver.receiver.track)))
        description: str = self._connection.localDescription.sdp
        return description

    async def _hear(self, mid: str, track: MediaStreamTrack) -> None:
        window: NDArray[np.float64] = np.zeros(2 * SAMPLES)
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0] / 32768
            window = np.concatenate((window, samples))[-2 * SAMPLES :]
            self.sound[mid] = (time.monotonic(), window)
            self.frames[mid] += 1

    async def _see(self, mid: str, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.brightness[mid] = (time.monotonic(), float(frame.to_ndarray(format="gray").mean()))
            self.frames[mid] += 1

    def hears(self, other: int) -> bool:
        """Whether the other's tone comes out of any slot now."""
        now = time.monotonic()
        return any(
            now - at < 0.25 and loudness(window, pitch(other)) > LOUD for at, window in list(self.sound.values())
        )

    def heard(self, people: range) -> set[int]:
        """Everyone whose tone comes out of a slot now."""
        return {other for other in people if self.hears(other)}

    def sees(self, brightness: int) -> bool:
        """Whether a picture of this brightness comes out of any slot now."""
        now = time.monotonic()
        return any(now - at < 1.5 and abs(seen - brightness) < 12 for at, seen in self.brightness.values())

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._connection.close()


class TwoLegged(Person):
    """A client of Janus: one connection that sends, and one that receives."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self._receives = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._listening: set[str] = set()

    async def offer(self) -> str:
        """What the first connection sends."""
        for kind in ("audio", "video", "video", "audio"):
            self._connection.addTransceiver(kind, direction="sendonly")
        self._connection.getTransceivers()[0].sender.replaceTrack(Tone(pitch(self.number)))
        await self._connection.setLocalDescription(await self._connection.createOffer())
        description: str = self._connection.localDescription.sdp
        return description

    async def take_answer(self, sdp: str) -> None:
        """The answer to that."""
        await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def answer(self, sdp: str) -> str:
        """What the second connection receives, again whenever that changes."""
        await self._receives.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await self._receives.setLocalDescription(await self._receives.createAnswer())
        for transceiver in self._receives.getTransceivers():
            if transceiver.mid not in self._listening and transceiver.kind == "audio":
                self._listening.add(transceiver.mid)
                self._tasks.append(asyncio.create_task(self._hear(transceiver.mid, transceiver.receiver.track)))
        description: str = self._receives.localDescription.sdp
        return description

    async def close(self) -> None:
        await super().close()
        await self._receives.close()


def loudness(window: NDArray[np.float64], hz: float) -> float:
    """Amplitude of one pitch, of full scale."""
    t = np.arange(len(window)) / RATE
    weight = np.hanning(len(window))
    return float(2 * abs(np.sum(window * weight * np.exp(-2j * np.pi * hz * t))) / np.sum(weight))


async def until(condition: Callable[[], bool], seconds: float, what: str = "") -> float:
    """Wait for something; returns how long it took, s."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.02)
    return time.monotonic() - began
