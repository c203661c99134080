"""Sets of networks as operators write them."""

import pytest

from server.networks import is_within, parse_address, parse_networks


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("127.0.0.0/8, ::1", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"], ["128.0.0.1", "::2"]),
        ("10.0.0.7", ["10.0.0.7"], ["10.0.0.8"]),
        ("10.0.0.0/8  192.168.1.7,fd00::/8", ["10.1.2.3", "192.168.1.7", "fd12::1"], ["192.168.1.8"]),
        ("", [], ["127.0.0.1"]),
        (" None ", [], ["127.0.0.1", "::"]),
    ],
)
def test_an_address_is_within_the_networks_or_not(text: str, inside: list[str], outside: list[str]) -> None:
    networks = parse_networks(text)
    assert all(is_within(parse_address(address), networks) for address in inside)
    assert not any(is_within(parse_address(address), networks) for address in outside)


@pytest.mark.parametrize("text", ["10.0.0.0/33", "localhost", "10.0.0.1/8", "none, 10.0.0.1", ",", "1"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_networks(text)


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "1.2.3.4:80", "unix:"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parse_address(text) is None
    assert not is_within(None, parse_networks("0.0.0.0/0, ::/0"))


def test_the_zone_of_an_address_does_not_matter() -> None:
    assert parse_address("fe80::1%eth0") == parse_address("fe80::1")
