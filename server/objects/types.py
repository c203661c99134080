"""The types that there are: every folder beside this file with a `TYPE`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import server.objects
from server.objects.kind import ObjectType


@cache
def object_types() -> Mapping[str, ObjectType[Any]]:
    """All types by name."""
    found: dict[str, ObjectType[Any]] = {}
    for folder in pkgutil.iter_modules(server.objects.__path__):
        if folder.ispkg:
            kind: ObjectType[Any] = importlib.import_module(f"server.objects.{folder.name}").TYPE
            found[kind.name] = kind
    return MappingProxyType(dict(sorted(found.items())))
