"""The `hallway` command: what it prints, how it ends, and that its help is not kept waiting by the server's imports."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from server.banner import started_text
from server.cli import app
from server.config import flag_of, load_settings
from server.embedded.errors import FolderInUse
from server.settings import FIELDS, SECRET_FIELDS, Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hallway(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return CliRunner()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Stands where the server would be started; collects the settings it was started with."""
    calls: list[Settings] = []

    def run(settings: Settings) -> int:
        calls.append(settings)
        return 0

    module = ModuleType("server.app")
    module.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "server.app", module)
    return calls


def test_serve_starts_the_server_with_flags_over_environment_over_file(
    hallway: CliRunner, served: list[Settings], tmp_path: Path
) -> None:
    file = tmp_path / "office.toml"
    file.write_text('port = 1000\nhost = "0.0.0.0"\ntick_rate = 20\n')
    arguments = ["serve", "--config", str(file), "--port", "3000"]
    result = hallway.invoke(app, arguments, env={"HALLWAY_TICK_RATE": "25", "HALLWAY_PORT": "2000"})
    assert result.exit_code == 0, result.output
    assert [(s.host, s.port, s.tick_rate) for s in served] == [("0.0.0.0", 3000, 25)]


@pytest.mark.parametrize("flag", ["--data", "--data-dir"])
def test_the_data_folder_has_two_flags(hallway: CliRunner, served: list[Settings], flag: str) -> None:
    assert hallway.invoke(app, ["serve", flag, "/srv/office"]).exit_code == 0
    assert served[0].data_dir == Path("/srv/office")


def test_a_wrong_value_ends_the_start_with_one_line_and_code_2(hallway: CliRunner, served: list[Settings]) -> None:
    result = hallway.invoke(app, ["serve", "--tick-rate", "1000"])
    assert result.exit_code == 2
    assert result.stderr == "hallway: tick_rate from flag --tick-rate: '1000' is not a whole number from 10 to 60\n"
    assert served == []


def test_a_start_that_fails_ends_with_one_line_and_code_1(
    hallway: CliRunner, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(settings: Settings) -> int:
        raise FolderInUse("the data folder is in use")

    monkeypatch.setattr(sys.modules["server.app"], "run", run)
    result = hallway.invoke(app, ["serve"])
    assert result.exit_code == 1
    assert result.stderr == "hallway: the data folder is in use\n"


def test_a_port_in_use_is_said_in_words(
    hallway: CliRunner, served: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(settings: Settings) -> int:
        raise OSError(98 if sys.platform == "linux" else 48, "address already in use")

    monkeypatch.setattr(sys.modules["server.app"], "run", run)
    result = hallway.invoke(app, ["serve", "--port", "8081"])
    assert result.exit_code == 1
    assert "cannot listen on 127.0.0.1:8081: another program listens there" in result.stderr


def test_an_unknown_flag_is_refused(hallway: CliRunner) -> None:
    assert hallway.invoke(app, ["serve", "--prot", "1"]).exit_code == 2


def test_every_setting_but_secrets_is_a_flag_of_serve(hallway: CliRunner) -> None:
    text = hallway.invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).output
    for field in FIELDS:
        assert (flag_of(field) in text) is (field not in SECRET_FIELDS)


def test_config_prints_each_setting_with_its_source_and_no_secret(hallway: CliRunner) -> None:
    secrets = {"HALLWAY_SECRET_KEY": "k" * 40, "DATABASE_URL": "postgresql://me:word@host/db"}
    result = hallway.invoke(app, ["config", "--port", "9000"], env=secrets)
    rows = {line.split()[0]: line for line in result.output.splitlines()}
    assert list(rows) == list(FIELDS)
    assert rows["port"].split() == ["port", "9000", "flag", "--port"]
    assert rows["database_url"].split()[1:] == ["postgresql://me:***@host/db", "environment", "DATABASE_URL"]
    assert "kkk" not in result.output


def test_bots_has_flags_of_its_own(hallway: CliRunner) -> None:
    result = hallway.invoke(app, ["bots", "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "--room" in result.output
    assert "--count" in result.output
    assert hallway.invoke(app, ["bots", "--count", "none"]).exit_code == 2


def test_version_names_hallway_and_python(hallway: CliRunner) -> None:
    text = hallway.invoke(app, ["version"]).output
    assert text.startswith("hallway ")
    assert "Python 3." in text


def test_the_help_imports_nothing_heavy() -> None:
    check = (
        "import sys, server.cli\n"
        "from typer.main import get_command\n"
        "get_command(server.cli.app)\n"
        "print([name for name in ('aiohttp', 'asyncpg', 'numpy', 'redis', 'sqlalchemy', 'structlog') "
        "if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_the_started_text_says_where_to_go_what_runs_and_how_to_stop() -> None:
    settings = load_settings({"HALLWAY_TICK_RATE": "20"})
    parts = (("PostgreSQL", "embedded, in /var/lib/hallway/postgres"), ("Valkey", "cache.example.org:6379"))
    text = started_text(settings, parts, ["http://localhost:8080"])
    for words in ("http://localhost:8080", "/var/lib/hallway/postgres", "cache.example.org", "20 Hz", "Ctrl-C"):
        assert words in text
    assert "\x1b" not in text
    assert "\x1b" in started_text(settings, parts, ["http://localhost:8080"], color=True)
    assert len({len(line) for line in text.splitlines()}) == 1


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--host", "nowhere.invalid", "--port", "0"), "no address of this computer"),
        (("--database-url", "postgresql://me:geheim@127.0.0.1:1/office", "--port", "0"), "at 127.0.0.1:1/office"),
    ],
)
def test_a_start_that_fails_says_where_and_what_to_do(data_dir: Path, flags: tuple[str, ...], said: str) -> None:
    command = [
        sys.executable,
        "-c",
        "from server.cli import main; main()",
        "serve",
        "--data",
        str(data_dir),
        "--redis-url",
        "unix:///nowhere",
        *flags,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr
