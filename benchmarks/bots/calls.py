"""What a bot says along its links, so that signaling is a load like any other: an offer, an answer, candidates.

The payloads have the form and the size of a browser's (STANDARD.md section 7.2) and lead nowhere: bots call bots only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from struct import iter_unpack
from typing import Final

from benchmarks.bots.measure import Measure
from protocol.constants import EntryFlag
from protocol.messages import Joined, Left, Links, Roster, Signal, Signaled, encode

OFFER_BYTES, ANSWER_BYTES, CANDIDATE_BYTES = 5500, 3000, 160
"""Measured with Chromium: four media sections, sound and picture."""
CANDIDATES: Final = 3
PAGE: Final = "bot"


class Calls:
    """The signaling of one bot. `measure` learns when each signal was sent and when it came."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._bots: dict[int, str] = {}
        self._links: dict[int, int] = {}

    def receive(self, message: Roster | Joined | Left | Links | Signaled, own: int, now: float) -> Iterator[bytes]:
        """Take an event; yield what is to be sent. `own`: the bot's avatar."""
        if isinstance(message, Roster | Joined):
            for entry in message.entries if isinstance(message, Roster) else (message.entry,):
                if entry.flags & EntryFlag.BOT:
                    self._bots[entry.avatar] = entry.user_id
        elif isinstance(message, Left):
            self._bots.pop(message.avatar, None)
            self._links.pop(message.avatar, None)
        elif isinstance(message, Links):
            yield from self._linked(dict(unpack_pairs(message.links)), own, now)
        else:
            yield from self._answer(message, now)

    def _linked(self, links: dict[int, int], own: int, now: float) -> Iterator[bytes]:
        for avatar, link in links.items():
            # Of two people the one with the lower user id calls.
            calls = avatar in self._bots and self._bots.get(own, "") < self._bots[avatar]
            if calls and self._links.get(avatar) != link:
                yield self._signal(avatar, link, "offer", now)
        self._links = links

    def _answer(self, message: Signaled, now: float) -> Iterator[bytes]:
        measure = self._measure
        measure.counts.signals_received += 1
        try:
            said = json.loads(message.payload)
            step, sent = str(said["step"]), float(said["sent"])
        except (ValueError, TypeError, KeyError):
            return  # a browser's: it gets no answer, and keeps to those who have ears
        if measure.running:
            measure.signals.append(now - sent)
        if self._links.get(message.sender) != message.link:
            return
        if step == "offer":
            yield self._signal(message.sender, message.link, "answer", now)
        if step in ("offer", "answer"):
            for _ in range(CANDIDATES):
                yield self._signal(message.sender, message.link, "candidate", now)

    def _signal(self, to: int, link: int, step: str, now: float) -> bytes:
        self._measure.counts.signals_sent += 1
        size = {"offer": OFFER_BYTES, "answer": ANSWER_BYTES}.get(step, CANDIDATE_BYTES)
        payload = {"v": 1, "page": PAGE, "conn": None, "kind": "bot", "step": step, "sent": now, "body": "x" * size}
        return encode(Signal(to, link, json.dumps(payload)))


def unpack_pairs(links: bytes) -> Iterator[tuple[int, int]]:
    """(avatar, link number) of each row of LINKS."""
    for avatar, link, _flags in iter_unpack("<HIB", links):
        yield avatar, link
