"""Password, log-ins, export and deletion, each over HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest

from server.store.password_resets import PasswordResets

GOOD_PASSWORD = "correct horse battery"
NEW_PASSWORD = "a wholly new password"


async def again(site: Any, browser: Any, password: str = GOOD_PASSWORD) -> Any:
    """The same person in another browser."""
    body = {"email": browser.user["username"], "password": password}
    return await (await site.browser()).sign_in("/api/auth/login", body)


async def code_of(response: Any) -> str:
    return str((await response.json(content_type="application/problem+json"))["code"])


async def can_log_in(site: Any, browser: Any, password: str) -> bool:
    body = {"email": browser.user["username"], "password": password}
    return (await (await site.browser()).post("/api/auth/login", body)).status == 200


async def test_an_account_says_what_it_is_made_of(site: Any) -> None:
    browser = await (await site.browser()).register()
    await browser.make_room()
    account = await (await browser.get("/api/auth/account")).json()
    assert account == {
        "email": browser.user["email"],
        "has_password": True,
        "identity": None,
        "owned_rooms": 1,
        "created_at": browser.user["created_at"],
    }


async def test_a_new_password_ends_all_other_log_ins_and_keeps_this_one(site: Any) -> None:
    here = await (await site.browser()).register()
    there = await again(site, here)
    body = {"current_password": GOOD_PASSWORD, "new_password": NEW_PASSWORD}
    assert (await here.put("/api/auth/password", body)).status == 204
    assert (await here.get("/api/auth/me")).status == 200
    assert (await there.get("/api/auth/me")).status == 401
    assert (await there.post("/api/auth/refresh")).status == 401
    assert [call[0] for call in site.rooms.calls] == ["end_session"]
    assert await can_log_in(site, here, NEW_PASSWORD)
    assert not await can_log_in(site, here, GOOD_PASSWORD)


@pytest.mark.parametrize("current", ["wrong password", "", None])
async def test_the_password_changes_only_for_who_knows_it(site: Any, current: str | None) -> None:
    browser = await (await site.browser()).register()
    body = {"current_password": current, "new_password": NEW_PASSWORD}
    response = await browser.put("/api/auth/password", body)
    problem = await response.json()
    assert (response.status, problem["code"]) == (403, "wrong_password")
    assert [error["field"] for error in problem["errors"]] == ["current_password"]
    assert await can_log_in(site, browser, GOOD_PASSWORD)


async def test_a_new_password_has_to_be_a_good_one(site: Any) -> None:
    browser = await (await site.browser()).register()
    response = await browser.put("/api/auth/password", {"current_password": GOOD_PASSWORD, "new_password": "short"})
    assert [error["field"] for error in (await response.json())["errors"]] == ["new_password"]


async def test_an_account_without_a_password_sets_its_first(site: Any) -> None:
    browser = await (await site.browser()).register()
    await site.services.db.execute("UPDATE users SET password_hash = NULL WHERE id = $1::uuid", browser.user["id"])
    assert (await (await browser.get("/api/auth/account")).json())["has_password"] is False
    assert (await browser.put("/api/auth/password", {"new_password": NEW_PASSWORD})).status == 204
    assert await can_log_in(site, browser, NEW_PASSWORD)


async def test_a_reset_link_sets_the_password_once_and_ends_all_log_ins(site: Any) -> None:
    browser = await (await site.browser()).register()
    token = await PasswordResets(site.services.db).issue(browser.user["id"])
    stranger = await site.browser()
    body = {"token": token, "new_password": NEW_PASSWORD}
    assert (await stranger.post("/api/auth/reset-password", body)).status == 204
    assert (await browser.get("/api/auth/me")).status == 401
    assert await can_log_in(site, browser, NEW_PASSWORD)
    assert await code_of(await stranger.post("/api/auth/reset-password", body)) == "reset_link_invalid"


async def test_a_reset_link_ends_with_its_time_with_a_newer_one_and_with_a_new_password(site: Any) -> None:
    browser = await (await site.browser()).register()
    resets, user_id = PasswordResets(site.services.db), browser.user["id"]
    expired = await resets.issue(user_id, timedelta(seconds=-1))
    older = await resets.issue(user_id)
    newer = await resets.issue(user_id)
    assert [await resets.is_good(token) for token in (expired, older, newer)] == [False, False, True]
    body = {"current_password": GOOD_PASSWORD, "new_password": NEW_PASSWORD}
    assert (await browser.put("/api/auth/password", body)).status == 204
    for token in (expired, older, newer):
        response = await browser.post("/api/auth/reset-password", {"token": token, "new_password": "yet another one"})
        assert (response.status, await code_of(response)) == (400, "reset_link_invalid")


async def test_log_ins_are_listed_with_this_one_marked(site: Any) -> None:
    here = await (await site.browser()).register()
    there = await site.browser()
    agent = {"User-Agent": "Mozilla/5.0 " + "x" * 500}
    await there.post("/api/auth/login", {"email": here.user["username"], "password": GOOD_PASSWORD}, headers=agent)
    sessions = (await (await here.get("/api/auth/sessions")).json())["sessions"]
    assert [(entry["is_current"], entry["method"]) for entry in sessions] == [
        (False, "password"),
        (True, "registration"),
    ]
    assert sessions[0]["agent"] == ("Mozilla/5.0 " + "x" * 500)[:200]
    assert {entry["address"] for entry in sessions} == {"127.0.0.1"}


async def test_a_single_log_in_can_be_ended_and_no_one_elses(site: Any) -> None:
    here = await (await site.browser()).register()
    there, stranger = await again(site, here), await (await site.browser()).register()
    path = f"/api/auth/sessions/{there.session_id}"
    assert await code_of(await stranger.delete(path)) == "session_not_found"
    assert (await there.get("/api/auth/me")).status == 200
    assert (await here.delete(path)).status == 204
    assert (await there.get("/api/auth/me")).status == 401
    assert (await here.get("/api/auth/me")).status == 200
    assert [str(call[1]) for call in site.rooms.calls] == [here.user["id"]]
    assert await code_of(await here.delete(path)) == "session_not_found"


async def test_all_other_log_ins_can_be_ended_at_once(site: Any) -> None:
    here = await (await site.browser()).register()
    others = [await again(site, here) for _ in range(3)]
    assert (await here.post("/api/auth/sessions/end-others")).status == 204
    assert [(await other.get("/api/auth/me")).status for other in others] == [401] * 3
    assert len((await (await here.get("/api/auth/sessions")).json())["sessions"]) == 1


async def test_the_export_holds_everything_but_secrets(site: Any) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room(name="Mine")
    await PasswordResets(site.services.db).issue(browser.user["id"])
    await site.services.db.execute(
        "INSERT INTO user_sessions (user_id, room_id, position_x, position_y) VALUES ($1::uuid, $2::uuid, 7, 8)",
        browser.user["id"],
        room["id"],
    )
    response = await browser.get("/api/auth/export")
    data = await response.json()
    assert "attachment" in response.headers["Content-Disposition"]
    assert data["account"]["email"] == browser.user["email"]
    assert [entry["name"] for entry in data["records"]["rooms.owner_id"]] == ["Mine"]
    assert [(entry["position_x"], entry["position_y"]) for entry in data["records"]["user_sessions.user_id"]] == [
        (7, 8)
    ]
    assert len(data["log_ins"]) == 1
    for secret in ("argon2", "_hash", "username_key"):
        assert secret not in json.dumps(data)


async def test_every_table_that_names_people_is_exported_and_emptied_by_deletion(site: Any) -> None:
    # A table added later is covered by its foreign key; this fails if one points to users without saying what happens.
    rows = await site.services.db.fetch(
        "SELECT conrelid::regclass::text AS name FROM pg_constraint "
        "WHERE contype = 'f' AND confrelid = 'users'::regclass AND confdeltype = 'a'"
    )
    assert [row["name"] for row in rows] == []


async def test_deleting_an_account_leaves_nothing_and_ends_its_log_ins(site: Any) -> None:
    here = await (await site.browser()).register()
    there = await again(site, here)
    assert (await here.post("/api/auth/delete-account", {"password": GOOD_PASSWORD})).status == 204
    assert here.cookie is None
    assert (await there.get("/api/auth/me")).status == 401
    assert await site.services.users.get(here.user["id"]) is None
    assert [call[0] for call in site.rooms.calls] == ["end_session"] * 2
    await (await site.browser()).register(here.user["username"])  # the name is free again


@pytest.mark.parametrize("body", [{}, {"password": "wrong password"}, {"username": "ignored"}])
async def test_an_account_is_deleted_with_its_password_only(site: Any, body: dict[str, str]) -> None:
    browser = await (await site.browser()).register()
    assert await code_of(await browser.post("/api/auth/delete-account", body)) == "wrong_password"
    assert (await browser.get("/api/auth/me")).status == 200


async def test_owned_rooms_keep_an_account_unless_they_are_to_go_too(site: Any) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room()
    body: dict[str, Any] = {"password": GOOD_PASSWORD}
    response = await browser.post("/api/auth/delete-account", body)
    assert (response.status, await code_of(response)) == (409, "owns_rooms")
    assert (await browser.get(f"/api/rooms/{room['id']}")).status == 200
    assert (await browser.post("/api/auth/delete-account", body | {"delete_rooms": True})).status == 204
    assert ("close_room", room["id"]) in [(call[0], str(call[1])) for call in site.rooms.calls]
    assert (await (await site.browser()).get(f"/api/rooms/{room['id']}")).status == 404


async def test_a_guest_leaves_for_good_by_name(site: Any) -> None:
    guest = await (await site.browser()).enter("Passer-by")
    response = await guest.post("/api/auth/delete-account", {"username": "someone else"})
    assert [error["field"] for error in (await response.json())["errors"]] == ["username"]
    assert (await guest.post("/api/auth/delete-account", {"username": "passer-by"})).status == 204
    assert (await guest.get("/api/auth/me")).status == 401


async def test_pages_of_other_sites_delete_nothing(site: Any) -> None:
    browser = await (await site.browser()).register()
    body, headers = {"password": GOOD_PASSWORD}, {"Origin": "https://evil.example"}
    assert await code_of(await browser.post("/api/auth/delete-account", body, headers=headers)) == "foreign_origin"


async def test_a_disabled_account_neither_logs_in_nor_goes_on(site: Any) -> None:
    browser = await (await site.browser()).register()
    await site.services.users.set_disabled(browser.user["id"], True)
    assert (await browser.get("/api/auth/me")).status == 401
    assert (await browser.post("/api/auth/refresh")).status == 401
    body = {"email": browser.user["username"], "password": GOOD_PASSWORD}
    response = await (await site.browser()).post("/api/auth/login", body)
    assert (response.status, await code_of(response)) == (403, "account_disabled")
    # Who does not know the password learns nothing.
    response = await (await site.browser()).post("/api/auth/login", body | {"password": "wrong password"})
    assert await code_of(response) == "invalid_credentials"
    await site.services.users.set_disabled(browser.user["id"], False)
    assert await can_log_in(site, browser, GOOD_PASSWORD)
