"""ICE as a lite agent (RFC 8445): answers checks, and sends to where the client says that it is.

A lite agent needs no candidates of the client: whoever knows the password is believed where it speaks from. So one UDP
socket serves everybody, told apart by the user name of the check, and a client that changes its network is followed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final, TypeAlias

from aioice import stun

Address: TypeAlias = tuple[str, int]

SILENT_S: Final = 15.0
"""A client sends a check every few seconds; one that says nothing for so long is gone."""
MAX_CHECK_BYTES: Final = 600


@dataclass(frozen=True, slots=True)
class Credentials:
    """`fragment`: ice-ufrag; `password`: ice-pwd."""

    fragment: str
    password: str

    @classmethod
    def make(cls) -> Credentials:
        """New ones."""
        # ice-chars: hexadecimal letters are among them.
        return cls(secrets.token_hex(8), secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Check:
    """A binding request whose integrity is not known yet."""

    message: stun.Message
    fragment: str

    def answer(self, password: str, address: Address) -> tuple[bytes, bool] | None:
        """The response for `address`, and whether the client nominates it; None: the password is another one."""
        if not self.message.check_message_integrity(password.encode()):
            return None
        response = stun.Message(
            stun.Method.BINDING, stun.Class.RESPONSE, self.message.transaction_id, {"XOR-MAPPED-ADDRESS": address}
        )
        response.add_message_integrity(password.encode())
        return bytes(response), "USE-CANDIDATE" in self.message.attributes


def is_stun(data: bytes) -> bool:
    """Whether a datagram is STUN, by its first byte (RFC 7983)."""
    return data[0] < 4


def parse_check(data: bytes) -> Check | None:
    """The connectivity check in a datagram, None if it is anything else. Its first fragment is the server's."""
    if len(data) > MAX_CHECK_BYTES:
        return None
    try:
        message = stun.parse_message(data)
    except (ValueError, IndexError, KeyError, UnicodeDecodeError):
        return None
    except Exception:
        # The parser's own limits are not known; a stranger's bytes must not end the worker.
        return None
    if message.message_method is not stun.Method.BINDING or message.message_class is not stun.Class.REQUEST:
        return None
    name = message.attributes.get("USERNAME")
    if not isinstance(name, str) or ":" not in name:
        return None
    return Check(message, name.partition(":")[0])
