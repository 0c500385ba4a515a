"""Facts against cases worked out by hand, and the files that an evidence bundle ships."""

import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from domain.advising.worklog import (
    EvidenceAttached,
    EvidenceMissing,
    EvidenceUploadConfirmed,
    Served,
)
from domain.aggregates import EVENTS_BY_TOPIC, kind_of
from domain.complaints.record import (
    ComplaintResumed,
    DissatisfactionSettled,
    ReworkOrdered,
    SameMatterLinked,
    SameMatterUnlinked,
)
from domain.oversight.inspection import InspectionCorrected
from domain.registers.appointment import (
    AbsenceExcused,
    AbsenceNoted,
    AdviserReplaced,
    ArrangementRefused,
    DisplayPosted,
    DisplayRemoved,
    ProviderLinked,
    WechatGroupCreated,
    WechatGroupDissolved,
)
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyVersion
from domain.requests.proceedings import (
    JudicialConfirmationDecided,
    LegalAidGranted,
    MediationAgreed,
    MediationEnded,
    MediationPerformed,
    MediationSessionHeld,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRefused,
)
from domain.requests.rating import (
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputed,
    RatingDisputeDecided,
    RatingFollowedUp,
    RatingGiven,
)
from domain.requests.request import (
    AdviserAssigned,
    ConsultationGiven,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    NoteAdded,
    Reclassified,
    RequestClosed,
    RequestVoided,
    SupplementReceived,
    SupplementRequested,
)
from domain.scoring.basis import CalendarUnknown, calendar_of, published, rules_of
from domain.scoring.computation import SHIPPED
from domain.scoring.facts import (
    FIELDS,
    PASSED_OVER,
    TOPICS,
    BeginningMissing,
    TopicUnknown,
    completed,
    facts_of,
)
from domain.scoring.shapes import Entry
from domain.worktime.calendar import CalendarHasNoYear, MakeupDay
from ledger.founding.shipped import shipped_calendars, shipped_policies
from tests import complaints as complained
from tests.complaints import promise
from tests.domain.advising import test_worklog as worked
from tests.domain.complaints.test_complaint import MADE_COMPLAINT, MADE_CONSULTATION, VOIDED
from tests.domain.oversight import test_inspection as inspected
from tests.domain.oversight import test_rectification as ordered
from tests.domain.registers.test_appointment import DISMISSED, NOMINATED, RENEWED, REPLACED, SERVING
from tests.examples import (
    ANSWERED,
    APPLIED,
    CALENDAR,
    CLOSE,
    CONSULTED,
    FIRST_RESPONSE,
    INVITED,
    LOGGED,
    MEDIATING,
    NOON,
    ORIGINAL,
    REFERRED,
    REOPENED,
    REQUEST,
    WAITING,
    local,
)
from tests.facts import (
    Happened,
    all_facts,
    day,
    entry,
    facts,
    of_request,
    publications,
    rules,
    told,
)
from tests.travelling import lay_out

ROOT: Final = Path(__file__).resolve().parents[3]
RULES: Final = rules()
Expected = dict[str, Any]

# --- a request and its rating
#
# Asked for on Monday 2 March 09:00; a response was promised by 15:00, the close by 16 March 18:00.
# The room serves 09:00-12:00 and 14:00-18:00.

BY_CHEN: Final = ConsultationGiven(
    mode="phone", minutes=15, given_by="chen", adviser="A-1", firm="FIRM-1", team="TEAM-1"
)
GIVEN: Final = RatingGiven(request=REQUEST, grade=5)
DEFAULTED: Final = RatingDefaulted(request=REQUEST, grade=3)
DUPLICATE: Final = DuplicateLinked(original=ORIGINAL, reason="同一事项")
TO_MEDIATION: Final = Reclassified(
    from_service="consultation", to_service="mediation", reason="实为纠纷", promises=(CLOSE,)
)
SERVICES: Final[list[tuple[str, list[Happened], Expected]]] = [
    (
        "what is only logged is open, and late once a promise is past at the cut-off",
        [LOGGED],
        {
            "standing": "counts", "status": "open", "closed": False, "responded": False,
            "response_in_time": None, "response_minutes": None, "overdue": True, "late": False,
            "day": "2026-03-02", "point": "ROOM-1", "division": "440103001001", "adviser": None,
            "service": "consultation", "positions": [1], "stream": str(REQUEST),
        },
    ),
    (
        "a response within the limit, 210 working minutes until 14:30; closed after 3 days",
        [LOGGED, (BY_CHEN, "2026-03-02 14:30"), (ANSWERED, "2026-03-05 09:30")],
        {
            "response_in_time": True, "response_minutes": 210, "adviser": "A-1", "firm": "FIRM-1",
            "closed": True, "close_kind": "answered", "close_in_time": True, "overdue": False,
            "close_minutes": 3 * 420 + 30, "close_days": 3, "closed_day": "2026-03-05",
            "minutes_offsite": 15, "minutes_onsite": 0, "minutes_off_peak": 0,
            "positions": [1, 2, 3],
        },
    ),
    (
        "a response after the limit stays late, also when a second one comes",
        [LOGGED, (CONSULTED, "2026-03-02 15:01"), (CONSULTED, "2026-03-02 19:00")],
        {
            "response_in_time": False, "response_minutes": 241, "minutes_onsite": 40,
            "minutes_off_peak": 20, "overdue": True,
        },
    ),
    (
        "the clock stands still while papers are awaited: from 12:00 to 14:00 the next day",
        [
            LOGGED, (WAITING, "2026-03-02 12:00"),
            (
                SupplementReceived(
                    resumed_at=local("2026-03-03 14:00"),
                    promises=(replace(FIRST_RESPONSE, due=local("2026-03-03 15:00")),),
                ),
                "2026-03-03 14:00",
            ),
            (CONSULTED, "2026-03-03 15:00"),
        ],
        {"response_in_time": True, "response_minutes": 180 + 60},
    ),
    (
        "who is awaited was answered in time if the pause began in time",
        [LOGGED, (WAITING, "2026-03-02 12:00"), (CONSULTED, "2026-03-02 17:00")],
        {"response_in_time": True, "response_minutes": 180, "overdue": False},
    ),
    (
        "pauses may overlap: of 660 minutes 120 lie outside of both",
        [
            LOGGED, (WAITING, "2026-03-02 12:00"),
            (SupplementReceived(resumed_at=local("2026-03-03 14:00")), "2026-03-03 14:00"),
            replace(WAITING, paused_at=local("2026-03-02 10:00")),
            SupplementReceived(resumed_at=local("2026-03-02 16:00")),
            (CONSULTED, "2026-03-03 15:00"),
        ],
        {"response_minutes": 120, "response_in_time": None},
    ),
    (
        "what was answered within a pause, and entered after it, took until the pause",
        [
            LOGGED, (WAITING, "2026-03-02 12:00"),
            (SupplementReceived(resumed_at=local("2026-03-02 16:00")), "2026-03-02 16:00"),
            (CONSULTED, "2026-03-02 15:00"),
        ],
        {"response_minutes": 180},
    ),
    (
        "what was closed while papers were awaited and reopened is no longer paused",
        [
            LOGGED, (WAITING, "2026-03-02 12:00"),
            (RequestClosed(kind="withdrawn"), "2026-03-03 09:00"),
            replace(REOPENED, reopened_at=local("2026-03-03 09:30")),
            (CONSULTED, "2026-03-03 10:00"),
        ],
        {"response_minutes": 240},
    ),
    (
        "who changed firm meanwhile serves it for the firm it was assigned to",
        [replace(LOGGED, adviser="A-1", firm="FIRM-1"), replace(BY_CHEN, firm="FIRM-2")],
        {"adviser": "A-1", "firm": "FIRM-1"},
    ),
    (
        "a close while papers are awaited ends the pause",
        [
            LOGGED, (WAITING, "2026-03-02 12:00"),
            (RequestClosed(kind="withdrawn"), "2026-03-20 12:00"),
        ],
        {"close_in_time": True, "close_minutes": 180, "close_kind": "withdrawn"},
    ),
    (
        "a reopened request is open again, and its first response stays",
        [LOGGED, CONSULTED, (ANSWERED, "2026-03-03 09:00"), REOPENED, NoteAdded(text="补记")],
        {
            "status": "open", "reopened": 1, "closed_day": None, "close_in_time": None,
            "close_kind": None, "response_in_time": True, "overdue": False,
            "positions": [1, 2, 3, 4, 5],
        },
    ),
    (
        "a round after reopening has promises of its own",
        [
            LOGGED, CONSULTED, ANSWERED,
            replace(REOPENED, promises=(replace(CLOSE, round=2, due=local("2026-03-18 18:00")),)),
            (ANSWERED, "2026-03-19 09:00"),
        ],
        {"reopened": 1, "close_in_time": False, "close_days": 17},
    ),
    (
        "deadlines are those recalculated last",
        [
            LOGGED,
            DeadlinesRecalculated(
                reason="日历更新", promises=(replace(CLOSE, due=local("2026-03-20 18:00")),)
            ),
            (CONSULTED, "2026-03-19 10:00"),
            (ANSWERED, "2026-03-19 10:00"),
        ],
        {"response_in_time": None, "close_in_time": True},
    ),
    (
        "a voided request does not count, whatever was done",
        [LOGGED, CONSULTED, WAITING, RequestVoided(reason="误录"), INVITED, GIVEN],
        {"standing": "voided", "voided": True, "closed": False, "status": "voided",
         "overdue": False, "grade_explicit": 5},
    ),
    (
        "a reclassified request counts as what it became",
        [LOGGED, TO_MEDIATION],
        {"service": "mediation", "reclassified": 1, "standing": "counts"},
    ),
    (
        "a linked duplicate does not count",
        [LOGGED, DUPLICATE],
        {"standing": "duplicate", "duplicate": True},
    ),
    (
        "an unlinked one counts again",
        [LOGGED, DUPLICATE, DuplicateUnlinked(original=ORIGINAL, reason="不同事项")],
        {"standing": "counts", "duplicate": False},
    ),
    (
        "imported history is told apart",
        [LOGGED, RequestClosed(kind="imported")],
        {"standing": "imported", "imported": True, "closed": True},
    ),
    (
        "the adviser assigned is whom it stands with, until another gives the consultation",
        [LOGGED, BY_CHEN, AdviserAssigned(adviser="A-2", firm="FIRM-2")],
        {"adviser": "A-2", "firm": "FIRM-2", "team": None},
    ),
    (
        "silence is a default rating",
        [LOGGED, CONSULTED, INVITED, DEFAULTED],
        {"invited": True, "grade_default": 3, "grade_explicit": None, "positions": [1, 2, 3, 4]},
    ),
    (
        "of a default and what somebody said later both stay",
        [LOGGED, CONSULTED, INVITED, DEFAULTED, GIVEN, RatingFollowedUp(request=REQUEST, grade=4)],
        {"grade_default": 3, "grade_explicit": 5, "grade_follow_up": 4},
    ),
    (
        "a callback is a source of its own",
        [
            LOGGED, CONSULTED, INVITED,
            RatingCalledBack(request=REQUEST, grade=1, called_by="clerk-2"),
        ],
        {"grade_callback": 1, "grade_explicit": None, "grade_default": None},
    ),
    (
        "a rating whose dispute was decided for the service is excluded, and stays visible",
        [
            LOGGED, CONSULTED, INVITED, replace(GIVEN, grade=1),
            RatingDisputed(request=REQUEST, ground="误评"),
            RatingDisputeDecided(request=REQUEST, excluded=True, reason="属实"),
        ],
        {"grade_explicit": 1, "grade_excluded": True, "standing": "counts"},
    ),
    (
        "a referral refused once and completed the second time",
        [
            LOGGED, REFERRED, ReferralRefused(by="STATION-1", reason="人手不足"), REFERRED,
            ReferralAccepted(by="STATION-1"), ReferralCompleted(by="STATION-1", outcome="已办"),
        ],
        {"referral_made": 2, "referral_accepted": 1, "referral_completed": 1, "responded": True},
    ),
    (
        "a mediation that ended, began again, was agreed, performed in full and confirmed",
        [
            LOGGED, MEDIATING, MediationEnded(reason="拒绝", routes_told=True), MEDIATING,
            MediationSessionHeld(mediator="M-1", minutes=45, onsite=False),
            MediationAgreed(form="written"), MediationPerformed(fully=False),
            MediationPerformed(fully=True), JudicialConfirmationDecided(confirmed=True),
        ],
        {
            "mediation_opened": 2, "mediation_agreed": 1, "mediation_performed": 1,
            "mediation_confirmed": 1, "minutes_offsite": 45,
        },
    ),
    (
        "a performance in part, a confirmation denied, a legal aid granted",
        [
            LOGGED, MEDIATING, MediationAgreed(form="oral"), MediationPerformed(fully=False),
            JudicialConfirmationDecided(confirmed=False), APPLIED, LegalAidGranted(),
        ],
        {"mediation_performed": 0, "mediation_confirmed": 0, "legal_aid_applied": 1,
         "legal_aid_granted": 1},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "expected"), [one[1:] for one in SERVICES], ids=[one[0] for one in SERVICES]
)
def test_of_a_request(happened: list[Happened], expected: Expected) -> None:
    [fact] = facts(of_request(*happened, request=REQUEST), RULES, "service")
    assert {name: fact[name] for name in expected} == expected


def test_minutes_count_for_who_gave_them_and_by_where_and_when() -> None:
    happened: list[Happened] = [
        LOGGED,
        (BY_CHEN, "2026-03-02 10:00"),
        (CONSULTED, "2026-03-03 12:30"),
        (MediationSessionHeld(mediator="M-1", adviser="A-2", minutes=30, onsite=True),
         "2026-03-07 10:00"),
        (CONSULTED, "2026-04-05 10:00"),
        DUPLICATE,
        TO_MEDIATION,
    ]  # fmt: skip
    deeds = facts(of_request(*happened, request=REQUEST), RULES, "deed")
    assert [
        (one["adviser"], one["minutes"], one["onsite"], one["off_peak"], one["given_on"])
        for one in deeds
    ] == [
        ("A-1", 15, False, None, "2026-03-02"),
        (None, 20, True, "after_hours", "2026-03-03"),
        ("A-2", 30, True, "rest_day", "2026-03-07"),
        (None, 20, True, "holiday", "2026-04-05"),
    ]
    assert {one["standing"] for one in deeds} == {"counts"}
    assert {(one["service"], one["day"]) for one in deeds} == {("mediation", "2026-03-02")}
    assert [one["positions"] for one in deeds] == [[2], [3], [4], [5]]


@pytest.mark.parametrize(
    ("happened", "at", "overdue"),
    [
        ([LOGGED], "2026-03-02 15:00", False),
        ([LOGGED], "2026-03-02 15:01", True),
        ([LOGGED, CONSULTED], "2026-03-02 15:01", False),
        ([LOGGED, CONSULTED], "2026-03-16 18:01", True),
        ([LOGGED, WAITING], "2026-03-16 18:01", False),
    ],
)
def test_a_request_is_overdue_by_the_first_promise_that_is_past_at_the_cut_off(
    happened: list[Happened],
    at: str,
    overdue: bool,  # noqa: FBT001
) -> None:
    [fact] = facts(of_request(*happened, request=REQUEST), rules(at=at), "service")
    assert fact["overdue"] is overdue


@pytest.mark.parametrize(
    ("end", "standing"),
    [(RequestVoided(reason="误录"), "voided"), (RequestClosed(kind="imported"), "imported")],
)
def test_minutes_of_a_request_that_does_not_count_do_not_count(end: Any, standing: str) -> None:
    [deed] = facts(of_request(LOGGED, CONSULTED, end, request=REQUEST), RULES, "deed")
    assert deed["standing"] == standing


def test_a_point_without_a_calendar_has_days_but_no_working_minutes() -> None:
    logged = replace(LOGGED, calendar=None, promises=(), requested_at=local("2026-03-02 00:30"))
    happened = of_request(logged, (CONSULTED, "2026-03-02 23:30"), ANSWERED, request=REQUEST)
    [service] = facts(happened, RULES, "service")
    assert (service["day"], service["response_minutes"], service["close_minutes"]) == (
        "2026-03-02", None, None,
    )  # fmt: skip
    [deed] = facts(happened, RULES, "deed")
    assert deed["off_peak"] is None


def test_what_lies_in_a_year_without_a_calendar_has_no_working_minutes() -> None:
    long_after = of_request(
        LOGGED,
        (CONSULTED, "2027-03-02 10:00"),
        SupplementRequested(items=("合同",), paused_at=local("2027-03-02 11:00")),
        request=REQUEST,
    )
    [service] = facts(long_after, RULES, "service")
    assert service["response_minutes"] is None
    assert service["minutes_off_peak"] == 0


# --- work log

FRIDAY_EVENING: Final = local("2026-03-06 18:30")
EVENING_LECTURE: Final = replace(worked.LOGGED, started_at=FRIDAY_EVENING)
CORRECTION: Final = replace(
    worked.CORRECTED,
    started_at=local("2026-03-08 10:00"),
    minutes=30,
    work=replace(worked.LECTURE, service="consultation", mode="phone", result="已答复"),
    served=(Served(adviser="A-2", minutes=30, firm="FIRM-1"),),
)
STORED: Final = EvidenceUploadConfirmed(sha256=worked.PHOTO.sha256)
NIGHTS: Final = PolicyVersion(
    code=DUTY_POLICY,
    version=1,
    effective_from=day("2020-01-01"),
    basis="示例",
    duty=DutyRules(onsite_minutes_per_month=480, lectures_per_quarter=2),
)
DUTY: Final = rules(NIGHTS)


def visits(*happened: Happened) -> list[dict[str, Any]]:
    return facts(told(*happened), DUTY, "visit")


def test_a_shared_entry_is_a_visit_of_each_who_took_part() -> None:
    first, second = visits(EVENING_LECTURE)
    assert [(one["adviser"], one["minutes"], one["first"]) for one in (first, second)] == [
        ("A-1", 60, True),
        ("A-2", 30, False),
    ]
    assert (first["advisers"], first["clients"], first["people_reached"]) == (2, 32, 32)
    assert (first["day"], first["off_peak_kinds"]) == ("2026-03-06", ["night"])
    assert (first["village"], first["service"], first["onsite"]) == (
        worked.VILLAGE, "lecture", True,
    )  # fmt: skip
    assert (first["standing"], first["complete"], first["signed_in"], first["late"]) == (
        "counts", False, True, False,
    )  # fmt: skip


def test_a_corrected_visit_is_what_it_should_have_been_and_checked_anew() -> None:
    [visit] = visits(EVENING_LECTURE, worked.CONFIRMED, worked.VERIFIED, STORED, CORRECTION)
    assert (visit["adviser"], visit["minutes"], visit["onsite"], visit["service"]) == (
        "A-2", 30, False, "consultation",
    )  # fmt: skip
    assert (visit["day"], visit["off_peak_kinds"]) == ("2026-03-08", ["rest_day"])
    assert (visit["verified"], visit["confirmed"], visit["corrected"]) == (False, False, 1)
    assert visit["complete"]
    assert visit["positions"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("happened", "standing", "verified"),
    [
        ([worked.VERIFIED], "counts", True),
        ([worked.RETURNED], "returned", False),
        ([worked.RETURNED, CORRECTION], "counts", False),
        ([worked.VERIFIED, worked.WITHDRAWN], "withdrawn", False),
    ],
)
def test_a_visit_stands_until_it_is_returned_or_withdrawn(
    happened: list[Happened],
    standing: str,
    verified: bool,  # noqa: FBT001
) -> None:
    visit = visits(EVENING_LECTURE, *happened)[0]
    assert (visit["standing"], visit["verified"]) == (standing, verified)


def test_an_entry_without_evidence_is_not_complete() -> None:
    work = replace(worked.LECTURE, result="讲座完成")
    assert not visits(replace(EVENING_LECTURE, work=work, evidence=()))[0]["complete"]


@pytest.mark.parametrize(
    ("happened", "complete"),
    [
        ([STORED], True),
        ([], False),
        ([STORED, EvidenceAttached(evidence=worked.SHEET)], False),
        ([EvidenceMissing(sha256=worked.PHOTO.sha256, reason="手机遗失")], False),
    ],
)
def test_an_entry_is_complete_with_a_result_and_all_its_evidence(
    happened: list[Happened],
    complete: bool,  # noqa: FBT001
) -> None:
    logged = replace(EVENING_LECTURE, work=replace(worked.LECTURE, result="讲座完成"))
    assert visits(logged, *happened)[0]["complete"] is complete


def test_a_visit_in_a_year_without_a_calendar_is_refused() -> None:
    with pytest.raises(CalendarHasNoYear):
        visits(replace(EVENING_LECTURE, started_at=local("2030-01-05 09:00")))


# --- complaints
#
# Registered on 2 March 09:00, to be acknowledged by 3 March 18:00; accepted at 12:00, to be
# answered by 23 March 18:00.

NEXT_ANSWER: Final = promise("answer", "2026-03-30 18:00", round=2)
TOO_LATE: Final = local("2026-03-24 09:00")
ASKED_FOR_MORE: Final = replace(complained.PAUSED, at=local("2026-03-03 09:00"))
REWORK: Final = ReworkOrdered(
    reason="未解决", at=local("2026-03-24 09:00"), promises=(NEXT_ANSWER,)
)
RIGHT_ANSWER: Final = replace(
    complained.ANSWERED, round=2, at=local("2026-03-30 18:00"), resolved=True
)
COMPLAINTS: Final[list[tuple[str, list[Happened], Expected]]] = [
    (
        "acknowledged by being accepted, answered in time, closed",
        [*complained.WITH_CLOSE],
        {
            "standing": "counts", "status": "closed", "adviser": "A-1", "firm": "FIRM-1",
            "acknowledged_in_time": True, "answered_in_time": True, "on_time": True,
            "justified": True, "resolved": False, "outcome": "supported", "satisfied": True,
            "overdue": False, "rounds": 1, "accepted": True, "anonymous": False,
            "concern": "attitude", "aspects": ["for_people", "efficient"],
            "day": "2026-03-02", "positions": [1, 2, 3, 4, 5, 6, 7, 8],
        },
    ),
    (
        "answered too late",
        [*complained.UNDER_INVESTIGATION, replace(complained.ANSWERED, at=TOO_LATE)],
        {"acknowledged_in_time": True, "answered_in_time": False, "on_time": False},
    ),
    (
        "not answered at all is overdue at the cut-off",
        [*complained.UNDER_INVESTIGATION],
        {"answered_in_time": None, "overdue": True, "on_time": False, "outcome": None},
    ),
    (
        "while papers are awaited nothing is overdue",
        [*complained.UNDER_INVESTIGATION, ASKED_FOR_MORE],
        {"overdue": False, "on_time": True, "answered_in_time": None},
    ),
    (
        "a clock that runs again has a new end",
        [
            *complained.UNDER_INVESTIGATION, ASKED_FOR_MORE,
            ComplaintResumed(
                at=local("2026-03-10 09:00"), promises=(promise("answer", "2026-03-31 18:00"),)
            ),
            replace(complained.ANSWERED, at=local("2026-03-31 18:00")),
        ],
        {"answered_in_time": True, "on_time": True},
    ),
    (
        "a rework is a round of its own; one broken promise of two is broken",
        [
            *complained.UNDER_INVESTIGATION, replace(complained.ANSWERED, at=TOO_LATE),
            complained.DISSATISFIED, REWORK, RIGHT_ANSWER,
        ],
        {
            "rounds": 2, "reworked": 1, "reopened": 0, "answered_in_time": False,
            "resolved": True, "satisfied": None,
        },
    ),
    (
        "declined does not count",
        [complained.REGISTERED, complained.DECLINED],
        {
            "standing": "declined", "declined": True, "decline_ground": "no_facts",
            "accepted": False, "on_time": True,
        },
    ),
    (
        "declined because the same matter was accepted already",
        [
            complained.REGISTERED,
            replace(complained.DECLINED, ground="same_matter", same_as=complained.OTHER),
        ],
        {"standing": "duplicate", "decline_ground": "same_matter"},
    ),
    (
        "the same matter, linked and unlinked",
        [
            complained.REGISTERED, SameMatterLinked(other=complained.OTHER, reason="同一事项"),
            SameMatterUnlinked(other=complained.OTHER, reason="不同事项"),
        ],
        {"standing": "counts"},
    ),
    (
        "linked to the same matter",
        [complained.REGISTERED, SameMatterLinked(other=complained.OTHER, reason="同一事项")],
        {"standing": "duplicate"},
    ),
    (
        "withdrawn before anything was due",
        [*complained.UNDER_INVESTIGATION, complained.WITHDRAWN],
        {"standing": "withdrawn", "answered_in_time": None, "on_time": True, "overdue": False},
    ),
    (
        "withdrawn after the answer was due: the promise was broken",
        [*complained.UNDER_INVESTIGATION, replace(complained.WITHDRAWN, at=TOO_LATE)],
        {"standing": "withdrawn", "answered_in_time": False, "on_time": False},
    ),
    (
        "withdrawn while papers were awaited: nothing was due",
        [
            *complained.UNDER_INVESTIGATION, ASKED_FOR_MORE,
            replace(complained.WITHDRAWN, at=TOO_LATE),
        ],
        {"standing": "withdrawn", "answered_in_time": None, "on_time": True},
    ),
    (
        "withdrawn while it was a consultation",
        [complained.REGISTERED, complained.ACCEPTED, MADE_CONSULTATION, complained.WITHDRAWN],
        {"standing": "withdrawn", "handled_as": "complaint"},
    ),
    (
        "a dissatisfaction that is only noted",
        [complained.NOTED, DissatisfactionSettled(measure="当面致歉", at=NOON)],
        {"standing": "noted", "status": "settled", "registered": False, "on_time": None},
    ),
    (
        "a dissatisfaction that became a complaint",
        [complained.NOTED, replace(complained.REGISTERED, escalated=True)],
        {"standing": "counts", "status": "registered", "registered": True},
    ),
    (
        "made a consultation, it is none while it is one",
        [complained.REGISTERED, complained.ACCEPTED, MADE_CONSULTATION],
        {"standing": "consultation", "handled_as": "consultation", "reclassified": 1,
         "overdue": False},
    ),
    (
        "made a complaint again, its promises run again",
        [complained.REGISTERED, complained.ACCEPTED, MADE_CONSULTATION, MADE_COMPLAINT],
        {"standing": "counts", "reclassified": 2, "overdue": True},
    ),
    (
        "reviewed and upheld",
        [*complained.WITH_REVIEW],
        {"reviews": 1, "review_changed": 0, "status": "review_decided"},
    ),
    (
        "reviewed and sent back is a new round",
        [
            *complained.UNDER_REVIEW,
            replace(complained.REVIEWED, decision="sent_back", promises=(NEXT_ANSWER,)),
        ],
        {"reviews": 1, "review_changed": 1, "rounds": 2, "status": "handling", "overdue": True},
    ),
    (
        "voided",
        [complained.REGISTERED, VOIDED],
        {"standing": "voided", "overdue": False},
    ),
    (
        "of nobody in particular, and anonymous",
        [
            replace(
                complained.REGISTERED_AGAINST_POINT,
                grievance=replace(complained.ANONYMOUS, adviser=None),
            )
        ],
        {"adviser": None, "firm": None, "anonymous": True, "point": "ROOM-1"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "expected"), [one[1:] for one in COMPLAINTS], ids=[one[0] for one in COMPLAINTS]
)
def test_of_a_complaint(happened: list[Happened], expected: Expected) -> None:
    [fact] = facts(told(*happened), RULES, "complaint")
    assert {name: fact[name] for name in expected} == expected


# --- inspections, rectifications

RECTIFICATIONS: Final[list[tuple[str, list[Happened], Expected]]] = [
    (
        "answered in time and accepted",
        [ordered.ORDERED, ordered.ANSWERED, ordered.ACCEPTED],
        {"in_time": True, "overdue": False, "accepted": True, "rounds": 1, "items": 2},
    ),
    (
        "answered late",
        [ordered.ORDERED, replace(ordered.ANSWERED, answered_at=ordered.OVERDUE_AT)],
        {"in_time": False, "overdue": True, "status": "answered", "accepted": False},
    ),
    (
        "answered late, rejected, then answered in time",
        [
            ordered.ORDERED,
            replace(ordered.ANSWERED, answered_at=ordered.OVERDUE_AT),
            ordered.REJECTED,
            ordered.ANSWERED,
        ],
        {"in_time": False, "overdue": True, "rounds": 2},
    ),
    (
        "rejected, and not answered again until the cut-off",
        [ordered.ORDERED, ordered.ANSWERED, ordered.REJECTED],
        {"in_time": True, "overdue": True, "rounds": 2, "status": "open", "answered": True},
    ),
    (
        "fell overdue and led to another adviser",
        [ordered.ORDERED, ordered.FELL_OVERDUE, ordered.ESCALATED],
        {"in_time": False, "overdue": True, "escalated": "replacement", "answered": False},
    ),
    (
        "withdrawn",
        [ordered.ORDERED, ordered.WITHDRAWN],
        {"standing": "withdrawn", "in_time": None, "overdue": False},
    ),
    (
        "without a limit nothing is late",
        [replace(ordered.ORDERED, promises=()), ordered.ANSWERED],
        {"in_time": None, "overdue": False, "adviser": None, "addressee": "ROOM-1"},
    ),
    (
        "to an adviser",
        [replace(ordered.ORDERED, addressee=ordered.ADVISER)],
        {"adviser": "A-1", "addressee_kind": "adviser", "day": "2026-03-02"},
    ),
]


@pytest.mark.parametrize(
    ("happened", "expected"),
    [one[1:] for one in RECTIFICATIONS],
    ids=[one[0] for one in RECTIFICATIONS],
)
def test_of_a_rectification(happened: list[Happened], expected: Expected) -> None:
    [fact] = facts(told(*happened), RULES, "rectification")
    assert {name: fact[name] for name in expected} == expected


def test_an_inspection_is_what_was_corrected_and_belongs_to_the_adviser_of_the_day() -> None:
    corrected = InspectionCorrected(
        reason="看错", answers={"visits": 3}, emptied=("opinion",), findings=(inspected.UNASKED,)
    )
    checks = told(inspected.HELD, inspected.CONFIRMED, corrected)
    happened = [*checks, *told(*CHEN_THEN_LI, after=10)]
    [fact] = facts(happened, DUTY, "inspection")
    assert fact["answers"] == {"display": True, "visits": 3}
    assert [fact[f"findings_{one}"] for one in ("minor", "major", "serious")] == [0, 0, 1]
    assert (fact["confirmed"], fact["agreed"], fact["corrected"]) == (False, None, 1)
    assert (fact["adviser"], fact["standing"], fact["period"]) == ("A-1", "counts", "2026-03")
    [alone] = facts(told(inspected.HELD, inspected.CONFIRMED, inspected.VOIDED), DUTY, "inspection")
    assert (alone["adviser"], alone["standing"], alone["agreed"]) == (None, "voided", True)


# --- appointments and duties
#
# A-1 serves the village from 1 January 2026, A-4 from 11 March on. March has 31 days, the first
# quarter 90: of 480 minutes A-1 owes 480*10/31 = 154.8 -> 155 and A-4 325; of 2 lectures A-1 owes
# 2*69/90 = 1.53 -> 2 and A-4 none.

TERM: Final = replace(SERVING[-1], starts_on=day("2026-01-01"), ends_on=day("2026-12-31"))
HANDOVER: Final = AdviserReplaced(
    former="A-1", adviser="A-4", firm="FIRM-4", effective_on=day("2026-03-11"), reason="调离"
)
CHEN_THEN_LI: Final[list[Happened]] = [
    NOMINATED,
    (TERM, "2025-12-20 10:00"),
    WechatGroupCreated(day=day("2026-02-20")),
    DisplayPosted(day=day("2026-01-05"), place="村口"),
    AbsenceNoted(adviser="A-1", day=day("2026-02-03"), note="未到岗"),
    AbsenceNoted(adviser="A-1", day=day("2026-02-10"), note="未到岗"),
    AbsenceExcused(adviser="A-1", day=day("2026-02-10"), reason="住院"),
    HANDOVER,
    DisplayRemoved(day=day("2026-03-20"), reason="搬迁"),
    ArrangementRefused(adviser="A-4", day=day("2026-04-01"), arrangement="普法活动"),
    WechatGroupDissolved(day=day("2026-04-01"), reason="重建"),
    WechatGroupCreated(day=day("2026-04-01")),
]


def test_an_adviser_replaced_in_the_middle_of_a_month() -> None:
    chen, li = facts(told(*CHEN_THEN_LI), DUTY, "appointment")
    assert (chen["first"], chen["last"], chen["ended_by"]) == (
        "2026-01-01", "2026-03-10", "replaced",
    )  # fmt: skip
    assert (chen["days"], chen["group_days"], chen["display_days"]) == (69, 19, 65)
    assert (chen["absences"], chen["refusals"], chen["contract_signed"]) == (1, 0, True)
    assert (chen["signed_on"], chen["begun_by"], chen["term"]) == ("2025-12-20", "signed", 1)
    assert (li["first"], li["last"], li["ended_by"]) == ("2026-03-11", "2026-12-31", "term")
    assert (li["days"], li["group_days"], li["display_days"]) == (296, 296, 9)
    assert (li["absences"], li["refusals"], li["contract_signed"]) == (0, 1, False)
    assert chen["positions"] == [2, 3, 4, 5, 6, 7, 8, 9, 11, 12]
    assert li["positions"] == [3, 4, 8, 9, 10, 11, 12]


def test_days_are_counted_within_the_period_and_up_to_the_cut_off() -> None:
    quarter = rules(NIGHTS, at="2026-03-05 12:00", period=("2026-01-01", "2026-03-31"))
    chen, li = facts(told(*CHEN_THEN_LI), quarter, "appointment")
    assert (chen["days"], chen["group_days"]) == (64, 14)
    assert (li["days"], li["display_days"]) == (0, 0)


def test_who_is_dismissed_never_begins_the_term_he_was_renewed_for() -> None:
    first, second = facts(told(*SERVING, RENEWED, DISMISSED), DUTY, "appointment")
    assert (first["last"], first["ended_by"], first["ground"]) == (
        "2026-06-10", "dismissed", "unsuitable",
    )  # fmt: skip
    assert (second["standing"], second["days"], second["begun_by"]) == ("never_began", 0, "renewed")


def test_a_vacancy_is_filled_for_what_is_left_of_the_term() -> None:
    vacancy = replace(HANDOVER, former=None, effective_on=day("2026-07-01"))
    _, second = facts(told(*SERVING, DISMISSED, vacancy), DUTY, "appointment")
    assert (second["first"], second["last"], second["begun_by"]) == (
        "2026-07-01", "2027-03-31", "replaced",
    )  # fmt: skip


def test_a_successor_takes_over_the_terms_to_come_as_well() -> None:
    absent = AbsenceNoted(adviser="A-4", day=day("2027-05-04"), note="未到岗")
    found = facts(told(*SERVING, RENEWED, REPLACED, absent), DUTY, "appointment")
    assert [(one["adviser"], one["first"], one["last"], one["standing"]) for one in found] == [
        ("A-1", "2026-04-01", "2026-06-10", "counts"),
        ("A-1", "2027-04-01", "2028-03-31", "never_began"),
        ("A-4", "2026-06-11", "2027-03-31", "counts"),
        ("A-4", "2027-04-01", "2028-03-31", "counts"),
    ]
    assert [one["positions"] for one in found] == [[5, 7], [6, 7], [7], [7, 8]]


def test_who_is_dismissed_on_his_last_day_does_not_serve_it() -> None:
    last_day = replace(DISMISSED, effective_on=day("2027-03-31"))
    [stint] = facts(told(*SERVING, last_day), DUTY, "appointment")
    assert (stint["last"], stint["ended_by"]) == ("2027-03-30", "dismissed")


def test_a_day_with_two_groups_is_one_day() -> None:
    groups = (
        WechatGroupCreated(day=day("2026-05-01")),
        WechatGroupDissolved(day=day("2026-05-11"), reason="重建"),
        WechatGroupCreated(day=day("2026-05-06")),
        WechatGroupDissolved(day=day("2026-05-21"), reason="解散"),
    )
    [stint] = facts(told(*SERVING, *groups), DUTY, "appointment")
    assert stint["group_days"] == 20


def test_a_division_with_a_provider_alone_has_no_appointment() -> None:
    linked = ProviderLinked(
        division="440103001", provider="firm", code="FIRM-1", since=day("2026-01-01")
    )
    assert facts(told(linked), DUTY, "appointment") == []


def duties(*happened: Happened, kind: str = "duty") -> list[dict[str, Any]]:
    appointed = told(*CHEN_THEN_LI, after=100)
    march = rules(NIGHTS, at="2026-04-01 00:00", period=("2026-03-01", "2026-03-31"))
    work: list[Entry] = [
        {**one, "stream": f"work-{number}"} for number, one in enumerate(told(*happened), 1)
    ]
    return facts([*appointed, *work], march, kind)


BY_BOTH: Final = replace(
    worked.LOGGED,
    work=replace(worked.LECTURE, village=worked.VILLAGE),
    served=(
        Served(adviser="A-1", minutes=60, firm="FIRM-1"),
        Served(adviser="A-9", minutes=30, firm="FIRM-9"),
    ),
)


def test_what_is_owed_in_a_month_is_shared_by_days_and_what_was_done_stands_with_who_did() -> None:
    chen, li, guest = duties(BY_BOTH)
    owed = ("adviser", "days", "required_minutes", "onsite_minutes", "shortfall_minutes")
    assert [chen[name] for name in owed] == ["A-1", 10, 155, 60, 95]
    assert [li[name] for name in owed] == ["A-4", 21, 325, 0, 325]
    assert [guest[name] for name in owed] == ["A-9", 0, 0, 30, 0]
    assert [one["standing"] for one in (chen, li, guest)] == ["counts", "counts", "not_appointed"]
    assert [one["lectures_required"] for one in (chen, li, guest)] == [2, 0, 0]
    assert [one["lectures_done"] for one in (chen, li, guest)] == [1, 0, 1]
    assert [one["month"] for one in (chen, li, guest)] == ["2026-03"] * 3
    assert 1 in chen["positions"]
    assert 1 not in li["positions"]
    assert guest["stream"] == "work-1"


def test_a_quota_is_judged_when_its_period_is_over() -> None:
    quotas = duties(BY_BOTH, kind="quota")
    told_of = {
        (one["adviser"], one["quota"]): (one["required"], one["done"], one["standing"])
        for one in quotas
    }
    assert told_of["A-1", "lecture"] == (2, 1, "counts")
    assert told_of["A-4", "lecture"] == (0, 0, "counts")
    assert told_of["A-9", "lecture"] == (0, 1, "not_appointed")
    assert told_of["A-1", "risk_screening"] == (0, 0, "running")
    assert ("A-9", "risk_screening") not in told_of


def test_who_left_before_the_months_asked_for_has_no_duty_in_them() -> None:
    april = rules(NIGHTS, period=("2026-04-01", "2026-04-30"))
    assert {one["adviser"] for one in facts(told(*CHEN_THEN_LI), april, "duty")} == {"A-4"}


def test_a_month_that_is_not_over_at_the_cut_off_is_running() -> None:
    early = rules(NIGHTS, at="2026-02-15 12:00")
    found = facts(told(*CHEN_THEN_LI), early, "duty")
    assert [(one["month"], one["standing"]) for one in found] == [
        ("2026-01", "counts"),
        ("2026-02", "running"),
    ]


def test_a_month_that_begins_on_the_day_of_the_cut_off_is_running() -> None:
    early = rules(NIGHTS, at="2026-02-01 00:00")
    found = facts(told(*CHEN_THEN_LI), early, "duty")
    assert [(one["month"], one["standing"]) for one in found] == [
        ("2026-01", "counts"),
        ("2026-02", "running"),
    ]


def test_the_rules_of_its_first_day_judge_a_month() -> None:
    assert NIGHTS.duty is not None
    half = replace(NIGHTS.duty, onsite_minutes_per_month=240)
    newer = replace(NIGHTS, version=2, effective_from=day("2026-05-15"), duty=half)
    by = rules(NIGHTS, newer, period=("2026-05-01", "2026-06-30"))
    found = facts(told(*CHEN_THEN_LI), by, "duty")
    assert [(one["month"], one["required_minutes"]) for one in found] == [
        ("2026-05", 480),
        ("2026-06", 240),
    ]


def test_a_withdrawn_visit_is_no_duty_done() -> None:
    appointed = told(*CHEN_THEN_LI, after=100)
    march = rules(NIGHTS, period=("2026-03-01", "2026-03-31"))
    chen = facts([*appointed, *told(BY_BOTH, worked.WITHDRAWN)], march, "duty")[0]
    assert (chen["onsite_minutes"], chen["lectures_done"]) == (0, 0)


# --- what may be given


EVERYTHING: Final = [
    *of_request(LOGGED, CONSULTED, ANSWERED, INVITED, GIVEN, request=REQUEST),
    *told(*complained.WITH_CLOSE, after=20),
    *told(EVENING_LECTURE, STORED, worked.VERIFIED, after=40),
    *told(inspected.HELD, inspected.CONFIRMED, after=50),
    *told(ordered.ORDERED, ordered.ANSWERED, after=60),
    *told(*CHEN_THEN_LI, after=70),
]


def test_the_order_of_the_entries_changes_nothing() -> None:
    expected = completed(facts_of(EVERYTHING, DUTY), DUTY)
    for seed in range(5):
        shuffled = list(EVERYTHING)
        Random(seed).shuffle(shuffled)
        assert completed(facts_of(shuffled, DUTY), DUTY) == expected


def test_every_fact_has_the_fields_that_are_said_and_is_plain_data() -> None:
    found = all_facts(EVERYTHING, DUTY)
    assert {one["fact"] for one in found} == set(FIELDS)
    types: dict[str, tuple[type, ...]] = {
        "str": (str,), "int": (int,), "bool": (bool,), "date": (str,), "instant": (str,),
        "list[int]": (list,), "list[str]": (list,), "dict[str, bool | int | str]": (dict,),
    }  # fmt: skip
    for one in found:
        fields = FIELDS[one["fact"]]
        assert set(one) == set(fields)
        for name, said in fields.items():
            assert (one[name] is None and said.endswith("?")) or type(one[name]) in types[
                said.rstrip("?")
            ], (one["fact"], name)
    assert msgspec.json.decode(msgspec.json.encode(found)) == found


def when(one: Entry) -> datetime:
    assert isinstance(one["occurred_at"], datetime)
    return one["occurred_at"]


def test_instants_of_entries_may_be_text_or_microseconds() -> None:
    as_text: list[Entry] = [{**one, "occurred_at": when(one).isoformat()} for one in EVERYTHING]
    as_numbers: list[Entry] = [
        {**one, "occurred_at": round(when(one).timestamp() * 10**6)} for one in EVERYTHING
    ]
    expected = list(facts_of(EVERYTHING, DUTY))
    assert list(facts_of(as_text, DUTY)) == expected
    assert list(facts_of(as_numbers, DUTY)) == expected


def test_every_topic_of_the_log_is_told_or_passed_over_on_purpose() -> None:
    assert set(TOPICS) <= set(EVENTS_BY_TOPIC)
    untold = set(EVENTS_BY_TOPIC) - set(TOPICS)
    assert {kind_of(topic) for topic in untold} <= PASSED_OVER
    assert PASSED_OVER.isdisjoint(map(kind_of, TOPICS))


def test_a_topic_that_nobody_knows_is_named() -> None:
    unknown: Entry = {**entry(LOGGED, 7), "topic": "request.forgotten/3"}
    with pytest.raises(TopicUnknown, match=r"request\.forgotten/3.*7"):
        list(facts_of([unknown], RULES))


def test_entries_of_a_stream_without_its_beginning_are_refused() -> None:
    with pytest.raises(BeginningMissing, match=str(REQUEST)):
        list(facts_of(of_request(CONSULTED, request=REQUEST), RULES))
    with pytest.raises(BeginningMissing, match=str(REQUEST)):
        list(facts_of(told(GIVEN), RULES))


def test_an_evaluation_names_a_calendar_that_was_published() -> None:
    with pytest.raises(CalendarUnknown, match="gz-office@2"):
        rules_of(published([]), "gz-office@2", "2026-01-01T00:00:00Z", "2026-01-01", "2026-12-31")


def test_the_newest_version_of_a_calendar_counts_in_whatever_order_they_are_kept() -> None:
    versions = {f"gz-office@{one}": replace(CALENDAR, version=one) for one in (10, 2, 9)}
    known = {"calendars": msgspec.to_builtins(versions), "policies": {}}
    by = rules_of(known, "gz-office@2", "2026-01-01T00:00:00Z", "2026-01-01", "2026-12-31")
    assert (by.calendars["gz-office"].version, by.calendar.version) == (10, 2)


def test_published_calendars_and_duties_are_read_as_the_program_reads_them() -> None:
    calendars = [
        *(event.calendar for event in shipped_calendars()),
        replace(CALENDAR, makeup_days=(MakeupDay(day("2026-03-07"), "补班", 3),)),
    ]
    for calendar in calendars:
        assert calendar_of(msgspec.to_builtins(calendar)) == calendar
    offset = DutyRules(offset_enabled=True, offset_ratio=Decimal("0.5"), offset_cap_minutes=60)
    versions = [
        *(event.policy for event in shipped_policies()),
        replace(NIGHTS, code="adviser-duty-440106", duty=offset),
    ]
    known = rules(*versions).policies
    for version in versions:
        assert known[version.code].versions[version.version - 1].duty == version.duty


# --- what a bundle ships

ALONE: Final = """
import json, sys
sys.path.insert(0, sys.argv[1])
from domain.scoring.facts import completed, facts_of
from domain.scoring.basis import rules_of
given = json.load(sys.stdin)
rules = rules_of(given["known"], *given["rules"])
json.dump(completed(facts_of(given["entries"], rules), rules), sys.stdout)
"""


def test_the_shipped_files_alone_give_the_same_facts_to_a_bare_python(tmp_path: Path) -> None:
    lay_out(SHIPPED, tmp_path)
    entries: list[Entry] = [{**one, "occurred_at": when(one).isoformat()} for one in EVERYTHING]
    offset = DutyRules(
        onsite_minutes_per_month=480, lectures_per_quarter=2,
        offset_enabled=True, offset_ratio=Decimal("0.5"), offset_cap_minutes=60,
    )  # fmt: skip
    versions = (NIGHTS, replace(NIGHTS, version=2, duty=offset))
    known = published(publications(*versions))
    asked = ["gz-office@1", "2027-01-01T00:00:00+08:00", "2026-01-01", "2026-12-31"]
    by = rules_of(known, *asked)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, tmp_path],
        input=msgspec.json.encode({"known": known, "rules": asked, "entries": entries}),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert msgspec.json.decode(done.stdout) == completed(facts_of(entries, by), by)
