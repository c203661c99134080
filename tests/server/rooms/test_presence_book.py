"""How people are seen: what they chose, and idleness."""

from uuid import UUID

from server.rooms.presence_book import AWAY, PresenceBook
from server.store.presence import Presence

ANN, BEN = UUID(int=1), UUID(int=2)


def test_somebody_of_whom_nothing_is_known_is_available_and_can_be_found() -> None:
    book = PresenceBook()
    assert book.shown(ANN) == (0, "")
    assert book.chosen(ANN).findable


def test_idleness_hides_available_and_nothing_else() -> None:
    book = PresenceBook()
    book.set_idle(ANN, True)
    assert book.shown(ANN) == (AWAY, "")
    book.choose(ANN, Presence("dnd", "Writing"))
    assert book.shown(ANN) == (3, "Writing")
    book.choose(ANN, Presence("available", "Back at two"))
    assert book.shown(ANN) == (AWAY, "Back at two")
    book.set_idle(ANN, False)
    assert book.shown(ANN) == (0, "Back at two")


def test_who_is_gone_is_forgotten() -> None:
    book = PresenceBook()
    for person in (ANN, BEN):
        book.choose(person, Presence("busy"))
        book.set_idle(person, True)
    book.keep_only([BEN])
    assert (book.shown(ANN), book.shown(BEN)) == ((0, ""), (1, ""))
