"""The golden vectors of `/ws/global` and `/ws/documents`: what the code writes and reads. The browser client reads the
same ones."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import pytest

from protocol.document_messages import DocumentKind, decode_document_client, decode_document_server, encode_document
from protocol.errors import MalformedError
from protocol.global_messages import GlobalKind, decode_global_client, decode_global_server, encode_global
from protocol.vectors.__main__ import FOLDER
from protocol.vectors.files import plain


@dataclass(frozen=True)
class Wire:
    """A protocol; `decode` by the side that sends."""

    name: str
    kinds: type[IntEnum]
    encode: Callable[[Any], bytes]
    decode: dict[str, Callable[[bytes], Any]]

    def read(self, name: str) -> Any:
        return json.loads((FOLDER / f"{self.name}_{name}.json").read_text())

    def valid(self) -> list[tuple[str, dict[str, Any]]]:
        return [(side, vector) for side in self.decode for vector in self.read(side)]


WIRES = (
    Wire("global", GlobalKind, encode_global, {"client": decode_global_client, "server": decode_global_server}),
    Wire(
        "document",
        DocumentKind,
        encode_document,
        {"client": decode_document_client, "server": decode_document_server},
    ),
)
VALID = [
    pytest.param(wire, side, vector, id=f"{wire.name} {side} {vector['name']}")
    for wire in WIRES
    for side, vector in wire.valid()
]
MALFORMED = [
    pytest.param(wire, vector, id=f"{wire.name} {vector['from']}: {vector['name']}")
    for wire in WIRES
    for vector in wire.read("malformed")
]


@pytest.mark.parametrize(("wire", "side", "vector"), VALID)
def test_a_valid_vector_decodes_to_its_message(wire: Wire, side: str, vector: dict[str, Any]) -> None:
    message = wire.decode[side](bytes.fromhex(vector["hex"]))
    assert plain(message) == vector["message"]
    assert wire.encode(message).hex() == vector["hex"]


@pytest.mark.parametrize(("wire", "vector"), MALFORMED)
def test_a_malformed_vector_is_refused(wire: Wire, vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        wire.decode[vector["from"]](bytes.fromhex(vector["hex"]))


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
def test_every_kind_has_a_vector(wire: Wire) -> None:
    kinds = defaultdict(set)
    for side, vector in wire.valid():
        kinds[side].add(vector["message"][0])
    assert kinds["client"] | kinds["server"] == {kind.value for kind in wire.kinds}
    assert kinds["client"] & kinds["server"] == set()
