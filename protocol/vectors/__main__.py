"""Write the golden vectors next to this file. The output depends on nothing but the code."""

from pathlib import Path

from protocol.vectors.document_examples import (
    document_client_examples,
    document_malformed_examples,
    document_server_examples,
)
from protocol.vectors.examples import client_examples, server_examples
from protocol.vectors.files import write_json, write_json_lines
from protocol.vectors.global_examples import (
    global_client_examples,
    global_malformed_examples,
    global_server_examples,
)
from protocol.vectors.malformed_examples import malformed_examples
from protocol.vectors.walk import record_session

FOLDER = Path(__file__).parent


def write_all(folder: Path) -> list[Path]:
    """Write every file into `folder`; returns their paths."""
    return [
        write_json(folder / "client.json", client_examples()),
        write_json(folder / "server.json", server_examples()),
        write_json(folder / "malformed.json", malformed_examples()),
        write_json(folder / "global_client.json", global_client_examples()),
        write_json(folder / "global_server.json", global_server_examples()),
        write_json(folder / "global_malformed.json", global_malformed_examples()),
        write_json(folder / "document_client.json", document_client_examples()),
        write_json(folder / "document_server.json", document_server_examples()),
        write_json(folder / "document_malformed.json", document_malformed_examples()),
        write_json_lines(folder / "session.jsonl", record_session(reliable=True)),
        write_json_lines(folder / "session_datagram.jsonl", record_session(reliable=False)),
    ]


if __name__ == "__main__":
    for path in write_all(FOLDER):
        print(f"{path.name}: {path.stat().st_size} bytes")
