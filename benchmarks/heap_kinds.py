"""What a page's JavaScript heap is made of: what the page itself made, and what the engine keeps for running it."""

from __future__ import annotations

import json
from dataclasses import dataclass

VALUES = frozenset(
    (
        "string",
        "concatenated string",
        "sliced string",
        "array",
        "object",
        "closure",
        "regexp",
        "number",
        "symbol",
        "bigint",
    )
)
"""Types of nodes that a page's program makes. A collection that is never emptied shows in these."""
ENGINE = frozenset(("code", "object shape", "hidden"))
ENGINE_NAME = "system / "


@dataclass(frozen=True, slots=True)
class HeapKinds:
    """Sizes in bytes. The browser's own objects (elements, styles, its timeline's entries) lie on another heap."""

    values: int
    """What the page's program made: objects, arrays, strings, functions' contexts, numbers."""
    engine: int
    """Compiled code and byte code, what was learned of types, hidden classes, caches."""
    browser: int

    @classmethod
    def of(cls, snapshot: str) -> HeapKinds:
        """Of a heap snapshot as Chromium's `HeapProfiler.takeHeapSnapshot` writes it. ValueError: it is none."""
        try:
            read = json.loads(snapshot)
            meta = read["snapshot"]["meta"]
            fields: list[str] = meta["node_fields"]
            types: list[str] = meta["node_types"][fields.index("type")]
            nodes: list[int] = read["nodes"]
            names: list[str] = read["strings"]
        except (KeyError, IndexError, TypeError) as error:
            raise ValueError("not a heap snapshot") from error
        width = len(fields)
        columns = [nodes[fields.index(field) :: width] for field in ("type", "name", "self_size")]
        sizes = {"values": 0, "engine": 0, "browser": 0}
        for kind, name, size in zip(*columns, strict=True):
            sizes[_holder(types[kind], names[name])] += size
        return cls(**sizes)

    def growth(self, before: HeapKinds) -> str:
        """In words, kB."""
        values, engine = (self.values - before.values) / 1000, (self.engine - before.engine) / 1000
        return f"what the page made {values:+.0f} kB, compiled code and what else the engine keeps {engine:+.0f} kB"


def _holder(kind: str, name: str) -> str:
    if kind in VALUES:
        return "values"
    return "engine" if kind in ENGINE or name.startswith(ENGINE_NAME) else "browser"
