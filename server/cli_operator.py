"""What the commands share that talk to a running server: which one, and with what right."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli_settings import fail, settings_of

if TYPE_CHECKING:
    from server.ops.operator_client import Credentials

PASSWORD_VARIABLE = "HALLWAY_PASSWORD"  # noqa: S105 - a name, not a password

Url = Annotated[str | None, typer.Option("--url", help="The server's address, if it is not on this computer.")]
User = Annotated[
    str | None,
    typer.Option("--user", help=f"Sign in as this operator; the password is asked for, or in {PASSWORD_VARIABLE}."),
]
Insecure = Annotated[bool, typer.Option("--insecure", help="Take a certificate that nobody vouches for.")]


def reach(url: str | None, user: str | None, config: Path | None, data: str | None) -> tuple[str, Credentials]:
    """The address and what opens it: an operator's password if a name is given, else the office's own secret key."""
    from server.ops.operator_client import Credentials, credentials_of, local_url

    settings = settings_of(config, data=data)
    address = url or local_url(settings)
    if user is not None:
        password = os.environ.get(PASSWORD_VARIABLE) or typer.prompt(f"Password of {user}", hide_input=True, err=True)
        return address, Credentials(user=user, password=password)
    found = credentials_of(settings)
    if found is None:
        fail(
            f"there is no key of an office in {settings.data_dir}: name its data folder with --data, run this as who "
            "may read it, or sign in with --user",
            1,
        )
    return address, found
