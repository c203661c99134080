"""How a process knows that a request comes from another process of the same office.

    Hallway-Forwarded: <to> <client> <at> <mac>

`to`: the process that is meant. `client`: the address of the person's computer, as the first process saw it. `at`: s
since 1970. `mac`: HMAC-SHA256 of these, the method and the path, with a key that is made from the secret key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

HEADER = "Hallway-Forwarded"
GOOD_S = 30.0
"""Clocks of two machines may differ by so much."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What a request that was handed on says of itself. `client` is "unknown" for a connection without an address."""

    to: str
    client: str


class Signer:
    """`secret`: what all processes share."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"hallway forwarded\0" + secret.encode()).digest()

    def sign(self, method: str, path: str, forwarded: Forwarded, now: float) -> str:
        """The header's value. `path`: with the query."""
        at = str(int(now))
        return f"{forwarded.to} {forwarded.client} {at} {self._mac(method, path, forwarded, at)}"

    def read(self, method: str, path: str, value: str | None, now: float) -> Forwarded | None:
        """What the header says; None: there is none, or it is not from one of us."""
        parts = (value or "").split(" ")
        if len(parts) != 4 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 12:
            return None
        to, client, at, mac = parts
        forwarded = Forwarded(to, client)
        expected = self._mac(method, path, forwarded, at)
        if abs(now - int(at)) > GOOD_S or not hmac.compare_digest(expected.encode(), mac.encode()):
            return None
        return forwarded

    def _mac(self, method: str, path: str, forwarded: Forwarded, at: str) -> str:
        text = "\n".join((method, path, forwarded.to, forwarded.client, at))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
