"""`hallway doctor` finds each problem, says what to do about it, and changes nothing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server import doctor
from server.cli import app
from server.client_files import client_root
from server.config import load_settings
from server.doctor import (
    Finding,
    check_client,
    check_clock,
    check_data_folder,
    check_database,
    check_open_files,
    check_port,
    check_proxy,
    check_redis,
    check_sfu_port,
    check_udp,
    examine,
)


@pytest.fixture
def used_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_on_a_good_machine_nothing_is_wrong_and_nothing_is_made(data_dir: Path, unused_port: int) -> None:
    settings = load_settings({}, flags={"data_dir": data_dir, "port": unused_port, "sfu_port": 0})
    findings = [finding for finding in examine(settings) if finding.subject != "client"]
    assert [finding for finding in findings if finding.is_problem] == []
    assert {finding.subject for finding in findings} >= {"data folder", "PostgreSQL", "Valkey", "clock", "port"}
    assert not data_dir.exists()


def test_given_databases_are_asked(database_url: str, redis_url: str) -> None:
    settings = load_settings({"DATABASE_URL": database_url, "REDIS_URL": redis_url})
    assert not check_database(settings).is_problem
    assert "answers" in check_database(settings).text
    assert not check_redis(settings).is_problem


def test_given_databases_that_do_not_answer_are_problems(unused_port: int) -> None:
    env = {
        "DATABASE_URL": f"postgresql://me:word@127.0.0.1:{unused_port}/db",
        "REDIS_URL": f"redis://:word@127.0.0.1:{unused_port}/0",
    }
    for finding, url in ((check_database, "DATABASE_URL"), (check_redis, "REDIS_URL")):
        found = finding(load_settings(env))
        assert f"127.0.0.1:{unused_port}" in found.text
        assert "word" not in found.text
        assert url in found.advice


def test_missing_programs_are_problems_that_name_the_setting(tmp_path: Path) -> None:
    settings = load_settings({}, flags={"postgres_bin": tmp_path, "valkey_server": tmp_path / "none"})
    assert "HALLWAY_POSTGRES_BIN" in check_database(settings).advice
    assert "HALLWAY_VALKEY_SERVER" in check_redis(settings).advice


def test_a_port_in_use_is_a_problem(used_port: int, unused_port: int) -> None:
    assert "another program" in check_port(load_settings({}, flags={"port": used_port})).text
    assert "HALLWAY_PORT" in check_port(load_settings({}, flags={"port": used_port})).advice
    assert not check_port(load_settings({}, flags={"port": unused_port})).is_problem
    assert not check_port(load_settings({}, flags={"port": 0})).is_problem


def test_a_udp_port_in_use_is_told_and_one_that_is_free_is_tried(unused_port: int) -> None:
    settings = load_settings({}, flags={"port": unused_port})
    assert f"127.0.0.1:{unused_port} is free" in check_udp(settings).text
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", unused_port))
        assert "HALLWAY_UDP_PORT" in check_udp(settings).advice
    assert "switched off" in check_udp(load_settings({}, flags={"port": unused_port, "udp_port": 0})).text
    assert not check_udp(load_settings({}, flags={"port": 0})).is_problem


def test_an_address_of_another_computer_is_a_problem() -> None:
    assert check_port(load_settings({}, flags={"host": "203.0.113.9", "port": 0})).is_problem


def test_a_data_folder_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "HALLWAY_DATA" in check_data_folder(load_settings({}, flags={"data_dir": tmp_path / "data"})).advice


def test_a_full_disk_is_a_problem(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "MINIMUM_FREE", 2**60)
    assert "make room" in check_data_folder(load_settings({}, flags={"data_dir": data_dir})).advice


def test_a_clock_from_before_the_installation_is_a_problem() -> None:
    settings = load_settings({})
    assert not check_clock(settings).is_problem
    assert "set the system's clock" in check_clock(settings, now=lambda: 0.0).advice


def test_a_client_that_was_not_built_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "client_root", lambda: None)
    assert "make client" in check_client(load_settings({})).advice


def test_too_few_open_files_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda kind: (256, 1024))
    assert "ulimit -n 5100" in check_open_files(load_settings({})).advice
    assert not check_open_files(load_settings({"HALLWAY_MAX_CLIENTS": "500"})).is_problem


@pytest.mark.parametrize(("advice", "code"), [("", 0), ("plug it in", 1)])
def test_the_command_prints_what_to_do_and_fails_on_problems(
    monkeypatch: pytest.MonkeyPatch, advice: str, code: int
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda settings: [Finding("cable", "looked at", advice)])
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == code
    assert "looked at" in result.output
    assert advice in result.output


def test_the_client_is_found_in_a_checkout_and_in_an_installed_package(tmp_path: Path) -> None:
    server = tmp_path / "server"
    assert client_root(server) is None
    (server / "client_dist").mkdir(parents=True)
    (server / "client_dist" / "index.html").write_text("")
    assert client_root(server) == server / "client_dist"
    (tmp_path / "client_web" / "dist").mkdir(parents=True)
    (tmp_path / "client_web" / "dist" / "index.html").write_text("")
    assert client_root(server) == server / "client_dist"  # a stranger's folder beside site-packages/server
    (tmp_path / "client_web" / "package.json").write_text("{}")
    assert client_root(server) == tmp_path / "client_web" / "dist"


def test_an_sfu_port_that_is_taken_is_named_with_its_flag() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 0))
        port = other.getsockname()[1]
        finding = check_sfu_port(load_settings({}, flags={"sfu_port": port}))
        assert (finding.is_problem, str(port) in finding.text, "--sfu-port" in finding.advice) == (True, True, True)
        assert not check_sfu_port(load_settings({}, flags={"sfu_port": 0})).is_problem
        assert not check_sfu_port(load_settings({}, flags={"sfu_port": port, "media_backend": "mesh"})).is_problem


def test_a_proxy_that_nobody_trusts_is_a_problem() -> None:
    behind = {"HALLWAY_PUBLIC_URL": "https://office.example.org"}
    finding = check_proxy(load_settings(behind))
    assert (finding.is_problem, "HALLWAY_TRUSTED_PROXIES" in finding.advice) == (True, True)
    assert not check_proxy(load_settings(behind | {"HALLWAY_TRUSTED_PROXIES": "127.0.0.1"})).is_problem
    assert not check_proxy(load_settings({})).is_problem
