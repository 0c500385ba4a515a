"""Nobody decides on what he applied for, serves, is complained of in, or rates: one row for each
deciding command, told under his own name, in another post of his, and by who stands in for him."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, NamedTuple

import pytest
from msgspec.structs import replace

from domain.accounts import account
from domain.accounts.account import Account, AccountOpened, PostGiven, StandInNamed
from domain.advising.visit_plan import ApproveChange, OwnChange, RefuseChange
from domain.advising.worklog import ClearDoubts, ConfirmWork, OwnWork, ReturnWork, VerifyWork
from domain.aggregates import AGGREGATE_BY_COMMAND, fold
from domain.complaints.complaint_commands import ActorIsComplainedOf
from domain.complaints.record import AcceptComplaint
from domain.complaints.routing import DecideReturn, NotTheSender, ReturnAsked
from domain.evaluation.evaluation_commands import OwnScore
from domain.evaluation.objection import OwnObjection
from domain.moment import Registers
from domain.oversight.inspection import ConfirmInspection, OwnInspection
from domain.oversight.rectification import AcceptRectification, OwnRectification
from domain.registration.account_commands import (
    GivePost,
    NotToOneself,
    RestoreAccount,
    ReviewEmergencyAccess,
)
from domain.requests.proceedings_commands import (
    AssignLegalAidLawyer,
    DecidesOwnCase,
    GrantLegalAid,
    RefuseLegalAid,
    ReviewLegalAidRefusal,
)
from domain.requests.rating import OwnService
from domain.roles import Role
from domain.vocabulary import Actor, Command, Event, Refused
from tests import complaints
from tests.domain.accounts.test_account import OPENED as ACCOUNT_OPENED
from tests.domain.accounts.test_account import TAKEN
from tests.domain.advising.test_visit_plan import ASKED, PLANNED
from tests.domain.advising.test_worklog import LOGGED as WORKED
from tests.domain.complaints import test_routing as routings
from tests.domain.evaluation import test_evaluation as evaluations
from tests.domain.oversight import test_inspection as inspections
from tests.domain.oversight import test_rectification as rectifications
from tests.domain.requests import test_proceedings as proceedings
from tests.domain.requests import test_rating as ratings
from tests.examples import APPLIED, LOGGED, NOON, REGISTERS
from tests.spec import given


class Row(NamedTuple):
    command: Command
    before: tuple[Event, ...]
    own: str
    """Whose it is: an account, or the adviser A-1."""
    refusal: type[Refused]
    role: Role = "supervisor"
    unit: str = "440103"
    at: datetime = NOON
    registers: Registers = REGISTERS


AID: Final = (LOGGED, replace(APPLIED, applied_by="hu"))
OBJECTED: Final = replace(evaluations.OBJECTED, filed_by="hu")
RETURNING: Final = ReturnAsked(unit="STATION-1", reason="不属本站", asked_by="hu", at=NOON)
ROWS: Final = (
    Row(GrantLegalAid(), AID, "hu", DecidesOwnCase, "legal_aid_officer", "AID-1"),
    Row(RefuseLegalAid(reason="不符合"), AID, "hu", DecidesOwnCase, "legal_aid_officer", "AID-1"),
    Row(
        AssignLegalAidLawyer(lawyer="L-1"),
        (*AID, proceedings.GRANTED),
        "hu",
        DecidesOwnCase,
        "legal_aid_officer",
        "AID-1",
    ),
    Row(
        ReviewLegalAidRefusal(upheld=True, reason="正确"),
        (LOGGED, APPLIED, replace(proceedings.REFUSED, refused_by="hu"), proceedings.OBJECTED),
        "hu",
        DecidesOwnCase,
        "legal_aid_officer",
        "440103",
    ),
    Row(
        GrantLegalAid(),
        (
            LOGGED,
            APPLIED,
            replace(proceedings.REFUSED, refused_by="qian"),
            proceedings.OBJECTED,
            replace(proceedings.REVIEWED, reviewed_by="hu"),
        ),
        "hu",
        DecidesOwnCase,
        "legal_aid_officer",
        "AID-1",
    ),
    Row(VerifyWork(), (WORKED,), "A-1", OwnWork),
    Row(ReturnWork(reason="不清楚"), (WORKED,), "A-1", OwnWork),
    Row(ConfirmWork(), (WORKED,), "A-1", OwnWork, "committee", "440103001001"),
    Row(ClearDoubts(doubts=("overlap",), reason="同一次"), (WORKED,), "A-1", OwnWork),
    Row(ApproveChange(visit=1), (PLANNED, ASKED), "A-1", OwnChange),
    Row(RefuseChange(visit=1, reason="不便"), (PLANNED, ASKED), "A-1", OwnChange),
    Row(ApproveChange(visit=1), (PLANNED, replace(ASKED, asked_by="hu")), "hu", OwnChange),
    Row(
        RefuseChange(visit=1, reason="不便"),
        (PLANNED, replace(ASKED, asked_by="hu")),
        "hu",
        OwnChange,
    ),
    Row(evaluations.SCORE, (evaluations.OPENED,), "A-1", OwnScore),
    Row(evaluations.PUBLISH, evaluations.READY, "A-1", OwnScore),
    Row(
        evaluations.REJECT,
        (*evaluations.OUT, OBJECTED),
        "hu",
        OwnObjection,
        at=evaluations.ANSWER_AT,
    ),
    Row(
        evaluations.REJECT,
        (*evaluations.OUT, OBJECTED),
        "A-1",
        OwnObjection,
        at=evaluations.ANSWER_AT,
    ),
    Row(
        evaluations.GRANT,
        (*evaluations.OUT, OBJECTED, evaluations.REJECTED, evaluations.APPEALED),
        "A-1",
        OwnObjection,
        at=evaluations.DECIDE_AT,
    ),
    Row(
        ConfirmInspection(),
        (replace(inspections.HELD, inspector="hu"),),
        "hu",
        OwnInspection,
        "duty_officer",
        "ROOM-1",
    ),
    Row(
        AcceptRectification(),
        (rectifications.ORDERED, replace(rectifications.ANSWERED, answered_by="hu")),
        "hu",
        OwnRectification,
    ),
    Row(
        rectifications.REJECT,
        (rectifications.ORDERED, replace(rectifications.ANSWERED, adviser="A-1")),
        "A-1",
        OwnRectification,
    ),
    Row(
        ratings.DECIDE,
        (replace(ratings.PLAIN, served_by=("hu",)), ratings.GIVEN, ratings.DISPUTED),
        "hu",
        OwnService,
    ),
    Row(AcceptComplaint(), (complaints.REGISTERED,), "A-1", ActorIsComplainedOf),
    Row(
        DecideReturn(approved=True, reason="属实"),
        (*routings.ON_ITS_WAY, RETURNING),
        "hu",
        NotTheSender,
    ),
    Row(RestoreAccount(reason="查清"), (ACCOUNT_OPENED,), "wang", NotToOneself),
    Row(ReviewEmergencyAccess(number=1, justified=True), (ACCOUNT_OPENED, TAKEN), "wang",
        NotToOneself),
    Row(
        GivePost(role="mediator", unit="ROOM-1", since=date(2026, 3, 2), basis="任命"),
        (ACCOUNT_OPENED,),
        "wang",
        NotToOneself,
    ),
)  # fmt: skip


def selves(row: Row) -> Iterator[tuple[Actor, dict[str, Account]]]:
    """Himself in the post that decides, and who stands in for him; with their accounts."""
    of_adviser = row.own.startswith("A-")
    code = "hu" if of_adviser else row.own
    since = date(2026, 1, 1)
    post = PostGiven(number=1, role=row.role, unit=row.unit, since=since, basis="任命")
    advising = PostGiven(
        number=2, role="adviser", unit="ROOM-1", adviser="A-1", since=since, basis="聘任"
    )
    until = date(2026, 3, 31)
    standing_in = StandInNamed(
        number=1, post=1, account="li", since=since, until=until, reason="休假"
    )
    events = (AccountOpened(code=code, name="胡某"), post, *((advising,) if of_adviser else ()))
    accounts = {
        code: fold(account, [*events, standing_in]),
        "li": fold(account, [AccountOpened(code="li", name="李某")]),
    }
    yield Actor(account=code, role=row.role, unit=row.unit), accounts
    yield Actor(account="li", role=row.role, unit=row.unit, instead_of=code), accounts


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row.command).__name__ + row.own)
def test_nobody_decides_on_his_own_in_whatever_post(row: Row) -> None:
    for by, accounts in selves(row):
        registers = replace(row.registers, accounts=accounts)
        given(*row.before, at=row.at, registers=registers).when(row.command, by=by).refused(
            row.refusal
        )


DECIDES: Final = (
    "Accept", "Answer", "Approve", "Award", "Clear", "Confirm", "Decide", "Determine", "Give",
    "Grade", "Grant", "Look", "Publish", "Refuse", "Reject", "Restore", "Review", "Return",
    "Verify",
)  # fmt: skip
ELSEWHERE: Final = {
    "AcceptReferral": "answers for the unit that was asked",
    "RefuseReferral": "the same",
    "ReturnReferral": "the same",
    "AcceptTransfer": "takes over what another unit sent",
    "RefuseTransfer": "the same",
    "ClearRequestDoubts": "test_hours, as ClearDoubts",
    "AcceptVillage": "a firm answers for itself",
    "AnswerAsCoHandler": "gives an opinion",
    "AnswerComplaint": "the handling unit's work; whoever is complained of: visibility",
    "AnswerObjection": "here",
    "AnswerRectification": "its addressee's own word",
    "AwardMark": "test_mark",
    "ConfirmEvidenceUpload": "a rule",
    "ConfirmUpload": "a rule",
    "DecideJudicialConfirmation": "a court's, entered",
    "DecideReview": "by another unit, test_review",
    "DetermineItem": "test_evaluation, as AnswerObjection",
    "GiveConsultation": "is a service",
    "GiveLegalOpinion": "is a service",
    "GiveRating": "a person's own",
    "GradeVillage": "of a village, by an office",
    "LookAtRating": "test_rating, as DecideRatingDispute",
    "PublishCalendar": "a rule for all",
    "PublishDisclosure": "of no person",
    "PublishForm": "a rule for all",
    "PublishPolicy": "a rule for all",
    "PublishRuleSet": "a rule for all",
    "RestoreDivision": "of no person",
    "RestoreTeam": "of no person",
}


def test_every_deciding_command_has_its_row_or_says_why_not() -> None:
    deciding = {one.__name__ for one in AGGREGATE_BY_COMMAND if one.__name__.startswith(DECIDES)}
    told = {type(row.command).__name__ for row in ROWS}
    assert deciding - told - set(ELSEWHERE) == set()
    assert ReviewLegalAidRefusal.__name__ in deciding
