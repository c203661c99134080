"""How much a browser has to fetch before somebody can act: the built client, compressed as the server sends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.client_files import client_root

MOST_BYTES = 400 * 1024
"""400 KB for the way into a room: page, code, styles and fonts. The atlas comes while the room connects."""
MOST_AT_THE_DOOR = 260_000
STATIC_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')
DYNAMIC_IMPORT = re.compile(r'import\(\s*[`"]\./([\w.-]+\.js)[`"]\s*\)')
FONTS = re.compile(r"(?:figtree-latin-wght|bricolage-grotesque-latin-600)-normal-[\w-]+\.woff2$")


class Build:
    """The files of a build and what each of them asks for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.page = (root / "index.html").read_text()
        self.static = root / "static"

    def sent(self, path: Path) -> int:
        """Bytes on the wire: brotli where it was prepared."""
        packed = path.with_name(path.name + ".br")
        return (packed if packed.is_file() else path).stat().st_size

    def with_imports(self, *names: str) -> set[Path]:
        """Modules and all that they import at once."""
        found: set[Path] = set()
        todo = list(names)
        while todo:
            path = self.static / todo.pop()
            if path in found:
                continue
            found.add(path)
            todo += STATIC_IMPORT.findall(path.read_text())
        return found

    def door(self) -> set[Path]:
        """What the first page needs, whichever it is."""
        scripts = re.findall(r'(?:src|href)="/static/([\w.-]+\.js)"', self.page)
        styles = re.findall(r'href="/static/([\w.-]+\.css)"', self.page)
        fonts = {path for path in self.static.iterdir() if FONTS.search(path.name)}
        assert scripts
        assert styles
        assert len(fonts) == 2
        return {
            self.root / "index.html",
            *self.with_imports(*scripts),
            *(self.static / name for name in styles),
            *fonts,
        }

    def room(self) -> set[Path]:
        """What a room needs beside that, with the renderer for graphics cards, the largest."""
        (game,) = (path.name for path in self.static.iterdir() if re.match(r"GameRoom-[\w-]+\.js$", path.name))
        modules = self.with_imports(game)
        text = "".join(path.read_text() for path in modules)
        renderer = [name for name in DYNAMIC_IMPORT.findall(text) if name.startswith("webgl_renderer-")]
        assert renderer
        return modules | self.with_imports(*renderer)


@pytest.fixture(scope="module")
def build() -> Build:
    root = client_root()
    if root is None:
        pytest.fail("the client is not built: make client")
    return Build(root)


def total(build: Build, paths: set[Path]) -> int:
    return sum(build.sent(path) for path in paths)


def test_the_first_page_is_light(build: Build) -> None:
    assert total(build, build.door()) < MOST_AT_THE_DOOR


def test_the_way_into_a_room_is_under_400_kb(build: Build) -> None:
    size = total(build, build.door() | build.room())
    print(f"door {total(build, build.door())} B, with the room {size} B")
    assert size < MOST_BYTES
