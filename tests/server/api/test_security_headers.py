"""What pages may connect to: the server, and a media server that the operator named."""

from __future__ import annotations

import pytest

from server.api.security_headers import connect_sources, datagram_source


@pytest.mark.parametrize(
    ("media_url", "sources"),
    [
        ("", ""),
        ("wss://livekit.example.org", "wss://livekit.example.org https://livekit.example.org"),
        ("https://livekit.example.org:7443/x", "wss://livekit.example.org:7443 https://livekit.example.org:7443"),
        ("ws://localhost:7880", "ws://localhost:7880 http://localhost:7880"),
    ],
)
def test_a_page_may_reach_the_media_server_by_socket_and_over_http(media_url: str, sources: str) -> None:
    assert connect_sources(media_url) == sources


@pytest.mark.parametrize(
    ("host", "page_host", "source"),
    [
        (None, "office.example.org", ""),
        ("", "office.example.org", "https://office.example.org:*"),
        ("", "localhost", "https://127.0.0.1:*"),
        ("udp.example.org", "office.example.org", "https://udp.example.org:*"),
        ("", "::1", ""),
        ("", "x; script-src *", ""),
        ("", None, ""),
    ],
)
def test_a_page_may_reach_the_udp_port_of_its_host(host: str | None, page_host: str | None, source: str) -> None:
    assert datagram_source(host, page_host) == source
