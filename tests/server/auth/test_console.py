"""The command line's token: good for a minute, made with the office's key only, and no access token."""

from __future__ import annotations

import time

import jwt
import pytest

from server.auth.console import AUDIENCE, LIFE_S, console_token, is_console_token
from server.auth.errors import TokenError

KEY = "the office's own key, which is long enough for it"
NOW = 4_000_000_000.0


def test_the_offices_own_token_opens() -> None:
    assert is_console_token(console_token(KEY, time.time()), KEY)


@pytest.mark.parametrize(
    "token",
    [
        console_token("another office's key, which is long enough too", NOW),
        console_token(KEY, 1_000_000.0),
        jwt.encode({"aud": AUDIENCE, "iat": NOW, "exp": NOW + LIFE_S}, "", algorithm="none"),
        jwt.encode({"aud": AUDIENCE, "iat": NOW}, KEY, algorithm="HS256"),
        jwt.encode({"aud": AUDIENCE, "iat": NOW, "exp": NOW + LIFE_S}, KEY + "x" * 16, algorithm="HS384"),
    ],
    ids=["another key", "expired", "unsigned", "without an end", "another algorithm"],
)
def test_a_token_that_only_claims_to_be_one_is_refused(token: str) -> None:
    with pytest.raises(TokenError):
        is_console_token(token, KEY)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 20, "x" * 5000, jwt.encode({"aud": "hallway"}, KEY * 2)])
def test_what_is_another_kind_of_token_is_left_to_others(token: str) -> None:
    assert not is_console_token(token, KEY)
