"""`hallway user ...`: accounts, from the operator's command line, whether the server runs or not."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from server.cli_settings import ConfigFile, DatabaseUrl, DataFolder, RedisUrl, fail, settings_of

if TYPE_CHECKING:
    from server.auth.endings import Endings
    from server.auth.news import News
    from server.settings import Settings
    from server.store.database import Database
    from server.store.users import User, Users

app = typer.Typer(help="List, change and import accounts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name or e-mail address.")]


@dataclass(frozen=True)
class Office:
    """What the commands work with."""

    settings: Settings
    database: Database
    users: Users
    endings: Endings
    news: News


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
    from server.auth.news import News
    from server.auth.tokens import Tokens
    from server.ops.databases import opened
    from server.store.cache import open_cache
    from server.store.database import open_database
    from server.store.users import Users

    async with opened(settings) as databases:
        database, redis = await open_database(databases.database_url, max_size=1), open_cache(databases.redis_url)
        try:
            # Log-ins are ended here and never begun, so there is nothing to sign.
            yield Office(settings, database, Users(database), Endings(Tokens(redis, b"")), News(redis))
        finally:
            await redis.aclose()
            await database.close()


_WHERE = {"config": ConfigFile, "data": DataFolder, "database_url": DatabaseUrl, "redis_url": RedisUrl}


def command(name: str | None = None) -> Callable[[Callable[..., Awaitable[None]]], None]:
    """Make a command of what is done with an office: its parameters, and those that say which office it is."""

    def add(work: Callable[..., Awaitable[None]]) -> None:
        def called(**given: Any) -> None:
            where = {flag: given.pop(flag) for flag in _WHERE}
            run(settings_of(where.pop("config"), **where), lambda office: work(office, **given))

        own = list(inspect.signature(work, eval_str=True).parameters.values())[1:]
        shared = [
            inspect.Parameter(flag, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for flag, kind in _WHERE.items()
        ]
        keyword_only = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        called.__signature__ = inspect.Signature([*keyword_only, *shared])  # type: ignore[attr-defined]
        called.__doc__ = work.__doc__
        app.command(name or work.__name__)(called)

    return add


async def _account(office: Office, name: str) -> User:
    user = await office.users.find_account(name)
    if user is None:
        fail(f"there is no account {name!r}", 1)
    return user


@command("list")
async def list_users(
    office: Office,
    search: Annotated[str, typer.Argument(metavar="[TEXT]", help="A part of the name or address.")] = "",
) -> None:
    """List accounts: name, e-mail address, role, state."""
    rows = [
        (
            user.username,
            user.email or "",
            user.role,
            "disabled" if user.disabled_at else "active",
            "password" if user.password_hash else "no password",
            f"{user.created_at:%Y-%m-%d}",
        )
        for user in await office.users.list_accounts(search)
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    typer.echo(f"{len(rows)} account{'s' if len(rows) != 1 else ''}", err=True)


@command()
async def disable(office: Office, name: Name) -> None:
    """Keep an account from logging in, and end its log-ins and connections at once."""
    user = await _account(office, name)
    await office.users.set_disabled(user.id, True)
    await office.news.tell_change(user.id)
    count = await office.endings.end_all(user.id)
    typer.echo(f"{user.username} is disabled; {count} log-in{'s' if count != 1 else ''} ended.")


@command()
async def enable(office: Office, name: Name) -> None:
    """Let a disabled account log in again."""
    user = await _account(office, name)
    await office.users.set_disabled(user.id, False)
    typer.echo(f"{user.username} may log in again.")


@command("make-admin")
async def make_admin(
    office: Office,
    name: Name,
    remove: Annotated[bool, typer.Option("--remove", help="Make it an ordinary account again.")] = False,
) -> None:
    """Make an account one of those who run the server: it stands above the owners of all rooms."""
    user = await _account(office, name)
    await office.users.set_operator(user.id, not remove)
    await office.news.tell_change(user.id)
    typer.echo(f"{user.username} is {'an ordinary account' if remove else 'an operator of this server'} now.")


@command("reset-password")
async def reset_password(
    office: Office,
    name: Name,
    hours: Annotated[int, typer.Option(min=1, max=24 * 30, help="How long the link is good.")] = 24,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="The office's address, for the link.")
    ] = None,
) -> None:
    """Print a link that sets a new password once. Send it to the person on a way that you trust."""
    from datetime import timedelta

    from server.store.password_resets import PasswordResets, reset_address

    user, settings = await _account(office, name), office.settings
    if public_url is not None:
        public_url = settings_of(None, data=None, public_url=public_url).public_url
    token = await PasswordResets(office.database).issue(user.id, timedelta(hours=hours))
    typer.echo(f"For {user.username}, good once and for {hours} hours:", err=True)
    typer.echo(reset_address(public_url or settings.public_url or f"http://localhost:{settings.port}", token))


@command("import")
async def import_users(
    office: Office,
    file: Annotated[Path, typer.Argument(help="CSV with a header: email, username, password_hash.")],
    skip_existing: Annotated[bool, typer.Option("--skip-existing", help="Leave out what is here already.")] = False,
) -> None:
    """Import accounts with their bcrypt or argon2 hashes; people keep their passwords. All of them or none."""
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
