"""Credentials for TURN, and the configuration of coturn."""

from __future__ import annotations

import base64
import hashlib
import hmac
from ipaddress import ip_address
from uuid import UUID

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.config import ConfigError, load_settings
from server.media.coturn import DENIED_PEERS, coturn_config
from server.media.ice import IceServer, ice_servers

USER = UUID(int=7)
SECRET = "a secret of coturn's"
TURN = {
    "HALLWAY_TURN_URLS": "turn:t.example.org:3478?transport=udp, turns:t.example.org:443?transport=tcp",
    "HALLWAY_TURN_SECRET": SECRET,
}


def test_nothing_is_asked_outside_unless_the_operator_names_it() -> None:
    assert ice_servers(load_settings({}), USER, 1000.0).ice_servers == []


def test_a_stun_server_needs_no_credential() -> None:
    told = ice_servers(load_settings({"HALLWAY_STUN_URLS": "stun:s.example.org"}), USER, 1000.0)
    assert told.ice_servers == [IceServer(["stun:s.example.org"])]
    assert told.expires_in is None


def test_a_turn_credential_names_its_expiry_and_user_and_is_signed_with_the_secret() -> None:
    told = ice_servers(load_settings(TURN, flags={"turn_credential_s": 600}), USER, 1000.9)
    [server] = told.ice_servers
    assert server.urls == ["turn:t.example.org:3478?transport=udp", "turns:t.example.org:443?transport=tcp"]
    assert server.username == f"1600:{USER}"
    mac = hmac.new(SECRET.encode(), server.username.encode(), hashlib.sha1).digest()
    assert server.credential == base64.b64encode(mac).decode()
    assert told.expires_in == 600


@pytest.mark.parametrize(
    "given",
    [
        {"turn_urls": "turn:t.example.org"},
        {"turn_urls": "https://t.example.org", "turn_secret": SECRET},
        {"turn_urls": "turn:t.example.org?transport=tls", "turn_secret": SECRET},
        {"stun_urls": "turn:t.example.org"},
        {"turn_secret": "short"},
    ],
)
def test_settings_that_cannot_work_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        load_settings({f"HALLWAY_{name.upper()}": value for name, value in given.items()})


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_the_relay_takes_credentials_of_hallway_only_and_leads_into_no_private_network() -> None:
    lines = _lines(coturn_config(load_settings(TURN), realm="office.example.org"))
    assert {"use-auth-secret", f"static-auth-secret={SECRET}", "no-cli", "no-multicast-peers"} <= set(lines)
    assert "realm=office.example.org" in lines
    denied = [line.removeprefix("denied-peer-ip=") for line in lines if line.startswith("denied-peer-ip=")]
    for address in (
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fd00::1",
        "fe80::1",
    ):
        assert any(_within(address, entry) for entry in denied), address
    for address in ("8.8.8.8", "2a00::1"):
        assert not any(_within(address, entry) for entry in denied), address


def _within(address: str, entry: str) -> bool:
    first, _, last = entry.partition("-")
    low, high, wanted = ip_address(first), ip_address(last or first), ip_address(address)
    return low.version == wanted.version and int(low) <= int(wanted) <= int(high)


def test_every_denied_range_runs_upwards() -> None:
    for entry in DENIED_PEERS:
        first, _, last = entry.partition("-")
        assert int(ip_address(first)) <= int(ip_address(last or first))


def test_tls_is_on_exactly_with_a_certificate() -> None:
    settings = load_settings(TURN)
    assert "no-tls" in _lines(coturn_config(settings, realm="o"))
    with_tls = _lines(coturn_config(settings, realm="o", tls_certificate="/c.pem", tls_key="/k.pem"))
    assert {"tls-listening-port=5349", "cert=/c.pem", "pkey=/k.pem"} <= set(with_tls)
    assert "no-tls" not in with_tls


def test_the_command_prints_it_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HALLWAY_TURN_SECRET", raising=False)
    refused = CliRunner().invoke(app, ["coturn-config"])
    assert refused.exit_code == 2
    assert "HALLWAY_TURN_SECRET" in refused.output
    monkeypatch.setenv("HALLWAY_TURN_SECRET", SECRET)
    made = CliRunner().invoke(app, ["coturn-config", "--realm", "office", "--external-ip", "198.51.100.7"])
    assert made.exit_code == 0
    assert f"static-auth-secret={SECRET}" in made.output
    assert "external-ip=198.51.100.7" in made.output
