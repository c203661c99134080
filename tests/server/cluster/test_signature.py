"""Only processes of the same office are believed about whose request they hand on."""

from __future__ import annotations

import pytest

from server.cluster.signature import GOOD_S, Forwarded, Signer

SIGNER = Signer("k" * 40)
SAID = Forwarded("a1b2", "192.0.2.7")


def test_what_one_process_signs_another_reads() -> None:
    value = SIGNER.sign("POST", "/api/rooms/1/join?x=1", SAID, 1000.9)
    assert Signer("k" * 40).read("POST", "/api/rooms/1/join?x=1", value, 1003.0) == SAID


@pytest.mark.parametrize(
    ("method", "path", "now"),
    [("GET", "/p", 1000.0), ("POST", "/q", 1000.0), ("POST", "/p", 1000 + GOOD_S + 1), ("POST", "/p", 998 - GOOD_S)],
)
def test_it_is_good_for_one_request_and_for_a_while(method: str, path: str, now: float) -> None:
    assert SIGNER.read(method, path, SIGNER.sign("POST", "/p", SAID, 1000.0), now) is None


def test_what_outsiders_make_up_is_not_believed() -> None:
    good = SIGNER.sign("POST", "/p", SAID, 1000.0)
    forged = [
        None,
        "",
        "a b c d",
        good.replace("192.0.2.7", "192.0.2.8"),
        good.replace("a1b2", "other"),
        good.replace(" 1000 ", " 1001 "),
        good.replace(" 1000 ", " ¹⁰⁰⁰ "),
        good.replace(" 1000 ", " " + "9" * 400 + " "),
        good[:-1],
        good + " more",
        Signer("l" * 40).sign("POST", "/p", SAID, 1000.0),
    ]
    assert [SIGNER.read("POST", "/p", value, 1000.0) for value in forged] == [None] * len(forged)
