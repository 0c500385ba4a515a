"""Example facts that tests share: a room and a station of Guangzhou, advisers, rules, actors.

Everything happens from Monday 2 March 2026; the room serves 09:00-12:00 and 14:00-18:00.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from domain.aggregates import fold
from domain.moment import Registers
from domain.promises.promise import Promise
from domain.registers import adviser, point
from domain.registers.adviser import AdviserLeft, AdviserMoved, AdviserRegistered
from domain.registers.appointment import Appointment, Link, Span
from domain.registers.point import PointClosed, PointMoved, PointOpened
from domain.registers.policy import (
    LIMITS_POLICY,
    InvitationRules,
    Policy,
    PolicyVersion,
    RatingRules,
)
from domain.requests.proceedings import LegalAidApplied, MediationOpened, Referred
from domain.requests.rating import RatingInvited
from domain.requests.request import (
    ConsultationGiven,
    RequestClosed,
    RequestLogged,
    RequestReopened,
    SupplementRequested,
)
from domain.vocabulary import Actor
from domain.worktime.calendar import Calendar, Holiday, Period, TimeLimit

CHINA_TIME: Final = timezone(timedelta(hours=8))


def local(text: str) -> datetime:
    """`2026-03-02 09:00` in Guangzhou."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA_TIME)


MORNING: Final = local("2026-03-02 09:00")
NOON: Final = local("2026-03-02 12:00")
EVENING: Final = local("2026-03-02 18:00")

# --- who acts

CLERK: Final = Actor(account="clerk-1", role="duty_officer", unit="ROOM-1")
COLLEAGUE: Final = Actor(account="clerk-2", role="duty_officer", unit="ROOM-1")
STATION_CLERK: Final = Actor(account="clerk-3", role="duty_officer", unit="STATION-1")
ADMIN: Final = Actor(account="admin-1", role="administrator", unit="4401")
"""Who keeps the registers: points are opened by him, not by those who work there."""
CITY: Final = Actor(account="leader-9", role="supervisor", unit="4401")
"""Whose post covers all of it."""
LAWYER: Final = Actor(account="chen", role="adviser", unit="ROOM-1", adviser="A-1")
CITIZEN: Final = Actor(account="citizen-1", role="citizen", unit="ROOM-1")

# --- points, advisers

OPENED: Final = PointOpened(
    code="ROOM-1",
    kind="room",
    name="逢源街公共法律服务工作室",
    division="440103001001",
    division_source="2023 统计用区划代码",
    valid_from=date(2020, 1, 1),
    calendar="gz-office",
    services=("consultation", "legal_aid", "mediation", "other"),
)
RELOCATED: Final = PointMoved(
    division="440103002001", division_source="2025 区划调整", valid_from=date(2026, 3, 3)
)
SHUT: Final = PointClosed(reason="并入工作站", closed_at=NOON)
REGISTERED: Final = AdviserRegistered(code="A-1", name="陈律师", firm="FIRM-1", team="TEAM-1")
CHANGED_FIRM: Final = AdviserMoved(firm="FIRM-2", moved_at=NOON)
RETIRED: Final = AdviserLeft(reason="合同期满", left_at=NOON)

STATION: Final = replace(OPENED, code="STATION-1", kind="station", services=())
STALL: Final = replace(STATION, code="STALL-1", kind="featured", calendar=None)
OLD_ROOM: Final = replace(OPENED, code="ROOM-0")

# --- calendar, rules

OFFICE_DAY: Final = (Period(540, 720), Period(840, 1080))
CALENDAR: Final = Calendar(
    code="gz-office",
    version=1,
    zone="Asia/Shanghai",
    announced_at=local("2025-11-04 00:00"),
    weekday_periods=(OFFICE_DAY,) * 5 + ((),) * 2,
    first_year=2025,
    last_year=2026,
    holidays=(Holiday(date(2026, 4, 4), date(2026, 4, 6), "清明节"),),
)
PATIENT: Final = InvitationRules(suspect_within_s=0)
"""For tests that vote at once."""
RULES: Final = PolicyVersion(
    code=LIMITS_POLICY,
    version=1,
    effective_from=date(2026, 1, 1),
    basis="示例",
    limits={
        "consultation/first_response": TimeLimit(amount=4, unit="working_hour"),
        "consultation/close": TimeLimit(amount=10, unit="working_day"),
        "mediation/close": TimeLimit(amount=1, unit="month"),
        "legal_aid/close": TimeLimit(amount=7, unit="calendar_day"),
        "legal_aid/supplement": TimeLimit(amount=5, unit="working_day"),
    },
    rating=RatingRules(),
    invitations=PATIENT,
)
STRICTER: Final = PolicyVersion(
    code=LIMITS_POLICY,
    version=2,
    effective_from=date(2026, 3, 5),
    basis="示例",
    limits={"consultation/close": TimeLimit(amount=5, unit="working_day")},
    rating=RatingRules(),
    invitations=PATIENT,
)

ADVISED: Final = Appointment(
    division="440103001001", links=(Link("team", "TEAM-1", Span(date(2020, 1, 1))),)
)
"""The village of the room: served by a team."""
REGISTERS: Final = Registers(
    points={
        "ROOM-1": fold(point, [OPENED]),
        "STATION-1": fold(point, [STATION, RELOCATED]),
        "STALL-1": fold(point, [STALL]),
        "ROOM-0": fold(point, [OLD_ROOM, replace(SHUT, closed_at=local("2025-12-31 18:00"))]),
    },
    advisers={
        "A-1": fold(adviser, [REGISTERED]),
        "A-2": fold(adviser, [replace(REGISTERED, code="A-2"), CHANGED_FIRM]),
        "A-3": fold(adviser, [replace(REGISTERED, code="A-3"), RETIRED]),
    },
    calendars={"gz-office": CALENDAR, "gz-office@1": CALENDAR},
    policies={LIMITS_POLICY: Policy((RULES, STRICTER))},
    appointments={"440103001001": ADVISED},
)
NO_RULES: Final = replace(REGISTERS, policies={})

# --- a request

FIRST_RESPONSE: Final = Promise(
    name="first_response",
    started_at=MORNING,
    due=local("2026-03-02 15:00"),
    policy="service-limits@1",
    calendar="gz-office@1",
)
CLOSE: Final = replace(FIRST_RESPONSE, name="close", due=local("2026-03-16 18:00"))
LOGGED: Final = RequestLogged(
    requested_at=MORNING,
    point="ROOM-1",
    division="440103001001",
    calendar="gz-office@1",
    channel="counter",
    service="consultation",
    subject="拖欠工资",
    first_contact="clerk-1",
    promises=(FIRST_RESPONSE, CLOSE),
)
CONSULTED: Final = ConsultationGiven(
    mode="onsite", minutes=20, given_by="clerk-1", given_on=date(2026, 3, 2)
)
ANSWERED: Final = RequestClosed(kind="answered")
REOPENED: Final = RequestReopened(reason="又来访", reopened_at=local("2026-03-04 09:00"))
WAITING: Final = SupplementRequested(items=("劳动合同",), paused_at=NOON)
REFERRED: Final = Referred(target="other_point", to="STATION-1", reason="需调解", consented=True)
MEDIATING: Final = MediationOpened(mediator="M-1", public=False)
APPLIED: Final = LegalAidApplied(agency="AID-1")

REQUEST: Final = UUID("00000000-0000-4000-8000-000000000001")
ORIGINAL: Final = UUID("00000000-0000-4000-8000-000000000002")

INVITED: Final = RatingInvited(
    request=REQUEST,
    point="ROOM-1",
    served_by=("clerk-1",),
    token_sha256="0" * 64,
    expires_at=local("2026-03-10 00:00"),
    default_grade=3,
)
