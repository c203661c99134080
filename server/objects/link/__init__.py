"""A signpost to a page outside."""

from __future__ import annotations

from msgspec import Struct

from server.objects.kind import Name, ObjectType, Url


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    url: Url
    name: Name = ""


class LinkType(ObjectType[Link]):
    name = "link"
    config = Link
    size = (32, 32)


TYPE = LinkType()
