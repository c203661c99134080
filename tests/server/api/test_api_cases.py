"""Requests made from the API's own description, right ones and wrong ones: no error of the server's, no broken promise.

API_CASES is the number of cases for each operation and each kind; `make api-cases` runs thousands.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import load_all_checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from server.api.openapi import openapi_document
from server.api.routes import endpoints
from tests.server.api.conftest import Site, open_site

CASES = int(os.environ.get("API_CASES", "4"))
PASSWORD = "correct horse battery"
PATIENCE_S = 60
"""A busy machine is no error of the server's."""
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
SESSION = requests.Session()
SETTLING = requests.Session()
"""Keeps its connection, and no cookie."""
SETTLING.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
load_all_checks()


def operations() -> list[tuple[str, str]]:
    """Every (method, path): known before there is a server."""

    class NoServices:
        def __getattr__(self, name: str) -> Any:
            return None if name.startswith("oidc") else NoServices()

    return [(endpoint.method, endpoint.path) for endpoint in endpoints(NoServices(), {})]  # type: ignore[arg-type]


@dataclass
class Office:
    """A server in a thread of its own, with somebody who is logged in and has a room."""

    site: Site
    url: str
    schema: Any
    token: str = ""
    ids: dict[str, str] | None = None
    is_settled: bool = False

    def settle(self) -> None:
        """Have an account that is logged in, and a room: a case may have ended the one that was there."""
        if self.is_settled:
            return
        self.is_settled = True
        answer = SETTLING.get(f"{self.url}/api/auth/me", headers=self.headers, timeout=PATIENCE_S)
        if self.ids and answer.status_code == 200:
            room = SETTLING.get(f"{self.url}/api/rooms/{self.ids['rooms']}", timeout=PATIENCE_S)
            if room.status_code == 200:
                return
        tag = os.urandom(6).hex()
        body = {"email": f"{tag}@example.org", "username": f"User {tag}", "password": PASSWORD}
        signed_in = SETTLING.post(f"{self.url}/api/auth/register", json=body, timeout=PATIENCE_S).json()
        self.token = signed_in["access_token"]
        room = SETTLING.post(
            f"{self.url}/api/rooms",
            json={"name": "Room", "template": "closet"},
            headers=self.headers,
            timeout=PATIENCE_S,
        )
        self.ids = {"users": signed_in["user"]["id"], "rooms": room.json()["id"]}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="module")
def office(module_database: str, redis_url: str) -> Iterator[Office]:
    ready, stop = threading.Event(), asyncio.Event()
    found: list[tuple[Site, str, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        async with open_site(module_database, redis_url, joins_account_per_minute=0) as site:
            found.append((site, str(site.server.make_url("")).rstrip("/"), asyncio.get_running_loop()))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    site, url, loop = found[0]
    schema = schemathesis.openapi.from_dict(openapi_document(endpoints(site.services, {}), "0"))
    schema.config.update(base_url=url)
    schema.config.generation.update(with_security_parameters=False)
    yield Office(site, url, schema)
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=["right", "wrong"])
@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda part: part)
def test_an_operation_keeps_its_promises(office: Office, method: str, path: str, mode: GenerationMode) -> None:
    operation = office.schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        return  # there is nothing that could be wrong

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(case=operation.as_strategy(generation_mode=mode), on_what_is_there=st.booleans())
    def keep(case: Any, on_what_is_there: bool) -> None:
        office.settle()
        assert office.ids is not None
        area = path.split("/")[2]
        wanted = CHECKS if mode is GenerationMode.POSITIVE else [*CHECKS, checks.negative_data_rejection]
        if on_what_is_there and "id" in case.path_parameters and area in office.ids:
            case.path_parameters["id"] = office.ids[area]
            wanted = CHECKS  # this may have been what was wrong
        SESSION.cookies.clear()
        office.is_settled = method == "GET"
        case.call_and_validate(
            session=SESSION, headers=office.headers, checks=wanted, allow_redirects=False, timeout=PATIENCE_S
        )

    try:
        keep()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # any text is a right one there
