"""Where the libraries lie that `python hatch_build.py` builds from the C files, and how they are loaded."""

from __future__ import annotations

import ctypes
import hashlib
from pathlib import Path
from typing import Final

SOURCES: Final = (
    "sim/compiled.c",
    "server/rooms/compiled.c",
    "server/rooms/listener.c",
    "server/rooms/writer.c",
    "server/media/sfu/copies.c",
    "server/media/sfu/intake.c",
)
"""All of them; `hatch_build.CompiledBuild` builds the same."""
_ROOT: Final = Path(__file__).resolve().parent.parent


def library(source: Path) -> ctypes.PyDLL | None:
    """The library that was built from a C file; None: there is none, or it was built from another version of it."""
    try:
        found = library_path(source)
        # Such a call is over in microseconds: letting go of the interpreter's lock would cost more than it gives.
        return ctypes.PyDLL(str(found)) if found.is_file() else None
    except OSError:
        return None


def library_path(source: Path) -> Path:
    """Where the library made from a C file lies: beside it, named after it and the headers beside it. OSError."""
    text = b"".join(path.read_bytes() for path in (source, *sorted(source.parent.glob("*.h"))))
    return source.with_name(f"_{source.stem}_{hashlib.sha256(text).hexdigest()[:12]}.so")


def unbuilt() -> list[str]:
    """The sources for which there is no library here, or an old one."""
    return [name for name in SOURCES if not _is_built(_ROOT / name)]


def _is_built(source: Path) -> bool:
    try:
        return library_path(source).is_file()
    except OSError:
        return False
