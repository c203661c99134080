"""The golden vectors of `/ws/documents`: what the code writes and reads. The browser client reads the same ones."""

import json
from collections import defaultdict
from typing import Any

import pytest

from protocol.document_messages import (
    DocumentKind,
    decode_document_client,
    decode_document_server,
    encode_document,
)
from protocol.errors import MalformedError
from protocol.vectors.__main__ import FOLDER
from protocol.vectors.files import plain

DECODE = {"client": decode_document_client, "server": decode_document_server}


def read(name: str) -> Any:
    return json.loads((FOLDER / f"document_{name}.json").read_text())


VALID = [(side, vector) for side in DECODE for vector in read(side)]


@pytest.mark.parametrize(("side", "vector"), VALID, ids=lambda v: v["name"] if isinstance(v, dict) else v)
def test_a_valid_vector_decodes_to_its_message(side: str, vector: dict[str, Any]) -> None:
    message = DECODE[side](bytes.fromhex(vector["hex"]))
    assert plain(message) == vector["message"]
    assert encode_document(message).hex() == vector["hex"]


@pytest.mark.parametrize("vector", read("malformed"), ids=lambda v: f"{v['from']}: {v['name']}")
def test_a_malformed_vector_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        DECODE[vector["from"]](bytes.fromhex(vector["hex"]))


def test_every_kind_has_a_vector() -> None:
    kinds = defaultdict(set)
    for side, vector in VALID:
        kinds[side].add(vector["message"][0])
    assert kinds["client"] | kinds["server"] == {kind.value for kind in DocumentKind}
    assert kinds["client"] & kinds["server"] == set()
