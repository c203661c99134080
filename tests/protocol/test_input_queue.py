"""Courses wait for their tick, once each, in order, and not too many (section 3.2)."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.constants import MAX_COURSES
from protocol.input_queue import InputQueue
from protocol.messages import Input


def courses(*entries: tuple[int, int]) -> bytes:
    """Newest first: (course, before)."""
    return b"".join(bytes(entry) for entry in entries)


def one(seq: int, course: int, tick: int = 0) -> Input:
    return Input(0, seq, tick, courses((course, 0)))


def run(queue: InputQueue, first: int, last: int) -> dict[int, int]:
    """What takes effect in the ticks from `first` to `last`."""
    applied = {tick: queue.due(tick) for tick in range(first, last + 1)}
    return {tick: course for tick, course in applied.items() if course is not None}


def test_a_course_takes_effect_at_its_tick() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14, 105), 100)
    assert run(queue, 101, 110) == {105: 0x14}
    assert (queue.applied, queue.applied_tick, queue.slack) == (1, 105, 4)


def test_a_course_without_a_tick_takes_effect_at_the_next_one_and_has_no_slack() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14), 100)
    assert run(queue, 101, 110) == {101: 0x14}
    assert queue.slack is None


def test_a_course_in_time_for_the_next_tick_has_slack_0() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14, 101), 100)
    queue.due(101)
    assert queue.slack == 0


def test_a_late_course_takes_effect_at_the_next_tick_with_negative_slack() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14, 98), 100)
    assert run(queue, 101, 110) == {101: 0x14}
    assert queue.slack == -3


def test_slack_stays_in_its_range() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14, 1), 1000)
    queue.due(1001)
    assert queue.slack == -128
    queue.push(one(2, 0x15, 5000), 1001)
    queue.due(1016)
    assert queue.slack == 127


def test_a_course_too_far_ahead_takes_effect_max_ahead_ticks_ahead() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x14, 10_000), 100)
    assert run(queue, 101, 200) == {115: 0x14}


def test_a_repeated_course_takes_effect_once() -> None:
    queue = InputQueue(15)
    for _ in range(3):
        queue.push(one(1, 0x14, 103), 100)
    assert run(queue, 101, 120) == {103: 0x14}
    queue.push(one(1, 0x14, 130), 120)
    assert run(queue, 121, 140) == {}


def test_a_lost_message_is_made_good_by_the_next() -> None:
    queue = InputQueue(15)
    queue.push(Input(0, 3, 108, courses((0x12, 0), (0x11, 2), (0x10, 5))), 100)
    assert run(queue, 101, 120) == {103: 0x10, 106: 0x11, 108: 0x12}
    assert queue.applied == 3


def test_a_message_that_arrives_after_a_newer_one_changes_nothing() -> None:
    queue = InputQueue(15)
    queue.push(one(2, 0x11, 105), 100)
    queue.push(one(1, 0x10, 104), 100)
    assert run(queue, 101, 120) == {105: 0x11}


def test_of_several_courses_for_one_tick_the_newest_wins() -> None:
    queue = InputQueue(15)
    queue.push(Input(0, 3, 0, courses((0x12, 0), (0x11, 0), (0x10, 0))), 100)
    assert run(queue, 101, 120) == {101: 0x12}
    assert queue.applied == 3


def test_a_course_due_before_its_predecessor_takes_effect_with_it() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x10, 110), 100)
    queue.push(one(2, 0x11, 103), 100)
    assert run(queue, 101, 120) == {110: 0x11}
    assert queue.slack == 2


def test_a_bare_acknowledgement_changes_nothing() -> None:
    queue = InputQueue(15)
    queue.push(Input(50, 7, 0, b""), 100)
    assert (queue.newest, len(queue)) == (0, 0)


def test_what_waits_is_forgotten_with_the_connection_but_its_numbers_stay_taken() -> None:
    queue = InputQueue(15)
    queue.push(one(1, 0x10, 105), 100)
    queue.clear()
    queue.push(one(1, 0x10, 106), 100)
    assert run(queue, 101, 120) == {}
    queue.push(one(2, 0x11), 120)
    assert run(queue, 121, 122) == {121: 0x11}


def test_a_full_queue_discards_and_counts() -> None:
    queue = InputQueue(1000)
    for seq in range(1, 41):
        queue.push(one(seq, 0x10, 100 + seq), 100)
    assert (len(queue), queue.discarded) == (MAX_COURSES, 8)


@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.integers(0, 150), st.integers(0, 0x2F)), max_size=60),
)
def test_never_more_than_one_course_a_tick_nor_too_many_waiting_nor_a_number_twice(
    max_ahead: int, script: list[tuple[int, int, int, int]]
) -> None:
    queue = InputQueue(max_ahead)
    tick = seq = last = 0
    for ticks, rise, wanted, course in script:
        for _ in range(ticks):
            tick += 1
            if queue.due(tick) is not None:
                assert queue.applied > last
                last = queue.applied
        seq += rise
        queue.push(Input(0, seq, wanted, courses((course, 0))), tick)
        assert len(queue) <= min(MAX_COURSES, max_ahead)
        assert queue.newest == seq
    for _ in range(max_ahead):
        tick += 1
        queue.due(tick)
    assert len(queue) == 0
