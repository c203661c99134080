"""The data folder, made with modes that let the children in and locked for one server; and the folder for sockets."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO

from server.config import variable_of
from server.embedded.account import Account, check_enterable, closed_folder, hand_over
from server.embedded.errors import EmbeddedError, FolderInUse, FolderUnusable

SOCKET_PATH_LIMIT = 103
"""Bytes of the longest path a Unix socket may have: macOS has room for 104 with the closing zero, Linux for 108."""

SOCKET_PREFIX = "hallway-"
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


def prepare_folder(folder: Path, account: Account | None) -> None:
    """Make the data folder if it is not there, and check that it can be used. Raises FolderUnusable.

    Only folders that are made here get a mode: others may enter but not list them if the children are another user.
    """
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            missing.mkdir()
            missing.chmod((0o711 if account else 0o700) if missing == folder else 0o755)
    except FileExistsError:
        pass  # made by another process in this moment
    except OSError as error:
        raise FolderUnusable(
            f"the data folder {folder} cannot be made ({error.strerror}): choose another with {variable_of('data_dir')}"
        ) from None
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise FolderUnusable(
            f"the data folder {folder} is not a folder that this user may write: choose another with "
            f"{variable_of('data_dir')}"
        )
    check_enterable(account, folder)


class FolderLock:
    """Holds the data folder for one server for as long as the process lives.

    The operating system drops the lock when the process ends, however it ends, so none is ever left behind. Children do
    not inherit it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock. Raises FolderInUse if another process has it."""
        import fcntl  # not on Windows, where nothing is started

        file = open(self._folder / "lock", "a+", encoding="ascii")  # noqa: SIM115 - stays open while locked
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read(20).strip()
            file.close()
            who = f"the process {holder}" if holder else "another process"
            raise FolderInUse(
                f"the data folder {self._folder} is in use by {who}: stop that server, or give this one its own folder "
                f"with {variable_of('data_dir')}"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two servers lock two different files."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "FolderLock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def make_socket_folder(data: Path, account: Account | None, candidates: tuple[str, ...] | None = None) -> Path:
    """A fresh folder for sockets that only the children's user can enter, with a path short enough for a socket.

    Its path is noted below the data folder, so that the next start removes it after a crash. Raises EmbeddedError.
    """
    remove_socket_folder(data)
    for place in candidates or (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp below is safe there
        longest = os.path.join(place, SOCKET_PREFIX + "x" * 8, LONGEST_SOCKET_NAME)
        fits = len(os.fsencode(longest)) <= SOCKET_PATH_LIMIT
        if fits and os.path.isdir(place) and not (account and closed_folder(account, Path(place))):
            folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=place))  # mode 0700
            (data / "sockets").write_text(str(folder), encoding="utf-8")
            hand_over(account, folder)
            return folder
    raise EmbeddedError(
        "no folder is short enough and open enough for sockets: set TMPDIR to a short path such as /tmp"
    )


def remove_socket_folder(data: Path) -> None:
    """Remove the socket folder of this start, or of one that ended without the chance to."""
    note = data / "sockets"
    try:
        folder = Path(note.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    # The note may have been damaged: only what looks like a folder of ours is removed.
    if folder.name.startswith(SOCKET_PREFIX) and folder.is_absolute() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    note.unlink()
