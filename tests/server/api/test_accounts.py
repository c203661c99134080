import asyncio
from typing import Any

import bcrypt
import jwt
import pytest

from server.auth.tokens import GRACE_S

GOOD_PASSWORD = "correct horse battery"


def registration(**changes: Any) -> dict[str, Any]:
    return {"email": "x@example.org", "username": "Somebody", "password": GOOD_PASSWORD} | changes


async def test_registering_signs_in(browser: Any) -> None:
    response = await browser.post("/api/auth/register", registration(email="New@Example.org", username="New One"))
    answer = await response.json()
    assert response.status == 201
    assert len(answer["user"]["avatar_config"]["look"]) == 6
    assert answer["user"] | {"id": "", "created_at": "", "avatar_config": {}} == {
        "id": "",
        "username": "New One",
        "email": "New@Example.org",
        "is_guest": False,
        "avatar_config": {},
        "created_at": "",
        "role": "user",
    }
    browser.token = answer["access_token"]
    assert await (await browser.get("/api/auth/me")).json() == answer["user"]


async def test_the_refresh_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Any) -> None:
    response = await browser.post("/api/auth/guest", {"name": "Anna"})
    attributes = {part.strip().lower() for part in response.headers["Set-Cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/api/auth"} <= attributes
    assert "secure" not in attributes
    claimed = await browser.post("/api/auth/guest", {"name": "Anna"}, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" not in claimed.headers["Set-Cookie"], "only a proxy of ours may say so"


@pytest.mark.parametrize("who", ["Case@Example.org", "case@example.ORG", "Case Name", "CASE NAME", " case name "])
async def test_one_logs_in_by_address_or_name_in_any_case(site: Any, who: str) -> None:
    await (await site.browser()).post(
        "/api/auth/register", registration(email="Case@example.org", username="Case Name")
    )
    browser = await (await site.browser()).sign_in("/api/auth/login", {"email": who, "password": GOOD_PASSWORD})
    assert browser.user["username"] == "Case Name"


async def test_an_unknown_name_and_a_wrong_password_look_the_same(site: Any) -> None:
    await (await site.browser()).post("/api/auth/register", registration(email="same@example.org", username="Same"))
    browser = await site.browser()
    answers = []
    for who, password in (
        ("same@example.org", "wrong password"),
        ("nobody@example.org", GOOD_PASSWORD),
        ("\0", "\0"),
        ("", ""),
    ):
        response = await browser.post("/api/auth/login", {"email": who, "password": password})
        answers.append((response.status, await response.text(), response.headers.get("Set-Cookie")))
    assert answers == [answers[0]] * 4
    assert answers[0][0] == 401


async def test_a_guest_has_no_password_to_log_in_with(site: Any) -> None:
    await (await site.browser()).enter("Passing Guest")
    response = await (await site.browser()).post("/api/auth/login", {"email": "Passing Guest", "password": ""})
    assert response.status == 401


async def test_guests_may_share_a_name_also_with_an_account(site: Any) -> None:
    account = await (await site.browser()).register("Popular")
    guests = [await (await site.browser()).enter("Popular") for _ in range(2)]
    assert len({person.user["id"] for person in (account, *guests)}) == 3


@pytest.mark.parametrize("field", ["email", "username"])
async def test_of_people_who_take_one_name_at_once_one_gets_it(site: Any, field: str) -> None:
    browser = await site.browser()
    same = {"email": "race@example.org", "username": "Racer"}[field]
    bodies = [
        registration(email=f"r{field}{number}@example.org", username=f"racer {field} {number}")
        | {field: same.upper() if number % 2 else same}
        for number in range(12)
    ]
    responses = await asyncio.gather(*(browser.post("/api/auth/register", body) for body in bodies))
    assert sorted(response.status for response in responses) == [201] + [409] * 11
    problem = next([await response.json() async for response in _each(responses) if response.status == 409].__iter__())
    assert problem["code"] == f"{field}_taken"
    assert [error["field"] for error in problem["errors"]] == [field]


async def _each(responses: Any) -> Any:
    for response in responses:
        yield response


async def test_an_imported_bcrypt_password_is_upgraded_at_log_in(site: Any) -> None:
    imported = bcrypt.hashpw(GOOD_PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    user = await site.services.users.create_account(
        email="old@example.org", username="Old", password_hash=imported, look=bytes(6)
    )
    for _ in range(2):
        await (await site.browser()).sign_in("/api/auth/login", {"email": "Old", "password": GOOD_PASSWORD})
    assert (await site.services.users.get(user.id)).password_hash.startswith("$argon2id$")


async def test_refreshing_rotates_the_cookie_and_keeps_the_person(browser: Any) -> None:
    await browser.register()
    before = browser.cookie
    response = await browser.post("/api/auth/refresh")
    assert response.status == 200
    assert (await response.json())["user"] == browser.user
    assert browser.cookie not in (None, before)


async def test_a_copied_cookie_ends_the_log_in_and_its_connections(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, thief = await (await site.browser()).register(), await site.browser()
    stolen = {"Cookie": f"hallway_refresh={owner.cookie}"}
    await owner.post("/api/auth/refresh")
    later = site.services.tokens._clock
    monkeypatch.setattr(site.services.tokens, "_clock", lambda: later() + GRACE_S + 1)
    assert (await thief.post("/api/auth/refresh", headers=stolen)).status == 401
    assert (await owner.post("/api/auth/refresh")).status == 401
    assert owner.cookie is None
    assert (await owner.get("/api/auth/me")).status == 401
    assert [call[0] for call in site.rooms.calls] == ["end_session"]


async def test_logging_out_ends_the_access_token_too(site: Any) -> None:
    browser = await (await site.browser()).register()
    assert (await browser.post("/api/auth/logout")).status == 204
    assert browser.cookie is None
    assert (await browser.get("/api/auth/me")).status == 401
    assert (await browser.post("/api/auth/refresh")).status == 401
    assert [call[0] for call in site.rooms.calls] == ["end_session"]


async def test_logging_out_works_by_cookie_alone_and_twice(site: Any) -> None:
    browser = await (await site.browser()).register()
    token, browser.token = browser.token, None
    assert (await browser.post("/api/auth/logout")).status == 204
    assert (await browser.post("/api/auth/logout")).status == 204
    browser.token = token
    assert (await browser.get("/api/auth/me")).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["register", "login", "guest", "refresh", "logout"])
async def test_pages_of_other_sites_cannot_use_the_cookie(site: Any, path: str, headers: dict[str, str]) -> None:
    browser = await (await site.browser()).enter()
    response = await browser.post(f"/api/auth/{path}", {}, headers=headers)
    assert (await response.json())["code"] == "foreign_origin"
    assert (await browser.post("/api/auth/refresh")).status == 200


async def test_our_own_pages_can(site: Any) -> None:
    browser = await site.browser()
    own = str(browser.client.make_url("/").origin())
    headers = {"Origin": own, "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post("/api/auth/guest", {"name": "Anna"}, headers=headers)).status == 201


async def test_a_token_outlives_no_account(site: Any) -> None:
    browser = await (await site.browser()).register()
    await site.services.db.execute("DELETE FROM users WHERE id = $1::uuid", browser.user["id"])
    assert (await browser.get("/api/auth/me")).status == 401
    assert (await browser.post("/api/auth/refresh")).status == 401


async def test_a_token_of_another_server_is_refused(site: Any) -> None:
    browser = await (await site.browser()).register()
    payload = jwt.decode(browser.token, options={"verify_signature": False})
    browser.token = jwt.encode(payload, "x" * 40, algorithm="HS256")
    assert (await browser.get("/api/auth/me")).status == 401


async def test_one_changes_ones_own_name_and_look(site: Any) -> None:
    browser = await (await site.browser()).register()
    path = f"/api/users/{browser.user['id']}"
    changed = await (await browser.put(path, {"username": "Fresh Name"})).json()
    assert changed["username"] == "Fresh Name"
    changed = await (await browser.put(path, {"avatar_config": {"look": [1, 2, 3, 4, 5, 6]}})).json()
    assert (changed["username"], changed["avatar_config"]) == ("Fresh Name", {"look": [1, 2, 3, 4, 5, 6]})
    assert await (await browser.put(path, {})).json() == changed
    assert [call[2:] for call in site.rooms.calls] == [
        ("Fresh Name", bytes(browser.user["avatar_config"]["look"])),
        ("Fresh Name", bytes([1, 2, 3, 4, 5, 6])),
    ]


async def test_nobody_takes_the_name_of_another_account(site: Any) -> None:
    await (await site.browser()).register("Straße")
    browser = await (await site.browser()).register()
    response = await browser.put(f"/api/users/{browser.user['id']}", {"username": "STRASSE"})
    assert (response.status, (await response.json())["code"]) == (409, "username_taken")
