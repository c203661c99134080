"""Packed rows are the bytes of sections 5.3 and 5.5."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from protocol.rows import pack_courses, pack_ids, pack_rows, unpack_courses, unpack_ids, unpack_rows

ID = st.integers(1, 65535)
BYTE = st.integers(0, 255)
PLACE = st.integers(0, 2**24 - 1)


def test_a_complete_row_is_nine_little_endian_bytes() -> None:
    row = pack_rows(np.array([0x0102]), np.array([0x2F]), np.array([0x030405]), np.array([0x060708]))
    assert row.tobytes() == bytes([2, 1, 0x2F, 5, 4, 3, 8, 7, 6])


def test_a_course_row_is_four_little_endian_bytes() -> None:
    assert pack_courses(np.array([0x0102]), np.array([0x2F]), np.array([7])).tobytes() == bytes([2, 1, 0x2F, 7])


@given(st.lists(st.tuples(ID, BYTE, PLACE, PLACE)))
def test_rows_survive_packing(rows: list[tuple[int, int, int, int]]) -> None:
    columns = np.array(rows, np.int32).reshape(-1, 4)
    unpacked = unpack_rows(pack_rows(*columns.T).tobytes())
    assert [tuple(map(int, row)) for row in zip(*unpacked, strict=True)] == rows


@given(st.lists(st.tuples(ID, BYTE, BYTE)))
def test_courses_survive_packing(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3)
    unpacked = unpack_courses(pack_courses(*columns.T).tobytes())
    assert [tuple(map(int, row)) for row in zip(*unpacked, strict=True)] == rows


@given(st.lists(ID))
def test_ids_survive_packing(ids: list[int]) -> None:
    assert unpack_ids(pack_ids(ids)).tolist() == ids
    assert unpack_ids(pack_ids(np.array(ids, np.int64))).tolist() == ids
