"""Addresses of STUN and TURN servers as operators write them (RFC 7064, RFC 7065)."""

from __future__ import annotations

import re

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_FORMS = {
    "stun": re.compile(rf"stuns?:{_HOST}(?::\d{{1,5}})?"),
    "turn": re.compile(rf"turns?:{_HOST}(?::\d{{1,5}})?(?:\?transport=(?:udp|tcp))?"),
}


def parse_ice_urls(text: str, kind: str) -> list[str]:
    """`kind`: "stun" or "turn". The addresses in a text that separates them by commas or spaces. ValueError: which one
    is not such an address."""
    urls = [part for part in re.split(r"[,\s]+", text.strip()) if part]
    for url in urls:
        if not _FORMS[kind].fullmatch(url):
            raise ValueError(f"{url!r} is not an address such as {kind}:{kind}.example.org:3478")
    return urls
