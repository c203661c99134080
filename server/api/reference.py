"""`/api/openapi.json`, and `/api/docs`: the same as a page for people. It needs no script and no other host."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from html import escape
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
from aiohttp import web

from server.api.endpoint import Access, Call, Endpoint
from server.api.openapi import openapi_document

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; padding-bottom: .3rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: 0 .8rem; }
summary { cursor: pointer; padding: .5rem 0; } summary code { font-weight: 600; }
.method { display: inline-block; font: 600 .8rem/1.6 ui-monospace, monospace; min-width: 4.5rem; }
.what { opacity: .75; } pre, code { font: .875rem/1.45 ui-monospace, monospace; }
pre { background: color-mix(in srgb, currentColor 7%, transparent); border-radius: .4rem; overflow: auto;
padding: .7rem; }
table { border-collapse: collapse; display: block; overflow: auto; } td, th { border-bottom: 1px solid var(--line);
padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top; }
"""


class Reference:
    """Handlers for the description of the API. `others`: all endpoints that are described, beside these themselves."""

    def __init__(self, others: Sequence[Endpoint[Any]]) -> None:
        self._others = others

    def endpoints(self) -> list[Endpoint[Any]]:
        return [
            Endpoint("GET", "/api/openapi.json", self.show_document, access=Access.ANYONE),
            Endpoint("GET", "/api/docs", self.show_page, access=Access.ANYONE, media="text/html"),
        ]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document; made at the first request for it."""
        try:
            number = version("hallway")
        except PackageNotFoundError:
            number = "0"
        return openapi_document([*self._others, *self.endpoints()], number)

    async def show_document(self, call: Call[None]) -> web.Response:
        """This description, as OpenAPI 3.1."""
        return _kept(self._bytes, "application/json")

    async def show_page(self, call: Call[None]) -> web.Response:
        """This description, as a page."""
        return _kept(self._page, "text/html")

    @cached_property
    def _bytes(self) -> bytes:
        return msgspec.json.encode(self.document)

    @cached_property
    def _page(self) -> bytes:
        return page(self.document).encode()


def _kept(body: bytes, media: str) -> web.Response:
    response = web.Response(body=body, content_type=media, charset="utf-8" if media == "text/html" else None)
    response.headers["Cache-Control"] = "no-cache"
    response.enable_compression()
    return response


def page(document: dict[str, Any]) -> str:
    """The document as HTML."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Hallway: REST API</title><style>{STYLE}</style></head><body><main>",
        f"<h1>Hallway's REST API</h1><p>Version {escape(document['info']['version'])}. The same for programs: ",
        '<a href="/api/openapi.json">openapi.json</a>.</p>',
        _paragraph(document["info"]["description"]),
    ]
    for tag in document["tags"]:
        parts.append(f"<h2>{escape(_spaced(tag['name']))}</h2>")
        for path, methods in document["paths"].items():
            parts += [
                _operation(method, path, operation)
                for method, operation in methods.items()
                if operation["tags"] == [tag["name"]]
            ]
    parts.append("<h2>Schemas</h2>")
    for name, schema in document["components"]["schemas"].items():
        parts.append(_folded(f"<code>{escape(name)}</code>", f'<div id="{escape(name)}">{_json(schema)}</div>'))
    return "".join([*parts, "</main></body></html>"])


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    head = (
        f'<span class="method">{escape(method.upper())}</span> <code>{escape(path)}</code> '
        f'<span class="what">{escape(operation["summary"])}</span>'
    )
    body = [_paragraph(operation["description"])]
    if parameters := operation.get("parameters"):
        rows = [(item["name"], item["in"], json.dumps(item["schema"])) for item in parameters]
        body.append(_table(("Parameter", "In", "Schema"), rows))
    if request := operation.get("requestBody"):
        body.append("<h4>Request</h4>" + _contents(request["content"]))
    rows = []
    for status, response in operation["responses"].items():
        rows.append((status, response["description"], ", ".join(response.get("content", {}))))
        if status.startswith("2") and response.get("content"):
            body.append("<h4>Answer</h4>" + _contents(response["content"]))
    body.append(_table(("Status", "Meaning", "Type"), rows))
    return _folded(head, "".join(body))


def _contents(content: dict[str, Any]) -> str:
    return "".join(_json(about["example"]) for about in content.values() if "example" in about)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _folded(head: str, body: str) -> str:
    return f"<details><summary>{head}</summary>{body}</details>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _json(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


def _spaced(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() and at else c for at, c in enumerate(name))
