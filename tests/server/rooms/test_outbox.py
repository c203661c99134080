"""The two lanes to one client: events wait in order and are bounded, snapshots never wait."""

from __future__ import annotations

from server.rooms.outbox import Outbox
from tests.server.rooms.people import Wire


def outbox(wire: Wire, event_bytes: int = 100) -> Outbox:
    return Outbox(wire, buffer_high=10, event_bytes=event_bytes)


def test_an_open_transport_gets_everything_at_once() -> None:
    wire = Wire()
    box = outbox(wire)
    box.put_events([b"one", b"two"])
    assert box.takes_snapshots()
    box.put_snapshot(b"snapshot")
    assert wire.messages == [b"one", b"two", b"snapshot"]
    assert box.waiting_bytes == 0


def test_events_wait_while_the_transport_is_full_and_keep_their_order() -> None:
    wire = Wire()
    box = outbox(wire)
    wire.open = False
    box.put_events([b"one"])
    box.put_events([b"two", b"three"])
    assert not wire.messages
    assert box.waiting_bytes == 11
    wire.open = True
    box.flush()
    assert wire.messages == [b"one", b"two", b"three"]


def test_no_snapshot_overtakes_an_event() -> None:
    wire = Wire()
    box = outbox(wire)
    wire.open = False
    box.put_events([b"door"])
    assert not box.takes_snapshots()
    wire.open = True
    assert box.takes_snapshots()
    assert wire.messages == [b"door"]


def test_too_many_waiting_events_are_noticed() -> None:
    wire = Wire()
    box = outbox(wire, event_bytes=10)
    wire.open = False
    box.put_events([b"12345", b"12345"])
    assert not box.overfull
    box.put_events([b"1"])
    assert box.overfull


def test_deferred_events_go_out_with_the_snapshot_in_one_write() -> None:
    wire = Wire()
    box = outbox(wire)
    waiting: set[Outbox] = set()
    box.defer(waiting)
    box.put_events([b"one"])
    box.put_events([b"two"])
    assert not wire.messages
    assert waiting == {box}
    assert box.put_snapshot(b"snapshot")
    assert wire.messages == [b"one", b"two", b"snapshot"]
    assert wire.writes == 1


def test_a_write_that_fills_the_transport_is_reported() -> None:
    wire = Wire()
    box = outbox(wire)
    wire.buffered = lambda: 11  # type: ignore[method-assign]
    assert not box.put_snapshot(b"snapshot")


def test_a_last_word_goes_out_behind_all_that_waits_and_nothing_follows_it() -> None:
    wire = Wire()
    box = outbox(wire)
    wire.open = False
    box.put_events([b"event", b"goodbye"])
    box.close()
    box.put_events([b"more"])
    box.put_snapshot(b"snapshot")
    assert wire.messages == [b"event", b"goodbye"]


def test_an_abort_drops_what_waits() -> None:
    wire = Wire()
    box = outbox(wire)
    wire.open = False
    box.put_events([b"event"])
    box.abort()
    assert wire.aborted
    assert box.waiting_bytes == 0
    assert not wire.messages
