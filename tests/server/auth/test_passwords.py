import asyncio

import bcrypt
import pytest

from server.auth.errors import BusyError
from server.auth.passwords import WAITING_LIMIT, Passwords

GOOD = "correct horse battery"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(time_cost=1, memory_kib=64)


async def test_the_right_password_is_right_and_needs_no_new_hash(passwords: Passwords) -> None:
    verdict = await passwords.verify(GOOD, await passwords.hash(GOOD))
    assert (verdict.right, verdict.new_hash) == (True, None)


@pytest.mark.parametrize("wrong", ["", GOOD + "x", GOOD.upper(), "\0", GOOD + "\0", "é" * 256])
async def test_another_password_is_wrong(passwords: Passwords, wrong: str) -> None:
    assert not (await passwords.verify(wrong, await passwords.hash(GOOD))).right


async def test_hashes_are_salted_argon2id(passwords: Passwords) -> None:
    first, second = await passwords.hash(GOOD), await passwords.hash(GOOD)
    assert first != second
    assert first.startswith("$argon2id$")


@pytest.mark.parametrize("password", [GOOD, "long " * 40])
async def test_an_imported_bcrypt_hash_is_accepted_and_replaced(passwords: Passwords, password: str) -> None:
    imported = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    verdict = await passwords.verify(password, imported)
    assert verdict.right
    assert verdict.new_hash is not None
    assert (await passwords.verify(password, verdict.new_hash)).right
    assert not (await passwords.verify("wrong" + password, imported)).right


async def test_a_server_spends_64_mib_and_three_passes_on_a_password() -> None:
    assert (await Passwords().hash(GOOD)).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


async def test_a_hash_made_with_less_work_is_replaced(passwords: Passwords) -> None:
    verdict = await Passwords(time_cost=2, memory_kib=64).verify(GOOD, await passwords.hash(GOOD))
    assert verdict.new_hash is not None


async def test_without_an_account_the_answer_is_no(passwords: Passwords) -> None:
    assert not (await passwords.verify("nobody has this password", None)).right


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$", "$2b$12$short"])
async def test_a_hash_of_an_unknown_kind_fits_no_password(passwords: Passwords, broken: str) -> None:
    assert not (await passwords.verify(GOOD, broken)).right


async def test_a_flood_is_told_to_come_back(passwords: Passwords) -> None:
    results = await asyncio.gather(*(passwords.hash(GOOD) for _ in range(WAITING_LIMIT + 5)), return_exceptions=True)
    assert sum(isinstance(result, BusyError) for result in results) == 5
