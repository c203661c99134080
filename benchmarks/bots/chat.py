"""What a bot writes, so that chat is a load like any other: now to those near it, now to the whole room."""

from __future__ import annotations

from random import Random
from typing import Final, Literal
from uuid import UUID

from benchmarks.bots.measure import Measure
from protocol.messages import Said, Say, Sent, encode

NEARBY: Final = 0
ROOM: Final = 1
NEARBY_SHARE: Final = 0.5
"""Of what is written; the rest is for the room, and is kept where the room keeps it."""
_WORDS: Final = (
    *("morning", "table", "lunch", "later", "booth", "quick", "thanks", "screen", "coffee", "plan", "numbers"),
    *("review", "question", "walk", "meeting", "draft", "answer", "whiteboard", "ready", "tomorrow", ":tada:"),
    *("`make test`", "https://example.org/notes"),
)
_MOST_WORDS: Final = 18
_LAST_REF: Final = 65_535


class Chat:
    """The writing of one bot. `measure` learns when each message was sent, when it was safe and when others had it."""

    def __init__(self, measure: Measure, per_minute: float, seed: str) -> None:
        """`per_minute`: messages, on average and not evenly, as people write. `seed`: the same writes the same."""
        self._measure = measure
        self._random = Random(seed)  # noqa: S311 - what is written needs to be repeatable, not secret
        self._rate = per_minute / 60
        self._written = 0

    def wait(self) -> float:
        """Seconds until the next message."""
        return self._random.expovariate(self._rate)

    def write(self, now: float) -> bytes:
        """The next message."""
        random = self._random
        self._written += 1
        channel: Literal[0, 1] = NEARBY if random.random() < NEARBY_SHARE else ROOM
        text = " ".join(random.choice(_WORDS) for _ in range(random.randint(1, _MOST_WORDS)))
        # Two runs with one seed write the same words, and never under the same ids.
        message_id = str(UUID(bytes=Random().randbytes(16), version=4))  # noqa: S311
        self._measure.wrote(message_id, now)
        return encode(Say(self._written % _LAST_REF + 1, message_id, channel, None, text))

    def receive(self, message: Said | Sent, now: float) -> None:
        """Somebody's message, or word that an own one is safe."""
        if isinstance(message, Sent):
            self._measure.safe(message.id, now)
        else:
            self._measure.read(message.id, now)
