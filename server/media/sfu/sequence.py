"""Arithmetic on numbers that wrap: RTP sequence numbers, timestamps, VP8 picture ids."""

from __future__ import annotations


def ahead(newer: int, older: int, bits: int = 16) -> int:
    """How far `newer` is ahead of `older`, negative if it is behind; the shorter way round."""
    half = 1 << (bits - 1)
    return ((newer - older + half) & ((1 << bits) - 1)) - half
