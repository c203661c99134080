"""HTTPS of the server's own: the certificate, its life, and a page over it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
import segno
from aiohttp import web
from cryptography import x509

from server.banner import started_text
from server.config import ConfigError, load_settings, read_settings
from server.tls import LIFE, RENEW_BEFORE, TlsError, own_certificate, server_context

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = ["localhost", "127.0.0.1", "192.0.2.7"]


def serial(path: Path) -> int:
    return x509.load_pem_x509_certificate(path.read_bytes()).serial_number


def test_the_certificate_names_this_computer_and_its_key_is_private(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path / "tls", NAMES, NOW)
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == NAMES
    assert made.not_valid_after_utc - made.not_valid_before_utc == LIFE
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_certificate_is_kept_so_that_it_is_trusted_once(tmp_path: Path) -> None:
    first = serial(own_certificate(tmp_path, NAMES, NOW)[0])
    assert serial(own_certificate(tmp_path, NAMES[:2], NOW + timedelta(days=100))[0]) == first


def test_a_certificate_that_ends_soon_or_lacks_an_address_is_made_anew(tmp_path: Path) -> None:
    first = serial(own_certificate(tmp_path, NAMES, NOW)[0])
    second = serial(own_certificate(tmp_path, NAMES, NOW + LIFE - RENEW_BEFORE)[0])
    third = serial(own_certificate(tmp_path, [*NAMES, "198.51.100.1"], NOW + LIFE - RENEW_BEFORE)[0])
    assert len({first, second, third}) == 3


def test_a_broken_file_is_replaced(tmp_path: Path) -> None:
    certificate, _ = own_certificate(tmp_path, NAMES, NOW)
    certificate.write_text("nonsense")
    own_certificate(tmp_path, NAMES, NOW)
    assert serial(certificate)


def test_lan_admits_the_network_unless_a_host_is_given() -> None:
    assert load_settings(env={}, flags={"lan": "true"}).host == "0.0.0.0"
    assert load_settings(env={"HALLWAY_LAN": "true", "HALLWAY_HOST": "192.0.2.7"}).host == "192.0.2.7"
    assert load_settings(env={}).host == "127.0.0.1"
    assert read_settings(env={}, flags={"lan": "true"}).sources["host"] == "lan from flag --lan"


@pytest.mark.parametrize("field", ["tls_cert", "tls_key"])
def test_a_certificate_needs_its_key(field: str) -> None:
    with pytest.raises(ConfigError, match="needs tls_"):
        load_settings(env={f"HALLWAY_{field.upper()}": "/nowhere"})


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_text("nonsense")
    flags = {"tls_cert": str(tmp_path / "c.pem"), "tls_key": str(tmp_path / "k.pem")}
    with pytest.raises(TlsError, match=r"c\.pem"):
        server_context(load_settings(env={}, flags=flags), [])


def test_without_either_the_server_speaks_http() -> None:
    assert server_context(load_settings(env={}), ["192.0.2.7"]) is None


async def test_a_browser_that_trusts_the_certificate_gets_the_page(tmp_path: Path) -> None:
    settings = load_settings(env={}, flags={"lan": "true", "data_dir": str(tmp_path)})
    context = server_context(settings, ["192.0.2.7"])

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=str(request.secure))

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    url = f"https://localhost:{runner.addresses[0][1]}/"
    trusting = ssl.create_default_context(cafile=str(tmp_path / "tls" / "certificate.pem"))
    try:
        async with aiohttp.ClientSession() as browser:
            async with browser.get(url, ssl=trusting) as answer:
                assert await answer.text() == "True"
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await browser.get(url)
    finally:
        await runner.cleanup()


def test_the_terminal_shows_a_code_that_holds_the_first_link() -> None:
    url = "https://192.0.2.7:8080"
    text = started_text(load_settings(env={}, flags={"lan": "true"}), [], [url, "https://localhost:8080"])
    lines = [line.strip("│").strip() for line in text.splitlines() if set(line.strip("│ ")) <= set("█▀▄ ")]
    drawn = [line for line in lines if line]
    expected = [list(row) for row in segno.make(url, error="l", micro=False).matrix_iter(border=2)]
    upper = [[0 if block in "█▀" else 1 for block in line] for line in drawn]
    lower = [[0 if block in "█▄" else 1 for block in line] for line in drawn]
    rows = [row for pair in zip(upper, lower, strict=True) for row in pair][: len(expected)]
    assert rows == expected


def test_there_is_no_code_where_nobody_else_can_come() -> None:
    text = started_text(load_settings(env={}), [], ["http://localhost:8080"])
    assert "█" not in text
