"""A complaint about a city organ 市直机关: it has no point, and goes by the first calendar."""

from msgspec.structs import replace

from domain.aggregates import fold
from domain.complaints.complaint_commands import (
    GrievanceElsewhere,
    OrganHasNoAdvisers,
    PointOrOrgan,
    UnitIsComplainedOf,
)
from domain.complaints.record import ComplaintRegistered, NameObject, RegisterComplaint
from domain.complaints.routing import AssignComplaint
from domain.registers import organ
from domain.registers.organ import OrganClosed, OrganListed, OrganUnknown
from tests.complaints import (
    ABOUT_ORGAN,
    ACCEPTED,
    ACKNOWLEDGE,
    AGAINST_POINT,
    GRIEVANCE,
    NOTED,
    OFFICER,
    RULED,
    given,
)
from tests.examples import CITY, CLERK, MORNING

LISTED = OrganListed(code="MZJ", name="市民政局", division="4401")
KNOWN = replace(RULED, organs={"MZJ": fold(organ, [LISTED])})
REGISTER = RegisterComplaint(grievance=ABOUT_ORGAN)
REGISTERED = ComplaintRegistered(
    grievance=ABOUT_ORGAN,
    division="4401",
    calendar="gz-office@1",
    registered_by="clerk-1",
    at=MORNING,
    promises=(ACKNOWLEDGE,),
)


def test_it_has_the_division_of_the_organ_and_the_calendar_published_first() -> None:
    state = given(at=MORNING, registers=KNOWN).when(REGISTER, by=CLERK).then(REGISTERED)
    assert state.grievance.unit == "MZJ"


def test_the_organ_is_listed_at_the_time() -> None:
    given(at=MORNING).when(REGISTER).refused(OrganUnknown)
    shut = fold(organ, [LISTED, OrganClosed(reason="改革", closed_at=MORNING)])
    given(at=MORNING, registers=replace(KNOWN, organs={"MZJ": shut})).when(REGISTER).refused(
        OrganUnknown
    )


def test_it_is_about_a_point_or_an_organ_and_not_both() -> None:
    for about in (replace(ABOUT_ORGAN, point="ROOM-1"), replace(ABOUT_ORGAN, organ=None)):
        command = RegisterComplaint(grievance=about)
        given(at=MORNING, registers=KNOWN).when(command).refused(PointOrOrgan)


def test_an_organ_has_no_advisers() -> None:
    about = replace(ABOUT_ORGAN, adviser="A-1")
    command = RegisterComplaint(grievance=about)
    given(at=MORNING, registers=KNOWN).when(command).refused(OrganHasNoAdvisers)
    named = NameObject(adviser="A-1", reason="核实")
    given(REGISTERED, registers=KNOWN).when(named, by=CITY).refused(OrganHasNoAdvisers)


def test_what_was_noted_of_a_point_is_not_registered_of_an_organ() -> None:
    noted = replace(NOTED, grievance=AGAINST_POINT, firm=None, team=None)
    given(noted, registers=KNOWN).when(REGISTER, by=OFFICER).refused(GrievanceElsewhere)


def test_the_organ_does_not_handle_it_itself() -> None:
    assign = AssignComplaint(unit="MZJ")
    given(REGISTERED, ACCEPTED, registers=KNOWN).when(assign, by=CITY).refused(UnitIsComplainedOf)


def test_old_bytes_stay_as_they_were() -> None:
    assert GRIEVANCE.organ is None
    assert GRIEVANCE.unit == GRIEVANCE.point
