"""The REST API as an OpenAPI 3.1 document, made from the endpoints and their models.

An endpoint needs to do nothing for it: what it takes and answers, who may call it and what can go wrong is read from
the same data that the requests are handled by.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from server.api.endpoint import Access, Endpoint
from server.api.examples import example_of
from server.api.problems import CODES, ProblemDocument
from server.api.sign_in import REFRESH_COOKIE

VERSION = "3.1.0"
REF = "#/components/schemas/{name}"
PROBLEM_MEDIA = "application/problem+json"
DESCRIPTION = """\
Every error is a problem document (RFC 9457) with a stable `code`; `errors` names the fields that are wrong and why.
`401` means: log in, or refresh the access token. `429` and `503` say in `Retry-After` when to try again, in seconds.
Ids are UUIDs, times are RFC 3339 in UTC. What moves and speaks in a room goes over its WebSocket, not over this."""

BODY_PROBLEMS = ("bad_json", "unreadable_body", "slow_body", "too_large", "not_json", "validation")
ACCESS_PROBLEMS = {
    Access.ANYONE: (),
    Access.VISITORS: ("not_signed_in",),
    Access.SIGNED_IN: ("not_signed_in",),
    Access.ACCOUNTS: ("not_signed_in", "guests_not_allowed"),
    Access.OPERATORS: ("not_signed_in", "operators_only"),
    Access.CONSOLE: ("not_signed_in", "operators_only"),
}
WHO = {
    Access.ANYONE: "For anyone.",
    Access.VISITORS: "For anyone; who is signed in is known.",
    Access.SIGNED_IN: "For everyone who is signed in, guests too.",
    Access.ACCOUNTS: "For accounts, not for guests.",
    Access.OPERATORS: "For those who run the server.",
    Access.CONSOLE: "For those who run the server, and for its own command line.",
}
MISSING = {"rooms": "room_not_found", "users": "user_not_found", "direct": "user_not_found"}
WAIT_HEADER = {
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer", "minimum": 1}}
}


@dataclass(frozen=True, slots=True)
class Schemas:
    """The schemas of all models: how each is referred to, and what it is."""

    references: Mapping[type[msgspec.Struct], dict[str, Any]]
    components: dict[str, dict[str, Any]]

    def of(self, model: type[msgspec.Struct]) -> dict[str, Any]:
        """The schema itself."""
        return self.components[self.references[model]["$ref"].rpartition("/")[2]]


def openapi_document(endpoints: Sequence[Endpoint[Any]], version: str) -> dict[str, Any]:
    """The whole document. KeyError if an endpoint names a problem that is not in `CODES`."""
    models = {model for endpoint in endpoints for model in _models_of(endpoint)} | {ProblemDocument}
    ordered = sorted(models, key=lambda model: (model.__name__, model.__module__))
    references, schemas = msgspec.json.schema_components(ordered, ref_template=REF)
    models_schemas = Schemas(dict(zip(ordered, references, strict=True)), schemas)
    for body in {endpoint.body for endpoint in endpoints if endpoint.body}:
        models_schemas.of(body)["additionalProperties"] = False
    models_schemas.of(ProblemDocument)["properties"]["code"]["enum"] = sorted(CODES)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, models_schemas)
    return {
        "openapi": VERSION,
        "info": {
            "title": "Hallway",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(_tag(endpoint) for endpoint in endpoints)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "accessToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The `access_token` that a log-in or a refresh answers with.",
                },
                "refreshCookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": REFRESH_COOKIE,
                    "description": "Set by a log-in, replaced by every refresh, out of reach of scripts.",
                },
            },
        },
    }


def _models_of(endpoint: Endpoint[Any]) -> Iterable[type[msgspec.Struct]]:
    return [model for model in (endpoint.body, endpoint.answer, *endpoint.other_answers.values()) if model]


def _operation(endpoint: Endpoint[Any], schemas: Schemas) -> dict[str, Any]:
    summary, details = _words(endpoint)
    operation: dict[str, Any] = {
        "operationId": f"{_tag(endpoint)}_{endpoint.handler.__name__}",
        "tags": [_tag(endpoint)],
        "summary": summary,
        "description": f"{details} {WHO[endpoint.access]}".strip(),
        "responses": _responses(endpoint, schemas),
        "security": _security(endpoint),
    }
    if parameters := [*_path_parameters(endpoint), *_query_parameters(endpoint)]:
        operation["parameters"] = parameters
    if endpoint.body:
        operation["requestBody"] = {
            "required": not endpoint.body_optional,
            "content": {"application/json": _content(endpoint.body, schemas)},
        }
    return operation


def _security(endpoint: Endpoint[Any]) -> list[dict[str, list[str]]]:
    if endpoint.access is Access.VISITORS:
        return [{}, {"accessToken": []}]
    if endpoint.access is Access.ANYONE:
        return [{}, {"refreshCookie": []}] if endpoint.by_cookie and not endpoint.body else []
    return [{"accessToken": []}]


def _path_parameters(endpoint: Endpoint[Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
        for name in re.findall(r"{(\w+)(?::[^}]*)?}", endpoint.path)
    ]


def _path_schema(name: str) -> dict[str, Any]:
    is_id = name == "id" or name.endswith("_id")
    return {"type": "string", "format": "uuid"} if is_id else {"type": "string", "minLength": 1}


def _query_parameters(endpoint: Endpoint[Any]) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    [reference], components = msgspec.json.schema_components([endpoint.query], ref_template=REF)
    schema = components[reference["$ref"].rpartition("/")[2]]
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": about}
        for name, about in schema.get("properties", {}).items()
    ]


def _responses(endpoint: Endpoint[Any], schemas: Schemas) -> dict[str, Any]:
    responses: dict[str, Any] = {str(endpoint.status): _success(endpoint, schemas)}
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(_problems_of(endpoint)):
        by_status.setdefault(CODES[code][0], []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _problem_response(codes)
    for status, model in endpoint.other_answers.items():
        responses[str(status)] = {"description": "See above.", "content": {endpoint.media: _content(model, schemas)}}
    responses["default"] = _problem_response([])
    return responses


def _success(endpoint: Endpoint[Any], schemas: Schemas) -> dict[str, Any]:
    if endpoint.status == 204:
        return {"description": "Done."}
    if 300 <= endpoint.status < 400:
        location = {"description": "Where to go.", "schema": {"type": "string"}}
        return {"description": "Go there.", "headers": {"Location": location}}
    content = _content(endpoint.answer, schemas) if endpoint.answer else {"schema": {}}
    kinds = dict.fromkeys(endpoint.media.split(", "), content)
    return {"description": "Made." if endpoint.status == 201 else "Done.", "content": kinds}


def _problems_of(endpoint: Endpoint[Any]) -> list[str]:
    codes = [*ACCESS_PROBLEMS[endpoint.access]]
    if endpoint.by_cookie:
        codes.append("foreign_origin")
    if endpoint.body:
        codes += BODY_PROBLEMS
    if endpoint.query:
        codes.append("validation")
    if "{id}" in endpoint.path:
        codes.append(MISSING.get(endpoint.path.split("/")[2], "not_found"))
    if endpoint.limit:
        codes.append("rate_limited")
    return [*codes, *endpoint.problems, "internal", "unavailable"]


def _problem_response(codes: Sequence[str]) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": REF.format(name=ProblemDocument.__name__)}}
    if codes:
        content["examples"] = {code: {"value": _problem_example(code)} for code in codes}
    response: dict[str, Any] = {
        "description": "; ".join(f"{CODES[code][1]} (`{code}`)" for code in codes) or "Any other problem.",
        "content": {PROBLEM_MEDIA: content},
    }
    if codes and CODES[codes[0]][0] in (429, 503):
        response["headers"] = WAIT_HEADER
    return response


def _problem_example(code: str) -> dict[str, Any]:
    status, title = CODES[code]
    errors = [{"field": "username", "reason": "must have 2 to 32 characters"}] if code == "validation" else []
    detail = "What happened, what it means and what to do."
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, "errors": errors}


def _content(model: type[msgspec.Struct], schemas: Schemas) -> dict[str, Any]:
    reference = schemas.references[model]
    return {"schema": reference, "example": example_of(reference, schemas.components)}


def _tag(endpoint: Endpoint[Any]) -> str:
    return type(getattr(endpoint.handler, "__self__", endpoint.handler)).__name__


def _words(endpoint: Endpoint[Any]) -> tuple[str, str]:
    """The handler's docstring, else its name, as a summary and the rest."""
    documentation = inspect.getdoc(endpoint.handler)
    if not documentation:
        return endpoint.handler.__name__.replace("_", " ").capitalize(), ""
    first, _, rest = " ".join(documentation.split()).partition(". ")
    return first.rstrip("."), rest
