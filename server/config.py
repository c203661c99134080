"""How the value of every setting is found.

A setting is looked for as a command line flag (`--tick-rate`), an environment variable (`HALLWAY_TICK_RATE`), a key of
the TOML file (`tick_rate`), and last as the default below; the first that is there wins.

    ConfigError                a value is not allowed, or a name is not a setting
"""

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta

from server.ice_urls import parse_ice_urls
from server.networks import parse_address, parse_networks
from server.settings import FIELDS, NETWORK_FIELDS, SECRET_FIELDS, TYPES, URL_FIELDS, Settings

ENV_PREFIX = "HALLWAY_"
ANY_HOST = "0.0.0.0"  # noqa: S104 - what --lan is for
CONFIG_FILE_VARIABLE = "HALLWAY_CONFIG"


class ConfigError(Exception):
    """The configuration is wrong; the text is one line that says which setting, from where, and what is allowed."""


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
    if values.get("lan"):
        values.setdefault("host", ANY_HOST)
        sources["host"] = sources["host"] if "host" in found else f"lan from {sources['lan']}"
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
        "server_name": "a name of lower-case letters, digits and hyphens",
        "peer_url": "an address such as http://10.0.0.5:8080",
        "database_url": "an address such as postgresql://user:password@host:5432/name",
        "redis_url": "an address such as redis://host:6379/0, rediss://... or unix:///path",
        "secret_key": "a text of at least 32 characters",
        "oidc_issuer": "an address such as https://login.example.org",
        "oidc_label": "a text of 1 to 40 characters",
        "stun_urls": "addresses such as stun:stun.example.org:3478",
        "turn_urls": "addresses such as turn:turn.example.org:3478?transport=udp",
        "turn_secret": "a text of at least 16 characters",
        "janus_url": "an address such as http://127.0.0.1:8088/janus",
        "livekit_url": "an address such as wss://livekit.example.org",
    }.get(field, "a text that is not empty")


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
    for one, other in (("tls_cert", "tls_key"), ("tls_key", "tls_cert")):
        if getattr(settings, one) and not getattr(settings, other):
            raise ConfigError(f"{one} from {sources[one]} needs {other} beside it")
    if settings.turn_urls and not settings.turn_secret:
        raise ConfigError(f"turn_urls from {sources['turn_urls']} needs turn_secret beside it")
    needed = {"janus": ("janus_url",), "livekit": ("livekit_url", "livekit_key", "livekit_secret")}
    for field in needed.get(settings.media_backend, ()):
        if not getattr(settings, field):
            chosen = f"media_backend from {sources['media_backend']}: {settings.media_backend}"
            raise ConfigError(f"{chosen} needs {field} beside it")
    for part in settings.sfu_addresses.replace(",", " ").split():
        if parse_address(part) is None:
            raise ConfigError(f"sfu_addresses from {sources['sfu_addresses']}: {part!r} is not an address")


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
