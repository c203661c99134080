"""Every setting of a Hallway server in one typed object, and how its value is found.

A setting is looked for as a command line flag (`--tick-rate`), an environment variable (`HALLWAY_TICK_RATE`), a key of
the TOML file (`tick_rate`), and last as the default below; the first that is there wins. The text under each field is
its documentation: `docs/configuration.md` and the flags' help are made from it.

    ConfigError                a value is not allowed, or a name is not a setting
"""

import difflib
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from server.ice_urls import parse_ice_urls
from server.networks import parse_networks

ENV_PREFIX = "HALLWAY_"
CONFIG_FILE_VARIABLE = "HALLWAY_CONFIG"


class ConfigError(Exception):
    """The configuration is wrong; the text is one line that says which setting, from where, and what is allowed."""


def default_data_dir() -> Path:
    """Where a server that was told nothing keeps its data: a folder that outlives the program and its checkout."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/hallway")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "hallway"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "hallway"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hallway"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an operator can choose. Times end in `_s` or `_ms`, lengths in `_px`; a tile is 32 px."""

    def __repr__(self) -> str:
        """Name the fields but no secret, so that a settings object may be logged."""
        return f"Settings({', '.join(f'{field}={shown_value(self, field)}' for field in FIELDS)})"

    # Where it listens

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    """Address to listen on. The default admits this computer only; `0.0.0.0` admits the network."""

    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """TCP port for pages, REST and WebSocket. 0: any free port, printed at the start."""

    public_url: Annotated[str, Meta(pattern=r"^https?://[^/\s]+/?$")] | None = None
    """Address that people's browsers use, such as `https://office.example.org`, when a proxy stands in front. With
    `https` the refresh cookie is marked Secure. Not set: made from host and port."""

    trusted_proxies: str = ""
    """Addresses and networks of the proxies in front, such as `10.0.0.0/8, 192.168.1.7`. From them, and from nobody
    else, X-Forwarded-For is believed. Not set: a client's address is that of its connection."""

    # What it keeps

    data_dir: Path = msgspec.field(default_factory=default_data_dir)
    """Folder for everything that must survive a restart: the embedded databases and the secret key. One server at a
    time uses it."""

    database_url: Annotated[str, Meta(pattern=r"^postgres(ql)?://.+")] | None = None
    """PostgreSQL to use, `postgresql://user:password@host:5432/name`. Not set: an own PostgreSQL is started below the
    data folder."""

    redis_url: Annotated[str, Meta(pattern=r"^(rediss?|unix)://.+")] | None = None
    """Redis or Valkey to use, `redis://host:6379/0`. Not set: an own Valkey is started below the data folder."""

    secret_key: Annotated[str, Meta(min_length=32)] | None = None
    """Key that signs access tokens; servers that share a database must share it. Not set: made once and kept in the
    data folder. In the environment or the file only."""

    room_grace_s: Annotated[int, Meta(ge=0, le=31536000)] = 7 * 24 * 3600
    """How long a deleted room can be restored before it is gone for good, s."""

    postgres_bin: Path | None = None
    """Folder with `postgres` and `initdb` for the embedded PostgreSQL. Not set: the ones that were installed with
    Hallway, else the system's."""

    valkey_server: Path | None = None
    """The `valkey-server` or `redis-server` program for the embedded Valkey. Not set: the one that was installed with
    Hallway, else the system's."""

    # The simulation

    tick_rate: Annotated[int, Meta(ge=10, le=60)] = 30
    """Ticks of the simulation a second. More is smoother and costs more processor time and traffic."""

    walk_px_s: Annotated[int, Meta(ge=16, le=1024)] = 128
    """Walking speed, px a second."""

    run_px_s: Annotated[int, Meta(ge=16, le=1024)] = 224
    """Running speed, px a second; at least the walking speed."""

    proximity_join_px: Annotated[int, Meta(ge=8, le=4096)] = 144
    """Distance at which two people come into each other's hearing, px."""

    proximity_leave_px: Annotated[int, Meta(ge=8, le=4096)] = 192
    """Distance beyond which they lose each other, px; at least the joining distance, and best well above it."""

    proximity_dwell_ms: Annotated[int, Meta(ge=0, le=5000)] = 200
    """How long a distance must hold before it counts, ms. 0: it counts at once."""

    save_interval_s: Annotated[float, Meta(gt=0, le=5)] = 3.0
    """Time between two saves of people's places, s: what a killed server may forget of them."""

    # What each client is told

    cell_px: Annotated[int, Meta(ge=64, le=4096, multiple_of=8)] = 256
    """Side of the square cells that snapshots are made of, px."""

    interest_radius_px: Annotated[int, Meta(ge=64, le=16384)] = 512
    """How far around itself a client is told about others, px; rounded up to whole cells."""

    heartbeat_hz: Annotated[int, Meta(ge=1, le=10)] = 2
    """Snapshots a second that a client gets even if nothing happens."""

    ack_ms: Annotated[int, Meta(ge=50, le=2000)] = 500
    """Longest time a client waits before it acknowledges snapshots, ms."""

    max_ahead_ms: Annotated[int, Meta(ge=50, le=2000)] = 500
    """How far ahead of the server's time an input may ask to take effect, ms."""

    # Connections

    max_clients: Annotated[int, Meta(ge=0, le=65535)] = 5000
    """Most connections to rooms at one time, over all rooms. 0: no limit."""

    hello_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    """Time a new connection has to say who it is, s."""

    resume_s: Annotated[int, Meta(ge=0, le=300)] = 15
    """How long an avatar stays after its connection was lost, s. 0: it goes at once."""

    stall_s: Annotated[float, Meta(ge=1, le=120)] = 10.0
    """Time without any acknowledgement after which a connection is ended, resumable, s."""

    message_rate: Annotated[int, Meta(ge=10, le=10000)] = 120
    """Messages a second that one client may send; more are discarded and counted."""

    message_burst: Annotated[int, Meta(ge=10, le=100000)] = 240
    """Messages that one client may send at once after a pause."""

    signal_rate: Annotated[int, Meta(ge=5, le=1000)] = 40
    """Messages a second that one client may send to those it is linked with, to set up sound and picture."""

    signal_burst: Annotated[int, Meta(ge=20, le=10000)] = 240
    """Such messages that one client may send at once after a pause."""

    outbox_event_bytes: Annotated[int, Meta(ge=16384, le=16777216)] = 262144
    """Events that wait for a client that does not read, bytes; beyond, its connection is ended."""

    write_buffer_high: Annotated[int, Meta(ge=2048, le=1048576)] = 16384
    """Unsent bytes on a connection above which snapshots are skipped for it."""

    # Accounts

    access_token_s: Annotated[int, Meta(ge=30, le=86400)] = 600
    """Life of an access token, s."""

    refresh_token_s: Annotated[int, Meta(ge=300, le=31536000)] = 30 * 24 * 3600
    """Life of a login that is not used, s."""

    ticket_s: Annotated[int, Meta(ge=5, le=300)] = 30
    """Life of the one-use ticket that admits a connection to a room, s."""

    registration_open: bool = True
    """Whether people may make accounts themselves. Else the operator makes them, with `hallway user import`."""

    # Log-in with another account (OpenID Connect)

    oidc_issuer: Annotated[str, Meta(pattern=r"^https?://[^\s?#]+$")] | None = None
    """Address of the provider, such as `https://login.example.org/realms/office`; all else is discovered there.
    Register Hallway at the provider with the redirect address `https://<this office>/api/auth/oidc/callback`. Not set:
    passwords only."""

    oidc_client_id: Annotated[str, Meta(min_length=1)] | None = None
    """The name by which the provider knows this Hallway."""

    oidc_client_secret: Annotated[str, Meta(min_length=1)] | None = None
    """The secret that goes with it. Not set: a public client, protected by PKCE alone. In the environment or the file
    only."""

    oidc_label: Annotated[str, Meta(min_length=1, max_length=40)] = "single sign-on"
    """What people call the provider; the button says "Log in with ..."."""

    oidc_sign_up: bool = True
    """Whether someone without an account gets one at the first log-in with the provider."""

    oidc_link_by_email: bool = False
    """Whether somebody whose verified e-mail address at the provider is that of an account is let into that account at
    the first log-in. Hallway does not verify addresses at registration, so switch it on only if all accounts were made
    by the operator. Off: people link the provider to their account themselves, once they are logged in."""

    # Limits

    wrong_passwords_account_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 5
    """Wrong passwords a minute for one account, whoever tries. 0: no limit."""

    wrong_passwords_address_per_10_minutes: Annotated[int, Meta(ge=0, le=100000)] = 10
    """Wrong passwords in 10 minutes from one address, also an unlimited one. 0: no limit."""

    provider_log_ins_address_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 60
    """Log-ins with another provider that may be begun a minute from one address. 0: no limit."""

    registrations_address_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 20
    """New accounts an hour from one address. 0: no limit."""

    guests_address_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 60
    """Guests a minute that enter from one address. 0: no limit."""

    joins_account_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 60
    """Rooms a minute that one person may enter. 0: no limit."""

    joins_address_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 600
    """Rooms a minute that may be entered from one address. 0: no limit."""

    invites_account_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 120
    """Invites an hour that one person may make or use. 0: no limit."""

    invites_address_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 600
    """Invites an hour that may be made or used from one address. 0: no limit."""

    unlimited_addresses: str = "127.0.0.0/8, ::1"
    """Addresses and networks that the limits by address leave alone, except the one on wrong passwords. The default is
    this computer itself: load generators and tests. `none`: no address is."""

    # Sound and picture

    stun_urls: str = ""
    """STUN servers that tell people's browsers their outside address, such as `stun:stun.example.org:3478`, separated
    by commas or spaces. Not needed inside one network. Nothing is asked outside unless it is named here."""

    turn_urls: str = ""
    """TURN servers that carry sound and picture where no direct way exists, such as
    `turn:turn.example.org:3478?transport=udp, turns:turn.example.org:443?transport=tcp`. `hallway coturn-config` writes
    the configuration of one."""

    turn_secret: Annotated[str, Meta(min_length=16)] | None = None
    """The secret that the TURN servers share with Hallway (coturn's `static-auth-secret`). In the environment or the
    file only."""

    turn_credential_s: Annotated[int, Meta(ge=300, le=86400)] = 3600
    """Life of the TURN credentials that a browser gets, s; it fetches new ones in time."""

    # Logs

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important messages that are logged."""

    log_format: Literal["auto", "text", "json"] = "auto"
    """`text` is for people, `json` for log collectors; `auto` takes text on a terminal and JSON elsewhere."""


FIELDS: tuple[str, ...] = Settings.__struct_fields__
TYPES: dict[str, Any] = get_type_hints(Settings, include_extras=True)
SECRET_FIELDS = frozenset({"secret_key", "oidc_client_secret", "turn_secret"})
URL_FIELDS = frozenset({"database_url", "redis_url"})
NETWORK_FIELDS = frozenset({"trusted_proxies", "unlimited_addresses"})

EXTRA_VARIABLES = {"HALLWAY_DATA": "data_dir", "DATABASE_URL": "database_url", "REDIS_URL": "redis_url"}
"""Names besides HALLWAY_<FIELD> that are accepted in the environment."""


def variable_of(field: str) -> str:
    """The environment variable of a setting."""
    return "HALLWAY_DATA" if field == "data_dir" else ENV_PREFIX + field.upper()


def flag_of(field: str) -> str:
    """The command line flag of a setting."""
    return "--data" if field == "data_dir" else "--" + field.replace("_", "-")


@dataclass(frozen=True)
class EffectiveSettings:
    """The settings together with where each came from: "flag --port", "environment HALLWAY_PORT", "default" ..."""

    settings: Settings
    sources: dict[str, str]


def load_settings(
    env: Mapping[str, str] | None = None,
    file: Path | None = None,
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """Find every setting in flags, environment and file. Raises ConfigError. See `read_settings`."""
    return read_settings(env, file, flags).settings


def read_settings(
    env: Mapping[str, str] | None = None,
    file: Path | None = None,
    flags: Mapping[str, object] | None = None,
) -> EffectiveSettings:
    """Find every setting and where it came from.

    `env` None means the process's environment. `file` None means the file that HALLWAY_CONFIG names, if any. `flags`
    holds field names; None as a value, like an empty environment variable, counts as not given. Raises ConfigError.
    """
    env = os.environ if env is None else env
    if file is None and env.get(CONFIG_FILE_VARIABLE):
        file = Path(env[CONFIG_FILE_VARIABLE])

    found: dict[str, tuple[str, object]] = {}
    if file is not None:
        found |= _from_file(file)
    found |= _from_environment(env)
    found |= _from_flags(flags or {})

    values: dict[str, Any] = {field: _convert(field, source, raw) for field, (source, raw) in found.items()}
    sources = {field: found[field][0] if field in found else "default" for field in FIELDS}
    settings = Settings(**values)
    _check_together(settings, sources)
    return EffectiveSettings(settings, sources)


def allowed_text(field: str) -> str:
    """What may be said for a setting, for people: "a whole number from 10 to 60"."""
    kind, meta = _kind_and_meta(TYPES[field])
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    if kind in (int, float):
        return _number_text("a whole number" if kind is int else "a number", meta)
    if kind is Path:
        return "a path"
    if kind is bool:
        return "true or false"
    if field in NETWORK_FIELDS:
        return "a list of networks such as 10.0.0.0/8, 192.168.1.7, or none"
    return {
        "public_url": "an address such as https://office.example.org, without a path",
        "database_url": "an address such as postgresql://user:password@host:5432/name",
        "redis_url": "an address such as redis://host:6379/0, rediss://... or unix:///path",
        "secret_key": "a text of at least 32 characters",
        "oidc_issuer": "an address such as https://login.example.org",
        "oidc_label": "a text of 1 to 40 characters",
        "stun_urls": "addresses such as stun:stun.example.org:3478",
        "turn_urls": "addresses such as turn:turn.example.org:3478?transport=udp",
        "turn_secret": "a text of at least 16 characters",
    }.get(field, "a text that is not empty")


def shown_value(settings: Settings, field: str) -> str:
    """A setting's value for people and logs: the secret key is hidden, and so is the password in an address."""
    value = getattr(settings, field)
    if value is None or value == "":
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if field in SECRET_FIELDS:
        return "(hidden)"
    if field in URL_FIELDS:
        # A password may hold "@" or ":"; everything from the first ":" of the user part to its last "@" goes.
        return re.sub(r"(?i)(password=)[^&]*", r"\1***", re.sub(r"//([^/:@]*):.*@", r"//\1:***@", value))
    return str(value)


def _from_file(file: Path) -> dict[str, tuple[str, object]]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"the configuration file {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"the configuration file {file} is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration file {file} is not TOML: {error}") from None
    for key in table:
        if key not in FIELDS:
            raise ConfigError(f"{key} in {file} is not a setting{_did_you_mean(key, FIELDS)}")
    return {key: (f"file {file}", value) for key, value in table.items()}


def _from_environment(env: Mapping[str, str]) -> dict[str, tuple[str, object]]:
    names = {ENV_PREFIX + field.upper(): field for field in FIELDS}
    for name in env:
        if name.startswith(ENV_PREFIX) and name not in names | EXTRA_VARIABLES and name != CONFIG_FILE_VARIABLE:
            # Kubernetes puts such variables into every pod beside a Service called "hallway".
            if re.match(r"HALLWAY_(\w+_)?(SERVICE_(HOST|PORT)|PORT_\d+_)", name):
                hint = "; it looks like Kubernetes' service links: set enableServiceLinks: false in the pod"
            else:
                # Without the prefix, which makes any two of them look alike.
                known = [*names, "HALLWAY_DATA", CONFIG_FILE_VARIABLE]
                hint = _did_you_mean(name.removeprefix(ENV_PREFIX), [item.removeprefix(ENV_PREFIX) for item in known])
                hint = hint.replace("did you mean ", f"did you mean {ENV_PREFIX}")
            raise ConfigError(f"{name} in the environment is not a setting{hint}")
    # An own HALLWAY_ name is meant for this program and so wins over the name that many programs read.
    accepted = {**EXTRA_VARIABLES, **names, "HALLWAY_DATA": "data_dir"}
    return {field: (f"environment {name}", env[name]) for name, field in accepted.items() if env.get(name)}


def _from_flags(flags: Mapping[str, object]) -> dict[str, tuple[str, object]]:
    for field in flags:
        if field not in FIELDS or field in SECRET_FIELDS:
            raise ConfigError(f"{flag_of(field)} is not a setting{_did_you_mean(field, FIELDS)}")
    return {field: (f"flag {flag_of(field)}", value) for field, value in flags.items() if value is not None}


def _convert(field: str, source: str, raw: object) -> object:
    expected, _ = _kind_and_meta(TYPES[field])
    try:
        if expected is Path:
            return _path(raw)
        if expected is int and isinstance(raw, float | bool):
            raise TypeError
        # A flag or a variable is always a text; a file's value must have the right type already.
        value: object = msgspec.convert(raw, TYPES[field], strict=source.startswith("file "))
        if field in NETWORK_FIELDS:
            parse_networks(str(value))
    except (msgspec.ValidationError, TypeError, ValueError):
        shown = "the given value" if field in SECRET_FIELDS | URL_FIELDS else repr(raw)
        hint = ""
        if field == "port" and str(raw).startswith("tcp://"):
            hint = "; it looks like Kubernetes' service links: set enableServiceLinks: false in the pod"
        raise ConfigError(f"{field} from {source}: {shown} is not {allowed_text(field)}{hint}") from None
    return value


def _path(raw: object) -> Path:
    if not isinstance(raw, str | Path) or not str(raw) or "\0" in str(raw):
        raise TypeError
    try:
        return Path(raw).expanduser().absolute()
    except RuntimeError:  # "~someone" who is no user here
        raise TypeError from None


def _check_together(settings: Settings, sources: Mapping[str, str]) -> None:
    for larger, smaller in (("run_px_s", "walk_px_s"), ("proximity_leave_px", "proximity_join_px")):
        high, low = getattr(settings, larger), getattr(settings, smaller)
        if high < low:
            given = f"{smaller}, which is {low} from {sources[smaller]}"
            raise ConfigError(f"{larger} from {sources[larger]}: {high} is less than {given}")
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise ConfigError(f"oidc_issuer from {sources['oidc_issuer']} needs oidc_client_id beside it")
    for field in ("stun_urls", "turn_urls"):
        try:
            parse_ice_urls(getattr(settings, field), field.partition("_")[0])
        except ValueError as error:
            raise ConfigError(f"{field} from {sources[field]}: {error}") from None
    if settings.turn_urls and not settings.turn_secret:
        raise ConfigError(f"turn_urls from {sources['turn_urls']} needs turn_secret beside it")


def _did_you_mean(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {close[0]}?" if close else "; `hallway config` lists them all"


def _kind_and_meta(annotation: Any) -> tuple[Any, Meta | None]:
    """Strip "or None" and the limits from a field's type."""
    if get_origin(annotation) is not Annotated and get_origin(annotation) is not Literal:
        choices = [choice for choice in get_args(annotation) if choice is not type(None)]
        if len(choices) == 1:
            annotation = choices[0]
    if get_origin(annotation) is Annotated:
        kind, *rest = get_args(annotation)
        return kind, next((item for item in rest if isinstance(item, Meta)), None)
    return annotation, None


def _number_text(noun: str, meta: Meta | None) -> str:
    if meta is None:
        return noun
    low = f" above {meta.gt}" if meta.gt is not None else f" from {meta.ge}" if meta.ge is not None else ""
    joint = " to " if meta.ge is not None else " and at most "
    high = f"{joint}{meta.le}" if meta.le is not None else ""
    step = f", a multiple of {meta.multiple_of}" if meta.multiple_of is not None else ""
    return f"{noun}{low}{high}{step}"
