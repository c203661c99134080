"""What a file is, by its first bytes: what somebody says that it is does not count."""

from __future__ import annotations

PNG, JPEG, WEBP, GIF, PDF = "image/png", "image/jpeg", "image/webp", "image/gif", "application/pdf"
IMAGES = frozenset({PNG, JPEG, WEBP, GIF})
SHOWN = IMAGES | {PDF}
"""What can be put up. No SVG: it is a program."""


def media_type_of(data: bytes) -> str | None:
    """The media type of a file's bytes; None: nothing that can be put up."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return PDF if data.startswith(b"%PDF-") else None
