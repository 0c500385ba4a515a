"""F2: hidden from whoever was ever named; un-hidden, renamed, void by a second person."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.aggregates import fold
from domain.complaints import complaint
from domain.complaints.complaint_commands import (
    ActorIsComplainedOf,
    OneToUnhideFrom,
    SecondPersonNeeded,
    StillComplainedOf,
    UnitIsComplainedOf,
)
from domain.complaints.record import (
    AcceptComplaint,
    ComplaintUnhidden,
    ComplaintVoided,
    ComplaintWithdrawn,
    NameObject,
    ObjectNamed,
    UnhideComplaint,
    VoidComplaint,
    WithdrawComplaint,
)
from domain.complaints.routing import AssignComplaint
from domain.complaints.visibility import hidden_from, visible_to
from domain.vocabulary import Actor, Command
from tests.complaints import (
    ACCEPTED,
    AGAINST_POINT,
    OFFICER,
    REGISTERED,
    REGISTERED_AGAINST_POINT,
    given,
)
from tests.examples import CLERK, COLLEAGUE, LAWYER, NOON

OTHER = NameObject(account="clerk-2", reason="经核实")
OTHER_NAMED = ObjectNamed(account="clerk-2", reason="经核实")
BACK = ObjectNamed(adviser="A-1", firm="FIRM-1", team="TEAM-1", reason="又经核实")
UNHIDE = UnhideComplaint(adviser="A-1", reason="与此事无关")
UNHIDDEN = ComplaintUnhidden(adviser="A-1", reason="与此事无关")


def test_f2_renaming_the_object_shows_it_to_nobody_who_was_named() -> None:
    renamed = given(REGISTERED).when(OTHER, by=OFFICER).then(OTHER_NAMED)
    assert not visible_to(renamed, LAWYER)
    assert not visible_to(renamed, COLLEAGUE)
    assert visible_to(renamed, CLERK)
    given(REGISTERED, OTHER_NAMED).when(AcceptComplaint(), by=LAWYER).refused(ActorIsComplainedOf)
    assert hidden_from(fold(complaint, [REGISTERED, OTHER_NAMED, BACK])) == (
        "adviser:A-1",
        "account:clerk-2",
    )


def test_f2_a_point_complained_of_itself_neither_reads_nor_handles_it_when_one_is_named() -> None:
    named = (REGISTERED_AGAINST_POINT, OTHER_NAMED, ACCEPTED)
    assert not visible_to(fold(complaint, named), CLERK)
    assign = AssignComplaint(unit="ROOM-1")
    given(*named).when(assign, by=OFFICER).refused(UnitIsComplainedOf)
    itself = UnhideComplaint(point_itself=True, reason="被投诉的是工作人员")
    unhidden = ComplaintUnhidden(point_itself=True, reason="被投诉的是工作人员")
    after = given(*named).when(itself, by=OFFICER).then(unhidden)
    assert visible_to(after, CLERK)
    assert not visible_to(after, COLLEAGUE)
    assert AGAINST_POINT.against_unit("ROOM-1")


def test_a_leader_unhides_it_from_one_who_was_named_by_mistake() -> None:
    wrong = given(REGISTERED, OTHER_NAMED)
    assert visible_to(wrong.when(UNHIDE, by=OFFICER).then(UNHIDDEN), LAWYER)
    given(REGISTERED, OTHER_NAMED, UNHIDDEN).when(UNHIDE, by=OFFICER).nothing()
    again = fold(complaint, [REGISTERED, OTHER_NAMED, UNHIDDEN, BACK])
    assert not visible_to(again, LAWYER)
    given(REGISTERED).when(UNHIDE, by=OFFICER).refused(StillComplainedOf)
    for both in (replace(UNHIDE, account="clerk-2"), UnhideComplaint(reason="无关")):
        wrong.when(both, by=OFFICER).refused(OneToUnhideFrom)
    account = UnhideComplaint(account="clerk-2", reason="无关")
    given(REGISTERED, OTHER_NAMED, BACK).when(account, by=OFFICER).then(
        ComplaintUnhidden(account="clerk-2", reason="无关")
    )


FOUR_EYES: tuple[tuple[Command, Any], ...] = (
    (OTHER, OTHER_NAMED),
    (UNHIDE, UNHIDDEN),
    (VoidComplaint(reason="重复录入"), ComplaintVoided(reason="重复录入", at=NOON)),
    (WithdrawComplaint(reason="已和解"), ComplaintWithdrawn(reason="已和解", at=NOON)),
)


@pytest.mark.parametrize(("command", "event"), FOUR_EYES, ids=lambda one: type(one).__name__)
def test_what_takes_a_complaint_away_needs_a_second_pair_of_eyes(
    command: Command, event: Any
) -> None:
    before = (REGISTERED, OTHER_NAMED) if command == UNHIDE else (REGISTERED,)
    history = given(*before)
    himself = Actor(account="clerk-1", role="supervisor", unit="440103")
    standing_in = replace(himself, account="li", instead_of="clerk-1")
    for by in (CLERK, himself, standing_in):
        history.when(command, by=by).refused(SecondPersonNeeded)
    history.when(command, by=OFFICER).then(event)


def test_a_stand_in_sees_no_more_than_whom_he_stands_in_for() -> None:
    named = fold(complaint, [REGISTERED, OTHER_NAMED])
    standing_in = Actor(account="li", role="supervisor", unit="440103", instead_of="clerk-2")
    assert not visible_to(named, standing_in)
