"""Compares what the server answers with what its OpenAPI document says."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import jsonschema_rs

from server.api.endpoint import Endpoint
from server.api.openapi import openapi_document


class Contract:
    """The promises of one server. A path that no operation has promises a problem document."""

    def __init__(self, endpoints: list[Endpoint[Any]]) -> None:
        self._components, self._paths = _promises(_Described(endpoints))

    def check(self, method: str, path: str, status: int, media: str, body: bytes) -> None:
        """AssertionError if the answer is none of those that are promised."""
        where = f"{method} {path} answered {status}"
        operation = self._operation("get" if method == "HEAD" else method.lower(), path)
        if operation is None:
            assert status in (404, 405), where
            return self._check_body(where, _PROBLEM, media, body)
        if status == 304 or method == "HEAD":
            return None
        response = operation["responses"].get(str(status), operation["responses"]["default"])
        assert str(status) in operation["responses"] or status >= 400, f"{where}, which is not in its description"
        if "content" not in response:
            assert body == b"", where
            return None
        return self._check_body(where, response["content"], media, body)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self._paths:
            if pattern.fullmatch(path) and method in methods:
                found: dict[str, Any] = methods[method]
                return found
        return None

    def _check_body(self, where: str, content: dict[str, Any], media: str, body: bytes) -> None:
        assert media in content, f"{where} with {media} in the place of {', '.join(content)}"
        if "json" in media:
            found = _validator(json.dumps(content[media]["schema"]), self._components).iter_errors(json.loads(body))
            assert not (errors := [f"{error.instance_path}: {error.message}" for error in found]), f"{where}: {errors}"


_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}


class _Described:
    """Endpoints of any server: those with the same methods, paths and models have the same description."""

    def __init__(self, endpoints: list[Endpoint[Any]]) -> None:
        self.endpoints = endpoints
        self._key = tuple((each.method, each.path, each.status, each.body, each.answer) for each in endpoints)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Described) and self._key == other._key


@lru_cache
def _promises(described: _Described) -> tuple[str, list[tuple[re.Pattern[str], dict[str, Any]]]]:
    """The schemas that others refer to, as JSON, and what is promised by path; made once for hundreds of sites."""
    document = openapi_document(described.endpoints, "0")
    return json.dumps(document["components"]), [
        (_pattern(path), methods) for path, methods in document["paths"].items()
    ]


@lru_cache(maxsize=500)
def _validator(schema: str, components: str) -> Any:
    return jsonschema_rs.validator_for(
        json.loads(schema) | {"components": json.loads(components)}, validate_formats=True
    )


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(
        "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({\w+})", path))
    )
