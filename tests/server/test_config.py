"""Every setting is found in one order, judged by one set of rules, and refused in one readable line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.config import ConfigError, load_settings, read_settings, variable_of
from server.config_docs import descriptions, markdown, sections
from server.settings import FIELDS, Settings, default_data_dir, shown_value

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    file = tmp_path / "hallway.toml"
    file.write_text("port = 1000\ntick_rate = 20\nsave_interval_s = 1\n")
    return file


def refusal(env: dict[str, str] | None = None, file: Path | None = None, **flags: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(env or {}, file, flags)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_with_nothing_said_the_defaults_hold() -> None:
    assert load_settings({}) == Settings()


def test_flags_win_over_environment_over_file_over_default(config_file: Path) -> None:
    effective = read_settings({"HALLWAY_PORT": "2000", "HALLWAY_TICK_RATE": "25"}, config_file, {"port": "3000"})
    assert (effective.settings.port, effective.settings.tick_rate, effective.settings.save_interval_s) == (3000, 25, 1)
    assert effective.sources["port"] == "flag --port"
    assert effective.sources["tick_rate"] == "environment HALLWAY_TICK_RATE"
    assert effective.sources["save_interval_s"] == f"file {config_file}"
    assert effective.sources["host"] == "default"


def test_the_file_may_be_named_in_the_environment(config_file: Path) -> None:
    assert load_settings({"HALLWAY_CONFIG": str(config_file)}).tick_rate == 20


def test_the_urls_are_read_without_prefix_and_the_prefixed_name_wins() -> None:
    env = {"DATABASE_URL": "postgresql://a/x", "REDIS_URL": "redis://a", "HALLWAY_DATABASE_URL": "postgresql://b/x"}
    settings = load_settings(env)
    assert (settings.database_url, settings.redis_url) == ("postgresql://b/x", "redis://a")


@pytest.mark.parametrize("name", ["HALLWAY_DATA", "HALLWAY_DATA_DIR"])
def test_the_data_folder_has_a_short_name_too(name: str) -> None:
    assert load_settings({name: "/srv/office"}).data_dir == Path("/srv/office")


def test_paths_are_made_absolute_and_know_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert load_settings({"HALLWAY_DATA": "~/office"}).data_dir == Path("/home/someone/office")
    assert load_settings({}, flags={"data_dir": "office"}).data_dir == Path.cwd() / "office"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"HALLWAY_PORT": "", "DATABASE_URL": ""}) == Settings()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"HALLWAY_PORT": "http"}, ["port", "HALLWAY_PORT", "'http'", "a whole number from 0 to 65535"]),
        ({"HALLWAY_PORT": "80.5"}, ["a whole number"]),
        ({"HALLWAY_TICK_RATE": "61"}, ["HALLWAY_TICK_RATE", "'61'", "from 10 to 60"]),
        ({"HALLWAY_TICK_RATE": "true"}, ["'true'", "a whole number from 10 to 60"]),
        ({"HALLWAY_SAVE_INTERVAL_S": "0"}, ["a number above 0 and at most 5"]),
        ({"HALLWAY_SAVE_INTERVAL_S": "nan"}, ["'nan'", "a number above 0"]),
        ({"HALLWAY_CELL_PX": "100"}, ["a multiple of 8"]),
        ({"HALLWAY_DATA": "~no-such-user-here/office"}, ["HALLWAY_DATA", "a path"]),
        ({"HALLWAY_LOG_LEVEL": "loud"}, ["'loud'", "one of debug, info, warning, error"]),
        ({"HALLWAY_PUBLIC_URL": "office.example.org"}, ["https://office.example.org"]),
        ({"HALLWAY_RUN_PX_S": "100"}, ["run_px_s", "100 is less than walk_px_s, which is 128 from default"]),
        ({"HALLWAY_PROXIMITY_JOIN_PX": "500"}, ["192 is less than proximity_join_px, which is 500"]),
        ({"HALLWAY_TRUSTED_PROXIES": "10.0.0.0/40"}, ["trusted_proxies", "'10.0.0.0/40'", "a list of networks"]),
        ({"HALLWAY_REGISTRATION_OPEN": "perhaps"}, ["'perhaps'", "true or false"]),
        ({"HALLWAY_OIDC_ISSUER": "https://login.example.org"}, ["oidc_issuer", "needs oidc_client_id beside it"]),
        ({"HALLWAY_JOINS_ACCOUNT_PER_MINUTE": "-1"}, ["a whole number from 0 to 100000"]),
    ],
)
def test_a_wrong_value_is_named_with_its_source_and_what_is_allowed(env: dict[str, str], words: list[str]) -> None:
    text = refusal(env)
    for word in words:
        assert word in text


def test_a_name_that_is_no_setting_is_refused_with_the_nearest_that_is(tmp_path: Path) -> None:
    assert "did you mean HALLWAY_TICK_RATE?" in refusal({"HALLWAY_TICKRATE": "30"})
    assert "hallway config" in refusal({"HALLWAY_QQQQ": "1"})
    file = tmp_path / "hallway.toml"
    file.write_text("tik_rate = 30\n")
    assert f"tik_rate in {file} is not a setting; did you mean tick_rate?" == refusal(file=file)


def test_other_programs_variables_are_none_of_its_business() -> None:
    load_settings({"PORT": "x", "PATH": "", "HALLWAYS_PORT": "x"})


@pytest.mark.parametrize(
    "env",
    [
        {"HALLWAY_SERVICE_HOST": "10.0.0.1"},
        {"HALLWAY_PORT_8080_TCP": "tcp://10.0.0.1:8080"},
        {"HALLWAY_PORT": "tcp://10.0.0.1:8080"},
    ],
)
def test_variables_that_kubernetes_makes_are_recognised(env: dict[str, str]) -> None:
    assert "enableServiceLinks" in refusal(env)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"port = ", "is not TOML"),
        (b"\xff", "is not UTF-8"),
        (b'port = "8080"', "'8080' is not a whole number"),
        (b"port = 80.0", "80.0 is not a whole number"),
        (b"port = true", "True is not a whole number"),
        (b"[server]\nport = 80", "server in"),
        (b"data_dir = 3", "3 is not a path"),
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "hallway.toml"
    file.write_bytes(content)
    text = refusal(file=file)
    assert words in text
    assert str(file) in text


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(file=tmp_path / "none.toml")


def test_secrets_show_neither_in_errors_nor_in_logs() -> None:
    assert "short" not in refusal({"HALLWAY_SECRET_KEY": "short"})
    assert "s3cret" not in refusal({"DATABASE_URL": "mysql://user:s3cret@host/x"})
    settings = load_settings(
        {
            "HALLWAY_SECRET_KEY": "k" * 40,
            "DATABASE_URL": "postgresql://user:pa@s:s@host/x?password=word&a=b",
            "REDIS_URL": "redis://:secret@host:1/0",
        }
    )
    assert shown_value(settings, "database_url") == "postgresql://user:***@host/x?password=***&a=b"
    assert shown_value(settings, "redis_url") == "redis://:***@host:1/0"
    assert "kkk" not in repr(settings)
    assert "secret@" not in repr(settings)


def test_a_switch_is_said_in_words() -> None:
    for text, value in (("true", True), ("1", True), ("false", False), ("0", False)):
        settings = load_settings({"HALLWAY_OIDC_LINK_BY_EMAIL": text})
        assert settings.oidc_link_by_email is value
        assert shown_value(settings, "oidc_link_by_email") == str(value).lower()


def test_networks_may_be_none() -> None:
    settings = load_settings({"HALLWAY_UNLIMITED_ADDRESSES": "none", "HALLWAY_TRUSTED_PROXIES": "10.0.0.1, fd00::/8"})
    assert (settings.unlimited_addresses, settings.trusted_proxies) == ("none", "10.0.0.1, fd00::/8")


def test_a_secret_is_no_flag() -> None:
    assert "--secret-key is not a setting" in refusal(secret_key="k" * 40)


def test_root_keeps_its_data_where_its_databases_can_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/hallway")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/home/a/data")
    assert default_data_dir() == Path("/home/a/data/hallway")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/a")
    assert default_data_dir() == Path("/home/a/.local/share/hallway")
    monkeypatch.setattr("sys.platform", "darwin")
    assert default_data_dir() == Path("/home/a/Library/Application Support/hallway")


@given(st.sampled_from(FIELDS), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_is_a_value_or_a_readable_refusal(field: str, text: str) -> None:
    try:
        refused = None
        load_settings({variable_of(field): text})
    except ConfigError as error:
        refused = str(error)
    assert refused is None or field in refused


def test_every_setting_is_described_under_a_heading() -> None:
    assert set(descriptions()) == set(FIELDS)
    assert [field for _, fields in sections() for field in fields] == list(FIELDS)


def test_the_page_about_the_settings_is_current() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == markdown(), "run `make docs`"
