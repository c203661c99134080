"""What people ask each other for and wait to be answered. Pure: the time is an argument, nobody is told from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.constants import Question as Kind

WAITS_S = 30.0
"""How long a question waits for its answer (STANDARD.md section 12.3)."""
AGAIN_S = 5.0
"""How long one waits before one asks the same again (section 6.3)."""
MOST_WAITING = 8
"""Questions of one person that wait, those to follow aside: they go to everybody near at once."""


@dataclass(slots=True)
class Question:
    """`asker` wants something of one of `asked`, avatar ids. `zone`: the area of a knock. `until`: s."""

    kind: Kind
    asker: int
    zone: int
    asked: set[int] = field(default_factory=set)
    until: float = 0.0


class Questions:
    """The questions of one room that wait."""

    def __init__(self) -> None:
        self._waiting: list[Question] = []
        self._last: dict[tuple[Kind, int, int], float] = {}

    def ask(self, kind: Kind, asker: int, zone: int, asked: Iterable[int], target: int, now: float) -> Question | None:
        """A new question; None: too soon after the last one, or too many wait. `target`: whom or what it is about."""
        asked = set(asked)
        said = self._last.get((kind, asker, target))
        mine = [each for each in self._waiting if each.asker == asker and each.kind is not Kind.LEAD]
        if (said is not None and now - said < AGAIN_S) or len(mine) >= MOST_WAITING:
            return None
        # Asked anew, it is the same question: its answer is waited for from now on.
        self._waiting = [
            each for each in self._waiting if (each.kind, each.asker, each.zone) != (kind, asker, zone) or zone == 0
        ]
        self._waiting = [
            each for each in self._waiting if zone or (each.kind, each.asker, each.asked) != (kind, asker, asked)
        ]
        self._last[kind, asker, target] = now
        question = Question(kind, asker, zone, asked, now + WAITS_S)
        self._waiting.append(question)
        return question

    def take(self, kind: int, asker: int, zone: int, answerer: int) -> Question | None:
        """The question that somebody answers, which waits no longer; None: there is none to them."""
        for question in self._waiting:
            named = (question.kind, question.asker, question.zone) == (kind, asker, zone)
            if named and answerer in question.asked:
                self._waiting.remove(question)
                return question
        return None

    def came_inside(self, avatar: int, zone: int) -> list[Question]:
        """Somebody is in an area now: they are asked what is asked there. Their own knock there is over."""
        knocks = [each for each in self._waiting if each.zone == zone and each.kind is Kind.KNOCK]
        for own in [each for each in knocks if each.asker == avatar]:
            self._waiting.remove(own)
        others = [each for each in knocks if each.asker != avatar]
        for question in others:
            question.asked.add(avatar)
        return others

    def went_outside(self, avatar: int, zone: int) -> list[Question]:
        """Somebody is not in an area any more. The knocks that nobody is left to answer, which wait no longer."""
        return self._without(avatar, [each for each in self._waiting if each.zone == zone])

    def went(self, avatar: int) -> list[Question]:
        """Somebody is gone for good. The questions that nobody is left to answer, which wait no longer."""
        self._waiting = [each for each in self._waiting if each.asker != avatar]
        self._last = {key: at for key, at in self._last.items() if key[1] != avatar}
        return self._without(avatar, self._waiting)

    def opened(self, zone: int) -> list[Question]:
        """An area is not locked any more. The knocks that have no sense any more."""
        done = [each for each in self._waiting if each.zone == zone and each.kind is Kind.KNOCK]
        self._waiting = [each for each in self._waiting if each not in done]
        return done

    def expired(self, now: float) -> list[Question]:
        """The questions that waited long enough."""
        old = [each for each in self._waiting if each.until <= now]
        self._waiting = [each for each in self._waiting if each.until > now]
        self._last = {key: at for key, at in self._last.items() if now - at < AGAIN_S}
        return old

    def _without(self, avatar: int, questions: list[Question]) -> list[Question]:
        for question in questions:
            question.asked.discard(avatar)
        unheard = [each for each in questions if not each.asked]
        self._waiting = [each for each in self._waiting if each.asked]
        return unheard
