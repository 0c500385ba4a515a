"""Roles: one list, in groups that do not overlap, of what actors may be."""

from typing import get_args

import msgspec
import pytest

from domain import roles
from domain.roles import ROLES, Importer, Role
from domain.vocabulary import Actor

GROUPS = (
    *(roles.STAFF, roles.LEADERS, roles.AUDITORS, roles.CITIZENS),
    *(roles.VILLAGES, roles.FIRMS, roles.POLICIES, roles.INTEGRATIONS),
)


def test_every_role_stands_in_one_group() -> None:
    assert sorted(role for group in GROUPS for role in group) == sorted(ROLES)
    assert set(get_args(Role)) == ROLES | set(get_args(Importer))


@pytest.mark.parametrize("role", ["clerk", "Auditor", ""])
def test_no_actor_comes_in_with_a_role_that_does_not_exist(role: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="role"):
        msgspec.convert({"account": "a", "role": role, "unit": "4401"}, Actor)
