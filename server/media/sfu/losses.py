"""Which packets of a source are missing, and when to ask for them (RFC 4585 section 6.2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.media.sfu.arrivals import UNKNOWN, Arrivals, make_arrivals
from server.media.sfu.sequence import ahead

ASK_AGAIN_S: Final = 0.06
MOST_TIMES: Final = 10
MOST_MISSING: Final = 128
"""More than that missing at once is no loss that could be repaired: a new keyframe is cheaper."""
JUMP: Final = 3000
"""A number so far away is a restart of the sender, not a loss."""


@dataclass(slots=True)
class _Missing:
    due: float
    times: int = 0


class Losses:
    """The gaps of one incoming stream. `now`: s, any clock that does not run backwards."""

    __slots__ = ("_arrivals", "_missing", "hopeless")

    def __init__(self, arrivals: Arrivals | None = None) -> None:
        """`arrivals`: where the newest number is kept."""
        self._arrivals = make_arrivals(1, shared=False) if arrivals is None else arrivals
        self._missing: dict[int, _Missing] = {}
        self.hopeless = False
        """Packets are lost for good; whoever takes note sets it back."""

    @property
    def waiting(self) -> int:
        """How many packets are missing."""
        return len(self._missing)

    def arrived(self, sequence: int, now: float) -> None:
        """A packet came."""
        arrivals = self._arrivals
        if arrivals.newest == UNKNOWN:
            arrivals.newest = sequence
            return
        step = ahead(sequence, arrivals.newest)
        if step == 1:
            arrivals.newest = sequence
        elif step > 1:
            arrivals.newest = sequence
            if step > JUMP or step - 1 + len(self._missing) > MOST_MISSING:
                self._give_up()
                return
            for behind in range(step - 1, 0, -1):
                self._missing[(sequence - behind) & 0xFFFF] = _Missing(now)
        elif step < -JUMP:
            arrivals.newest = sequence
            self._give_up()
        else:
            self._missing.pop(sequence, None)

    def due(self, now: float) -> list[int]:
        """The numbers to ask for now, oldest first; each again after a while, and not for ever."""
        asked: list[int] = []
        for sequence, missing in list(self._missing.items()):
            if missing.due > now:
                continue
            if missing.times >= MOST_TIMES:
                del self._missing[sequence]
                self.hopeless = True
                continue
            missing.times += 1
            missing.due = now + ASK_AGAIN_S
            asked.append(sequence)
        return asked

    def next_due(self) -> float | None:
        """When `due` would have something; None: nothing is missing."""
        return min((missing.due for missing in self._missing.values()), default=None)

    def _give_up(self) -> None:
        self._missing.clear()
        self.hopeless = True
