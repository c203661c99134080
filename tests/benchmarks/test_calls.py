"""What bots say to each other along links, in memory."""

from __future__ import annotations

from struct import pack

from benchmarks.bots.calls import CANDIDATES, Calls
from benchmarks.bots.measure import Measure
from protocol.constants import EntryFlag
from protocol.messages import Entry, Links, Roster, Signal, Signaled, decode_client

ANN, BOB = 1, 2
ROSTER = Roster([Entry(ANN, "a", "Ann", bytes(6), EntryFlag.BOT), Entry(BOB, "b", "Bob", bytes(6), EntryFlag.BOT)])


def signals(sent: list[bytes]) -> list[Signal]:
    found = [decode_client(data) for data in sent]
    assert all(isinstance(message, Signal) for message in found)
    return found  # type: ignore[return-value]


def linked(measure: Measure) -> tuple[Calls, Calls]:
    ann, bob = Calls(measure), Calls(measure)
    assert list(ann.receive(ROSTER, ANN, 0.0)) == list(bob.receive(ROSTER, BOB, 0.0)) == []
    return ann, bob


def test_the_lower_user_id_calls_and_both_get_to_the_end_of_it() -> None:
    measure = Measure()
    measure.start(0.0)
    ann, bob = linked(measure)
    assert list(bob.receive(Links(5, 1, pack("<HIB", ANN, 9, 0)), BOB, 1.0)) == []
    [offer] = signals(list(ann.receive(Links(5, 1, pack("<HIB", BOB, 9, 0)), ANN, 1.0)))
    assert (offer.to, offer.link) == (BOB, 9)
    answered = signals(list(bob.receive(Signaled(ANN, 9, offer.payload), BOB, 1.02)))
    assert len(answered) == 1 + CANDIDATES
    told = [m for s in answered for m in ann.receive(Signaled(BOB, 9, s.payload), ANN, 1.05)]
    assert len(told) == CANDIDATES, "a candidate is not answered"
    assert [m for s in signals(told) for m in bob.receive(Signaled(ANN, 9, s.payload), BOB, 1.06)] == []
    assert measure.counts.signals_sent == measure.counts.signals_received == 2 + 2 * CANDIDATES
    assert round(measure.signals[0], 6) == 0.02


def test_a_link_that_is_still_the_same_is_not_called_again_and_a_browser_is_not_called() -> None:
    ann, _ = linked(Measure())
    links = Links(5, 1, pack("<HIB", BOB, 9, 0))
    assert len(list(ann.receive(links, ANN, 1.0))) == 1
    assert list(ann.receive(links, ANN, 2.0)) == []
    browser = '{"v":1,"page":"x","conn":null,"kind":"hello"}'
    assert list(ann.receive(Signaled(BOB, 9, browser), ANN, 3.0)) == []
    assert list(ann.receive(Links(6, 2, pack("<HIB", 77, 3, 0)), ANN, 3.0)) == []
