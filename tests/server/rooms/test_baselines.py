"""What a client is known to have, and what a hostile one can not make the server believe."""

from __future__ import annotations

import numpy as np

from server.rooms.baselines import NONE, Baselines

ME = 7


def baselines(*, reliable: bool = True) -> Baselines:
    table = Baselines(capacity=20, cells_width_ticks=34, resend_ticks=15)
    table.open(ME, reliable=reliable)
    return table


def send(table: Baselines, tick: int, home: int = 3) -> None:
    table.note_sent(np.array([ME]), np.array([home], np.int32), tick)


def test_a_newcomer_has_nothing() -> None:
    assert baselines().tick[ME] == NONE


def test_on_a_reliable_transport_what_was_sent_is_the_baseline() -> None:
    table = baselines()
    send(table, 100, home=4)
    assert (table.tick[ME], table.home[ME]) == (100, 4)


def test_on_datagrams_only_what_was_acknowledged_is_the_baseline() -> None:
    table = baselines(reliable=False)
    send(table, 100, home=4)
    send(table, 101, home=5)
    assert table.tick[ME] == NONE
    table.acknowledge(ME, 100, 102)
    assert (table.tick[ME], table.home[ME]) == (100, 4)


def test_silence_moves_only_the_baseline_of_a_reliable_client() -> None:
    for reliable, expected in ((True, 105), (False, 100)):
        table = baselines(reliable=reliable)
        send(table, 100)
        table.acknowledge(ME, 100, 101)
        table.note_silent(np.array([ME]), 105)
        assert table.tick[ME] == expected


def test_an_ack_of_something_never_sent_is_ignored() -> None:
    table = baselines(reliable=False)
    send(table, 100)
    for lie in (99, 101, 2**31, 100 + 64):
        table.acknowledge(ME, lie, 102)
        assert table.tick[ME] == NONE
        assert table.acked[ME] == 0


def test_a_late_ack_does_not_take_the_baseline_back() -> None:
    table = baselines(reliable=False)
    send(table, 100)
    send(table, 101)
    table.acknowledge(ME, 101, 102)
    table.acknowledge(ME, 100, 102)
    assert table.tick[ME] == 101


def test_waiting_for_an_ack_begins_with_the_first_unacknowledged_snapshot() -> None:
    table = baselines()
    send(table, 100)
    send(table, 110)
    assert table.unacked_since[ME] == 100
    table.acknowledge(ME, 100, 111)
    assert table.unacked_since[ME] == 101
    table.acknowledge(ME, 110, 112)
    assert table.unacked_since[ME] == 0


def test_asking_for_complete_snapshots_all_the_time_does_not_bring_them_all_the_time() -> None:
    table = baselines()
    send(table, 100)
    table.acknowledge(ME, 0, 101)
    assert table.tick[ME] == 100
    table.acknowledge(ME, 0, 115)
    assert table.tick[ME] == NONE


def test_a_baseline_too_old_to_build_on_is_forgotten() -> None:
    table = baselines()
    send(table, 100)
    table.expire(133)
    assert table.tick[ME] == 100
    table.expire(134)
    assert table.tick[ME] == NONE


def test_who_comes_back_has_what_it_acknowledged() -> None:
    table = baselines()
    send(table, 100, home=4)
    send(table, 101, home=5)
    table.acknowledge(ME, 100, 102)
    table.close(ME)
    table.reopen(ME, 110)
    assert (table.tick[ME], table.home[ME]) == (100, 4)
    table.close(ME)
    table.reopen(ME, 200)
    assert table.tick[ME] == NONE
