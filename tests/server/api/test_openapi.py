"""The description of the API: complete, consistent, and what the server really does."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from typing import Any

import jsonschema_rs
import pytest

from server.api.bodies import decode_body
from server.api.problems import CODES
from server.api.routes import endpoints
from tests.server.api.conftest import Site


@pytest.fixture
async def document(site: Site) -> dict[str, Any]:
    response = await (await site.browser()).get("/api/openapi.json")
    assert response.status == 200
    assert response.content_type == "application/json"
    found: dict[str, Any] = await response.json()
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    return jsonschema_rs.validator_for({**schema, "components": document["components"]})


async def test_every_route_of_the_application_is_in_the_document(site: Site, document: dict[str, Any]) -> None:
    routes = {
        (route.method, route.resource.canonical)
        for route in site.server.app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/") and route.method != "HEAD"
    }
    assert set(operations(document)) == routes
    assert len(routes) > 20


async def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Hallway"
    assert set(document["components"]["securitySchemes"]) == {"accessToken", "refreshCookie"}


async def test_all_references_lead_somewhere(document: dict[str, Any]) -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert names <= set(document["components"]["schemas"])


async def test_every_operation_has_a_name_of_its_own_a_summary_and_problems(document: dict[str, Any]) -> None:
    found = operations(document)
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for where, operation in found.items():
        assert operation["summary"], where
        assert operation["description"], where
        problems = operation["responses"]["default"]["content"]
        assert list(problems) == ["application/problem+json"], where


async def test_who_may_call_an_operation_is_told(site: Site, document: dict[str, Any]) -> None:
    found = operations(document)
    assert found["GET", "/api/rooms"]["security"] == [{"accessToken": []}]
    assert found["POST", "/api/auth/login"]["security"] == []
    for endpoint in endpoints(site.services, {}):
        needs_token = endpoint.access.value not in ("anyone", "anyone, and known if signed in")
        assert (found[endpoint.method, endpoint.path]["security"] == [{"accessToken": []}]) is needs_token


async def test_every_problem_has_an_example_that_is_one(document: dict[str, Any]) -> None:
    schema = validator(document, {"$ref": "#/components/schemas/ProblemDocument"})
    for operation in operations(document).values():
        for status, response in operation["responses"].items():
            for code, example in (
                response.get("content", {}).get("application/problem+json", {}).get("examples", {}).items()
            ):
                schema.validate(example["value"])
                assert CODES[code][0] == int(status) == example["value"]["status"]


async def test_every_example_is_valid_and_bodies_are_accepted(site: Site, document: dict[str, Any]) -> None:
    found, count = operations(document), 0
    for operation in found.values():
        contents = [response.get("content", {}) for response in operation["responses"].values()]
        for content in [*contents, operation.get("requestBody", {}).get("content", {})]:
            for about in content.values():
                if "example" in about:
                    validator(document, about["schema"]).validate(about["example"])
                    count += 1
    assert count > 20
    for endpoint in endpoints(site.services, {}):
        if endpoint.body:
            body = found[endpoint.method, endpoint.path]["requestBody"]
            decode_body(json.dumps(body["content"]["application/json"]["example"]).encode(), endpoint.body)


async def test_a_body_takes_no_fields_that_it_does_not_know(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        if "requestBody" in operation:
            schema = validator(document, operation["requestBody"]["content"]["application/json"]["schema"])
            assert not schema.is_valid({"unknown": 1})


async def test_the_wait_is_told_where_there_is_one(document: dict[str, Any]) -> None:
    responses = operations(document)["POST", "/api/auth/login"]["responses"]
    assert {"429", "503", "401", "403", "422"} <= set(responses)
    assert "Retry-After" in responses["429"]["headers"]


class Seen(HTMLParser):
    """What a page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "!doctype"):
            self.open.append(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "action") or name[:2] == "on"
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page_names_every_operation_and_asks_no_other_host(site: Site, document: dict[str, Any]) -> None:
    response = await (await site.browser()).get("/api/docs")
    text = await response.text()
    assert (response.status, response.content_type) == (200, "text/html")
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    page = Seen()
    page.feed(text)
    assert page.open == []
    assert page.addresses == ["/api/openapi.json"]
    assert "script" not in page.tags
    assert "url(" not in text
    assert "@import" not in text
    for (method, path), operation in operations(document).items():
        assert f'<span class="method">{method}</span> <code>{html.escape(path)}</code>' in text
        assert html.escape(operation["summary"]) in text


async def test_a_program_may_fetch_it_compressed(site: Site) -> None:
    browser = await site.browser()
    response = await browser.get("/api/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
