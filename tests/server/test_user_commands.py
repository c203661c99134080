"""`hallway user ...`, over the databases that DATABASE_URL and REDIS_URL name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import bcrypt
import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.auth.passwords import Passwords
from server.auth.tokens import Tokens
from server.cli import app
from server.store.cache import open_cache
from server.store.database import Database, open_database
from server.store.password_resets import PasswordResets
from server.store.users import User, Users
from tests.conftest import run

T = TypeVar("T")
PASSWORD = "correct horse battery"


class Office:
    """An office's databases, and the command."""

    def __init__(self, database_url: str, redis_url: str, folder: Path) -> None:
        self.env = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "HALLWAY_DATA": str(folder)}
        self._database_url = database_url

    def hallway(self, *arguments: str, **env: str) -> Result:
        return CliRunner().invoke(app, ["user", *arguments], env=self.env | env)

    def ask(self, question: Callable[[Database], Awaitable[T]]) -> T:
        async def asked() -> T:
            database = await open_database(self._database_url)
            try:
                return await question(database)
            finally:
                await database.close()

        return run(asked())

    def user(self, name: str) -> User:
        found = self.ask(lambda database: Users(database).find_account(name))
        assert found is not None
        return found

    def add(self, name: str) -> UUID:
        email = f"{name.lower()}@example.org"
        return self.ask(
            lambda database: Users(database).create_account(
                email=email, username=name, password_hash="x", look=bytes(6)
            )
        ).id


@pytest.fixture
def office(fresh_database: str, fresh_redis: str, tmp_path: Path) -> Office:
    return Office(fresh_database, fresh_redis, tmp_path)


def test_accounts_are_listed_by_name_and_can_be_searched(office: Office) -> None:
    for name in ("Cleo", "anna", "Ben"):
        office.add(name)
    lines = office.hallway("list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["anna", "Ben", "Cleo"]
    assert lines[0].split()[1:5] == ["anna@example.org", "user", "active", "password"]
    assert [line.split()[0] for line in office.hallway("list", "CLEO@").stdout.splitlines()] == ["Cleo"]
    result = office.hallway("list", "nobody")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 accounts\n")


def test_disabling_ends_all_log_ins_and_enabling_lets_in_again(office: Office) -> None:
    user_id = office.add("Anna")

    async def log_ins() -> int:
        redis = open_cache(office.env["REDIS_URL"])
        count = len(await Tokens(redis, "k" * 40).log_ins(user_id))
        await redis.aclose()
        return count

    async def log_in_twice() -> None:
        redis = open_cache(office.env["REDIS_URL"])
        for _ in range(2):
            await Tokens(redis, "k" * 40).begin(user_id)
        await redis.aclose()

    run(log_in_twice())
    assert office.hallway("disable", "ANNA").stdout == "Anna is disabled; 2 log-ins ended.\n"
    assert run(log_ins()) == 0
    assert office.user("Anna").disabled_at is not None
    assert " disabled " in office.hallway("list").stdout
    assert office.hallway("enable", "anna@example.org").exit_code == 0
    assert office.user("Anna").disabled_at is None


def test_an_account_becomes_an_operator_and_an_ordinary_one_again(office: Office) -> None:
    office.add("Anna")
    assert "operator" in office.hallway("make-admin", "Anna").stdout
    assert office.user("Anna").is_operator
    assert office.hallway("make-admin", "Anna", "--remove").exit_code == 0
    assert not office.user("Anna").is_operator


def test_a_reset_link_is_printed_alone_and_is_good(office: Office) -> None:
    office.add("Anna")
    result = office.hallway("reset-password", "Anna", "--public-url", "https://office.example.org/")
    match = re.fullmatch(r"https://office\.example\.org/reset-password#([\w-]{40,})\n", result.stdout)
    assert match is not None
    assert office.ask(lambda database: PasswordResets(database).is_good(match[1]))


@pytest.mark.parametrize("command", ["disable", "enable", "make-admin", "reset-password"])
def test_an_account_that_is_not_there_is_said_in_one_line(office: Office, command: str) -> None:
    result = office.hallway(command, "Nobody")
    assert (result.exit_code, result.stderr) == (1, "hallway: there is no account 'Nobody'\n")


def file_of(folder: Path, *lines: str) -> str:
    file = folder / "accounts.csv"
    file.write_text("\n".join(("email,username,password_hash", *lines)) + "\n", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
def test_imported_people_keep_their_bcrypt_passwords(office: Office, tmp_path: Path, prefix: str) -> None:
    hashed = prefix + bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()[4:]
    result = office.hallway("import", file_of(tmp_path, f"a@example.org,Anna,{hashed}", "b@example.org,Ben,"))
    assert (result.exit_code, result.stdout) == (0, "2 accounts imported.\n")
    passwords = Passwords(time_cost=1, memory_kib=64)
    verdict = run(passwords.verify(PASSWORD, office.user("Anna").password_hash))
    assert verdict.right
    assert verdict.new_hash is not None
    assert verdict.new_hash.startswith("$argon2id$")
    assert not run(passwords.verify("wrong password", office.user("Anna").password_hash)).right
    assert office.user("Ben").password_hash is None
    assert "no password" in office.hallway("list", "Ben").stdout


def test_a_file_with_mistakes_is_refused_with_all_of_them_and_imports_nothing(office: Office, tmp_path: Path) -> None:
    lines = (
        "a@example.org,Anna,",
        "no address,Ben,",
        "c@example.org,C,",
        "d@example.org,Dora,plain text",
        "e@example.org,Emil,$2x$10$" + "a" * 53,
        "A@Example.org,Fay,",
        "short",
    )
    result = office.hallway("import", file_of(tmp_path, *lines))
    assert result.exit_code == 1
    assert [int(line.split()[1].rstrip(":")) for line in result.stderr.splitlines()[:-1]] == [3, 4, 5, 6, 7, 8]
    assert result.stderr.splitlines()[-1] == "hallway: 6 problems; nothing was imported"
    assert office.hallway("list").stdout == ""


def test_accounts_that_are_here_stop_an_import_unless_they_are_to_be_skipped(office: Office, tmp_path: Path) -> None:
    office.add("Anna")
    file = file_of(tmp_path, "other@example.org,ANNA,", "ANNA@example.org,Other,", "ben@example.org,Ben,")
    result = office.hallway("import", file)
    assert result.exit_code == 1
    assert result.stderr.count("in use") == 2
    assert office.hallway("import", file, "--skip-existing").stdout == "1 accounts imported, 2 skipped.\n"
    assert office.user("Anna").email == "anna@example.org"


@pytest.mark.parametrize("content", [b"name,mail\n", b"", b"\xff\xfe", None])
def test_what_is_no_such_file_is_refused_in_words(office: Office, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "accounts.csv"
    if content is not None:
        file.write_bytes(content)
    result = office.hallway("import", str(file))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stderr


def test_a_folder_without_an_office_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "none"
    result = CliRunner().invoke(app, ["user", "list", "--data", str(folder)])
    assert result.exit_code == 1
    assert f"there is no office in {folder}" in result.stderr
    assert not folder.exists()
