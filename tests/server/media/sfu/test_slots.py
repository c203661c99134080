"""Who gets a slot, and that nobody loses one lightly."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from protocol.constants import Level, Source
from server.media.sfu.quality import Admission, Downlink
from server.media.sfu.slots import Key, Picture, Sound, choose_pictures, choose_sounds

MIDS = range(4, 8)


def voice(who: int, near: float = 0.5, *, speaking: bool = False) -> Sound:
    return Sound((who, Source.MICROPHONE), near, speaking)


def camera(who: int, near: float = 0.5, wish: int | None = None) -> Picture:
    return Picture((who, Source.CAMERA), near, False, wish)


def who(seats: dict[Key, int]) -> set[int]:
    return {key[0] for key in seats}


def test_everybody_has_a_slot_while_there_are_enough() -> None:
    assert who(choose_sounds([voice(n) for n in range(4)], {}, MIDS)) == {0, 1, 2, 3}


def test_whoever_speaks_comes_before_whoever_is_near() -> None:
    crowd = [voice(n, 1.0) for n in range(5)] + [voice(9, 0.1, speaking=True)]
    assert 9 in who(choose_sounds(crowd, {}, MIDS))


def test_a_little_nearer_takes_nobodys_slot() -> None:
    present = choose_sounds([voice(n, 0.5) for n in range(4)], {}, MIDS)
    assert choose_sounds([*(voice(n, 0.5) for n in range(4)), voice(9, 0.9)], present, MIDS) == present


def test_who_stays_stays_in_the_same_slot() -> None:
    present = choose_sounds([voice(n) for n in range(4)], {}, MIDS)
    after = choose_sounds([voice(0), voice(2), voice(3), voice(9, speaking=True)], present, MIDS)
    assert all(after[key] == mid for key, mid in present.items() if key[0] != 1)
    assert after[9, Source.MICROPHONE] == present[1, Source.MICROPHONE]


def test_pictures_come_as_the_client_asked_then_screens_then_the_near() -> None:
    crowd = [camera(n, n / 10) for n in range(8)]
    crowd[2] = camera(2, 0.2, wish=0)
    crowd.append(Picture((1, Source.SCREEN), 0.0, False))
    chosen = choose_pictures(crowd, {}, MIDS)
    assert set(chosen) == {
        (2, Source.CAMERA),
        (1, Source.SCREEN),
        (7, Source.CAMERA),
        (6, Source.CAMERA),
    }


def test_fewer_slots_leave_the_first_ones() -> None:
    crowd = [camera(n, wish=n) for n in range(6)]
    present = choose_pictures(crowd, {}, MIDS)
    assert who(choose_pictures(crowd, present, MIDS[:2])) == {0, 1}
    assert choose_pictures(crowd, present, MIDS[:0]) == {}


@given(
    st.dictionaries(st.integers(0, 30), st.tuples(st.floats(0, 1), st.booleans()), max_size=20),
    st.dictionaries(st.integers(0, 30), st.tuples(st.floats(0, 1), st.booleans()), max_size=20),
)
def test_whoever_is_here(before: dict[int, tuple[float, bool]], after: dict[int, tuple[float, bool]]) -> None:
    present = choose_sounds([voice(n, near, speaking=speaks) for n, (near, speaks) in before.items()], {}, MIDS)
    chosen = choose_sounds([voice(n, near, speaking=speaks) for n, (near, speaks) in after.items()], present, MIDS)
    assert who(chosen) <= after.keys(), "nobody who may not be heard"
    assert len(chosen) == min(len(after), len(MIDS)), "no slot is empty while somebody waits"
    assert len(set(chosen.values())) == len(chosen), "nobody shares one"
    assert all(mid in MIDS for mid in chosen.values())
    assert all(chosen[key] == present[key] for key in chosen.keys() & present.keys()), "nobody moves"


def test_load_takes_pictures_first_and_gives_them_back_after_a_calm_while() -> None:
    admission = Admission(0.0)
    assert admission.observe(0.85, 1.0) is Level.FULL
    assert admission.observe(1.2, 2.0) is Level.FEWER_PICTURES
    assert admission.observe(1.2, 2.5) is Level.FEWER_PICTURES, "a step shows before the next"
    assert admission.observe(1.2, 3.0) is Level.SOUND_ONLY
    assert admission.observe(2.0, 9.0) is Level.SOUND_ONLY, "sound goes on"
    levels = [admission.observe(0.3, 10.0 + second) for second in range(25)]
    assert levels[5] is Level.SOUND_ONLY
    assert levels[-1] is Level.FULL


def test_load_that_comes_back_with_the_pictures_waits_longer_each_time() -> None:
    admission, now, ups = Admission(0.0), 0.0, []
    for _ in range(400):
        now += 1.0
        before = admission.level
        after = admission.observe(1.1 if before is Level.FULL else 0.4, now)
        if after < before:
            ups.append(now)
    gaps = [b - a for a, b in itertools.pairwise(ups)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 2 * gaps[0]


def test_a_bad_network_takes_pictures_of_one_client_and_a_good_one_brings_them_back() -> None:
    downlink = Downlink()
    assert downlink.observe(0.5, 0.0) is Level.FULL, "one report says little"
    assert downlink.observe(0.2, 3.0) is Level.FEWER_PICTURES
    assert downlink.observe(0.05, 4.0) is Level.FEWER_PICTURES
    assert downlink.observe(0.0, 5.0) is Level.FEWER_PICTURES
    assert downlink.observe(0.0, 15.0) is Level.FULL
