"""A picture on the wall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.auth.rules import description, rule
from server.files.media import IMAGES
from server.objects.kind import FileId, Name, ObjectType

SIZES = {"small": (48, 32), "large": (96, 64)}


class Poster(Struct, frozen=True, forbid_unknown_fields=True):
    """`file`: of `POST rooms/{id}/files`. `alt`: what is to be seen, for those who cannot see it."""

    file: FileId
    name: Name = ""
    alt: Annotated[str, Meta(max_length=300), rule(description)] = ""
    size: Literal["small", "large"] = "small"


class PosterType(ObjectType[Poster]):
    name = "poster"
    config = Poster
    size = SIZES["small"]

    def size_of(self, config: Poster) -> tuple[int, int]:
        return SIZES[config.size]

    def files(self, config: Poster) -> Iterable[tuple[str, str, frozenset[str]]]:
        yield "file", config.file, IMAGES


TYPE = PosterType()
