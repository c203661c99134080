"""The user that the child processes run as.

PostgreSQL refuses to run as root, so a server that runs as root gives its children to `nobody`. Everything they touch
must then be reachable for `nobody`; what is not ours is looked at and never changed.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from server.config import variable_of
from server.embedded.errors import EmbeddedError, FolderUnusable

SUBSTITUTE = "nobody"


@dataclass(frozen=True)
class Account:
    """User and group ids that children get instead of root's."""

    name: str
    uid: int
    gid: int


def child_account(euid: int | None = None) -> Account | None:
    """The account for children, or None if they may run as this process does. Raises EmbeddedError."""
    if (os.geteuid() if euid is None else euid) != 0:
        return None
    try:
        entry = pwd.getpwnam(SUBSTITUTE)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL cannot run as root and this system has no user {SUBSTITUTE!r} to run it: start Hallway as an "
            "ordinary user, or set DATABASE_URL and REDIS_URL"
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def may_use(account: Account, path: Path, needed: int) -> bool:
    """Whether `account` has all of the permission bits `needed` (4 read, 2 write, 1 enter or run) on one path."""
    info = path.stat()
    if info.st_uid == account.uid:
        shift = 6
    elif info.st_gid == account.gid:
        shift = 3
    else:
        shift = 0
    return (stat.S_IMODE(info.st_mode) >> shift) & needed == needed


def closed_folder(account: Account, path: Path) -> Path | None:
    """The first folder on the way to `path`, itself included, that `account` cannot enter; None if there is none."""
    real = path.resolve()
    for folder in (*reversed(real.parents), real):
        if folder.is_dir() and not may_use(account, folder, 1):
            return folder
    return None


def check_enterable(account: Account | None, folder: Path) -> None:
    """Raise FolderUnusable if the children could not reach their data."""
    if account is None:
        return
    closed = closed_folder(account, folder)
    if closed is not None:
        raise FolderUnusable(
            f"Hallway runs as root, so its databases run as {account.name}, who cannot enter {closed}: choose a data "
            f"folder elsewhere with {variable_of('data_dir')} (such as /var/lib/hallway), or start Hallway as an "
            "ordinary user"
        )


def runnable_tree(account: Account | None, tree: Path, copies: Path, name: str) -> Path:
    """The tree of programs itself if `account` can run it, else a copy of it below `copies`, made once per version.

    A virtual environment below root's home is private, and stays so.
    """
    if account is None or (closed_folder(account, tree) is None and may_use(account, tree, 5)):
        return tree
    place = copies / f"{name}-{_fingerprint(tree)}"
    copied = place if tree.is_dir() else place / tree.name
    if copied.exists():
        return copied
    prepared = copies / f"{name}.unfinished"
    shutil.rmtree(prepared, ignore_errors=True)
    copies.mkdir(exist_ok=True)
    if tree.is_dir():
        # Headers and documentation are a good part of it, and are not needed to run.
        shutil.copytree(tree, prepared, symlinks=True, ignore=shutil.ignore_patterns("include", "man", "doc"))
    else:
        prepared.mkdir()
        shutil.copy(tree, prepared)
    for path in (copies, prepared, *prepared.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    for old in copies.glob(f"{name}-*"):
        shutil.rmtree(old, ignore_errors=True)
    prepared.rename(place)  # when whole, so that a copy that was cut short is never run
    return copied


def _fingerprint(tree: Path) -> str:
    """Changes when the programs do: after an update the copy is made anew."""
    programs = sorted((tree / "bin").iterdir()) if tree.is_dir() else [tree]
    facts = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in programs]
    return hashlib.sha256("\n".join([str(tree), *facts]).encode()).hexdigest()[:12]


def hand_over(account: Account | None, path: Path) -> None:
    """Give a path that this process has made to the children's account."""
    if account is not None:
        os.chown(path, account.uid, account.gid)
