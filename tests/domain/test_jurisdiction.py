"""Jurisdiction: what a post reaches, what is outside it, and what is done anywhere."""

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.advising import worklog
from domain.advising.worklog import LogWork, Share, Work
from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.complaints.record import AcceptComplaint, Grievance, RegisterComplaint
from domain.coordination import conference
from domain.coordination.conference import ConferenceHeld, DecisionTaken, Department
from domain.jurisdiction import (
    OFFICE,
    OutsideJurisdiction,
    Place,
    place_asked,
    place_of,
    reach_of,
    reaches,
    refuse_outside,
)
from domain.moment import Moment, NotThisFirm, NotThisVillage
from domain.registers import firm
from domain.registers.firm import FirmRegistered
from domain.registration.account_commands import GivePost
from domain.requests import rating, request
from domain.requests.rating import InviteRating
from domain.requests.request import RequestVoided
from domain.requests.request_commands import LogRequest, VoidRequest
from domain.roles import Role
from domain.vocabulary import Actor
from tests.examples import (
    CITIZEN,
    CITY,
    CLERK,
    COLLEAGUE,
    LAWYER,
    LOGGED,
    MORNING,
    NOON,
    REGISTERS,
)
from tests.spec import given

VOID = VoidRequest(reason="误录")
WORK = LogWork(
    work=Work(
        village="440103001001",
        service="consultation",
        mode="onsite",
        ended_at=NOON,
        summary="解答",
    )
)
HELD = ConferenceHeld(
    division="4401",
    day=date(2026, 3, 2),
    subject="联席会议",
    agenda=("欠薪",),
    attending=(Department(name="市司法局"),),
)
LABOUR = Department(name="人社局", code="labour-9")
TAKEN = DecisionTaken(number=1, text="派员", responsible=LABOUR, due=date(2026, 3, 31))


def at(unit: str, role: Role = "supervisor", adviser: str | None = None) -> Actor:
    return Actor(account="somebody", role=role, unit=unit, adviser=adviser)


@pytest.mark.parametrize("unit", ["44", "4401", "440100", "440103", "440103001", "ROOM-1"])
def test_a_post_reaches_its_own_division_and_all_in_it(unit: str) -> None:
    given(LOGGED).when(VOID, by=at(unit)).then(RequestVoided(reason="误录"))


@pytest.mark.parametrize("unit", ["4402", "440104", "440103002", "STATION-1", "NOWHERE"])
def test_f1_who_is_outside_does_nothing(unit: str) -> None:
    given(LOGGED).when(VOID, by=at(unit)).refused(OutsideJurisdiction)


def test_an_outsider_does_not_learn_how_a_thing_stands() -> None:
    gone = RequestVoided(reason="误录")
    given(LOGGED, gone).when(VOID, by=at("440104")).refused(OutsideJurisdiction)


def test_a_village_and_a_firm_reach_themselves() -> None:
    place = Place(("440103001001",), units=("FIRM-1",), advisers=("A-1",))
    for by, covered in (
        (at("440103001001", "committee"), True),
        (at("440103001", "committee"), False),
        (at("FIRM-1", "firm"), True),
        (at("FIRM-9", "firm"), False),
        (at("ELSEWHERE", "adviser", adviser="A-1"), True),
        (at("ELSEWHERE", "adviser", adviser="A-2"), False),
    ):
        reach = reach_of(by, REGISTERS)
        assert reach is not None
        assert reach.covers(place) is covered, by
    given(LOGGED).when(VOID, by=at("440103001002", "committee")).refused(NotThisVillage)
    given(LOGGED).when(VOID, by=at("FIRM-9", "firm")).refused(NotThisFirm)


def test_a_point_reaches_what_belongs_to_no_point_in_its_own_division() -> None:
    reach = reach_of(CLERK, REGISTERS)
    assert reach is not None
    assert reach.covers(Place(("440103001001",)))
    assert not reach.covers(Place(("440103001001",), units=("STALL-1",)))
    assert not reach.covers(Place())
    assert reach.covers(OFFICE)


def test_people_and_rules_act_for_no_office() -> None:
    for role in ("citizen", "device", "policy", "importer"):
        assert reach_of(replace(CITIZEN, role=role), REGISTERS) is None


def test_a_complaint_is_registered_where_one_comes_and_handled_where_it_belongs() -> None:
    elsewhere = at("440104", "duty_officer")
    about = RegisterComplaint(
        grievance=Grievance(point="ROOM-1", channel="counter", subject="态度差")
    )
    when = given(at=NOON).when(about, by=elsewhere)
    with pytest.raises(AssertionError):
        when.nothing()
    given().when(AcceptComplaint(), by=elsewhere)


def test_what_lies_in_a_point_lies_where_that_was_and_where_it_is() -> None:
    log = LogRequest(point="STATION-1", channel="counter", service="other", subject="x")
    place = place_asked(log, REGISTERS, MORNING)
    assert set(place.divisions) == {"440103001001", "440103002001"}
    assert place_asked(replace(log, point="ROOM-9"), REGISTERS, MORNING) == OFFICE


def test_a_request_is_where_it_was_asked_where_it_was_sent_and_with_whom_it_names() -> None:
    place = place_of(request.KIND, fold(request, [LOGGED]), REGISTERS)
    assert place.divisions == ("440103001001", "440103001001")
    assert place.accounts == ("clerk-1",)
    assert reach_of(CITY, REGISTERS) == replace(
        reach_of(CITY, REGISTERS) or pytest.fail("no reach"), prefixes=("4401",)
    )
    assert LAWYER.adviser == "A-1"


def test_a_firm_lies_in_its_division_and_without_one_is_everybodys() -> None:
    here = FirmRegistered(code="FIRM-1", name="律所", division="440103")
    for listed, expected in ((here, ("440103",)), (replace(here, division=None), ())):
        known = replace(REGISTERS, firms={"FIRM-1": fold(firm, [listed])})
        place = place_of(firm.KIND, known.firms["FIRM-1"], known)
        assert place.divisions == expected
        assert place.everybody is (listed.division is None)
    assert date(2026, 3, 2) == NOON.date()


def test_an_adviser_of_a_firm_enters_what_he_did_in_a_village_and_nobody_elses() -> None:
    for adviser, refused in (("A-1", False), ("A-9", True)):
        by = at("FIRM-1", "adviser", adviser)
        log = replace(WORK, shares=(Share(adviser="A-1", minutes=1),))
        moment = Moment(by=by, occurred_at=NOON, now=NOON, registers=REGISTERS)
        if refused:
            with pytest.raises(OutsideJurisdiction):
                refuse_outside(worklog.KIND, None, log, moment)
        else:
            refuse_outside(worklog.KIND, None, log, moment)


def test_who_carries_out_a_decision_reaches_the_conference() -> None:
    place = place_of(conference.KIND, fold(conference, [HELD, TAKEN]), REGISTERS)
    assert "labour-9" in place.units


def test_what_is_begun_at_a_point_is_asked_of_the_point_alone() -> None:
    """Nothing in such a command says otherwise, so its own people need no look at the registers."""
    with_point = [one for one in AGGREGATE_BY_COMMAND if "point" in one.__struct_fields__]
    assert LogRequest in with_point
    for one in with_point:
        assert not {"grievance", "work", "table", "frame"} & set(one.__struct_fields__), one
    reach = reach_of(CLERK, REGISTERS)
    assert reach is not None
    for code in ("ROOM-1", "STATION-1", "ROOM-9"):
        by = replace(CLERK, unit=code)
        log = LogRequest(point=code, channel="counter", service="other", subject="x")
        moment = Moment(by=by, occurred_at=NOON, now=NOON, registers=REGISTERS)
        refuse_outside(request.KIND, None, log, moment)
        own = reach_of(by, REGISTERS)
        assert own is not None
        assert own.covers(place_asked(log, REGISTERS, NOON))


def test_who_has_a_request_no_longer_does_not_invite_to_rate_it() -> None:
    state = fold(request, [LOGGED])
    gone = replace(state, transfer=replace(state.transfer, at="STATION-1"))
    invite = InviteRating(
        request=UUID(int=1), point="ROOM-1", served_by=(), service="other", channel="counter"
    )
    moment = Moment(by=COLLEAGUE, occurred_at=NOON, now=NOON, registers=REGISTERS)
    refuse_outside(rating.KIND, None, invite, replace(moment, beside={UUID(int=1): state}))
    with pytest.raises(OutsideJurisdiction):
        refuse_outside(rating.KIND, None, invite, replace(moment, beside={UUID(int=1): gone}))


def test_what_is_offered_is_what_reaches_the_thing_unless_the_command_says_where_it_holds() -> None:
    state, elsewhere = fold(request, [LOGGED]), replace(CLERK, account="clerk-9", unit="ROOM-9")
    assert reaches(CLERK, request.KIND, state, VoidRequest, REGISTERS)
    assert not reaches(elsewhere, request.KIND, state, VoidRequest, REGISTERS)
    for command in (RegisterComplaint, GivePost):
        assert reaches(elsewhere, request.KIND, state, command, REGISTERS)
    assert reaches(CITIZEN, request.KIND, state, VoidRequest, REGISTERS), "bound by other means"
