"""The databases of an office, for commands: those of its running server, else the own ones, started for the moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from server.config import variable_of
from server.embedded.errors import EmbeddedError, FolderInUse
from server.embedded.postgres import NAME
from server.embedded.services import EmbeddedServices
from server.settings import Settings
from server.store.migrations import migrate


@dataclass(frozen=True, slots=True)
class Databases:
    """Where the databases answer."""

    database_url: str
    redis_url: str


@asynccontextmanager
async def opened(settings: Settings, *, make: bool = False, alone: bool = False) -> AsyncIterator[Databases]:
    """The office's databases, with the schema of this version if no server runs.

    `make`: a data folder without an office becomes one. `alone`: not while a server has the data folder. Raises
    `EmbeddedError`, `StoreError`.
    """
    own_database = settings.database_url is None
    if own_database and not make and not (settings.data_dir / "postgres" / "PG_VERSION").exists():
        raise EmbeddedError(
            f"there is no office in {settings.data_dir}: name its data folder with {variable_of('data_dir')} or --data"
        )
    services = EmbeddedServices(settings)
    try:
        await services.start()
    except FolderInUse:
        if alone:
            raise
        yield _of_running_server(settings)
        return
    try:
        if not make:
            await migrate(services.database_url)
        yield Databases(services.database_url, services.redis_url)
    finally:
        await services.stop()


def _of_running_server(settings: Settings) -> Databases:
    """Through the sockets of the server that has the data folder."""
    note = settings.data_dir / "sockets"
    try:
        folder = Path(note.read_text(encoding="utf-8"))
    except OSError:
        raise EmbeddedError(
            f"a server has the data folder {settings.data_dir}, and it is just starting or stopping: try again"
        ) from None
    place = quote(str(folder), safe="/")
    return Databases(
        settings.database_url or f"postgresql://{NAME}@/{NAME}?host={place}",
        settings.redis_url or f"unix://{place}/valkey.sock",
    )
