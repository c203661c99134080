"""People without a browser in a room with browsers: a real game socket, a real leg of the SFU, a tone of their own.

Two cores hold few pages that all play many voices; a conversation of a dozen is made of some pages and of these.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from benchmarks.sfu_callers import Participant, PersonApi
from tests.media.sfu.voices import Voice, converse

MICROPHONE = 0b001
REPORT_S = 1.0
"""How often they say what arrives."""


class Singer(Participant):
    """One of them. `voice` is there as soon as the SFU made an offer."""

    def __init__(self, number: int, name: str, hz: int) -> None:
        super().__init__(number, shows=MICROPHONE, caller=partial(_voice, hz=hz))
        self.name, self.pitch = name, hz

    @property
    def voice(self) -> Voice | None:
        """Of the leg that they have now."""
        assert self.caller is None or isinstance(self.caller, Voice)
        return self.caller

    def hears(self, pitches: Sequence[int]) -> set[int]:
        """Which of these pitches they hear now."""
        return set() if self.voice is None else self.voice.hears(pitches)


def _voice(number: int, offer: str, hz: int) -> Voice:
    return Voice(number, offer, hz)


class Chorus:
    """All of them."""

    def __init__(self, url: str) -> None:
        self._api = PersonApi(url)
        self.singers: list[Singer] = []

    async def enter(self, room: UUID, name: str, hz: int) -> Singer:
        """One more, who speaks at once."""
        singer = Singer(len(self.singers) + 1, name, hz)
        token = await self._api.guest(name)
        await singer.enter(self._api.url, await self._api.join(room, token))
        self.singers.append(singer)
        return singer

    async def run(self) -> None:
        """Speak, listen and report."""
        conversation = asyncio.create_task(
            converse(lambda: [singer.voice for singer in self.singers if singer.voice is not None])
        )
        try:
            while True:
                for singer in self.singers:
                    singer.report()
                await asyncio.sleep(REPORT_S)
        finally:
            conversation.cancel()

    async def __aenter__(self) -> Chorus:
        await self._api.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for singer in self.singers:
            singer.leave()
        await self._api.__aexit__()


@asynccontextmanager
async def chorus(url: str) -> AsyncIterator[Chorus]:
    """Nobody yet; whoever enters is kept speaking until the end."""
    async with Chorus(url) as group:
        running = asyncio.create_task(group.run())
        try:
            yield group
        finally:
            running.cancel()


async def all_sing(singers: Sequence[Singer], expected: dict[str, set[int]], pitches: Sequence[int], s: float) -> None:
    """Wait until each of them hears exactly the pitches that `expected` says by name."""
    deadline = time.monotonic() + s
    while wrong := {
        singer.name: heard ^ expected[singer.name]
        for singer in singers
        if (heard := singer.hears(pitches)) != expected[singer.name]
    }:
        assert time.monotonic() < deadline, f"waited {s:.0f} s; too much or too little is heard by {wrong}"
        await asyncio.sleep(0.1)
