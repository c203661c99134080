"""`hallway user ...`: accounts, from the operator's command line, whether the server runs or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli_settings import ConfigFile, DatabaseUrl, DataFolder, RedisUrl, fail, settings_of

if TYPE_CHECKING:
    from server.auth.endings import Endings
    from server.settings import Settings
    from server.store.database import Database
    from server.store.users import User, Users

app = typer.Typer(help="List, change and import accounts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name or e-mail address.")]


@dataclass(frozen=True)
class Office:
    """What the commands work with."""

    database: Database
    users: Users
    endings: Endings


def run(settings: Settings, work: Callable[[Office], Awaitable[None]]) -> None:
    """Do something with the office's accounts; what goes wrong ends the command with one line and code 1."""
    from redis.exceptions import RedisError

    from server.embedded.errors import EmbeddedError
    from server.store.account_import import PROBLEMS_SHOWN, ImportRefused
    from server.store.errors import StoreError

    async def with_office() -> None:
        async with _office(settings) as office:
            await work(office)

    try:
        asyncio.run(with_office())
    except ImportRefused as error:
        for problem in error.problems[:PROBLEMS_SHOWN]:
            typer.echo(problem, err=True)
        fail(str(error), 1)
    except (EmbeddedError, StoreError) as error:
        fail(str(error), 1)
    except RedisError as error:
        fail(f"Redis does not answer: {error}", 1)


@asynccontextmanager
async def _office(settings: Settings) -> AsyncIterator[Office]:
    from server.auth.endings import Endings
    from server.auth.tokens import Tokens
    from server.ops.databases import opened
    from server.store.cache import open_cache
    from server.store.database import open_database
    from server.store.users import Users

    async with opened(settings) as databases:
        database, redis = await open_database(databases.database_url, max_size=1), open_cache(databases.redis_url)
        try:
            # Log-ins are ended here and never begun, so there is nothing to sign.
            yield Office(database, Users(database), Endings(redis, Tokens(redis, b"")))
        finally:
            await redis.aclose()
            await database.close()


async def _account(office: Office, name: str) -> User:
    user = await office.users.find_account(name)
    if user is None:
        fail(f"there is no account {name!r}", 1)
    return user


@app.command("list")
def list_users(
    search: Annotated[str, typer.Argument(metavar="[TEXT]", help="A part of the name or address.")] = "",
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """List accounts: name, e-mail address, role, state."""

    async def work(office: Office) -> None:
        found = await office.users.list_accounts(search)
        rows = [
            (
                user.username,
                user.email or "",
                user.role,
                "disabled" if user.disabled_at else "active",
                "password" if user.password_hash else "no password",
                f"{user.created_at:%Y-%m-%d}",
            )
            for user in found
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            typer.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
        typer.echo(f"{len(rows)} account{'s' if len(rows) != 1 else ''}", err=True)

    run(settings_of(config, data=data, database_url=database_url, redis_url=redis_url), work)


@app.command()
def disable(
    name: Name,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Keep an account from logging in, and end its log-ins and connections at once."""

    async def work(office: Office) -> None:
        user = await _account(office, name)
        await office.users.set_disabled(user.id, True)
        await office.endings.tell_change(user.id)
        count = await office.endings.end_all(user.id)
        typer.echo(f"{user.username} is disabled; {count} log-in{'s' if count != 1 else ''} ended.")

    run(settings_of(config, data=data, database_url=database_url, redis_url=redis_url), work)


@app.command()
def enable(
    name: Name,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Let a disabled account log in again."""

    async def work(office: Office) -> None:
        user = await _account(office, name)
        await office.users.set_disabled(user.id, False)
        typer.echo(f"{user.username} may log in again.")

    run(settings_of(config, data=data, database_url=database_url, redis_url=redis_url), work)


@app.command("make-admin")
def make_admin(
    name: Name,
    remove: Annotated[bool, typer.Option("--remove", help="Make it an ordinary account again.")] = False,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Make an account one of those who run the server: it stands above the owners of all rooms."""

    async def work(office: Office) -> None:
        user = await _account(office, name)
        await office.users.set_operator(user.id, not remove)
        await office.endings.tell_change(user.id)
        typer.echo(f"{user.username} is {'an ordinary account' if remove else 'an operator of this server'} now.")

    run(settings_of(config, data=data, database_url=database_url, redis_url=redis_url), work)


@app.command("reset-password")
def reset_password(
    name: Name,
    hours: Annotated[int, typer.Option(min=1, max=24 * 30, help="How long the link is good.")] = 24,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="The office's address, for the link.")
    ] = None,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Print a link that sets a new password once. Send it to the person on a way that you trust."""
    settings = settings_of(config, data=data, database_url=database_url, redis_url=redis_url, public_url=public_url)

    async def work(office: Office) -> None:
        from datetime import timedelta

        from server.store.password_resets import PasswordResets, reset_address

        user = await _account(office, name)
        token = await PasswordResets(office.database).issue(user.id, timedelta(hours=hours))
        typer.echo(f"For {user.username}, good once and for {hours} hours:", err=True)
        typer.echo(reset_address(settings.public_url or f"http://localhost:{settings.port}", token))

    run(settings, work)


@app.command("import")
def import_users(
    file: Annotated[Path, typer.Argument(help="CSV with a header: email, username, password_hash.")],
    skip_existing: Annotated[bool, typer.Option("--skip-existing", help="Leave out what is here already.")] = False,
    config: ConfigFile = None,
    data: DataFolder = None,
    database_url: DatabaseUrl = None,
    redis_url: RedisUrl = None,
) -> None:
    """Import accounts with their bcrypt or argon2 hashes; people keep their passwords. All of them or none."""

    async def work(office: Office) -> None:
        from server.store.account_import import import_accounts, read_accounts

        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                accounts = read_accounts(lines)
        except OSError as error:
            fail(f"{file} cannot be read: {error.strerror}", 1)
        except UnicodeDecodeError:
            fail(f"{file} is not UTF-8 text", 1)
        added = await import_accounts(office.database, accounts, skip_existing=skip_existing)
        skipped = len(accounts) - len(added)
        typer.echo(f"{len(added)} accounts imported" + (f", {skipped} skipped" if skipped else "") + ".")

    run(settings_of(config, data=data, database_url=database_url, redis_url=redis_url), work)
