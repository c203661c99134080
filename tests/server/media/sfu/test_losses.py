"""Gaps, what is kept against them, and what is reported of them; in virtual time."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from server.media.sfu.history import History
from server.media.sfu.losses import ASK_AGAIN_S, MOST_MISSING, MOST_TIMES, Losses
from server.media.sfu.reception import Reception
from server.media.sfu.rtp import RtpPacket


def packet(sequence: int) -> RtpPacket:
    return RtpPacket(96, False, sequence & 0xFFFF, 0, 7, {}, b"x")


def test_a_gap_is_asked_for_at_once_and_again_every_60_ms() -> None:
    losses = Losses()
    for sequence in (65_534, 65_535, 2):
        losses.arrived(sequence, 1.0)
    assert losses.due(1.0) == [0, 1]
    assert losses.due(1.0 + ASK_AGAIN_S / 2) == []
    assert losses.due(1.0 + ASK_AGAIN_S) == [0, 1]
    losses.arrived(1, 1.1)
    assert losses.due(1.0 + 2 * ASK_AGAIN_S) == [0]


def test_what_never_comes_is_given_up_and_needs_a_keyframe() -> None:
    losses = Losses()
    losses.arrived(1, 0.0)
    losses.arrived(3, 0.0)
    now, asked = 0.0, 0
    while losses.waiting:
        asked += len(losses.due(now))
        now += ASK_AGAIN_S
    assert asked == MOST_TIMES
    assert losses.hopeless


def test_a_hole_too_large_to_fill_needs_a_keyframe_and_no_thousand_requests() -> None:
    losses = Losses()
    losses.arrived(1, 0.0)
    losses.arrived(2 + MOST_MISSING + 1, 0.0)
    assert losses.hopeless
    assert losses.due(0.0) == []


def test_a_sender_that_starts_anew_is_followed() -> None:
    losses = Losses()
    losses.arrived(40_000, 0.0)
    losses.arrived(5, 0.0)
    losses.arrived(7, 0.0)
    assert losses.due(0.0) == [6]


@given(st.integers(0, 0xFFFF), st.lists(st.booleans(), min_size=2, max_size=100))
def test_exactly_what_did_not_arrive_is_asked_for(start: int, arrives: list[bool]) -> None:
    losses = Losses()
    arrives[0] = arrives[-1] = True
    for offset, here in enumerate(arrives):
        if here:
            losses.arrived((start + offset) & 0xFFFF, 0.0)
    assert losses.due(0.0) == [(start + offset) & 0xFFFF for offset, here in enumerate(arrives) if not here]


def test_the_history_has_the_last_ones_and_nothing_older() -> None:
    history = History()
    for sequence in range(65_000, 65_000 + 1000):
        history.put(packet(sequence), None)
    newest = (65_000 + 999) & 0xFFFF
    assert history.get(newest) is not None
    oldest = history.get((newest - 511) & 0xFFFF)
    assert oldest is not None
    assert oldest[0].sequence == (newest - 511) & 0xFFFF
    assert history.get((newest - 512) & 0xFFFF) is None
    history.clear()
    assert history.get(newest) is None


def test_a_report_says_what_was_lost_since_the_last_one() -> None:
    reception = Reception(90_000)
    assert reception.block(7, 0.0) is None
    for sequence in range(100):
        if sequence % 4:
            reception.arrived((65_500 + sequence) & 0xFFFF, sequence * 3000, sequence / 30)
    reception.sender_reported(0x1122_3344_5566_7788, 5000, 3.0)
    block = reception.block(7, 3.5)
    assert block is not None
    assert abs(block.fraction / 256 - 0.25) < 0.02
    assert block.highest == (1 << 16) + ((65_500 + 99) & 0xFFFF)
    assert block.last == 0x3344_5566
    assert block.since == 32_768
    assert block.jitter == 0
    for sequence in range(100, 200):
        reception.arrived((65_500 + sequence) & 0xFFFF, sequence * 3000, sequence / 30)
    again = reception.block(7, 7.0)
    assert again is not None
    assert again.fraction == 0


def test_jitter_grows_with_uneven_arrival() -> None:
    reception, chance = Reception(48_000), random.Random(5)
    for sequence in range(500):
        reception.arrived(sequence, sequence * 960, sequence * 0.02 + chance.uniform(0, 0.01))
    block = reception.block(7, 10.0)
    assert block is not None
    assert 80 < block.jitter < 320, "about 3 ms at 48 kHz"


def test_the_clock_of_a_source_goes_on_between_its_reports() -> None:
    reception = Reception(48_000)
    assert reception.timestamp_at(1.0) is None
    reception.sender_reported(1 << 40, 0xFFFF_FFFF, 1.0)
    assert reception.timestamp_at(1.5) == 23_999
