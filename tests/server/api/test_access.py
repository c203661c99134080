"""Who may do what: every endpoint, tried by everyone, on what is somebody else's."""

import uuid
from typing import Any

import pytest

from server.api.routes import endpoints
from tests.server.api.room_table import TABLE as ROOM_TABLE

# (method, path, body): status for (nobody, guest, another account, the owner). {room} and {user} are the owner's.
TABLE: dict[tuple[str, str], tuple[Any, tuple[int, int, int, int]]] = {
    ("GET", "/api/health/live"): (None, (200, 200, 200, 200)),
    ("GET", "/api/health/startup"): (None, (200, 200, 200, 200)),
    ("GET", "/api/health/ready"): (None, (200, 200, 200, 200)),
    ("GET", "/api/auth/me"): (None, (401, 200, 200, 200)),
    ("GET", "/api/users/{user}"): (None, (401, 200, 200, 200)),
    ("PUT", "/api/users/{user}"): ({"avatar_config": {"look": [1] * 6}}, (401, 403, 403, 200)),
    ("GET", "/api/auth/account"): (None, (401, 403, 200, 200)),
    ("GET", "/api/auth/export"): (None, (401, 200, 200, 200)),
    ("GET", "/api/auth/sessions"): (None, (401, 200, 200, 200)),
    ("POST", "/api/auth/sessions/end-others"): (None, (401, 204, 204, 204)),
    ("DELETE", "/api/auth/sessions/{session}"): (None, (401, 404, 404, 204)),
    ("PUT", "/api/auth/password"): ({"new_password": "another password"}, (401, 403, 403, 403)),
    ("POST", "/api/auth/delete-account"): ({"password": "not mine", "username": "?"}, (401, 422, 403, 403)),
    ("POST", "/api/auth/reset-password"): ({"token": "x", "new_password": "another password"}, (400, 400, 400, 400)),
    ("GET", "/api/direct"): (None, (401, 200, 200, 200)),
    ("GET", "/api/direct/{user}/messages"): (None, (401, 200, 200, 200)),
    ("PUT", "/api/direct/{user}/read"): (None, (401, 204, 204, 204)),
    ("DELETE", "/api/direct/{user}/messages/{message}"): (None, (401, 404, 404, 404)),
    ("GET", "/api/media/ice"): (None, (401, 200, 200, 200)),
    ("GET", "/api/openapi.json"): (None, (200, 200, 200, 200)),
    ("GET", "/api/docs"): (None, (200, 200, 200, 200)),
    ("GET", "/api/auth/methods"): (None, (200, 200, 200, 200)),
    # No other provider is set up here.
    ("GET", "/api/auth/oidc/start"): (None, (404, 404, 404, 404)),
    ("GET", "/api/auth/oidc/callback"): (None, (404, 404, 404, 404)),
    ("POST", "/api/auth/oidc/link"): (None, (401, 403, 404, 404)),
    ("DELETE", "/api/auth/oidc/link"): (None, (401, 403, 204, 204)),
    ("POST", "/api/auth/register"): ({}, (422, 422, 422, 422)),
    ("POST", "/api/auth/login"): ({}, (422, 422, 422, 422)),
    ("POST", "/api/auth/guest"): ({"name": "Some guest"}, (201, 201, 201, 201)),
    ("POST", "/api/auth/refresh"): (None, (401, 200, 200, 200)),
    ("POST", "/api/auth/logout"): (None, (204, 204, 204, 204)),
}


def shape(path: str) -> str:
    person = "{id}" if path.startswith("/api/admin") else "{user}"
    path = path.replace("{room}", "{id}").replace("{user}", "{id}").replace("{server_ban}", "{ban}")
    return path.replace("{target}", person)


async def test_the_table_names_every_endpoint(site: Any) -> None:
    known = {(endpoint.method, endpoint.path) for endpoint in endpoints(site.services, {})}
    assert known == {(method, shape(path)) for method, path in (*TABLE, *ROOM_TABLE)}


@pytest.mark.parametrize(("method", "path"), TABLE)
async def test_each_kind_of_person_gets_the_expected_answer(site: Any, method: str, path: str) -> None:
    body, expected = TABLE[method, path]
    owner = await (await site.browser()).register()
    room = await owner.make_room()
    everyone = {
        "nobody": await site.browser(),
        "a guest": await (await site.browser()).enter(),
        "another account": await (await site.browser()).register(),
        "the owner": owner,
    }
    target = path.format(room=room["id"], user=owner.user["id"], session=owner.session_id, message=uuid.uuid4())
    found = {}
    for who, browser in everyone.items():
        response = await browser.send(method, target, **({"json": body} if body is not None else {}))
        found[who] = response.status
        if response.status >= 400:
            problem = await response.json(content_type="application/problem+json")
            assert problem.keys() == {"type", "title", "status", "detail", "code", "errors"}
            assert problem["status"] == response.status
    assert found == dict(zip(everyone, expected, strict=True))


MISSING = [str(uuid.UUID(int=7)), "7", "null", "..%2f..", "%00", "x" * 3000, "{" + str(uuid.uuid4()) + "}"]


@pytest.mark.parametrize(("method", "path"), [entry for entry in TABLE if "{" in entry[1]])
async def test_what_does_not_exist_is_not_found(site: Any, method: str, path: str) -> None:
    browser = await (await site.browser()).register()
    body, _ = TABLE[method, path]
    for missing in MISSING:
        target = path.format(room=missing, user=missing, session=missing, message=missing)
        response = await browser.send(method, target, **({"json": body} if body is not None else {}))
        # Whether somebody else's profile exists is not told to those who may not change it.
        own_profile_only = (method, path) == ("PUT", "/api/users/{user}") and missing == MISSING[0]
        assert response.status == (403 if own_profile_only else 404), missing


async def test_a_path_that_is_no_endpoint_is_not_found_and_a_wrong_method_is_told_the_right_ones(site: Any) -> None:
    browser = await site.browser()
    for method in ("GET", "POST", "DELETE"):
        assert (await browser.send(method, "/api/nothing")).status == 404
    response = await browser.delete("/api/rooms")
    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"


async def test_somebody_elses_email_is_not_shown(site: Any) -> None:
    anna, ben = await (await site.browser()).register(), await (await site.browser()).register()
    seen = await (await ben.get(f"/api/users/{anna.user['id']}")).json()
    assert (seen["username"], seen["email"]) == (anna.user["username"], None)


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é", "x" * 7000])
async def test_a_header_that_is_no_token_of_ours_is_refused(site: Any, authorization: str) -> None:
    browser = await site.browser()
    response = await browser.get("/api/auth/me", headers={"Authorization": authorization})
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_the_refresh_token_opens_no_endpoint(site: Any) -> None:
    browser = await (await site.browser()).register()
    browser.token = browser.cookie
    assert (await browser.get("/api/auth/me")).status == 401
