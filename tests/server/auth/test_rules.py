import pytest

from server.auth import rules
from server.auth.rules import RuleError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Anna", "Anna"),
        ("  Anna   B. ", "Anna B."),
        ("Ａｎｎａ", "Anna"),
        ("ab", "ab"),
        ("x" * 32, "x" * 32),
        ("user_1-2.3", "user_1-2.3"),
        ("Łukasz", "Łukasz"),
        ("अनिल", "अनिल"),
        ("王小明", "王小明"),
    ],
)
def test_names_that_people_have_are_taken(given: str, kept: str) -> None:
    assert rules.username(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "a",
        "x" * 33,
        "a@b",
        "<b>",
        "a/b",
        "a\0b",
        "a\u202eb",
        "..",
        "-a",
        " . ",
        "王" * 22,
        "a\nb!",
        "\u200b\u200b",
        "😀😀",
    ],
)
def test_other_names_are_refused(given: str) -> None:
    with pytest.raises(RuleError):
        rules.username(given)


@pytest.mark.parametrize("given", ["a@b.org", "Anna.B+x@mail.example.co.uk", " a@localhost "])
def test_addresses_that_could_exist_are_taken(given: str) -> None:
    assert rules.email(given) == given.strip()


@pytest.mark.parametrize(
    "given", ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b..c", "<a@b.c>", "x" * 250 + "@b.c", "a\0@b.c", "é@b.c"]
)
def test_other_addresses_are_refused(given: str) -> None:
    with pytest.raises(RuleError):
        rules.email(given)


@pytest.mark.parametrize("length", [9, 257])
def test_a_password_of_the_wrong_length_is_refused(length: int) -> None:
    with pytest.raises(RuleError):
        rules.password("x" * length)


@pytest.mark.parametrize("length", [10, 256])
def test_a_password_keeps_every_character(length: int) -> None:
    text = " é" * (length // 2)
    assert rules.password(text) == text


def test_a_room_may_be_called_almost_anything_that_can_be_shown() -> None:
    assert rules.room_name("  Team «Wörk» 🚀  #1 ") == "Team «Wörk» 🚀 #1"


@pytest.mark.parametrize("given", ["", "   ", "x" * 81, "a\0", "a\u202eb", "\x1b[31m"])
def test_other_room_names_are_refused(given: str) -> None:
    with pytest.raises(RuleError):
        rules.room_name(given)


def test_a_description_keeps_its_lines() -> None:
    assert rules.description(" one\r\ntwo ") == "one\ntwo"


@pytest.mark.parametrize("given", ["x" * 501, "a\0b", "a\tb"])
def test_other_descriptions_are_refused(given: str) -> None:
    with pytest.raises(RuleError):
        rules.description(given)
