"""`hallway top`: a running office, live on the terminal."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from server.cli_operator import Insecure, Url, User, reach
from server.cli_settings import ConfigFile, DataFolder, fail


def top(
    url: Url = None,
    user: User = None,
    every: Annotated[float, typer.Option(min=0.2, max=60, help="Seconds between two looks.")] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, print it, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line for each look.")] = False,
    insecure: Insecure = False,
    config: ConfigFile = None,
    data: DataFolder = None,
) -> None:
    """Watch a running server: rooms, ticks and what they use of their time, people, slow clients, drops.

    On the server's own computer this needs no log-in; from elsewhere, --url and --user name the server and an operator.
    Without a terminal it looks once.
    """
    address, credentials = reach(url, user, config, data)
    from server.ops.operator_client import OperatorClient, OperatorError
    from server.ops.top import Fleet, watch

    async def work() -> None:
        async with OperatorClient(address, credentials, insecure=insecure) as client:
            fleet = Fleet(client)
            await watch(fleet, every, once=once or not (as_json or sys.stdout.isatty()), as_json=as_json)

    try:
        asyncio.run(work())
    except OperatorError as error:
        fail(str(error), 1)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None
