"""Limits as a client meets them: 429, a problem document, and when to come back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.server.api.conftest import open_site

PASSWORD = "correct horse battery"


@pytest.fixture
async def strict(module_database: str, fresh_redis: str) -> AsyncIterator[Any]:
    """A server with the limits on wrong passwords in force, and few guests; requests may come through a proxy."""
    limits = {
        "wrong_passwords_account_per_minute": 5,
        "wrong_passwords_address_per_10_minutes": 10,
        "guests_address_per_minute": 3,
        "registrations_address_per_hour": 3,
        "trusted_proxies": "127.0.0.1",
    }
    async with open_site(module_database, fresh_redis, **limits) as opened:
        yield opened


def through(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def log_in(browser: Any, who: str, password: str, address: str) -> Any:
    return await browser.post("/api/auth/login", {"email": who, "password": password}, headers=through(address))


async def test_a_trusted_proxy_says_that_the_browser_speaks_https(strict: Any) -> None:
    headers = through("203.0.113.50") | {"X-Forwarded-Proto": "https"}
    response = await (await strict.browser()).post("/api/auth/guest", {"name": "Anna"}, headers=headers)
    assert "Secure" in response.headers["Set-Cookie"]


async def test_after_five_wrong_passwords_an_account_waits_and_the_answer_says_how_long(strict: Any) -> None:
    person = await (await strict.browser()).register()
    name, attacker = person.user["username"], await strict.browser()
    statuses = [(await log_in(attacker, name, "wrong", f"203.0.113.{n}")).status for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    response = await log_in(attacker, name, PASSWORD, "203.0.113.99")
    problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["code"], problem["status"]) == (429, "rate_limited", 429)
    assert 1 <= int(response.headers["Retry-After"]) <= 12
    assert f"{response.headers['Retry-After']} second" in problem["detail"]


async def test_name_and_address_of_an_account_are_one_account(strict: Any) -> None:
    person = await (await strict.browser()).register()
    attacker = await strict.browser()
    names = [person.user["username"], person.user["email"], person.user["username"].upper()] * 2
    statuses = [(await log_in(attacker, name, "wrong", f"203.0.113.{n}")).status for n, name in enumerate(names)]
    assert statuses == [401] * 5 + [429]


async def test_an_account_that_does_not_exist_is_limited_like_one_that_does(strict: Any) -> None:
    attacker = await strict.browser()
    statuses = [(await log_in(attacker, "Nobody Here", "wrong", f"203.0.113.{n}")).status for n in range(6)]
    assert statuses == [401] * 5 + [429]


async def test_an_address_waits_after_ten_wrong_passwords_and_others_do_not(strict: Any) -> None:
    person = await (await strict.browser()).register()
    attacker = await strict.browser()
    responses = await asyncio.gather(*(log_in(attacker, f"name {n}", "wrong", "203.0.113.7") for n in range(30)))
    assert sorted(response.status for response in responses) == [401] * 10 + [429] * 20
    assert (await log_in(attacker, person.user["username"], PASSWORD, "203.0.113.7")).status == 429
    assert (await log_in(attacker, person.user["username"], PASSWORD, "203.0.113.8")).status == 200


async def test_tries_at_the_other_places_that_ask_for_the_password_count_too(strict: Any) -> None:
    person = await (await strict.browser()).register()
    statuses = [
        (await person.put("/api/auth/password", {"current_password": "wrong", "new_password": PASSWORD})).status
        for _ in range(3)
    ] + [(await person.post("/api/auth/delete-account", {"password": "wrong"})).status for _ in range(3)]
    assert statuses == [403] * 5 + [429]


async def test_an_address_that_guesses_reset_links_is_stopped(strict: Any) -> None:
    attacker = await strict.browser()
    statuses = []
    for n in range(12):
        body = {"token": f"guess {n}", "new_password": PASSWORD}
        statuses.append((await attacker.post("/api/auth/reset-password", body, headers=through("203.0.113.7"))).status)
    assert statuses == [400] * 10 + [429] * 2


@pytest.mark.parametrize(("path", "body"), [("guest", {"name": "Guest"}), ("register", {})])
async def test_guests_and_registrations_are_counted_by_address(strict: Any, path: str, body: dict[str, str]) -> None:
    browser, statuses = await strict.browser(), []
    for n in range(5):
        filled = body or {"email": f"n{n}@example.org", "username": f"Number {n}", "password": PASSWORD}
        statuses.append((await browser.post(f"/api/auth/{path}", filled, headers=through("203.0.113.7"))).status)
    assert statuses == [201] * 3 + [429] * 2
    # What was not right does not count, and this computer itself is free.
    assert (await browser.post(f"/api/auth/{path}", {}, headers=through("203.0.113.7"))).status == 422
    assert (await browser.post("/api/auth/guest", {"name": "Guest"})).status == 201


async def test_a_client_cannot_choose_its_address_without_a_proxy(module_database: str, fresh_redis: str) -> None:
    async with open_site(module_database, fresh_redis, guests_address_per_minute=2, unlimited_addresses="none") as site:
        browser = await site.browser()
        statuses = [
            (await browser.post("/api/auth/guest", {"name": "Guest"}, headers=through(f"203.0.113.{n}"))).status
            for n in range(4)
        ]
    assert statuses == [201, 201, 429, 429]


async def test_registration_can_be_closed(module_database: str, redis_url: str) -> None:
    async with open_site(module_database, redis_url, registration_open=False) as site:
        body = {"email": "n@example.org", "username": "Newcomer", "password": PASSWORD}
        response = await (await site.browser()).post("/api/auth/register", body)
        assert (response.status, (await response.json())["code"]) == (403, "registration_closed")
