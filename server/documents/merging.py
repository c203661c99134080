"""The process that merges documents: reads requests from its input, writes answers to its output, knows nothing else.

Updates come from strangers, and merging is somebody else's native code. Here a mistake in it, or an update made to be
slow or large, costs this process and no tick: whoever started it sees it gone, starts another, and loads what is kept.

Both ways a frame is its length, u32 little-endian, and a MessagePack array: `[request, operation, document, arguments]`
and `[request, answer]`, the answer nil if the bytes were not an update.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec
import pycrdt

from server.documents.updates import check_update, read_state

MEMORY_BYTES = 2 << 30
NOTHING = b"\0\0"
"""The update that brings nothing."""
_LENGTH = struct.Struct("<I")


class Merged:
    """One document."""

    def __init__(self, updates: list[bytes]) -> None:
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        for update in updates:
            self.doc.apply_update(update)
        self._known = read_state(self.doc.get_state())
        self._added: list[bytes] = []
        self._watch = self.doc.observe(lambda event: self._added.append(event.update))

    def apply(self, update: bytes) -> bytes:
        """Merge an update; what it brought, as an update, or nothing. ValueError for what is no update, or not one
        that fits."""
        after = check_update(update, self._known)
        self._added.clear()
        self.doc.apply_update(update)
        self._known.update(after)
        brought = [added for added in self._added if added != NOTHING]
        return pycrdt.merge_updates(*brought) if len(brought) > 1 else brought[0] if brought else b""


class Documents:
    """All open documents, by a name that the caller gives."""

    def __init__(self) -> None:
        self._open: dict[str, Merged] = {}

    def open(self, name: str, updates: list[bytes]) -> bool:
        self._open[name] = Merged(updates)
        return True

    def apply(self, name: str, arguments: list[bytes]) -> bytes:
        return self._open[name].apply(arguments[0])

    def diff(self, name: str, arguments: list[bytes]) -> list[bytes]:
        """(what somebody with this state vector lacks, the state vector of the document)"""
        doc = self._open[name].doc
        return [doc.get_update(arguments[0] or b"\0"), doc.get_state()]

    def close(self, name: str, _arguments: list[bytes]) -> bool:
        self._open.pop(name, None)
        return True


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until there are no more."""
    documents = Documents()
    operations: dict[str, Callable[[str, list[bytes]], Any]] = {
        "open": documents.open,
        "apply": documents.apply,
        "diff": documents.diff,
        "close": documents.close,
    }
    while len(head := source.read(_LENGTH.size)) == _LENGTH.size:
        frame = source.read(_LENGTH.unpack(head)[0])
        request, operation, name, arguments = msgspec.msgpack.decode(frame)
        try:
            answer = operations[operation](name, arguments)
        except (ValueError, RuntimeError, TypeError):
            answer = None
        data = msgspec.msgpack.encode([request, answer])
        sink.write(_LENGTH.pack(len(data)) + data)
        sink.flush()


def main() -> None:
    """Serve on standard input and output, with bounded memory."""
    import signal

    # A Ctrl+C in the terminal is for the server, which tells this process when it is over.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
