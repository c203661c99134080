"""The data folder is made so that the children can use it, belongs to one server, and nothing else changes its mode."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.embedded import account as account_module
from server.embedded.account import (
    Account,
    check_enterable,
    child_account,
    closed_folder,
    may_use,
    runnable_tree,
)
from server.embedded.errors import EmbeddedError, FolderInUse, FolderUnusable
from server.embedded.folder import (
    SOCKET_PATH_LIMIT,
    FolderLock,
    make_socket_folder,
    prepare_folder,
    remove_socket_folder,
)

STRANGER = Account("stranger", 54321, 54321)
"""An account that owns nothing: it has what everyone has."""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_ordinary_user_needs_no_other_account() -> None:
    assert child_account(euid=1000) is None


def test_root_gives_its_children_to_nobody() -> None:
    account = child_account(euid=0)
    assert account is not None
    assert (account.name, account.uid != 0, account.gid != 0) == ("nobody", True, True)


def test_root_without_a_nobody_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_module, "SUBSTITUTE", "no-such-user-here")
    with pytest.raises(EmbeddedError, match="DATABASE_URL"):
        child_account(euid=0)


def test_permissions_are_judged_by_owner_group_and_others(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(0o754)
    info = file.stat()
    assert may_use(Account("owner", info.st_uid, 1), file, 7)
    assert may_use(Account("group", 54321, info.st_gid), file, 5)
    assert not may_use(Account("group", 54321, info.st_gid), file, 2)
    assert may_use(STRANGER, file, 4)
    assert not may_use(STRANGER, file, 1)


def test_a_new_folder_for_oneself_is_private(data_dir: Path) -> None:
    prepare_folder(data_dir / "a" / "b", None)
    assert (mode(data_dir), mode(data_dir / "a"), mode(data_dir / "a" / "b")) == (0o755, 0o755, 0o700)


def test_a_new_folder_for_another_account_can_be_entered_whatever_the_umask_is(data_dir: Path) -> None:
    previous = os.umask(0o077)
    try:
        prepare_folder(data_dir / "a", STRANGER)
    finally:
        os.umask(previous)
    assert (mode(data_dir), mode(data_dir / "a")) == (0o755, 0o711)


def test_a_folder_that_is_there_keeps_its_mode(data_dir: Path) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o755)
    prepare_folder(data_dir, STRANGER)
    assert mode(data_dir) == 0o755


def test_a_closed_folder_on_the_way_is_named_and_not_opened(data_dir: Path) -> None:
    data_dir.mkdir()
    data_dir.chmod(0o700)
    with pytest.raises(FolderUnusable, match=rf"cannot enter {data_dir}: .*HALLWAY_DATA"):
        prepare_folder(data_dir / "inner", STRANGER)
    assert mode(data_dir) == 0o700
    assert closed_folder(STRANGER, data_dir / "inner") == data_dir
    check_enterable(None, data_dir)


def test_a_file_in_its_place_is_refused(data_dir: Path) -> None:
    data_dir.write_text("")
    with pytest.raises(FolderUnusable, match="HALLWAY_DATA"):
        prepare_folder(data_dir, None)
    with pytest.raises(FolderUnusable, match="HALLWAY_DATA"):
        prepare_folder(data_dir / "inner", None)


def test_a_second_server_on_the_folder_is_refused_at_once(data_dir: Path) -> None:
    prepare_folder(data_dir, None)
    refused = pytest.raises(FolderInUse, match=rf"in use by the process {os.getpid()}: .*HALLWAY_DATA")
    with FolderLock(data_dir), refused:
        FolderLock(data_dir).acquire()
    with FolderLock(data_dir):
        pass


def test_the_lock_goes_with_the_process_however_it_ends_and_is_not_inherited(data_dir: Path) -> None:
    prepare_folder(data_dir, None)
    script = (
        "import os, signal, subprocess, sys; from pathlib import Path; from server.embedded.folder import FolderLock\n"
        "FolderLock(Path(sys.argv[1])).acquire()\n"
        "child = subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    root = Path(__file__).parents[3]
    result = subprocess.run([sys.executable, "-c", script, data_dir], cwd=root, capture_output=True, text=True)
    try:
        with FolderLock(data_dir):
            pass
    finally:
        os.kill(int(result.stdout), 9)


def test_the_socket_folder_is_private_short_and_new_each_time(data_dir: Path) -> None:
    prepare_folder(data_dir, None)
    first = make_socket_folder(data_dir, None)
    assert mode(first) == 0o700
    assert len(os.fsencode(first / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT < 104
    second = make_socket_folder(data_dir, None)
    assert second != first
    assert not first.exists()  # as after a crash, when nobody removed it
    remove_socket_folder(data_dir)
    assert not second.exists()
    remove_socket_folder(data_dir)


def test_a_temporary_folder_with_a_long_path_is_passed_over(data_dir: Path) -> None:
    long = data_dir / ("x" * 90)
    long.mkdir(parents=True)
    folder = make_socket_folder(data_dir, None, (str(long), "/tmp"))
    assert folder.parent == Path("/tmp")
    remove_socket_folder(data_dir)
    with pytest.raises(EmbeddedError, match="TMPDIR"):
        make_socket_folder(data_dir, None, (str(long),))


@as_root
def test_a_temporary_folder_that_is_closed_to_the_children_is_passed_over(data_dir: Path) -> None:
    prepare_folder(data_dir, STRANGER)
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    folder = make_socket_folder(data_dir, STRANGER, (str(closed), "/tmp"))
    assert folder.parent == Path("/tmp")
    assert folder.stat().st_uid == STRANGER.uid
    remove_socket_folder(data_dir)


def test_a_damaged_note_removes_nothing(data_dir: Path) -> None:
    prepare_folder(data_dir, None)
    precious = data_dir / "precious"
    precious.mkdir()
    (data_dir / "sockets").write_text(str(precious))
    remove_socket_folder(data_dir)
    assert precious.is_dir()


@pytest.fixture
def wheel(data_dir: Path) -> Path:
    """A tree of programs as in a virtual environment below a private home folder."""
    tree = data_dir / "home" / "pginstall"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "postgres").write_text("program")
    (tree / "bin" / "postgres").chmod(0o700)
    (tree / "share").mkdir()
    (tree / "share" / "data").write_text("data")
    (tree / "share" / "data").chmod(0o600)
    (tree / "include").mkdir()
    (data_dir / "home").chmod(0o700)
    return tree


def test_programs_that_the_account_can_reach_are_used_where_they_are(data_dir: Path, wheel: Path) -> None:
    assert runnable_tree(None, wheel, data_dir / "programs", "postgres") == wheel
    (data_dir / "home").chmod(0o755)
    assert runnable_tree(STRANGER, wheel, data_dir / "programs", "postgres") == wheel
    assert not (data_dir / "programs").exists()


def test_programs_in_a_private_folder_are_copied_once_and_the_folder_stays_private(data_dir: Path, wheel: Path) -> None:
    copy = runnable_tree(STRANGER, wheel, data_dir / "programs", "postgres")
    assert copy != wheel
    assert mode(data_dir / "home") == 0o700
    assert mode(copy / "bin" / "postgres") == 0o755
    assert mode(copy / "share" / "data") == 0o644
    assert closed_folder(STRANGER, copy / "bin") is None
    assert not (copy / "include").exists()

    before = (copy / "bin" / "postgres").stat()
    assert runnable_tree(STRANGER, wheel, data_dir / "programs", "postgres") == copy
    assert (copy / "bin" / "postgres").stat().st_ino == before.st_ino


def test_one_program_in_a_private_folder_is_copied_too(data_dir: Path, wheel: Path) -> None:
    copy = runnable_tree(STRANGER, wheel / "bin" / "postgres", data_dir / "programs", "valkey")
    assert copy.read_text() == "program"
    assert mode(copy) == 0o755


def test_a_newer_wheel_is_copied_anew(data_dir: Path, wheel: Path) -> None:
    first = runnable_tree(STRANGER, wheel, data_dir / "programs", "postgres")
    (wheel / "bin" / "postgres").write_text("newer program")
    second = runnable_tree(STRANGER, wheel, data_dir / "programs", "postgres")
    assert (second / "bin" / "postgres").read_text() == "newer program"
    assert not first.exists()
