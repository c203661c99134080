"""Whose address counts when proxies are in between, and when clients lie about it."""

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from server.auth.address import UNKNOWN, client_address, counted_as
from server.config import load_settings

PROXIES = "10.0.0.0/8, fd00::/8"


def address(remote: str | None, *forwarded: str, trusted: str = PROXIES) -> str:
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=remote or "")
    return client_address(request, load_settings({}, flags={"trusted_proxies": trusted}))


def test_without_proxies_the_connections_address_counts_whatever_the_client_says() -> None:
    assert address("203.0.113.7", "198.51.100.1", trusted="") == "203.0.113.7"
    assert address("203.0.113.7", "198.51.100.1") == "203.0.113.7"
    assert address("127.0.0.1", "198.51.100.1") == "127.0.0.1"


def test_a_trusted_proxy_tells_the_clients_address() -> None:
    assert address("10.0.0.1", "203.0.113.7") == "203.0.113.7"
    assert address("::ffff:10.0.0.1", "203.0.113.7") == "203.0.113.7"
    assert address("10.0.0.1", "2001:db8::1") == "2001:db8::1"


@pytest.mark.parametrize(
    "forwarded", [("1.1.1.1, 203.0.113.7",), ("1.1.1.1", "203.0.113.7"), ("1.1.1.1, 203.0.113.7, 10.9.9.9",)]
)
def test_what_the_client_wrote_before_the_proxies_does_not_count(forwarded: tuple[str, ...]) -> None:
    assert address("10.0.0.1", *forwarded) == "203.0.113.7"


@pytest.mark.parametrize("nonsense", ["", "unknown", "_hidden", "1.2.3.4:80", "x" * 5000, ",,,"])
def test_nonsense_leaves_the_last_address_that_is_known(nonsense: str) -> None:
    assert address("10.0.0.1", nonsense) == "10.0.0.1"
    assert address("10.0.0.1", f"{nonsense}, 10.0.0.2") == "10.0.0.2"


def test_a_connection_without_an_address_is_told_from_others() -> None:
    assert address(None) == UNKNOWN
    assert counted_as(UNKNOWN) == UNKNOWN


def test_limits_count_networks_of_ipv6_and_single_addresses_of_ipv4() -> None:
    assert counted_as("203.0.113.7") == "203.0.113.7"
    assert counted_as("2001:db8::1") == counted_as("2001:db8::ffff") == "2001:db8::/64"
