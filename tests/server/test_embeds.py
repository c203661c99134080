"""Which pages of other sites may be shown."""

import pytest

from server.embeds import may_embed

ORIGINS = ("https://docs.example.org", "https://*.example.com", "http://intern:8080")


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.example.org/a?b#c",
        "https://docs.example.org:443/",
        "https://a.example.com/",
        "http://intern:8080/x",
    ],
)
def test_pages_of_the_named_sites_may_be_shown(url: str) -> None:
    assert may_embed(url, ORIGINS)


@pytest.mark.parametrize(
    "url",
    [
        "http://docs.example.org/",
        "https://docs.example.org.evil.net/",
        "https://docs.example.org@evil.net/",
        "https://example.com/",
        "https://evilexample.com/",
        "https://docs.example.org:8443/",
        "http://intern/",
        "https://[",
    ],
)
def test_others_may_not(url: str) -> None:
    assert not may_embed(url, ORIGINS)


def test_nothing_is_shown_where_nothing_is_allowed() -> None:
    assert not may_embed("https://docs.example.org/", ())
