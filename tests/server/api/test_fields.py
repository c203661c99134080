"""Whatever a body holds, it is either a model whose fields keep the rules, or one problem."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.api import models, room_models
from server.api.bodies import ERRORS_LIMIT, decode_body
from server.api.problems import CODES, Problem
from server.auth import rules
from server.auth.rules import RuleError

MODELS = [
    models.Register,
    models.LogIn,
    models.EnterAsGuest,
    models.ChangeUser,
    room_models.CreateRoom,
    room_models.ChangeRoom,
    room_models.JoinRoom,
]
FIELDS = sorted({name for model in MODELS for name in model.__struct_fields__})

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=90)
anything = scalars | st.lists(scalars, max_size=7) | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
looks = st.fixed_dictionaries({"look": st.lists(st.integers(-1, 256), min_size=5, max_size=7)})
objects = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), anything | looks, max_size=8)


def decoded_or_problem(raw: bytes, model: Any) -> Any:
    try:
        return decode_body(raw, model)
    except Problem as problem:
        return problem


@settings(max_examples=40)
@pytest.mark.parametrize("model", MODELS)
@given(data=objects)
def test_any_object_becomes_a_model_or_one_problem(model: Any, data: dict[str, Any]) -> None:
    outcome = decoded_or_problem(json.dumps(data).encode(), model)
    if isinstance(outcome, Problem):
        assert CODES[outcome.code][0] in (400, 422)
        assert len(outcome.errors) <= ERRORS_LIMIT
    else:
        assert isinstance(outcome, model)
        assert data.keys() <= set(model.__struct_fields__)


@given(raw=st.binary(max_size=200))
def test_any_bytes_become_a_model_or_one_problem(raw: bytes) -> None:
    outcome = decoded_or_problem(raw, room_models.JoinRoom)
    assert isinstance(outcome, room_models.JoinRoom) or outcome.code in ("bad_json", "validation")


def test_a_body_with_hundreds_of_wrong_fields_gets_a_short_answer() -> None:
    with pytest.raises(Problem) as caught:
        decode_body(json.dumps({f"field{number}": 1 for number in range(500)}).encode(), room_models.JoinRoom)
    assert len(caught.value.errors) == ERRORS_LIMIT


@given(text=st.text(max_size=40))
@example(text="ﷺ" * 3)
@example(text="ŉ" * 32)
def test_an_accepted_name_fits_everywhere_and_is_its_own_normal_form(text: str) -> None:
    try:
        name = rules.username(text)
    except RuleError:
        return
    assert 2 <= len(name) <= 32
    assert len(name.encode()) <= 64
    assert "@" not in name
    assert rules.username(name) == name


@given(text=st.text(max_size=100))
def test_an_accepted_room_name_is_its_own_normal_form(text: str) -> None:
    try:
        name = rules.room_name(text)
    except RuleError:
        return
    assert rules.room_name(name) == name
    assert "\0" not in name
