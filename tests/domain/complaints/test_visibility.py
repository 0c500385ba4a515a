"""Who may not read a complaint."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.aggregates import AGGREGATE, fold
from domain.complaints import complaint
from domain.complaints.complaint import Complaint
from domain.complaints.record import ComplaintRegistered, ObjectNamed, Recused
from domain.complaints.visibility import hidden_from, marks_of, visible_to
from domain.vocabulary import Actor, Event
from tests.complaints import ABOUT_ORGAN, AGAINST_POINT, NOTED, OFFICER, REGISTERED

ADVISER = Actor(account="chen", role="adviser", unit="ROOM-2", adviser="A-1")
AT_THE_POINT = Actor(account="clerk-1", role="duty_officer", unit="ROOM-1")
PERSON = Actor(account="person", role="citizen", unit="ROOM-1")


def after(*events: Event) -> Complaint:
    state: Complaint = fold(AGGREGATE[complaint.KIND], events)
    return state


def against_the_point(event: Any) -> Any:
    return replace(event, grievance=AGAINST_POINT, firm=None, team=None)


def test_the_adviser_complained_of_does_not_see_it_wherever_he_acts() -> None:
    assert not visible_to(after(REGISTERED), ADVISER)
    assert visible_to(after(REGISTERED), AT_THE_POINT)


def test_a_point_complained_of_does_not_see_it_but_settles_what_is_only_noted() -> None:
    assert not visible_to(after(against_the_point(REGISTERED)), AT_THE_POINT)
    assert visible_to(after(against_the_point(NOTED)), AT_THE_POINT)


def test_a_person_belongs_to_no_unit_that_could_be_complained_of() -> None:
    assert visible_to(after(against_the_point(REGISTERED)), PERSON)


def test_whoever_stepped_aside_does_not_see_it_any_more() -> None:
    recused = Recused(account=OFFICER.account, declared=True, reason="亲属")
    assert visible_to(after(REGISTERED), OFFICER)
    assert not visible_to(after(REGISTERED, recused), OFFICER)


def test_an_account_named_later_does_not_see_it() -> None:
    named = ObjectNamed(account=AT_THE_POINT.account, reason="核实")
    assert not visible_to(after(REGISTERED, named), AT_THE_POINT)


@pytest.mark.parametrize("actor", [ADVISER, AT_THE_POINT, PERSON, OFFICER])
@pytest.mark.parametrize("registered", [REGISTERED, against_the_point(REGISTERED)])
def test_what_a_list_is_filtered_by_says_the_same(
    registered: ComplaintRegistered, actor: Actor
) -> None:
    state = after(registered, Recused(account=OFFICER.account, declared=True, reason="亲属"))
    assert visible_to(state, actor) == set(hidden_from(state)).isdisjoint(marks_of(actor))


def test_an_organ_complained_of_does_not_see_it() -> None:
    about = replace(REGISTERED, grievance=ABOUT_ORGAN, division="4401", firm=None, team=None)
    there = Actor(account="wang", role="duty_officer", unit="MZJ")
    assert not visible_to(after(about), there)
    assert visible_to(after(about), AT_THE_POINT)
