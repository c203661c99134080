"""Bad input gets a clear 4xx, whatever it is."""

import gzip
import json
from typing import Any

import pytest

BODY_ENDPOINTS = [
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/guest"),
    ("POST", "/api/rooms"),
    ("PUT", "/api/rooms/{room}"),
    ("PUT", "/api/users/{user}"),
    ("POST", "/api/rooms/{room}/join"),
]

BAD_JSON = [
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"7",
    b"\xff\xfe",
    b'{"name": "\xff"}',
    b'{"name": "\\ud800"}',
    b"[" * 60_000,
    b'{"a":' * 12_000,
    b"{} {}",
    b"1e999",
]


async def status_and_problem(response: Any) -> tuple[int, dict[str, Any]]:
    return response.status, await response.json(content_type="application/problem+json")


@pytest.mark.parametrize(("method", "path"), BODY_ENDPOINTS)
async def test_what_is_no_json_object_is_refused(site: Any, method: str, path: str) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room()
    target = path.format(room=room["id"], user=browser.user["id"])
    for raw in BAD_JSON:
        response = await browser.send(method, target, data=raw, headers={"Content-Type": "application/json"})
        status, problem = await status_and_problem(response)
        assert (status, problem["code"]) == (400, "bad_json"), raw[:20]


@pytest.mark.parametrize(("method", "path"), BODY_ENDPOINTS)
async def test_unknown_fields_are_refused_by_name(site: Any, method: str, path: str) -> None:
    browser = await (await site.browser()).register()
    room = await browser.make_room()
    target = path.format(room=room["id"], user=browser.user["id"])
    status, problem = await status_and_problem(await browser.send(method, target, json={"is_admin": True}))
    assert status == 422
    assert {"field": "is_admin", "reason": "is not known here"} in problem["errors"]


async def test_other_content_types_are_refused(browser: Any) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = await browser.post("/api/auth/guest", data=b'{"name": "Anna"}', headers={"Content-Type": kind})
        assert (await status_and_problem(response))[1]["code"] == "not_json"


async def test_a_body_that_is_too_large_is_refused_also_when_it_is_packed(browser: Any) -> None:
    large = json.dumps({"name": "x" * 70_000}).encode()
    plain = await browser.post("/api/auth/guest", data=large, headers={"Content-Type": "application/json"})
    assert plain.status == 413
    bomb = gzip.compress(json.dumps({"name": "x" * 50_000_000}).encode())
    packed = await browser.post(
        "/api/auth/guest", data=bomb, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert packed.status == 413


async def test_a_body_that_is_not_packed_as_it_says_is_refused(browser: Any) -> None:
    response = await browser.post(
        "/api/auth/guest", data=b"{}", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert response.status == 400


async def test_all_wrong_fields_are_named_at_once_in_plain_words(browser: Any) -> None:
    status, problem = await status_and_problem(
        await browser.post("/api/auth/register", {"email": "no", "password": "short", "extra": 1})
    )
    assert (status, problem["code"]) == (422, "validation")
    assert {error["field"]: error["reason"] for error in problem["errors"]} == {
        "email": "is not an e-mail address",
        "username": "is missing",
        "password": "must have 10 to 256 characters",
        "extra": "is not known here",
    }


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", 7, "must be text"),
        ("name", None, "must be text"),
        ("name", "  ", "must have 1 to 80 characters"),
        ("name", "a\0b", "holds characters that cannot be shown"),
        ("description", "x" * 501, "must have at most 500 characters"),
        ("max_capacity", 1, "must be at least 2"),
        ("max_capacity", 5001, "must be at most 5000"),
        ("max_capacity", "7", "must be a whole number"),
        ("max_capacity", 7.5, "must be a whole number"),
        ("max_capacity", True, "must be a whole number"),
        ("max_capacity", 10**30, "must be at most 5000"),
        ("max_capacity", None, "must be a whole number"),
        ("is_public", 1, "must be true or false"),
        ("template", "nowhere", "must be one of: closet, other"),
        ("template", "../furniture", "must be one of: closet, other"),
        ("template", "\0", "must be one of: closet, other"),
    ],
)
async def test_a_wrong_field_of_a_room_is_explained(site: Any, field: str, value: Any, reason: str) -> None:
    browser = await (await site.browser()).register()
    body = {"name": "Room", "template": "closet", field: value}
    status, problem = await status_and_problem(await browser.post("/api/rooms", body))
    assert status == 422
    assert problem["errors"] == [{"field": field, "reason": reason}]


@pytest.mark.parametrize(
    ("look", "field", "reason"),
    [
        ([1] * 5, "avatar_config.look", "must have at least 6 entries"),
        ([1] * 7, "avatar_config.look", "must have at most 6 entries"),
        ([1, 2, 3, 4, 5, 256], "avatar_config.look", "must be at most 255"),
        ([1, 2, 3, 4, 5, -1], "avatar_config.look", "must be at least 0"),
        ("brown", "avatar_config.look", "must be a list"),
    ],
)
async def test_a_wrong_look_is_explained(site: Any, look: Any, field: str, reason: str) -> None:
    browser = await (await site.browser()).register()
    response = await browser.put(f"/api/users/{browser.user['id']}", {"avatar_config": {"look": look}})
    assert (await response.json())["errors"] == [{"field": field, "reason": reason}]


async def test_a_whole_number_may_be_written_with_a_point(site: Any) -> None:
    browser = await (await site.browser()).register()
    raw = '{"name": "Room", "template": "closet", "max_capacity": 12.0}'
    response = await browser.send("POST", "/api/rooms", data=raw, headers={"Content-Type": "application/json"})
    assert (await response.json())["max_capacity"] == 12
    for number in ("12.5", "1e300", "-0.0"):
        response = await browser.send(
            "POST", "/api/rooms", data=raw.replace("12.0", number), headers={"Content-Type": "application/json"}
        )
        assert [error["field"] for error in (await response.json())["errors"]] == ["max_capacity"]
