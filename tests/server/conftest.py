"""What tests of servers share that run in the test's own process."""

from collections.abc import Iterator
from functools import partial

import pytest

import server.app
from server.auth.passwords import Passwords


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing a password is slow on purpose, and tests here make many accounts; how slow, is a matter of
    `tests/server/auth/test_passwords.py` and of every server in a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server.app, "Passwords", partial(Passwords, time_cost=1, memory_kib=64))
        yield
