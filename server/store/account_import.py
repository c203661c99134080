"""Accounts from another system: a CSV file with e-mail address, name and password hash, all of it or nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from server.auth import rules
from server.auth.looks import random_look
from server.store.database import Database
from server.store.errors import StoreError, Taken
from server.store.users import fold

COLUMNS = ("email", "username", "password_hash")
PROBLEMS_SHOWN = 20

_BCRYPT = re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}")
_ARGON2 = re.compile(r"\$argon2id?\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")


class ImportRefused(StoreError):  # noqa: N818 - says what is the case
    """The file is not right; nothing was imported. `problems`: one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}; nothing was imported")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ImportedAccount:
    """One line of the file. Without a hash the account needs a link to set its first password."""

    line: int
    email: str
    username: str
    password_hash: str | None


def read_accounts(lines: Iterable[str]) -> list[ImportedAccount]:
    """The accounts in a CSV file with a header. Raises `ImportRefused` with everything that is wrong."""
    reader = csv.DictReader(lines)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise ImportRefused([f"line 1: the header must name {', '.join(COLUMNS)}"])
    accounts, problems, seen = [], [], dict[str, int]()
    for row in reader:
        at = reader.line_num
        try:
            account = ImportedAccount(
                at,
                _ruled("email", rules.email, row["email"]),
                _ruled("username", rules.username, row["username"]),
                _known_hash((row["password_hash"] or "").strip()),
            )
        except rules.RuleError as error:
            problems.append(f"line {at}: {error}")
            continue
        for key in (fold(account.email), fold(account.username)):
            if key in seen:
                problems.append(f"line {at}: the same name or address as in line {seen[key]}")
            seen[key] = at
        accounts.append(account)
    if problems:
        raise ImportRefused(problems)
    return accounts


def _ruled(field: str, rule: rules.Rule, text: str | None) -> str:
    try:
        return rule(text or "")
    except rules.RuleError as error:
        raise rules.RuleError(f"{field} {error}") from error


def _known_hash(text: str) -> str | None:
    if _BCRYPT.fullmatch(text):
        # PHP's and old names of one and the same; 2x marks hashes of a faulty program that nobody else can check.
        if text.startswith("$2x$"):
            raise rules.RuleError("password_hash is of the faulty kind $2x$, which cannot be checked")
        return "$2b$" + text[4:]
    if text and not _ARGON2.fullmatch(text):
        raise rules.RuleError("password_hash is neither bcrypt nor argon2")
    return text or None


async def import_accounts(
    database: Database, accounts: list[ImportedAccount], *, skip_existing: bool = False
) -> list[ImportedAccount]:
    """Add the accounts in one transaction; those that were added.

    Raises `ImportRefused` if names or addresses are in use, unless these are to be skipped.
    """
    rows = await database.fetch(
        "SELECT email_key, username_key FROM users WHERE NOT is_guest AND "
        "(email_key = ANY($1::text[]) OR username_key = ANY($2::text[]))",
        [fold(account.email) for account in accounts],
        [fold(account.username) for account in accounts],
    )
    used = {row["email_key"] for row in rows} | {row["username_key"] for row in rows}
    taken = [account for account in accounts if used & {fold(account.email), fold(account.username)}]
    if taken and not skip_existing:
        raise ImportRefused([f"line {account.line}: {account.email} or its name is in use" for account in taken])
    added = [account for account in accounts if account not in taken]
    try:
        async with database.transaction() as connection:
            await connection.executemany(
                "INSERT INTO users (email, email_key, username, username_key, password_hash, avatar_config) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                [
                    (
                        a.email,
                        fold(a.email),
                        a.username,
                        fold(a.username),
                        a.password_hash,
                        {"look": list(random_look())},
                    )
                    for a in added
                ],
            )
    except asyncpg.UniqueViolationError as error:
        raise Taken("an address or a name, since a moment ago,") from error
    return added
