"""Every setting of a Hallway server in one typed object.

The text under each field is its documentation: `docs/configuration.md` and the flags' help are made from it.
`server.config` finds the values.
"""

import os
import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta


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

    lan: bool = False
    """Admit the network and speak HTTPS with a certificate that the server makes for the addresses of this computer:
    browsers give cameras and microphones to secure pages only. On the command line `--lan` is enough. Browsers warn
    once before they open a page with such a certificate."""

    tls_cert: Path | None = None
    """Certificate chain in PEM for HTTPS without a proxy, with `tls_key`. Not set: HTTP, unless `lan` is set."""

    tls_key: Path | None = None
    """Private key of `tls_cert` in PEM."""

    public_url: Annotated[str, Meta(pattern=r"^https?://[^/\s]+/?$")] | None = None
    """Address that people's browsers use, such as `https://office.example.org`, when a proxy stands in front. With
    `https` the refresh cookie is marked Secure. Not set: made from host and port."""

    trusted_proxies: str = ""
    """Addresses and networks of the proxies in front, such as `10.0.0.0/8, 192.168.1.7`. From them, and from nobody
    else, X-Forwarded-For, X-Forwarded-Proto and X-Request-ID are believed. Not set: a client's address is that of its
    connection."""

    # Several processes, several servers

    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    """Processes that share the rooms behind the one port; best one for each processor core. One that dies takes only
    its rooms with it, which open again in the others."""

    server_name: Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")] | None = None
    """Name of this server among several behind one proxy, which brings everything below `/at/NAME/` to it. Not set:
    connections that reach another server first are relayed by that one, which costs it processor time."""

    peer_url: Annotated[str, Meta(pattern=r"^http://[^/\s]+$")] | None = None
    """Address under which the other servers reach this one, such as `http://10.0.0.5:8080`. Not set: made from the
    address that it listens on, or this computer's first one, and the port."""

    drain_s: Annotated[float, Meta(ge=0, le=3600)] = 30.0
    """Time that a server which is asked to stop takes to give its rooms to others, s. 0: it closes them at once."""

    fanout_people: Annotated[int, Meta(ge=0, le=5000)] = 0
    """Connections to one room that its own process holds. Further ones are held by the other workers, as gateways: the
    room's own process simulates, they put the snapshots together and send them. For rooms of more than some 1,000
    people, with `workers`, or on all of several servers. Who is behind a gateway gets no UDP. 0: all of a room's
    connections are held by its own process."""

    fanout_queue_bytes: Annotated[int, Meta(ge=65536, le=33554432)] = 4194304
    """What may wait for such a gateway, bytes. Beyond that its clients are skipped, and after `stall_s` they lose their
    connections and come back."""

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

    templates_dir: Path | None = None
    """Folder with room templates of your own, `NAME.json` as in `docs/rooms.md`, offered beside those that come with
    Hallway. One that rooms were made from must stay. Not set: none."""

    room_grace_s: Annotated[int, Meta(ge=0, le=31536000)] = 7 * 24 * 3600
    """How long a deleted room can be restored before it is gone for good, s."""

    guest_keep_s: Annotated[int, Meta(ge=0, le=315360000)] = 30 * 24 * 3600
    """How long a guest who does not come back is kept, with name, look and places, s. Never one who is here. 0: for
    ever. Best no less than `refresh_token_s`, for so long a guest's browser remembers who they are."""

    postgres_bin: Path | None = None
    """Folder with `postgres` and `initdb` for the embedded PostgreSQL. Not set: the ones that were installed with
    Hallway, else the system's."""

    valkey_server: Path | None = None
    """The `valkey-server` or `redis-server` program for the embedded Valkey. Not set: the one that was installed with
    Hallway, else the system's."""

    # The simulation

    tick_rate: Annotated[int, Meta(ge=10, le=60)] = 30
    """Ticks of the simulation a second. More is smoother and costs more processor time and traffic."""

    compiled: bool = True
    """Whether ticks and the built-in SFU take the compiled passes where a C compiler was there to build them at
    installation. What happens is the same without; a room of a hundred then costs about twice the processor time."""

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

    ack_ms: Annotated[int, Meta(ge=50, le=2000)] = 2000
    """Longest time a client waits before it acknowledges snapshots, ms. Each acknowledgement wakes the server; over
    datagrams, where news is built on what was acknowledged, clients do it more often by themselves."""

    max_ahead_ms: Annotated[int, Meta(ge=50, le=2000)] = 500
    """How far ahead of the server's time an input may ask to take effect, ms."""

    # Connections

    max_clients: Annotated[int, Meta(ge=0, le=65535)] = 5000
    """Most connections to rooms at one time, over all rooms and all workers of this server. 0: no limit."""

    arrivals_rate: Annotated[int, Meta(ge=1, le=10000)] = 200
    """Most people let into one room in a second; whoever comes beyond that waits a moment. So a crowd at the door does
    not disturb those inside."""

    hello_timeout_s: Annotated[float, Meta(gt=0, le=60)] = 5.0
    """Time a new connection has to say who it is, s."""

    resume_s: Annotated[int, Meta(ge=0, le=300)] = 15
    """How long an avatar stays after its connection was lost, s. 0: it goes at once."""

    stall_s: Annotated[float, Meta(ge=1, le=120)] = 8.0
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

    # The game over UDP

    udp_port: Annotated[int, Meta(ge=0, le=65535)] | None = None
    """UDP port over which people on lossy networks are told where everybody is; it must be open to their browsers. All
    else, and everybody for whom UDP does not work, uses the TCP port. Several workers take the ports that follow.
    0: none. Not set: the number of the TCP port. If it is taken, the server says so and goes on without."""

    udp_host: Annotated[str, Meta(max_length=253)] = ""
    """Name or address under which people's browsers reach that port. Needed when the pages come from another computer,
    such as a proxy. Not set: that of the page."""

    udp_clients: Annotated[int, Meta(ge=1, le=10000)] = 200
    """Most clients that may use UDP at one time; it costs the server about ten times as much processor time for each
    as a WebSocket. From half of it on, only those use it whose connection is seen to stall."""

    udp_channels: Annotated[int, Meta(ge=0, le=10000)] = 100
    """Of these, most whose browser has no WebTransport and uses a WebRTC data channel on the same port; they are told
    the addresses in sfu_addresses or udp_host. 0: such browsers stay on the TCP port."""

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

    messages_account_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 240
    """Pages of messages and searches in them a minute that one person may ask for. 0: no limit."""

    invites_account_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 120
    """Invites an hour that one person may make or use. 0: no limit."""

    invites_address_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 600
    """Invites an hour that may be made or used from one address. 0: no limit."""

    objects_account_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 120
    """Objects a minute that one person may put up, change or remove. 0: no limit."""

    documents_account_per_minute: Annotated[int, Meta(ge=0, le=100000)] = 60
    """Whiteboards a minute that one person may open. 0: no limit."""

    uploads_account_per_hour: Annotated[int, Meta(ge=0, le=100000)] = 120
    """Pictures and PDFs an hour that one person may upload. 0: no limit."""

    upload_max_mb: Annotated[int, Meta(ge=1, le=100)] = 20
    """The largest picture or PDF that may be uploaded, MiB."""

    room_files_mb: Annotated[int, Meta(ge=1, le=100000)] = 300
    """The pictures and PDFs of one room together, MiB. They are kept in the database."""

    document_max_mb: Annotated[int, Meta(ge=1, le=64)] = 8
    """The largest whiteboard, MiB as it is kept. On a full one things can be removed only."""

    embed_origins: Annotated[
        str, Meta(pattern=r"^(\s*https?://(\*\.)?[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?\s*(,|$|(?=\s)))*$")
    ] = ""
    """Sites whose pages may be shown on screens, such as `https://docs.example.org, https://*.example.com`. Each person
    who sees such a page is known to its site by their address. Not set: none."""

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

    media_backend: Literal["mesh", "builtin", "janus", "livekit"] = "builtin"
    """What carries sound and picture when too many people are near each other to send to each one directly: `builtin`
    is Hallway's own, `janus` and `livekit` are servers of yours, `mesh` is nothing: everything goes directly."""

    direct_people_video: Annotated[int, Meta(ge=0, le=20)] = 4
    """People with whom somebody shares sound and pictures directly; with more, all of theirs goes through the media
    backend. 0: everything does."""

    direct_people_sound: Annotated[int, Meta(ge=0, le=20)] = 6
    """The same while nobody among them shows a picture."""

    sfu_port: Annotated[int, Meta(ge=0, le=65535)] = 7880
    """UDP port of the built-in backend, which must be open to people's browsers; several workers take the ports that
    follow. If it is taken, or 0: any free one."""

    sfu_addresses: str = ""
    """Addresses under which people's browsers reach that port, such as `198.51.100.7, 2001:db8::7`. Needed behind NAT
    and in containers. Not set: all addresses of this computer."""

    sfu_workers: Annotated[int, Meta(ge=1, le=64)] = 1
    """Processes of the built-in backend, each for some of the rooms: about 1,000 people heard or 500 seen, counting
    each by each of their listeners."""

    sfu_simulcast: bool = True
    """Ask browsers for their camera in two sizes, so that small pictures cost less."""

    janus_url: Annotated[str, Meta(pattern=r"^$|^https?://")] = ""
    """HTTP address of Janus's API, such as `http://127.0.0.1:8088/janus`. It needs the plugin VideoRoom."""

    janus_secret: str | None = None
    """Janus's `api_secret`. In the environment or the file only."""

    janus_admin_key: str | None = None
    """The `admin_key` of Janus's VideoRoom, if it has one. In the environment or the file only."""

    livekit_url: Annotated[str, Meta(pattern=r"^$|^wss?://|^https?://")] = ""
    """Address of LiveKit for people's browsers and for the server, such as `wss://livekit.example.org`."""

    livekit_key: str = ""
    """LiveKit's API key."""

    livekit_secret: str | None = None
    """The secret of that key. In the environment or the file only."""

    # Logs

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important messages that are logged."""

    log_format: Literal["auto", "text", "json"] = "auto"
    """`text` is for people, `json` for log collectors; `auto` takes text on a terminal and JSON elsewhere."""


FIELDS: tuple[str, ...] = Settings.__struct_fields__
TYPES: dict[str, Any] = get_type_hints(Settings, include_extras=True)
SECRET_FIELDS = frozenset(
    {"secret_key", "oidc_client_secret", "turn_secret", "janus_secret", "janus_admin_key", "livekit_secret"}
)
SWITCHES = frozenset({"lan"})
"""Settings whose flag needs no value."""
URL_FIELDS = frozenset({"database_url", "redis_url"})
NETWORK_FIELDS = frozenset({"trusted_proxies", "unlimited_addresses"})


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
        shown = re.sub(r"(?i)(password=)[^&]*", r"\1***", re.sub(r"//([^/:@]*):.*@", r"//\1:***@", value))
        return str(shown)
    return str(value)
