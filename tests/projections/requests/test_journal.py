"""The journal: what each event leaves of its request, and the row it writes."""

from datetime import date
from typing import cast

import pytest
from msgspec.structs import replace

from domain.promises.promise_watch import PromiseMissed
from domain.registers.calendar_publication import CalendarPublished
from domain.registers.point import PointMoved
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyPublished, PolicyVersion
from domain.requests.proceedings import (
    LegalAidDeemedWithdrawn,
    LegalAidGranted,
    LegalAidRefused,
    MediationAgreed,
    MediationEnded,
    MediationSessionHeld,
    ReferralAccepted,
    ReferralCompleted,
    ReferralRefused,
    ReferralReturned,
)
from domain.requests.rating import (
    RatingCalledBack,
    RatingDefaulted,
    RatingDisputed,
    RatingDisputeDecided,
    RatingExempted,
    RatingFollowedUp,
    RatingGiven,
    RatingLookedAt,
    RatingWithdrawn,
)
from domain.requests.request import (
    AdviserAssigned,
    AppointmentKept,
    AppointmentMade,
    AppointmentMissed,
    ConsultationGiven,
    DeadlinesRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    HandedOver,
    NoteAdded,
    Reclassified,
    RequestDoubtsCleared,
    RequestExtended,
    RequestVoided,
    SupplementReceived,
)
from domain.requests.transfer import RequestTransferred, TransferAccepted, TransferRefused
from domain.roles import Role
from domain.vocabulary import Actor, Event, Visitor, sibling_id, stream_id
from domain.worktime.calendar import Holiday, MakeupDay
from projections.asking.asking import NEVER
from projections.requests.journal import HANDLERS, OF_STANDING
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
    MORNING,
    OPENED,
    ORIGINAL,
    REFERRED,
    REOPENED,
    REQUEST,
    WAITING,
    local,
)
from tests.projections.reporting.test_reports import worked
from tests.projections.viewing import Given, Happening, happened, logged

LOGGED_AT_NINE = happened(LOGGED)
BY_ADVISER = ConsultationGiven(
    mode="phone", minutes=15, given_by="chen", adviser="A-1", firm="FIRM-1", team="TEAM-1"
)
SESSION = MediationSessionHeld(mediator="M-1", minutes=40, onsite=True)
ASSIGNED = AdviserAssigned(adviser="A-2", firm="FIRM-2", team="TEAM-2")
LINKED = DuplicateLinked(original=ORIGINAL, reason="同一件事")
UNLINKED = DuplicateUnlinked(original=ORIGINAL, reason="不是同一件事")
VOIDED = RequestVoided(reason="登记有误")


# --- one row an event


def test_each_row_stands_until_the_next_event_of_its_request(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, logged(of=ORIGINAL), happened(CONSULTED), happened(ANSWERED))
    assert seen.journal("position", "superseded_at", "kind") == [
        (2, 4, "request.logged"),
        (4, 5, "request.consultation_given"),
        (5, NEVER, "request.closed"),
    ]
    assert seen.journal("position", "superseded_at", of=ORIGINAL) == [(3, NEVER)]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_it_makes_no_difference_how_many_events_come_at_once(given: Given, size: int) -> None:
    seen = given(
        LOGGED_AT_NINE,
        happened(CONSULTED),
        happened(ANSWERED),
        happened(INVITED),
        happened(RatingGiven(request=REQUEST, grade=5)),
        size=size,
    )
    assert [row[0] for row in seen.journal("superseded_at")] == [3, 4, 5, 6, NEVER]


def test_an_event_of_no_request_has_a_row_without_one(given: Given) -> None:
    opened = Happening(OPENED, local("2026-03-01 09:00"), stream_id("point", OPENED.code))
    seen = given(opened, happened(INVITED))
    rows = seen.connection.execute("SELECT kind, request, status FROM views.journal").fetchall()
    assert rows == [
        ("calendar.published", None, None),
        ("point.opened", None, None),
        ("rating.invited", None, None),
    ]


def test_the_actor_stands_in_every_row_as_he_was(given: Given) -> None:
    odd = Actor(account="tab\there\\n", role=cast("Role", "duty\nofficer"), unit="线\r\0")
    seen = given(LOGGED_AT_NINE, happened(CONSULTED, by=odd))
    assert seen.journal("account", "role", "unit") == [
        ("clerk-1", "duty_officer", "ROOM-1"),
        ("tab\there\\n", "duty\nofficer", "线\r "),
    ]


def test_no_personal_text_comes_into_the_journal(given: Given) -> None:
    personal = Visitor(name="王小明", phone="13800138000")
    seen = given(
        logged(subject="拖欠工资", detail="三个月", visitor=personal),
        happened(NoteAdded(text="他很着急")),
        happened(replace(CONSULTED, answer="申请仲裁")),
    )
    text = str(seen.connection.execute("SELECT j::text FROM views.journal j").fetchall())
    assert not any(
        one in text for one in ("王小明", "1380013", "拖欠", "三个月", "着急", "申请仲裁")
    )


# --- the standing, arm by arm


def test_a_logged_request_is_open_with_what_it_was_logged_with(given: Given) -> None:
    seen = given(
        logged("2026-03-02 23:30", adviser="A-1", firm="FIRM-1", late_reason="下乡", person="P-1")
    )
    assert seen.standing(
        "request", "number", "day", "requested_at", "status", "round", "point", "division",
        "calendar", "service", "channel", "person", "responsible", "adviser", "firm", "late",
    ) == (
        REQUEST, 2, date(2026, 3, 2), local("2026-03-02 23:30"), "open", 1, "ROOM-1",
        "440103001001", "gz-office", "consultation", "counter", "P-1", "clerk-1", "A-1", "FIRM-1",
        True,
    )  # fmt: skip


def test_the_day_is_the_local_day_of_the_point(given: Given) -> None:
    seen = given(
        logged("2026-03-03 06:00", calendar=None, zone="Asia/Kolkata"),
        logged("2026-03-03 01:00", of=ORIGINAL),
    )
    assert seen.standing("day") == (date(2026, 3, 3),)
    early = given(logged("2026-03-03 01:00", calendar=None, zone="UTC", of=stream_id("r", "3")))
    assert early.standing("day", of=stream_id("r", "3")) == (date(2026, 3, 2),)


@pytest.mark.parametrize("response", [CONSULTED, REFERRED, MEDIATING, APPLIED])
def test_the_first_response_is_measured_in_working_minutes(given: Given, response: Event) -> None:
    seen = given(LOGGED_AT_NINE, happened(response, "2026-03-02 14:10"))
    measured = seen.standing("responded_day", "response_minutes", "response_in_time")
    assert measured == (date(2026, 3, 2), 190, True)


def test_only_the_first_response_counts(given: Given) -> None:
    seen = given(
        LOGGED_AT_NINE,
        happened(CONSULTED, "2026-03-02 09:20"),
        happened(REFERRED, "2026-03-03 17:00"),
    )
    assert seen.standing("response_minutes", "response_in_time") == (20, True)


def test_a_response_after_its_deadline_is_late(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(CONSULTED, "2026-03-02 15:01"))
    assert seen.standing("response_minutes", "response_in_time") == (241, False)


def test_without_a_promise_nothing_is_in_time_or_late(given: Given) -> None:
    seen = given(logged(), happened(CONSULTED), happened(ANSWERED))
    assert seen.standing("response_in_time", "close_in_time", "due") == (None, None, None)


def test_the_next_deadline_is_the_earliest_promise_still_to_be_kept(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(CONSULTED), happened(ANSWERED, "2026-03-16 18:01"))
    assert seen.journal("due") == [(FIRST_RESPONSE.due,), (CLOSE.due,), (None,)]
    assert seen.standing("close_in_time", "close_kind", "closed_day") == (
        False,
        "answered",
        date(2026, 3, 16),
    )


def test_working_minutes_to_close_leave_out_nights_and_weekends(given: Given) -> None:
    seen = given(
        logged("2026-03-06 17:00"), happened(CONSULTED), happened(ANSWERED, "2026-03-09 09:30")
    )
    assert seen.standing("close_minutes") == (90,)


def test_a_handed_over_request_has_another_responsible(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(HandedOver(to="clerk-2", reason="换班")))
    assert seen.journal("responsible") == [("clerk-1",), ("clerk-2",)]


def test_a_transferred_request_is_of_both_points_until_it_is_taken_or_sent_back(
    given: Given,
) -> None:
    sent = happened(RequestTransferred(to="STALL-1", reason="就近办理"))
    back = happened(TransferRefused(reason="不属本站"))
    taken = happened(TransferAccepted(responsible="clerk-9"))
    seen = given(LOGGED_AT_NINE, sent, back, sent, taken)
    room, stall = "ROOM-1", "STALL-1"
    assert seen.journal("held_by", "transferred_to", "responsible", "lies_in") == [
        (None, None, "clerk-1", LOGGED.division),
        (None, stall, "clerk-1", LOGGED.division),
        (None, None, "clerk-1", LOGGED.division),
        (None, stall, "clerk-1", LOGGED.division),
        (stall, None, "clerk-9", None),
    ]
    points = [{one for one in whose if one in (room, stall)} for (whose,) in seen.journal("whose")]
    assert points == [{room}, {room, stall}, {room}, {room, stall}, {stall}]


def test_an_assigned_adviser_stands_with_firm_and_team(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(ASSIGNED))
    assert seen.standing("adviser", "firm", "team") == ("A-2", "FIRM-2", "TEAM-2")


def test_who_consults_has_the_request(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(ASSIGNED), happened(BY_ADVISER), happened(CONSULTED))
    assert seen.standing("adviser", "firm", "team") == ("A-1", "FIRM-1", "TEAM-1")


def test_minutes_stand_in_the_row_of_who_gave_them(given: Given) -> None:
    seen = given(
        LOGGED_AT_NINE,
        happened(BY_ADVISER),
        happened(MEDIATING),
        happened(replace(SESSION, adviser="A-2", firm="FIRM-2"), "2026-03-02 19:00"),
    )
    assert seen.journal("by_adviser", "by_firm", "by_team", "minutes", "onsite", "off_peak") == [
        (None, None, None, None, None, None),
        ("A-1", "FIRM-1", "TEAM-1", 15, False, None),
        (None, None, None, None, None, None),
        ("A-2", "FIRM-2", None, 40, True, "night"),
    ]
    assert seen.standing("minutes_onsite", "minutes_offsite", "minutes_off_peak") == (40, 15, 40)


def test_off_peak_is_recognised_from_the_calendar(given: Given) -> None:
    seen = given(
        LOGGED_AT_NINE,
        *(
            happened(CONSULTED, at)
            for at in (
                "2026-03-02 09:00", "2026-03-02 11:59", "2026-03-02 12:00", "2026-03-02 13:59",
                "2026-03-02 18:00", "2026-03-03 08:59", "2026-03-07 10:00", "2026-04-05 10:00",
                "2026-04-06 10:00",
            )
        ),
    )  # fmt: skip
    assert [row[0] for row in seen.journal("off_peak")[1:]] == [
        None, None, None, None, "night", None, "rest_day", "holiday", "holiday",
    ]  # fmt: skip


def test_audit_4_2_off_peak_is_what_the_duty_rules_say_lunch_included_or_not(given: Given) -> None:
    rules = PolicyVersion(
        code=DUTY_POLICY,
        version=1,
        effective_from=date(2026, 1, 1),
        basis="示例",
        duty=DutyRules(night_from=17 * 60, lunch_is_off_peak=True),
    )
    seen = given(
        Happening(PolicyPublished(policy=rules), MORNING, stream_id("policy", DUTY_POLICY)),
        LOGGED_AT_NINE,
        *(
            happened(CONSULTED, f"2026-03-02 {at}")
            for at in ("08:59", "11:59", "12:00", "13:59", "14:00", "17:00")
        ),
    )
    assert [row[0] for row in seen.journal("off_peak")[1:]] == [
        None, None, "lunch", "lunch", None, "night",
    ]  # fmt: skip


def test_f6_a_visit_is_off_peak_by_the_calendar_of_the_villages_room(given: Given) -> None:
    closed = replace(
        CALENDAR,
        code="room-hours",
        holidays=(Holiday(date(2026, 3, 6), date(2026, 3, 6), "本村休息"),),
    )
    opened = replace(OPENED, code="ROOM-9", division="440103009001", calendar="room-hours")
    moved = PointMoved(
        division="440103009002", division_source="区划调整", valid_from=date(2026, 3, 9)
    )
    of_room, friday = stream_id("point", "ROOM-9"), "2026-03-06 10:00"
    entries = (
        worked(number, friday, ("A-1", 20), village=village)
        for number, village in enumerate(("440103009001", "440103009002", "440103001001"), start=11)
    )
    seen = given(
        worked(10, friday, ("A-1", 20), village="440103009001"),
        Happening(CalendarPublished(calendar=closed), MORNING, stream_id("calendar", "room-hours")),
        Happening(opened, MORNING, of_room),
        Happening(moved, MORNING, of_room),
        *entries,
    )
    found = seen.connection.execute(
        "SELECT off_peak FROM views.journal WHERE kind = 'worklog.logged' ORDER BY position"
    ).fetchall()
    assert found == [(None,), ("holiday",), (None,), (None,)]


def test_a_make_up_day_is_not_off_peak(given: Given) -> None:
    made_up = replace(
        CALENDAR,
        version=2,
        holidays=(Holiday(date(2026, 3, 6), date(2026, 3, 6), "调休"),),
        makeup_days=(MakeupDay(date(2026, 3, 7), "调休"),),
    )
    publication = Happening(
        CalendarPublished(calendar=made_up), local("2026-03-01 09:00"), stream_id("calendar", "gz")
    )
    seen = given(
        LOGGED_AT_NINE,
        happened(CONSULTED, "2026-03-07 10:00"),
        publication,
        happened(CONSULTED, "2026-03-07 10:00"),
        happened(CONSULTED, "2026-03-06 10:00"),
    )
    assert seen.journal("off_peak") == [(None,), ("rest_day",), (None,), ("holiday",)]


def test_a_newer_calendar_measures_what_comes_after_its_publication(given: Given) -> None:
    longer = replace(
        CALENDAR, version=2, holidays=(Holiday(date(2026, 3, 3), date(2026, 3, 3), "延长"),)
    )
    publication = Happening(
        CalendarPublished(calendar=longer), local("2026-03-03 09:00"), stream_id("calendar", "gz")
    )
    closed = happened(ANSWERED, "2026-03-04 10:00")
    seen = given(
        logged(of=ORIGINAL), happened(CONSULTED, of=ORIGINAL),
        happened(ANSWERED, "2026-03-04 10:00", of=ORIGINAL),
        logged(), happened(CONSULTED), publication, closed,
    )  # fmt: skip
    assert seen.standing("close_minutes", of=ORIGINAL) == (420 + 420 + 60,)
    assert seen.standing("close_minutes") == (420 + 60,)


def test_where_the_calendar_ends_minutes_are_unknown_not_guessed(given: Given) -> None:
    seen = given(
        logged(), happened(CONSULTED, "2027-01-04 10:00"), happened(ANSWERED, "2027-01-05 10:00")
    )
    assert seen.standing("responded_day", "response_minutes", "closed_day", "close_minutes") == (
        date(2027, 1, 4), None, date(2027, 1, 5), None,
    )  # fmt: skip
    assert seen.journal("off_peak")[1] == (None,)


def test_without_a_calendar_there_are_no_working_minutes(given: Given) -> None:
    seen = given(logged(calendar=None), happened(CONSULTED, "2026-03-08 03:00"), happened(ANSWERED))
    assert seen.standing("response_minutes", "close_minutes", "minutes_off_peak") == (None, None, 0)


# --- pauses


RESUMED = SupplementReceived(
    resumed_at=local("2026-03-03 10:00"), promises=(replace(CLOSE, due=local("2026-03-17 18:00")),)
)


def test_while_the_person_is_awaited_nothing_is_due(given: Given) -> None:
    waiting = happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00")
    seen = given(LOGGED_AT_NINE, waiting, happened(RESUMED, "2026-03-03 10:00"))
    assert seen.journal("due", "paused_at IS NOT NULL") == [
        (FIRST_RESPONSE.due, False),
        (None, True),
        (local("2026-03-17 18:00"), False),
    ]


def test_the_time_the_person_was_awaited_is_not_counted(given: Given) -> None:
    waiting = happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00")
    seen = given(
        LOGGED_AT_NINE,
        waiting,
        happened(RESUMED, "2026-03-03 10:00"),
        happened(CONSULTED, "2026-03-03 11:00"),
        happened(ANSWERED, "2026-03-03 15:00"),
    )
    assert seen.standing("response_minutes", "close_minutes") == (120, 240)


def test_a_pause_ended_by_closing_stays_uncounted_after_reopening(given: Given) -> None:
    waiting = happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00")
    seen = given(
        logged(),
        waiting,
        happened(replace(ANSWERED, kind="withdrawn"), "2026-03-02 11:00"),
        happened(replace(REOPENED, reopened_at=local("2026-03-02 14:00")), "2026-03-02 14:00"),
        happened(CONSULTED, "2026-03-02 14:30"),
        happened(ANSWERED, "2026-03-02 15:00"),
    )
    assert [row[0] for row in seen.journal("close_minutes")] == [None, None, 60, None, None, 180]


def test_what_is_entered_late_is_measured_by_when_it_happened(given: Given) -> None:
    waiting = happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00")
    resumed = happened(replace(RESUMED, resumed_at=local("2026-03-02 11:00")), "2026-03-02 11:00")
    seen = given(logged(), waiting, resumed, happened(CONSULTED, "2026-03-02 09:30"))
    assert seen.standing("response_minutes") == (30,)


def test_pauses_that_overlap_are_left_out_once(given: Given) -> None:
    def pause(since: str, over: str) -> list[Happening]:
        return [
            happened(replace(WAITING, paused_at=local(since)), since),
            happened(replace(RESUMED, resumed_at=local(over)), over),
        ]

    seen = given(
        logged(),
        *pause("2026-03-02 10:00", "2026-03-02 11:00"),
        *pause("2026-03-02 10:30", "2026-03-02 11:30"),
        happened(CONSULTED, "2026-03-02 12:00"),
    )
    assert seen.standing("response_minutes") == (90,)


def test_a_clock_that_stands_still_does_not_run_out(given: Given) -> None:
    waiting = happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00")
    seen = given(LOGGED_AT_NINE, waiting, happened(CONSULTED, "2026-03-05 17:00"))
    assert seen.standing("response_in_time", "response_minutes") == (True, 60)


# --- changes of mind


def test_a_reclassified_request_is_of_the_new_service_with_its_deadline(given: Given) -> None:
    changed = Reclassified(
        from_service="consultation",
        to_service="mediation",
        reason="需调解",
        promises=(replace(CLOSE, due=local("2026-04-02 18:00")),),
    )
    seen = given(LOGGED_AT_NINE, happened(changed))
    assert seen.journal("service", "reclassified", "due_close") == [
        ("consultation", 0, CLOSE.due),
        ("mediation", 1, local("2026-04-02 18:00")),
    ]


def test_recalculated_deadlines_replace_those_not_yet_met(given: Given) -> None:
    recalculated = DeadlinesRecalculated(
        reason="规则调整", promises=(replace(CLOSE, due=local("2026-03-09 18:00")),)
    )
    seen = given(LOGGED_AT_NINE, happened(CONSULTED), happened(recalculated))
    assert seen.standing("due_close", "due") == (
        local("2026-03-09 18:00"),
        local("2026-03-09 18:00"),
    )


def test_more_time_moves_the_deadline_not_yet_met(given: Given) -> None:
    extended = RequestExtended(
        promise="close",
        amount=2,
        reason="双方同意延期",
        approved_by="parties",
        role="duty_officer",
        extended_at=local("2026-03-03 09:00"),
        promises=(replace(CLOSE, due=local("2026-03-09 18:00")),),
    )
    seen = given(LOGGED_AT_NINE, happened(CONSULTED), happened(extended))
    assert seen.standing("due_close", "due") == (
        local("2026-03-09 18:00"),
        local("2026-03-09 18:00"),
    )


def test_a_reopened_request_runs_against_new_promises_and_keeps_its_first_response(
    given: Given,
) -> None:
    second = (
        replace(FIRST_RESPONSE, round=2, due=local("2026-03-04 15:00")),
        replace(CLOSE, round=2, due=local("2026-03-18 18:00")),
    )
    seen = given(
        LOGGED_AT_NINE,
        happened(CONSULTED, "2026-03-02 09:20"),
        happened(ANSWERED, "2026-03-02 10:00"),
        happened(replace(REOPENED, promises=second), "2026-03-04 09:00"),
        happened(CONSULTED, "2026-03-04 17:00"),
        happened(ANSWERED, "2026-03-04 18:00"),
    )
    assert seen.journal("status", "round", "due", "close_in_time", "close_minutes")[2:] == [
        ("closed", 1, None, True, 60),
        ("open", 2, local("2026-03-04 15:00"), None, None),
        ("open", 2, local("2026-03-18 18:00"), None, None),
        ("closed", 2, None, True, 3 * 420),
    ]
    assert seen.standing("response_minutes", "response_in_time") == (20, True)


def test_links_are_counted_and_taken_back(given: Given) -> None:
    other = replace(LINKED, original=stream_id("request", "other"))
    seen = given(LOGGED_AT_NINE, happened(LINKED), happened(other), happened(UNLINKED))
    assert seen.journal("duplicates") == [(0,), (1,), (2,), (1,)]


def test_a_voided_request_is_due_for_nothing(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(WAITING), happened(VOIDED))
    assert seen.standing("status", "due", "paused_at") == ("voided", None, None)


# --- ratings


def test_the_three_sources_of_a_rating_stay_apart(given: Given) -> None:
    seen = given(
        LOGGED_AT_NINE,
        happened(INVITED),
        happened(RatingDefaulted(request=REQUEST, grade=3)),
        happened(RatingGiven(request=REQUEST, grade=5)),
        happened(RatingCalledBack(request=REQUEST, grade=4, called_by="clerk-2")),
        happened(RatingFollowedUp(request=REQUEST, grade=2)),
    )
    columns = ("invited", "grade_default", "grade_explicit", "grade_callback", "grade_follow_up")
    assert seen.journal(*columns) == [
        (False, None, None, None, None),
        (True, None, None, None, None),
        (True, 3, None, None, None),
        (True, 3, 5, None, None),
        (True, 3, 5, 4, None),
        (True, 3, 5, 4, 2),
    ]


def test_a_decided_dispute_excludes_the_rating_or_not(given: Given) -> None:
    excluded = RatingDisputeDecided(request=REQUEST, excluded=True, reason="恶意差评")
    seen = given(
        LOGGED_AT_NINE,
        happened(RatingGiven(request=REQUEST, grade=1)),
        happened(RatingDisputed(request=REQUEST, ground="不实")),
        happened(excluded),
        happened(replace(excluded, excluded=False)),
    )
    assert seen.journal("grade_explicit", "grade_excluded") == [
        (None, False),
        (1, False),
        (1, False),
        (1, True),
        (1, False),
    ]


def test_a_suspect_rating_is_excluded_until_it_is_looked_at(given: Given) -> None:
    suspect = RatingGiven(request=REQUEST, grade=5, device="device-1", suspicions=("too_soon",))
    looked_at = RatingLookedAt(request=REQUEST, counted=True, reason="电话核实")
    seen = given(
        LOGGED_AT_NINE,
        happened(suspect),
        happened(looked_at),
        happened(RatingWithdrawn(request=REQUEST)),
    )
    assert seen.journal("device", "grade_standing", "grade_excluded") == [
        (None, None, False),
        ("device-1", "suspect", True),
        ("device-1", "counts", False),
        ("device-1", "withdrawn", True),
    ]
    seen = given(LOGGED_AT_NINE, happened(suspect), happened(replace(looked_at, counted=False)))
    assert seen.journal("grade_standing", "grade_excluded")[-1] == ("set_aside", True)


def test_a_default_that_was_excluded_is_no_grade_any_more(given: Given) -> None:
    decided = RatingDisputeDecided(request=REQUEST, excluded=True, reason="查实", of="default")
    silent = RatingDefaulted(request=REQUEST, grade=3)
    seen = given(LOGGED_AT_NINE, happened(silent), happened(decided))
    assert seen.journal("grade_default", "others_excluded", "grade_excluded")[1:] == [
        (3, 0, False),
        (None, 1, False),
    ]


def test_a_service_is_exempt_until_it_is_invited(given: Given) -> None:
    exempted = RatingExempted(request=REQUEST, point="ROOM-1", rule="by-phone", policy="x@1")
    invited = replace(INVITED, officer="clerk-3")
    seen = given(LOGGED_AT_NINE, happened(exempted), happened(invited))
    assert seen.journal("exempt", "invited", "officer")[1:] == [
        ("by-phone", False, None),
        (None, True, "clerk-3"),
    ]


def test_a_note_changes_nothing_but_is_a_row(given: Given) -> None:
    seen = given(LOGGED_AT_NINE, happened(NoteAdded(text="补充说明")))
    columns = [name for name, _ in OF_STANDING]
    first, second = seen.journal(*columns)
    assert first == second


def test_a_standing_is_read_back_as_it_was_written(given: Given) -> None:
    """What a later process goes on from is what one process would have kept in mind."""
    story = [
        LOGGED_AT_NINE,
        happened(replace(WAITING, paused_at=local("2026-03-02 10:00")), "2026-03-02 10:00"),
        happened(RESUMED, "2026-03-03 10:00"),
        happened(BY_ADVISER, "2026-03-03 11:00"),
        happened(ANSWERED, "2026-03-03 12:00"),
        happened(INVITED),
    ]
    columns = [name for name, _ in OF_STANDING if name not in ("request", "number")]
    together = [replace(one, stream=ORIGINAL) if one.stream == REQUEST else one for one in story]
    together[-1] = happened(replace(INVITED, request=ORIGINAL), of=ORIGINAL)
    seen = given(*together, size=len(together))
    for one in story:
        seen.given(one)
    assert seen.journal(*columns) == seen.journal(*columns, of=ORIGINAL)


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ((REFERRED,), ("sent", REFERRED.to)),
        ((REFERRED, ReferralAccepted(by="U")), ("accepted", REFERRED.to)),
        ((REFERRED, ReferralRefused(by="U", reason="不属")), ("refused", REFERRED.to)),
        ((REFERRED, ReferralReturned(by="U", reason="不属")), ("returned", REFERRED.to)),
        ((REFERRED, ReferralCompleted(by="U", outcome="办好")), ("completed", REFERRED.to)),
    ],
)
def test_a_referral_stands_with_where_it_went(
    given: Given, steps: tuple[Event, ...], standing: tuple[str, str]
) -> None:
    seen = given(LOGGED_AT_NINE, *(happened(one) for one in steps))
    assert seen.standing("referral", "referred_to") == standing


def test_a_mediation_stands_with_who_leads_it(given: Given) -> None:
    agreed, ended = MediationAgreed(form="written"), MediationEnded(reason="不愿", routes_told=True)
    seen = given(LOGGED_AT_NINE, happened(MEDIATING), happened(SESSION), happened(agreed))
    assert seen.journal("mediation", "mediator")[1:] == [
        ("open", MEDIATING.mediator), ("open", "M-1"), ("agreed", "M-1"),
    ]  # fmt: skip
    again = given(
        logged(of=ORIGINAL), happened(MEDIATING, of=ORIGINAL), happened(ended, of=ORIGINAL)
    )
    assert again.standing("mediation", of=ORIGINAL) == ("ended",)


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (LegalAidGranted(), "granted"),
        (LegalAidRefused(reason="不符"), "refused"),
        (LegalAidDeemedWithdrawn(), "withdrawn"),
    ],
)
def test_an_application_for_legal_aid_stands_with_its_agency(
    given: Given, step: Event, status: str
) -> None:
    seen = given(LOGGED_AT_NINE, happened(APPLIED), happened(step))
    assert seen.journal("legal_aid", "agency")[1:] == [
        ("applied", APPLIED.agency), (status, APPLIED.agency),
    ]  # fmt: skip


@pytest.mark.parametrize("step", [AppointmentKept(), AppointmentMissed(reason="未到")])
def test_an_appointed_hour_stands_until_it_is_kept_or_missed(given: Given, step: Event) -> None:
    at = local("2026-03-05 15:00")
    made = AppointmentMade(purpose="callback", at=at)
    seen = given(LOGGED_AT_NINE, happened(made), happened(step))
    assert seen.journal("appointed_at", "appointed_for")[1:] == [(at, "callback"), (None, None)]


def test_what_was_recorded_as_missed_is_not_in_time_on_record(given: Given) -> None:
    promised = logged(promises=(FIRST_RESPONSE, CLOSE))
    missed = PromiseMissed(of=REQUEST, of_kind="request", name="close", round=1, due=CLOSE.due)
    watch = Happening(missed, CLOSE.due, sibling_id(REQUEST, "promises"))
    seen = given(promised, watch, happened(CONSULTED, "2026-03-02 10:00"))
    seen.given(happened(ANSWERED, "2026-03-02 11:00"))
    columns = ("close_in_time", "close_in_time_on_record", "promises_missed", "late_steps")
    told = seen.journal(*columns)
    assert told[-1] == (True, False, ["close:1"], 0)
    assert seen.journal("response_in_time", "response_in_time_on_record")[-1] == (True, False)


def test_every_step_that_was_entered_late_is_counted(given: Given) -> None:
    late = happened(CONSULTED, "2026-03-02 10:00", late_reason="下乡")
    seen = given(LOGGED_AT_NINE, late, happened(NoteAdded(text="补"), late_reason="下乡"))
    assert seen.journal("late", "late_steps") == [(False, 0), (False, 1), (False, 2)]


def test_doubts_of_minutes_stand_until_they_are_cleared(given: Given) -> None:
    doubtful = replace(CONSULTED, doubts=("beyond_day",))
    cleared = RequestDoubtsCleared(doubts=("beyond_day",), reason="值班记录可证")
    seen = given(LOGGED_AT_NINE, *map(happened, (doubtful, CONSULTED, cleared)))
    assert seen.journal("doubts") == [(None,), (["beyond_day"],), (["beyond_day"],), (None,)]


def test_every_arm_has_a_case_above() -> None:
    """A new arm fails here until it has one."""
    assert {event.__name__ for event in HANDLERS} == {
        "AdviserAssigned", "AppointmentKept", "AppointmentMade", "AppointmentMissed",
        "ConsultationGiven", "DeadlinesRecalculated", "DuplicateLinked",
        "DuplicateUnlinked", "HandedOver", "LegalAidApplied", "LegalAidDeemedWithdrawn",
        "LegalAidGranted", "LegalAidRefused", "MediationAgreed", "MediationEnded",
        "MediationOpened", "MediationSessionHeld", "ReferralAccepted", "ReferralCompleted",
        "ReferralRefused", "ReferralReturned", "PromiseMissed", "RatingCalledBack",
        "RatingDefaulted",
        "RatingDisputeDecided",
        "RatingExempted", "RatingLookedAt", "RatingWithdrawn",
        "RatingFollowedUp", "RatingGiven", "RatingInvited", "Reclassified", "Referred",
        "RequestClosed", "RequestDoubtsCleared", "RequestExtended", "RequestReopened",
        "RequestVoided",
        "SupplementReceived",
        "SupplementRequested",
        "TransferAccepted",
    }  # fmt: skip
