"""PostgreSQL and Valkey for one server: the ones that the settings name, else own ones as child processes."""

import asyncio
import sys
from types import TracebackType
from urllib.parse import urlsplit

from server.embedded.account import child_account
from server.embedded.binaries import find_postgres, find_valkey, missing_text
from server.embedded.errors import ProgramMissing
from server.embedded.folder import FolderLock, make_socket_folder, prepare_folder, remove_socket_folder
from server.embedded.postgres import Postgres
from server.embedded.process import SupervisedProcess
from server.embedded.valkey import Valkey
from server.settings import Settings


class EmbeddedServices:
    """Starts on `async with` what has no URL in the settings, keeps it running, and stops it at the end.

    Must be entered in the main thread. An own URL always wins and starts nothing for it; with both given nothing is
    touched, not even the data folder. Raises EmbeddedError with a text for the operator.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock: FolderLock | None = None
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    @property
    def database_url(self) -> str:
        """`postgresql://` for asyncpg; the embedded one's socket folder is in `?host=`."""
        url = self._settings.database_url or (self.postgres.url if self.postgres else None)
        if url is None:
            raise RuntimeError("the embedded services were not started")
        return url

    @property
    def redis_url(self) -> str:
        """`redis://`, `rediss://` or, for the embedded one, `unix://`, for redis-py."""
        url = self._settings.redis_url or (self.valkey.url if self.valkey else None)
        if url is None:
            raise RuntimeError("the embedded services were not started")
        return url

    def describe(self) -> tuple[tuple[str, str], ...]:
        """What is where, for people: ("PostgreSQL", "embedded, /var/lib/hallway/postgres"), ("Valkey", ...)."""
        postgres, valkey = self.postgres, self.valkey
        return (
            ("PostgreSQL", f"embedded, in {postgres.cluster}" if postgres else where(self.database_url)),
            ("Valkey", f"embedded, in {valkey.folder}" if valkey else where(self.redis_url)),
        )

    async def start(self) -> None:
        """Start what is missing; all of it is ready when this returns. Raises EmbeddedError."""
        settings, data = self._settings, self._settings.data_dir
        if settings.database_url and settings.redis_url:
            return
        if sys.platform == "win32":
            raise ProgramMissing(missing_text("Valkey" if settings.database_url else "PostgreSQL"))
        # Programs are looked for before anything is made, so that a machine without them is left as it was.
        postgres_programs = None if settings.database_url else find_postgres(settings)
        valkey_program = None if settings.redis_url else find_valkey(settings)
        account = child_account()
        prepare_folder(data, account)
        self._lock = FolderLock(data)
        self._lock.acquire()
        try:
            sockets = make_socket_folder(data, account)
            if postgres_programs is not None:
                self.postgres = Postgres(data, sockets, postgres_programs, account)
            if valkey_program is not None:
                self.valkey = Valkey(data, sockets, valkey_program, account)
            results = await asyncio.gather(*(child.start() for child in self._children()), return_exceptions=True)
            for result in results:
                if isinstance(result, BaseException):
                    raise result
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop what was started, and free the data folder. Nothing happens a second time."""
        await asyncio.gather(*(child.stop() for child in self._children()))
        self.postgres = self.valkey = None
        if self._lock is not None:
            remove_socket_folder(self._settings.data_dir)
            self._lock.release()
            self._lock = None

    async def __aenter__(self) -> "EmbeddedServices":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _children(self) -> list[SupervisedProcess]:
        return [child for child in (self.postgres, self.valkey) if child is not None]


def where(url: str) -> str:
    """The host and database of a URL, without user and password."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    host = parts.netloc.rpartition("@")[2] or "local socket"
    return host + (parts.path if parts.path not in ("", "/") else "")
