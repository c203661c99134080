"""Who may do what in a room."""

import pytest

from server.rooms.roles import NEEDED, Right, Role, may, may_against, may_grant, rights_of


def test_every_right_has_a_least_role_and_higher_roles_have_it_too() -> None:
    assert NEEDED.keys() == set(Right)
    for right in Right:
        having = [role for role in Role if may(role, right)]
        assert having == [role for role in Role if role >= NEEDED[right]]


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.GUEST, set()),
        (Role.MEMBER, {"see_members", "objects"}),
        (Role.MODERATOR, {"see_members", "objects", "kick", "mute", "ban", "invite", "announce", "delete_messages"}),
        (Role.OWNER, {right.value for right in Right}),
        (Role.OPERATOR, {right.value for right in Right}),
    ],
)
def test_rights_by_role(role: Role, rights: set[str]) -> None:
    assert set(rights_of(role)) == rights


def test_nobody_has_a_right_over_equals_or_superiors() -> None:
    for role in Role:
        for target in Role:
            assert may_against(role, Right.KICK, target) is (role >= Role.MODERATOR and role > target)


def test_roles_are_granted_from_above_and_ownership_never() -> None:
    granted = {role: [granted for granted in Role if may_grant(role, granted)] for role in Role}
    assert granted[Role.ADMIN] == [Role.GUEST, Role.MEMBER, Role.MODERATOR]
    assert granted[Role.OWNER] == granted[Role.OPERATOR] == [Role.GUEST, Role.MEMBER, Role.MODERATOR, Role.ADMIN]
    assert granted[Role.GUEST] == []


def test_the_names_are_those_of_the_database() -> None:
    assert [role.label for role in Role] == ["guest", "member", "moderator", "admin", "owner", "operator"]
    assert all(Role.of(role.label) is role for role in Role)
