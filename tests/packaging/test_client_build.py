"""The browser client is built when its sources changed, with the Node.js of a wheel, and is inside what is packed."""

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim.shared_library import SOURCES, library_path, unbuilt

ROOT = Path(__file__).parents[2]


def load_hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hook = load_hook()


def write_compiled_sources(root: Path) -> list[Path]:
    """A line of C for each source that a checkout has."""
    sources = [root / name for name in hook.CompiledBuild.SOURCES]
    for source in sources:
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("int hallway_abi(void) { return 1; }\n")
    return sources


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Npm":
    """A small client, and an npm that only writes down what it was asked for."""
    folder = tmp_path / "client_web"
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    (folder / "package-lock.json").write_text("{}")
    (folder / "src" / "main.ts").write_text("1")
    npm = Npm(folder)
    monkeypatch.setattr(hook.ClientBuild, "_run", npm.run)
    return npm


class Npm:
    def __init__(self, folder: Path) -> None:
        self.build = hook.ClientBuild(folder)
        self.calls: list[str] = []

    def run(self, *words: str) -> None:
        self.calls.append(" ".join(words))
        if words[0] == "ci":
            (self.build.folder / "node_modules").mkdir(exist_ok=True)
        if words == ("run", "build"):
            shutil.rmtree(self.build.dist, ignore_errors=True)
            self.build.dist.mkdir()
            (self.build.dist / "index.html").write_text("built")


def test_a_build_is_stale_until_it_was_made_from_the_present_sources(client: Npm) -> None:
    assert client.build.is_stale()
    client.build.build()
    assert not client.build.is_stale()
    for change in (
        lambda folder: (folder / "src" / "main.ts").write_text("2"),
        lambda folder: (folder / "src" / "main.ts").rename(folder / "src" / "other.ts"),
        lambda folder: (folder / "src" / "more.ts").write_text(""),
        lambda folder: (folder / "src" / "more.ts").unlink(),
    ):
        change(client.build.folder)
        assert client.build.is_stale()
        client.build.build()
        assert not client.build.is_stale()


def test_what_is_no_source_makes_nothing_stale(client: Npm) -> None:
    client.build.build()
    (client.build.folder / "node_modules" / "x.js").write_text("")
    (client.build.folder / "tsconfig.tsbuildinfo").write_text("")
    (client.build.dist / "extra").write_text("")
    assert not client.build.is_stale()


def test_packages_are_installed_once_for_each_lock_file(client: Npm) -> None:
    client.build.build()
    client.build.npm("run", "lint")
    assert client.calls == ["ci --no-audit --no-fund", "run build", "run lint"]
    (client.build.folder / "package-lock.json").write_text('{"changed": 1}')
    client.build.npm("run", "lint")
    assert client.calls[3:] == ["ci --no-audit --no-fund", "run lint"]


def test_without_sources_there_is_nothing_to_build(tmp_path: Path) -> None:
    assert not hook.ClientBuild(tmp_path).is_stale()


def new_hook(root: Path, target: str) -> object:
    return hook.CustomBuildHook(str(root), {}, None, None, str(root / "dist"), target)


def test_pip_is_asked_for_node_only_when_it_is_needed(client: Npm) -> None:
    root = client.build.folder.parent
    assert new_hook(root, "wheel").dependencies() == [hook.NODE_WHEEL]
    client.build.build()
    assert new_hook(root, "wheel").dependencies() == []


@pytest.mark.parametrize(
    ("target", "version", "place"),
    [
        ("wheel", "standard", "server/client_dist"),
        ("sdist", "standard", "client_web/dist"),
        ("wheel", "editable", None),
    ],
)
def test_a_wheel_and_an_sdist_hold_the_build_and_an_editable_install_leaves_it_in_place(
    client: Npm, target: str, version: str, place: str | None
) -> None:
    data: dict[str, Any] = {"force_include": {}, "artifacts": []}
    write_compiled_sources(client.build.folder.parent)
    new_hook(client.build.folder.parent, target).initialize(version, data)
    assert "run build" in client.calls
    assert data["force_include"] == ({str(client.build.dist): place} if place else {})


def test_npm_runs_with_the_wheels_node_first_on_the_path(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"scripts": {"where": "node -p process.execPath"}}')
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "node_modules").mkdir()
    stamp = tmp_path / "node_modules" / hook.PACKAGES_STAMP
    stamp.write_text("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")  # SHA-256 of {}
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from hatch_build import ClientBuild\n"
        f"ClientBuild(Path({str(tmp_path)!r})).npm('run', '--silent', 'where')"
    )
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    result = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert Path(result.stdout.strip()).resolve() == hook.node_and_npm()[0].resolve()


def test_a_build_that_fails_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(hook, "node_and_npm", lambda: (Path(shutil.which("false") or "false"), Path("npm")))
    with pytest.raises(SystemExit, match="building the browser client failed"):
        hook.ClientBuild(tmp_path).npm("run", "build")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist of this checkout, with a client that counts as built."""
    checkout = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, checkout / name)
    build = hook.ClientBuild(checkout / "client_web")
    (build.dist / "static").mkdir(parents=True)
    (build.dist / "index.html").write_text("built")
    (build.dist / "static" / "main.js").write_text("built")
    (build.dist / hook.STAMP).write_text(build.source_hash())
    subprocess.run([sys.executable, "-m", "hatchling", "build"], cwd=checkout, capture_output=True, check=True)
    return checkout / "dist"


def test_the_wheel_holds_the_client_the_templates_and_the_migrations(packed: Path) -> None:
    (wheel,) = packed.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"server/client_dist/index.html", "server/client_dist/static/main.js"} <= names
    data = [path for package in ("server", "sim", "protocol", "benchmarks") for path in (ROOT / package).rglob("*")]
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in data
        if path.suffix in {".py", ".json", ".mako", ".sql"} and not {"vectors", "node_modules"} & set(path.parts)
    }
    assert {"server/rooms/templates/furniture.json", "server/store/migrations/env.py"} <= wanted
    assert wanted <= names
    assert not [name for name in names if name.startswith(("tests/", "client_web/", "protocol/vectors/"))]


def test_the_sdist_holds_the_clients_build_and_its_sources(packed: Path) -> None:
    (sdist,) = packed.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"client_web/dist/index.html", "client_web/package-lock.json", "hatch_build.py"} <= names
    assert not [name for name in names if "node_modules" in name]


def test_the_compiled_passes_are_built_once_from_their_present_source(tmp_path: Path) -> None:
    source, *_ = write_compiled_sources(tmp_path)
    build = hook.CompiledBuild(tmp_path)
    if not shutil.which("cc"):
        assert not build.build()
        pytest.skip("this machine has no C compiler")
    assert build.build()
    first = build.library(source)
    made = first.stat().st_mtime_ns
    assert build.build()
    assert first.stat().st_mtime_ns == made
    source.write_text("int hallway_abi(void) { return 2; }\n")
    assert build.build()
    second = build.library(source)
    assert [path.name for path in source.parent.glob("*.so")] == [second.name]
    source.with_name("words.h").write_text("#define WORDS 1\n")
    assert build.library(source) != second, "what it includes is a part of what it is made from"
    assert build.library(source) == library_path(source), "where it is looked for"


@pytest.mark.parametrize("compiler", ["", "false", "a-compiler-that-is-not-there"])
def test_without_a_working_compiler_nothing_is_built_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str
) -> None:
    write_compiled_sources(tmp_path)
    monkeypatch.setenv("CC", compiler)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not hook.CompiledBuild(tmp_path).build()
    assert list(tmp_path.rglob("*.so")) == []


def test_all_that_can_be_compiled_here_was() -> None:
    """Else tests that compare the compiled forms with the others would skip, or compare nothing."""
    assert hook.CompiledBuild.SOURCES == SOURCES
    assert set(SOURCES) == {path.relative_to(ROOT).as_posix() for path in ROOT.glob("s*/**/*.c")}
    if shutil.which("cc") is None:
        pytest.skip("this machine has no C compiler")
    assert unbuilt() == [], "changed since they were built: make client"
