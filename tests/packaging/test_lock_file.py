"""The client's lock file works on every system and names no particular registry."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES: dict[str, dict[str, Any]] = json.loads((ROOT / "client_web" / "package-lock.json").read_text())["packages"]


def found(dependency: str, wanted_by: str) -> bool:
    """Whether node would find a dependency: beside the package, or beside one of those that hold it."""
    folder = wanted_by
    while True:
        if f"{folder}/node_modules/{dependency}".lstrip("/") in PACKAGES:
            return True
        if not folder:
            return False
        folder = folder.rpartition("node_modules/")[0].rstrip("/")


def test_every_dependency_is_locked_those_of_other_systems_too() -> None:
    missing = [
        (name, dependency)
        for name, package in PACKAGES.items()
        for kind in ("dependencies", "devDependencies", "optionalDependencies")
        for dependency in package.get(kind, {})
        if not found(dependency, name)
    ]
    assert missing == []


def test_the_lock_and_the_package_file_say_the_same() -> None:
    package = json.loads((ROOT / "client_web" / "package.json").read_text())
    for kind in ("dependencies", "devDependencies"):
        assert PACKAGES[""].get(kind) == package.get(kind)


def test_no_registry_is_named() -> None:
    resolved = {package["resolved"] for package in PACKAGES.values() if "resolved" in package}
    assert resolved == {"without_mermaid"}  # a folder of our own
    assert not (ROOT / "uv.lock").exists()
