"""The `hallway` command.

Exit codes: 0 done, 1 it failed or a problem was found, 2 the configuration or the command line is wrong.
Everything heavy is imported inside its command, so that `hallway --help` is there at once.
"""

import errno
import functools
import inspect
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from server.cli_backup import backup, restore
from server.cli_move import move_database
from server.cli_nginx import nginx_config
from server.cli_record import record, replay
from server.cli_settings import ConfigFile
from server.cli_settings import fail as _fail
from server.cli_top import top
from server.cli_user import app as user_commands
from server.config import ConfigError, EffectiveSettings, flag_of, read_settings
from server.settings import FIELDS, SECRET_FIELDS, SWITCHES

app = typer.Typer(
    name="hallway",
    help="A self-hosted virtual office: walk around a map, hear and see whoever is near.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

LISTEN_ERRORS = {
    errno.EADDRINUSE: "another program listens there",
    errno.EACCES: "this user may not use a port below 1024",
    errno.EADDRNOTAVAIL: "this computer does not have that address",
}


def with_setting_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one flag per setting, after its own `config` parameter.

    All flags arrive as texts: flags, variables and files are judged by one set of rules, in `server.config`.
    """
    from server.config_docs import descriptions, metavar

    def option(field: str) -> object:
        names = dict.fromkeys((flag_of(field), "--" + field.replace("_", "-")))
        text = descriptions()[field].partition(". ")[0].rstrip(".") + "."
        if field in SWITCHES:
            return Annotated[bool | None, typer.Option(*names, help=text, show_default=False)]
        return Annotated[str | None, typer.Option(*names, metavar=metavar(field), help=text, show_default=False)]

    own = [item for item in inspect.signature(command).parameters.values() if item.kind is not item.VAR_KEYWORD]
    flags = [
        inspect.Parameter(field, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option(field))
        for field in FIELDS
        if field not in SECRET_FIELDS
    ]

    @functools.wraps(command)
    def with_flags(**arguments: object) -> None:
        command(**{name: "true" if value is True else value for name, value in arguments.items()})

    with_flags.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
    with_flags.__annotations__ = {item.name: item.annotation for item in (*own, *flags)}
    return with_flags


def serve(config: ConfigFile = None, **flags: str | None) -> None:
    """Open the office: start the server, and the databases if none are given."""
    settings = _settings(config, flags).settings
    from server.app import run
    from server.cluster.errors import OtherKey
    from server.embedded.errors import EmbeddedError
    from server.embedded.services import where
    from server.store.errors import StoreError, StoreUnavailable
    from server.tls import TlsError
    from sim.maps import MapError

    try:
        code = run(settings)
    except StoreUnavailable as error:
        place = f" at {where(settings.database_url)}" if settings.database_url else ""
        _fail(f"{error}{place}. `hallway doctor` looks at everything that a start needs", 1)
    except (EmbeddedError, StoreError, MapError, TlsError, OtherKey) as error:
        _fail(str(error), 1)
    except socket.gaierror:
        _fail(f"cannot listen on {settings.host}: it is no address of this computer; try {flag_of('host')} 0.0.0.0", 1)
    except OSError as error:
        if error.errno not in LISTEN_ERRORS:
            raise
        _fail(
            f"cannot listen on {settings.host}:{settings.port}: {LISTEN_ERRORS[error.errno]}; choose another with "
            f"{flag_of('port')} or {flag_of('host')}",
            1,
        )
    except KeyboardInterrupt:
        code = 130
    raise typer.Exit(code)


def doctor(config: ConfigFile = None, **flags: str | None) -> None:
    """Check everything that a start needs, and say what to do about each problem."""
    settings = _settings(config, flags).settings
    from server.doctor import examine

    findings = examine(settings)
    for finding in findings:
        mark = typer.style("problem", fg="red", bold=True) if finding.is_problem else typer.style("ok     ", fg="green")
        typer.echo(f"{mark}  {finding.subject + ':':<13} {finding.text}")
        if finding.is_problem:
            typer.echo(f"{'':>9}{'':<14}-> {finding.advice}")
    problems = sum(finding.is_problem for finding in findings)
    typer.echo(f"\n{problems} problem{'s' if problems != 1 else ''} found." if problems else "\nReady to start.")
    raise typer.Exit(1 if problems else 0)


def config_command(config: ConfigFile = None, **flags: str | None) -> None:
    """Print every setting that is in force and where it came from; secrets are hidden."""
    effective = _settings(config, flags)
    from server.settings import shown_value

    shown = {field: shown_value(effective.settings, field) for field in FIELDS}
    widths = max(map(len, shown)), max(map(len, shown.values()))
    for field, value in shown.items():
        typer.echo(f"{field:<{widths[0]}}  {value:<{widths[1]}}  {effective.sources[field]}")


def coturn_config(
    realm: Annotated[str, typer.Option(help="Name of the office, such as its domain.")] = "hallway",
    external_ip: Annotated[str | None, typer.Option(help="Public address of a server behind NAT.")] = None,
    certificate: Annotated[str | None, typer.Option(help="Certificate file for TURN over TLS.")] = None,
    key: Annotated[str | None, typer.Option(help="Key file that goes with it.")] = None,
    allow_peer: Annotated[
        list[str] | None, typer.Option(help="A private address or range to relay to all the same; may be repeated.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Write the configuration of a coturn server that relays sound and picture for this office only."""
    settings = _settings(config, {}).settings
    from server.media.coturn import coturn_config as text

    if (certificate is None) != (key is None):
        _fail("--certificate and --key go together", 2)
    try:
        made = text(
            settings,
            realm=realm,
            external_ip=external_ip,
            tls_certificate=certificate,
            tls_key=key,
            allowed_peers=allow_peer or (),
        )
    except ValueError as error:
        _fail(f"{error}; set HALLWAY_TURN_SECRET", 2)
    typer.echo(made, nl=False)


def version() -> None:
    """Print the version of Hallway and of what it runs on."""
    import platform
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed_version

    try:
        number = installed_version("hallway")
    except PackageNotFoundError:
        number = "(not installed)"
    typer.echo(f"hallway {number}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")


def bots(context: typer.Context) -> None:
    """Let bots walk in a room and report latency, bytes and errors."""
    from benchmarks.bots.command import bots_command

    # The bots' own flags are read here: importing them takes longer than all other help together.
    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command()(bots_command)
    command(context.args, prog_name="hallway bots")


def tune(context: typer.Context) -> None:
    """Find out what this computer holds: at which tick rate how many people, and what gives way first."""
    from benchmarks.tune_command import tune_command

    command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    command.command()(tune_command)
    command(context.args, prog_name="hallway tune")


_FLAGS_OF_ITS_OWN: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"allow_extra_args": True, "ignore_unknown_options": True},
}

app.command("serve")(with_setting_flags(serve))
app.command("doctor")(with_setting_flags(doctor))
app.command("config")(with_setting_flags(config_command))
app.command("bots", **_FLAGS_OF_ITS_OWN)(bots)
app.command("tune", **_FLAGS_OF_ITS_OWN)(tune)
app.command("coturn-config")(coturn_config)
app.command("nginx-config")(nginx_config)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("move-database")(move_database)
app.add_typer(user_commands, name="user")
app.command("top")(top)
app.command("record")(record)
app.command("replay")(replay)
app.command("version")(version)


def main() -> None:
    """The entry point of the `hallway` script."""
    app()


def _settings(file: Path | None, flags: dict[str, str | None]) -> EffectiveSettings:
    try:
        return read_settings(file=file, flags=flags)
    except ConfigError as error:
        _fail(str(error), 2)


if __name__ == "__main__":
    main()
