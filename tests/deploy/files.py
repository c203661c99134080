"""The files that people copy, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"

OFFICE = {
    "OFFICE_DOMAIN": "office.example.org",
    "OFFICE_ADDRESS": "203.0.113.7",
    "HALLWAY_WORKERS": "2",
    "HALLWAY_SECRET_KEY": "k" * 48,
    "HALLWAY_TURN_SECRET": "t" * 48,
    "POSTGRES_PASSWORD": "p" * 48,
    "REDIS_PASSWORD": "r" * 48,
    "GRAFANA_PASSWORD": "g" * 48,
}
"""What an operator fills in."""

_VARIABLE = re.compile(r"\$(?:\$|\{([A-Z_]+)(?::([?-])([^}]*))?\})")


def compose(values: Mapping[str, str] = OFFICE) -> dict[str, Any]:
    """deploy/compose.yaml with its variables put in, as `docker compose config` does."""
    found: dict[str, Any] = yaml.safe_load(interpolated((DEPLOY / "compose.yaml").read_text(), values))
    return found


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """`${NAME}`, `${NAME:?why}`, `${NAME:-default}` and `$$` as Compose reads them. KeyError: a value is missing."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name is None:
            return "$"
        if values.get(name):
            return values[name]
        if kind == "-":
            return str(rest)
        raise KeyError(name)

    return _VARIABLE.sub(value, "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))


def manifests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object for Kubernetes, with the file that it is in."""
    for name in yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]:
        for found in yaml.safe_load_all((KUBERNETES / name).read_text()):
            yield name, found


def variables(file: Path) -> dict[str, str]:
    """The lines of an env file."""
    lines = (line.strip() for line in file.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def dockerfile() -> list[tuple[str, str]]:
    """Instructions and their words, lines that go on joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines if line.strip()]


def objects_of(kind: str) -> list[dict[str, Any]]:
    return [found for _, found in manifests() if found["kind"] == kind]
