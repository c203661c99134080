"""The one offer, what counts of an answer, checks of connectivity, and the messages to a worker."""

from __future__ import annotations

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from server.media.sfu import control
from server.media.sfu.ice_lite import Credentials, parse_check
from server.media.sfu.sdp import PICTURE_MIDS, SOUND_MIDS, Answer, Offer, parse_answer

FINGERPRINT = ":".join(["AB"] * 32)
GOOD = f"a=ice-ufrag:abcd\r\na=ice-pwd:{'p' * 22}\r\na=fingerprint:sha-256 {FINGERPRINT}\r\na=setup:active\r\n"


def offer(*, simulcast: bool = False) -> str:
    slots = {mid: 1000 + mid for mid in (*SOUND_MIDS, *PICTURE_MIDS)}
    addresses = (("192.0.2.7", 7880), ("2001:db8::7", 7880))
    return Offer(Credentials("frag", "p" * 22), FINGERPRINT, addresses, slots, simulcast).text()


def sections(sdp: str) -> list[str]:
    return sdp.split("\r\nm=")[1:]


def test_the_sections_stand_as_the_standard_says() -> None:
    found = sections(offer())
    assert len(found) == 26
    kinds = [section.split(" ")[0] for section in found]
    assert kinds == ["audio", "video", "video", "audio", *["audio"] * 16, *["video"] * 6]
    assert all(f"a=mid:{mid}\r\n" in section for mid, section in enumerate(found))
    assert all("a=recvonly" in section for section in found[:4])
    assert all(
        "a=sendonly" in section and f"a=ssrc:{1000 + mid} " in section for mid, section in enumerate(found) if mid > 3
    )


def test_the_server_is_lite_and_says_where_it_is() -> None:
    sdp = offer()
    assert "a=ice-lite\r\n" in sdp
    assert "a=setup:actpass\r\n" in sdp
    assert " 192.0.2.7 7880 typ host" in sdp
    assert " 2001:db8::7 7880 typ host" in sdp
    assert len(sdp.encode()) < 65_536


def test_two_layers_are_asked_for_only_if_they_are_wanted() -> None:
    assert "simulcast" not in offer()
    found = sections(offer(simulcast=True))
    assert "a=simulcast:recv l;h" in found[1]
    assert "simulcast" not in found[2]


def test_an_answer_says_four_things() -> None:
    expected = Answer("abcd", "p" * 22, FINGERPRINT)
    assert parse_answer(GOOD) == expected
    longer = "v=0\r\ns=-\r\n" + GOOD + "a=fingerprint:sha-512 00\r\nm=video 9\r\n" + GOOD.replace("abcd", "other")
    assert parse_answer(longer) == expected


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("a=setup:active", "a=setup:passive"),
        ("a=setup:active", "a=setup:actpass"),
        ("a=setup:active\r\n", ""),
        ("abcd", "abc"),
        ("abcd", "ab cd"),
        ("p" * 22, "p" * 21),
        ("p" * 22, "p" * 257),
        ("sha-256", "sha-1"),
        (FINGERPRINT, FINGERPRINT[:-3]),
        (FINGERPRINT, FINGERPRINT + ":AB"),
        ("a=setup:active", "a=ice-lite\r\na=setup:active"),
    ],
)
def test_an_answer_that_can_not_be_used_is_none(part: str, instead: str) -> None:
    assert parse_answer(GOOD.replace(part, instead)) is None


def test_ten_thousand_lines_are_no_answer() -> None:
    assert parse_answer("a=x\r\n" * 10_000 + GOOD) is None


@given(st.text(max_size=300))
def test_nothing_that_a_client_answers_raises(text: str) -> None:
    parse_answer(text)
    parse_answer(GOOD + text)


def request(username: str | None, password: str, *, nominate: bool = False) -> bytes:
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    if username is not None:
        message.attributes["USERNAME"] = username
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(password.encode())
    return bytes(message)


def test_a_check_with_the_password_is_answered_with_where_it_came_from() -> None:
    check = parse_check(request("frag:abcd", "secret", nominate=True))
    assert check is not None
    assert check.fragment == "frag"
    answered = check.answer("secret", ("198.51.100.9", 4242))
    assert answered is not None
    data, nominated = answered
    assert nominated
    response = stun.parse_message(data)
    assert response.message_class is stun.Class.RESPONSE
    assert response.attributes["XOR-MAPPED-ADDRESS"] == ("198.51.100.9", 4242)
    assert response.check_message_integrity(b"secret")


def test_a_check_without_the_password_is_not_answered() -> None:
    check = parse_check(request("frag:abcd", "guess"))
    assert check is not None
    assert check.answer("secret", ("198.51.100.9", 4242)) is None
    bare = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "frag:abcd"})
    unsigned = parse_check(bytes(bare))
    assert unsigned is not None
    assert unsigned.answer("secret", ("198.51.100.9", 4242)) is None


@pytest.mark.parametrize("username", [None, "frag"])
def test_a_check_for_nobody_is_none(username: str | None) -> None:
    assert parse_check(request(username, "secret")) is None


@given(st.binary(max_size=200))
def test_no_datagram_raises(data: bytes) -> None:
    parse_check(data)
    parse_check(b"\x00\x01\x00" + bytes([len(data) & 0xFC]) + b"\x21\x12\xa4\x42" + bytes(12) + data)


def test_messages_to_a_worker_arrive_however_they_are_cut() -> None:
    orders = [control.Open(1), control.Hear(1, ((2, 255), (3, 0))), control.Look(1, 6, ((2, 1, 2),)), control.Close(1)]
    data = b"".join(control.pack(order) for order in orders)
    for step in (1, 3, len(data)):
        reader = control.Reader()
        found = [order for at in range(0, len(data), step) for order in reader.orders(data[at : at + step])]
        assert found == orders


def test_a_message_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        control.Reader().notices(b"\xff\xff\xff\xff")
