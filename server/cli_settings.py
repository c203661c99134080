"""What the commands of `hallway` share: the settings that say which office is meant, and how a command fails."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from server.config import ConfigError, load_settings
from server.settings import Settings

ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="A TOML file with settings.")]
DataFolder = Annotated[str | None, typer.Option("--data", metavar="PATH", help="The office's data folder.")]
DatabaseUrl = Annotated[str | None, typer.Option("--database-url", metavar="URL", help="Its PostgreSQL, if not own.")]
RedisUrl = Annotated[str | None, typer.Option("--redis-url", metavar="URL", help="Its Redis, if not its own.")]


def settings_of(
    file: Path | None,
    *,
    data: str | None,
    database_url: str | None = None,
    redis_url: str | None = None,
    public_url: str | None = None,
) -> Settings:
    """The settings of the office that is meant; a wrong one ends the command with code 2."""
    flags = {"data_dir": data, "database_url": database_url, "redis_url": redis_url, "public_url": public_url}
    try:
        return load_settings(file=file, flags=flags)
    except ConfigError as error:
        fail(str(error), 2)


def fail(text: str, code: int) -> NoReturn:
    """End the command with a line for the operator."""
    typer.echo(f"hallway: {text}", err=True)
    raise typer.Exit(code)
