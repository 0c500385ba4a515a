"""Example complaints: about adviser A-1 of ROOM-1, assigned by a district, handled by STATION-1."""

from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from domain.complaints.record import (
    ComplaintAccepted,
    ComplaintAnswered,
    ComplaintClosed,
    ComplaintDeclined,
    ComplaintPaused,
    ComplaintRegistered,
    ComplaintWithdrawn,
    DissatisfactionNoted,
    Grievance,
    ReturnVisitMade,
)
from domain.complaints.review import ReviewAsked, ReviewDecided
from domain.complaints.routing import (
    CoHandlerAsked,
    ComplaintAssigned,
    ComplaintSignedFor,
    InvestigationBegun,
    ReturnAsked,
)
from domain.promises.promise import Promise, PromiseName
from domain.registers.policy import LIMITS_POLICY, Policy, PolicyVersion
from domain.vocabulary import Actor, Event, Visitor
from domain.worktime.calendar import TimeLimit
from tests.examples import MORNING, NOON, REGISTERS, local
from tests.spec import given as given_anything

# --- rules

COMPLAINT_RULES: Final = PolicyVersion(
    code=LIMITS_POLICY,
    version=1,
    effective_from=date(2026, 1, 1),
    basis="示例",
    limits={
        "complaint/acknowledge": TimeLimit(amount=1, unit="working_day"),
        "complaint/assign": TimeLimit(amount=1, unit="working_day"),
        "complaint/return": TimeLimit(amount=5, unit="working_day"),
        "complaint/answer": TimeLimit(
            amount=15,
            unit="working_day",
            extensions_max=2,
            extension_amount_max=10,
            extension_approver="supervisor",
        ),
        "complaint.petition/answer": TimeLimit(amount=60, unit="calendar_day"),
        "complaint/supplement": TimeLimit(amount=5, unit="working_day"),
        "complaint/review": TimeLimit(amount=30, unit="calendar_day"),
        "complaint/review_request": TimeLimit(amount=30, unit="calendar_day"),
    },
)
STRICTER: Final = replace(
    COMPLAINT_RULES,
    version=2,
    effective_from=date(2026, 3, 9),
    limits={
        **COMPLAINT_RULES.limits,
        "complaint/answer": TimeLimit(amount=10, unit="working_day"),
    },
)
RULED: Final = replace(REGISTERS, policies={LIMITS_POLICY: Policy((COMPLAINT_RULES, STRICTER))})
given = partial(given_anything, registers=RULED)


def promise(name: PromiseName, due: str, started_at: datetime = NOON, round: int = 1) -> Promise:
    return Promise(
        name=name,
        round=round,
        started_at=started_at,
        due=local(due),
        policy="service-limits@1",
        calendar="gz-office@1",
    )


# --- who acts

OFFICER: Final = Actor(account="officer-1", role="supervisor", unit="440103")
SECOND_OFFICER: Final = Actor(account="officer-2", role="duty_officer", unit="440103")
HANDLER: Final = Actor(account="handler-1", role="duty_officer", unit="STATION-1")
HELPER: Final = Actor(account="helper-1", role="duty_officer", unit="STALL-1")
REVIEWER: Final = Actor(account="reviewer-1", role="duty_officer", unit="4401")
RE_REVIEWER: Final = Actor(account="reviewer-2", role="duty_officer", unit="44")

# --- what is complained of

GRIEVANCE: Final = Grievance(
    point="ROOM-1",
    channel="counter",
    service="consultation",
    aspects=("for_people", "efficient"),
    concern="attitude",
    subject="态度生硬",
    complainant=Visitor(name="李某", phone="13800000000"),
    adviser="A-1",
)
AGAINST_POINT: Final = replace(GRIEVANCE, adviser=None)
ABOUT_ORGAN: Final = replace(AGAINST_POINT, point=None, organ="MZJ", channel="box")
ANONYMOUS: Final = replace(GRIEVANCE, complainant=None)

# --- what happened

NOTED: Final = DissatisfactionNoted(
    grievance=GRIEVANCE,
    division="440103001001",
    calendar="gz-office@1",
    firm="FIRM-1",
    team="TEAM-1",
    noted_by="clerk-1",
    at=MORNING,
)
ACKNOWLEDGE: Final = promise("acknowledge", "2026-03-03 18:00", MORNING)
REGISTERED: Final = ComplaintRegistered(
    grievance=GRIEVANCE,
    division="440103001001",
    calendar="gz-office@1",
    firm="FIRM-1",
    team="TEAM-1",
    registered_by="clerk-1",
    at=MORNING,
    promises=(ACKNOWLEDGE,),
)
REGISTERED_AGAINST_POINT: Final = replace(REGISTERED, grievance=AGAINST_POINT, firm=None, team=None)
ASSIGN: Final = promise("assign", "2026-03-03 18:00")
ANSWER: Final = promise("answer", "2026-03-23 18:00")
RETURN: Final = promise("return", "2026-03-09 18:00")
REVIEW: Final = promise("review", "2026-04-01 18:00")
ACCEPTED: Final = ComplaintAccepted(by="440103", at=NOON, promises=(ASSIGN, ANSWER))
DECLINED: Final = ComplaintDeclined(ground="no_facts", reason="没有具体事实", at=NOON)
ASSIGNED: Final = ComplaintAssigned(unit="STATION-1", by="440103", at=NOON, promises=(RETURN,))
SIGNED: Final = ComplaintSignedFor(unit="STATION-1", at=NOON)
RETURNING: Final = ReturnAsked(unit="STATION-1", reason="不属本站", asked_by="handler-1", at=NOON)
BEGUN: Final = InvestigationBegun(unit="STATION-1", at=NOON)
CO_HANDLING: Final = CoHandlerAsked(unit="STALL-1", task="核对值班记录", at=NOON)
PAUSED: Final = ComplaintPaused(
    cause="supplement", items=("录音",), at=NOON, due=local("2026-03-09 18:00")
)
ANSWERED: Final = ComplaintAnswered(
    round=1,
    claim="要求道歉",
    facts="确有争执",
    opinion="已批评教育",
    basis="服务规范第三条",
    outcome="supported",
    justified=True,
    resolved=False,
    unit="STATION-1",
    answered_by="handler-1",
    at=NOON,
    review_until=local("2026-04-01 18:00"),
)
SATISFIED: Final = ReturnVisitMade(
    round=1, reached=True, satisfied=True, called_by="clerk-1", at=NOON
)
DISSATISFIED: Final = replace(SATISFIED, satisfied=False)
UNREACHED: Final = replace(SATISFIED, reached=False, satisfied=None)
CLOSED: Final = ComplaintClosed(at=NOON)
WITHDRAWN: Final = ComplaintWithdrawn(reason="已和解", at=NOON)
REVIEWING: Final = ReviewAsked(
    level=1,
    to="4401",
    ground="未道歉",
    at=NOON,
    promises=(REVIEW,),
)
REVIEWED: Final = ReviewDecided(
    level=1,
    decision="upheld",
    opinion="原处理意见适当",
    basis="信访工作条例第三十五条",
    unit="4401",
    decided_by="reviewer-1",
    at=NOON,
    review_until=local("2026-04-01 18:00"),
)

UNDER_INVESTIGATION: Final[tuple[Event, ...]] = (REGISTERED, ACCEPTED, ASSIGNED, SIGNED, BEGUN)
WITH_ANSWER: Final = (*UNDER_INVESTIGATION, ANSWERED)
WITH_CLOSE: Final = (*WITH_ANSWER, SATISFIED, CLOSED)
UNDER_REVIEW: Final = (*WITH_CLOSE, REVIEWING)
WITH_REVIEW: Final = (*UNDER_REVIEW, REVIEWED)

COMPLAINT: Final = UUID("00000000-0000-4000-8000-000000000011")
OTHER: Final = UUID("00000000-0000-4000-8000-000000000012")
