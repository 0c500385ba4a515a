"""No code is given that looks like another of its kind, whatever the kind."""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from domain.aggregates import CODED
from domain.evaluation.ruleset import PublishRuleSet
from domain.moment import CodeLooksLikeAnother
from domain.registration.account_commands import OpenAccount
from domain.registration.adviser_commands import RegisterAdviser
from domain.registration.calendar_commands import PublishCalendar
from domain.registration.firm_commands import RegisterFirm
from domain.registration.form_commands import PublishForm
from domain.registration.organ_commands import ListOrgan
from domain.registration.point_commands import PlaceDevice
from domain.registration.policy_commands import PublishPolicy
from domain.registration.team_commands import FormTeam
from domain.vocabulary import Actor, Command, stream_id
from ledger.founding.shipped import (
    shipped_calendars,
    shipped_policies,
    shipped_rulesets,
)
from ledger.log.store import Ledger
from tests.databases import Database
from tests.domain.oversight.test_inspection import CHECKLIST
from tests.domain.registers.test_point import OPEN
from tests.domain.training.test_helper import REGISTER

BY: Final = Actor(account="admin-1", role="administrator", unit="44")
POINT: Final = replace(OPEN, calendar=None)
CODE_FIRST: Final[dict[str, Command]] = {
    "account": OpenAccount(code="x", name="某人"),
    "point": POINT,
    "adviser": RegisterAdviser(code="x", name="某律师", firm="FIRM-1"),
    "firm": RegisterFirm(code="x", name="某律师事务所"),
    "team": FormTeam(code="x", name="某团队", firm="FIRM-1"),
    "organ": ListOrgan(code="x", name="某机关", division="440103"),
    "helper": REGISTER,
}
PUBLISHED: Final[dict[str, Command]] = {
    "calendar": PublishCalendar(calendar=shipped_calendars()[0].calendar),
    "policy": PublishPolicy(policy=shipped_policies()[0].policy),
    "form": PublishForm(form=CHECKLIST),
    "ruleset": PublishRuleSet(ruleset=replace(shipped_rulesets()[-1].ruleset, version=1)),
}
MADE_OF_OTHERS: Final = {
    "appointment", "division", "roster", "visitplan", "needs", "area", "mark", "period",
    "draft", "report", "evaluation",
}  # fmt: skip
"""Their codes are made of divisions, days and codes of other things."""


def coded(command: Any, code: str) -> Any:
    (*_, name) = command.__struct_fields__ if len(command.__struct_fields__) == 1 else ("code",)
    if name == "code":
        return replace(command, code=code)
    return replace(command, **{name: replace(getattr(command, name), code=code)})


def test_b11_14_every_kind_with_a_code_of_its_own_has_its_case() -> None:
    assert CODED.keys() - MADE_OF_OTHERS == CODE_FIRST.keys() | PUBLISHED.keys()


@pytest.mark.parametrize("kind", sorted(CODE_FIRST.keys() | PUBLISHED.keys()))
def test_b11_14_a_code_that_differs_only_in_case_is_not_given(
    kind: str, database: Database
) -> None:
    command = (CODE_FIRST | PUBLISHED)[kind]
    with Ledger(database.app_url) as ledger:
        ledger.execute(stream_id(kind, "TWIN-A1"), coded(command, "TWIN-A1"), by=BY)
        for twin in ("twin-a1", "Twin-a1"):
            with pytest.raises(CodeLooksLikeAnother):
                ledger.execute(stream_id(kind, twin), coded(command, twin), by=BY)


def test_b11_14_nor_the_code_of_a_device_or_of_a_unit_of_another_kind(database: Database) -> None:
    with Ledger(database.app_url) as ledger:
        point = stream_id("point", "ROOM-1")
        ledger.execute(point, coded(POINT, "ROOM-1"), by=BY)
        ledger.execute(point, PlaceDevice(device="D-1", window="W1"), by=BY)
        with pytest.raises(CodeLooksLikeAnother):
            ledger.execute(point, PlaceDevice(device="d-1", window="W2"), by=BY)
        ledger.execute(point, PlaceDevice(device="D-1", window="W2"), by=BY)
        for kind in ("firm", "organ"):
            with pytest.raises(CodeLooksLikeAnother):
                ledger.execute(stream_id(kind, "room-1"), coded(CODE_FIRST[kind], "room-1"), by=BY)
