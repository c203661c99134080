"""Who is linked with whom, and how."""

from __future__ import annotations

import pytest

from server.media.policy import Party, Verdict, verdict

FLOOR = Party(speaks=True, area=0)
OFFICE = Party(speaks=True, area=4)
DEAF = Party(speaks=False, area=0)
BUSY = Party(speaks=True, area=4, undisturbed=True)


@pytest.mark.parametrize(
    ("one", "other", "near", "expected"),
    [
        (FLOOR, FLOOR, True, Verdict(flat=False)),
        (FLOOR, FLOOR, False, None),
        (OFFICE, OFFICE, True, Verdict(flat=True)),
        (OFFICE, FLOOR, True, None),
        (OFFICE, Party(speaks=True, area=5), True, None),
        (DEAF, FLOOR, True, None),
        (BUSY, OFFICE, True, None),
        (BUSY, BUSY, True, None),
        (DEAF, DEAF, True, None),
    ],
)
def test_people_who_are_near_are_linked_flat_inside_a_private_area(
    one: Party, other: Party, near: bool, expected: Verdict | None
) -> None:
    assert verdict(one, other, near=near) == expected
    assert verdict(other, one, near=near) == expected
