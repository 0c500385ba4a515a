"""A work-log entry: shares, late entries, evidence, confirmation, verification, correction."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from domain.advising import worklog
from domain.advising.worklog import (
    AttachEvidence,
    ConfirmEvidenceUpload,
    ConfirmWork,
    CorrectWork,
    EvidenceAttached,
    EvidenceMissing,
    EvidenceUploadConfirmed,
    LateWorkNeedsReason,
    LogWork,
    NobodyServed,
    NotYourWork,
    OwnWork,
    ReportEvidenceMissing,
    ReturnWork,
    Served,
    ServedTwice,
    Share,
    SharesDoNotAddUp,
    SignedInAfterwards,
    SignIn,
    VerifyWork,
    WithdrawWork,
    Work,
    WorkConfirmed,
    WorkCorrected,
    WorkEndsBeforeStart,
    WorkExists,
    WorkIsReturned,
    WorkIsWithdrawn,
    WorkLogged,
    WorkReturned,
    WorkTooLong,
    WorkUnknown,
    WorkVerified,
    WorkWithdrawn,
    even_shares,
    serves,
    villages_served,
)
from domain.aggregates import fold
from domain.exhibits import Evidence, EvidenceIsStored, EvidenceTwice, EvidenceUnknown
from domain.jurisdiction import OutsideJurisdiction
from domain.moment import HappensInFuture
from domain.registers.appointment import Appointment, Link, Span
from domain.registers.stint import Stint
from domain.requests.proceedings_commands import AdviserNotRegistered
from domain.vocabulary import Actor, Command, Event
from tests.examples import CLERK, EVENING, LAWYER, MORNING, NOON, REGISTERS, local
from tests.spec import When, given

VILLAGE = "440103001001"
COMMITTEE = Actor(account="committee-1", role="committee", unit=VILLAGE)
OFFICE = Actor(account="office-1", role="duty_officer", unit="440103001")

PHOTO = Evidence(sha256="a" * 64, media_type="image/jpeg", size=90_000)
SHEET = Evidence(sha256="b" * 64, media_type="application/pdf", size=20_000)
SIGN_IN = SignIn(method="qr_code", at=MORNING)
LECTURE = Work(
    village=VILLAGE,
    service="lecture",
    mode="onsite",
    ended_at=local("2026-03-02 10:30"),
    place="村委会二楼",
    clients={"resident": 30, "committee": 2},
    people_reached=32,
    summary="民法典讲座",
    request=UUID(int=7),
)
SHARES = (Share(adviser="A-1", minutes=60), Share(adviser="A-2", minutes=30))
LOG = LogWork(work=LECTURE, shares=SHARES, sign_in=SIGN_IN, evidence=(PHOTO,))
LOGGED = WorkLogged(
    started_at=MORNING,
    minutes=90,
    work=LECTURE,
    served=(
        Served(adviser="A-1", minutes=60, firm="FIRM-1", team="TEAM-1"),
        Served(adviser="A-2", minutes=30, firm="FIRM-1", team="TEAM-1"),
    ),
    recorder="clerk-1",
    sign_in=SIGN_IN,
    evidence=(PHOTO,),
)
ALONE = WorkLogged(
    started_at=MORNING,
    minutes=90,
    work=LECTURE,
    served=(Served(adviser="A-1", minutes=90, firm="FIRM-1", team="TEAM-1"),),
    recorder="chen",
)
CORRECT = CorrectWork(
    started_at=MORNING,
    work=replace(LECTURE, ended_at=local("2026-03-02 10:00")),
    shares=(Share(adviser="A-1", minutes=60),),
    reason="时间有误",
)
CORRECTED = WorkCorrected(
    started_at=MORNING,
    minutes=60,
    work=CORRECT.work,
    served=LOGGED.served[:1],
    reason="时间有误",
)
CONFIRMED, VERIFIED = WorkConfirmed(note="属实"), WorkVerified(note="抽查")
RETURNED = WorkReturned(reason="缺签到")
WITHDRAWN = WorkWithdrawn(reason="重复录入")
ATTACHED = EvidenceAttached(evidence=SHEET)
UPLOADED = EvidenceUploadConfirmed(sha256=PHOTO.sha256)
MISSING = EvidenceMissing(sha256=PHOTO.sha256, reason="手机丢失")
CONFIRM, VERIFY = ConfirmWork(note="属实"), VerifyWork(note="抽查")
RETURN = ReturnWork(reason="缺签到")


def decided(asked: When) -> list[Any]:
    return worklog.decide(asked.state, asked.command, asked.moment)  # type: ignore[arg-type]


# --- the entry


def test_a_visit_is_logged_with_shares_firms_and_teams_of_the_time() -> None:
    state = given(at=MORNING, now=NOON).when(LOG).then(LOGGED)
    assert state.now.minutes == sum(one.minutes for one in state.now.served)
    assert state.is_lecture
    assert state.counts


def test_who_enters_his_own_visit_served_alone() -> None:
    given(at=MORNING, now=NOON).when(LogWork(work=LECTURE), by=LAWYER).then(ALONE)


def test_an_adviser_may_enter_the_shares_of_his_team() -> None:
    alone = replace(LOGGED, recorder="chen", served=(replace(LOGGED.served[1], minutes=90),))
    log = replace(LOG, shares=(Share(adviser="A-2", minutes=90),))
    given(at=MORNING, now=NOON).when(log, by=LAWYER).then(alone)


def test_somebody_must_have_served() -> None:
    given(at=MORNING, now=NOON).when(LogWork(work=LECTURE), by=CLERK).refused(NobodyServed)


@pytest.mark.parametrize("minutes", [29, 31])
def test_shares_add_up_to_the_minutes_of_the_entry(minutes: int) -> None:
    shares = (SHARES[0], Share(adviser="A-2", minutes=minutes))
    given(at=MORNING, now=NOON).when(replace(LOG, shares=shares)).refused(SharesDoNotAddUp)


def test_nobody_has_two_shares() -> None:
    shares = (SHARES[0], Share(adviser="A-1", minutes=30))
    given(at=MORNING, now=NOON).when(replace(LOG, shares=shares)).refused(ServedTwice)


def test_only_advisers_in_office_at_the_time_served() -> None:
    shares = (Share(adviser="A-9", minutes=90),)
    given(at=MORNING, now=NOON).when(replace(LOG, shares=shares)).refused(AdviserNotRegistered)


def test_who_left_and_who_moved_while_it_went_on_count_by_its_beginning() -> None:
    work = replace(LECTURE, ended_at=local("2026-03-02 12:30"))
    shares = (Share(adviser="A-3", minutes=105), Share(adviser="A-2", minutes=105))
    log = replace(LOG, work=work, shares=shares)
    [logged] = decided(given(at=MORNING, now=EVENING).when(log))
    assert [(one.adviser, one.firm) for one in logged.served] == [
        ("A-3", "FIRM-1"),
        ("A-2", "FIRM-1"),
    ]


@pytest.mark.parametrize(
    ("minutes", "advisers", "shares"),
    [(90, 2, [45, 45]), (100, 3, [34, 33, 33]), (101, 3, [34, 34, 33]), (7, 1, [7])],
)
def test_even_shares_add_up_in_whole_minutes(
    minutes: int, advisers: int, shares: list[int]
) -> None:
    codes = ["A-1", "A-2", "A-3"][:advisers]
    divided = even_shares(minutes, codes)
    assert [(one.adviser, one.minutes) for one in divided] == list(zip(codes, shares, strict=True))


def test_an_entry_is_logged_once() -> None:
    given(LOGGED, at=MORNING, now=NOON).when(LOG).refused(WorkExists)


def test_minutes_are_whole_and_rounded_down() -> None:
    work = replace(LECTURE, ended_at=local("2026-03-02 10:30") + timedelta(seconds=59))
    given(at=MORNING, now=NOON).when(replace(LOG, work=work)).then(replace(LOGGED, work=work))


@pytest.mark.parametrize("lasted", [timedelta(0), timedelta(seconds=59), timedelta(hours=-1)])
def test_work_lasts_at_least_a_minute(lasted: timedelta) -> None:
    work = replace(LECTURE, ended_at=MORNING + lasted)
    log = replace(LOG, work=work, sign_in=None)
    given(at=MORNING, now=NOON).when(log).refused(WorkEndsBeforeStart)


def test_one_minute_is_work() -> None:
    work = replace(LECTURE, ended_at=MORNING + timedelta(minutes=1))
    log = LogWork(work=work, shares=(Share(adviser="A-1", minutes=1),))
    [logged] = decided(given(at=MORNING, now=NOON).when(log))
    assert logged.minutes == 1


def test_one_entry_is_at_most_a_day_long() -> None:
    day = replace(LECTURE, ended_at=MORNING + timedelta(hours=24))
    shares = (Share(adviser="A-1", minutes=1440),)
    later = local("2026-03-03 12:00")
    log = LogWork(work=day, shares=shares)
    [logged] = decided(given(at=MORNING, now=later).when(log))
    assert logged.minutes == 1440
    longer = replace(day, ended_at=MORNING + timedelta(hours=24, seconds=1))
    given(at=MORNING, now=later).when(replace(log, work=longer)).refused(WorkTooLong)


def test_work_is_logged_when_it_is_over() -> None:
    given(at=NOON, now=MORNING).when(LOG).refused(HappensInFuture)
    given(at=MORNING, now=local("2026-03-02 10:00")).when(LOG).refused(HappensInFuture)


def test_an_entry_made_more_than_a_day_after_the_end_says_why() -> None:
    a_day_later = local("2026-03-03 10:30")
    too_late = a_day_later + timedelta(seconds=1)
    given(at=MORNING, now=a_day_later).when(LOG).then(LOGGED)
    given(at=MORNING, now=too_late).when(LOG).refused(LateWorkNeedsReason)
    late = replace(LOG, late_reason="村里没有网络")
    given(at=MORNING, now=too_late).when(late).then(replace(LOGGED, late_reason="村里没有网络"))


def test_nobody_signs_in_after_the_work_is_over() -> None:
    at_the_end = SignIn(method="location", at=LECTURE.ended_at)
    log = replace(LOG, sign_in=at_the_end)
    given(at=MORNING, now=NOON).when(log).then(replace(LOGGED, sign_in=at_the_end))
    afterwards = replace(at_the_end, at=LECTURE.ended_at + timedelta(seconds=1))
    given(at=MORNING, now=NOON).when(replace(LOG, sign_in=afterwards)).refused(SignedInAfterwards)


@pytest.mark.parametrize(
    "changed",
    [
        {"clients": {"resident": 0}},
        {"clients": {"tourist": 1}},
        {"summary": ""},
        {"ended_at": "2026-03-02T10:30:00"},
        {"night": True},
    ],
    ids=str,
)
def test_what_no_entry_may_hold_is_not_read(changed: dict[str, object]) -> None:
    body = msgspec.to_builtins(LOG)
    assert msgspec.convert(body, LogWork) == LOG
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**body, "work": {**body["work"], **changed}}, LogWork)


@pytest.mark.parametrize(
    "event",
    [LOGGED, CORRECTED, ATTACHED, UPLOADED, MISSING, CONFIRMED, VERIFIED, RETURNED, WITHDRAWN],
    ids=lambda event: event.topic,
)
def test_an_event_is_the_same_after_being_written_and_read(event: Event) -> None:
    assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event


@pytest.mark.parametrize(
    "command",
    [
        CORRECT, WithdrawWork(reason="重复录入"), AttachEvidence(evidence=SHEET),
        ConfirmEvidenceUpload(sha256=PHOTO.sha256),
        ReportEvidenceMissing(sha256=PHOTO.sha256, reason="手机丢失"), CONFIRM, VERIFY, RETURN,
    ],
    ids=lambda command: type(command).__name__,
)  # fmt: skip
def test_an_unknown_entry_is_neither_changed_nor_checked(command: Command) -> None:
    given().when(command).refused(WorkUnknown)


# --- evidence


def test_evidence_is_waited_for_until_its_upload_is_confirmed() -> None:
    confirm = ConfirmEvidenceUpload(sha256=PHOTO.sha256)
    assert [one.status for one in fold(worklog, [LOGGED]).exhibits] == ["waiting"]
    state = given(LOGGED, ATTACHED).when(confirm).then(UPLOADED)
    assert [one.status for one in state.exhibits] == ["stored", "waiting"]


def test_evidence_is_attached_later_and_once() -> None:
    given(LOGGED).when(AttachEvidence(evidence=SHEET)).then(ATTACHED)
    given(LOGGED, ATTACHED).when(AttachEvidence(evidence=SHEET)).nothing()
    given(LOGGED).when(AttachEvidence(evidence=PHOTO)).nothing()


def test_the_same_content_is_not_named_twice() -> None:
    log = replace(LOG, evidence=(PHOTO, replace(PHOTO, media_type="image/png")))
    given(at=MORNING, now=NOON).when(log).refused(EvidenceTwice)


def test_a_failed_upload_is_reported_and_may_still_succeed() -> None:
    report = ReportEvidenceMissing(sha256=PHOTO.sha256, reason="手机丢失")
    state = given(LOGGED).when(report).then(MISSING)
    assert ([one.status for one in state.exhibits], state.counts) == (["missing"], True)
    given(LOGGED, MISSING).when(report).nothing()
    confirm = ConfirmEvidenceUpload(sha256=PHOTO.sha256)
    given(LOGGED, MISSING).when(confirm).then(UPLOADED)


def test_stored_evidence_is_not_missing() -> None:
    report = ReportEvidenceMissing(sha256=PHOTO.sha256, reason="手机丢失")
    given(LOGGED, UPLOADED).when(report).refused(EvidenceIsStored)


def test_evidence_that_was_not_attached_is_unknown() -> None:
    given(LOGGED).when(ConfirmEvidenceUpload(sha256=SHEET.sha256)).refused(EvidenceUnknown)
    report = ReportEvidenceMissing(sha256=SHEET.sha256, reason="手机丢失")
    given(LOGGED).when(report).refused(EvidenceUnknown)


def test_an_upload_that_arrives_after_the_withdrawal_is_still_told() -> None:
    confirm = ConfirmEvidenceUpload(sha256=PHOTO.sha256)
    given(LOGGED, WITHDRAWN).when(confirm).then(UPLOADED)


# --- confirmation and verification


def test_the_committee_confirms_once() -> None:
    assert given(LOGGED).when(CONFIRM, by=COMMITTEE).then(CONFIRMED).confirmed
    given(LOGGED, CONFIRMED).when(CONFIRM, by=COMMITTEE).nothing()


def test_the_justice_office_verifies_once() -> None:
    assert given(LOGGED).when(VERIFY, by=OFFICE).then(VERIFIED).counts
    given(LOGGED, VERIFIED).when(VERIFY, by=OFFICE).nothing()


def test_what_is_returned_does_not_count_until_it_is_corrected() -> None:
    assert not given(LOGGED).when(RETURN, by=OFFICE).then(RETURNED).counts
    given(LOGGED, RETURNED).when(RETURN, by=OFFICE).nothing()
    given(LOGGED, RETURNED).when(VERIFY, by=OFFICE).refused(WorkIsReturned)
    given(LOGGED, RETURNED).when(CONFIRM, by=COMMITTEE).then(CONFIRMED)
    assert fold(worklog, [LOGGED, RETURNED, CORRECTED]).counts


def test_the_justice_office_may_return_what_it_verified() -> None:
    given(LOGGED, VERIFIED).when(RETURN, by=OFFICE).then(RETURNED)


@pytest.mark.parametrize("command", [CONFIRM, VERIFY, RETURN])
@pytest.mark.parametrize(
    "by", [CLERK, LAWYER, Actor(account="li", role="adviser", unit="ROOM-1", adviser="A-2")]
)
def test_nobody_checks_what_he_did_or_entered_himself(command: Command, by: Actor) -> None:
    given(LOGGED).when(command, by=by).refused(OwnWork)


# --- correction and withdrawal


def test_a_correction_keeps_the_former_wording_and_opens_the_checks_again() -> None:
    state = given(LOGGED, CONFIRMED, VERIFIED).when(CORRECT).then(CORRECTED)
    assert [one.minutes for one in state.wordings] == [90, 60]
    assert (state.now.minutes, state.confirmed, state.standing) == (60, False, "logged")


def test_a_correction_that_changes_nothing_is_none() -> None:
    same = replace(CORRECT, work=LECTURE, shares=SHARES)
    given(LOGGED).when(same).nothing()


def test_a_correction_may_move_the_beginning() -> None:
    started = local("2026-03-02 09:30")
    correct = replace(CORRECT, started_at=started, work=LECTURE)
    corrected = replace(CORRECTED, started_at=started, work=LECTURE)
    given(LOGGED, at=EVENING).when(correct).then(corrected)


def test_a_correction_keeps_the_rules_of_an_entry() -> None:
    wrong = replace(CORRECT, shares=(Share(adviser="A-1", minutes=61),))
    given(LOGGED).when(wrong).refused(SharesDoNotAddUp)


def test_a_withdrawn_entry_no_longer_counts_and_is_left_alone() -> None:
    state = given(LOGGED).when(WithdrawWork(reason="重复录入")).then(WITHDRAWN)
    assert not state.counts
    given(LOGGED, WITHDRAWN).when(WithdrawWork(reason="又撤")).nothing()
    for command in (CORRECT, AttachEvidence(evidence=SHEET), VERIFY):
        given(LOGGED, WITHDRAWN).when(command, by=OFFICE).refused(WorkIsWithdrawn)


def test_a_consultation_is_no_lecture() -> None:
    state = fold(worklog, [replace(LOGGED, work=replace(LECTURE, service="consultation"))])
    assert not state.is_lecture


# --- whose entry it is, and when what it tells was entered


STRANGER = Actor(account="zhao", role="adviser", unit="ROOM-1", adviser="A-9")


@pytest.mark.parametrize(
    "command",
    [
        CORRECT, WithdrawWork(reason="重复录入"), AttachEvidence(evidence=SHEET),
        ReportEvidenceMissing(sha256=PHOTO.sha256, reason="不上传了"),
    ],
)  # fmt: skip
def test_audit_4_4_an_adviser_does_not_touch_the_hours_of_strangers(
    command: worklog.WorklogCommand,
) -> None:
    given(LOGGED).when(command, by=STRANGER).refused(NotYourWork)
    elsewhere = replace(STRANGER, unit="FIRM-9")
    given(LOGGED).when(command, by=elsewhere).refused(OutsideJurisdiction)
    # Nor does one whose token names nobody, unless he recorded it.
    nameless = replace(STRANGER, adviser=None)
    given(LOGGED).when(command, by=nameless).refused(NotYourWork)
    own = given(replace(LOGGED, recorder="zhao")).when(command, by=nameless)
    assert worklog.decide(own.state, command, own.moment)


def test_audit_4_4_an_entry_is_not_corrected_into_the_hours_of_a_stranger() -> None:
    alone = replace(LOGGED, recorder="chen", served=(Served(adviser="A-4", minutes=90, firm="F"),))
    others = Actor(account="chen", role="adviser", unit="ROOM-1", adviser="A-4")
    given(alone).when(CORRECT, by=others).refused(NotYourWork)
    given(at=MORNING, now=NOON).when(LOG, by=others).refused(NotYourWork)
    # The office does, and so does a colleague of the team.
    given(alone).when(CORRECT, by=OFFICE).then(replace(CORRECTED, corrected_by="office-1"))
    given(LOGGED).when(CORRECT, by=LAWYER).then(CORRECTED)


def test_audit_4_4_who_corrected_an_entry_does_not_check_it() -> None:
    by_leader = replace(CORRECTED, corrected_by="office-1")
    for check in (VerifyWork(), ReturnWork(reason="核实"), ConfirmWork()):
        given(LOGGED, by_leader).when(check, by=OFFICE).refused(OwnWork)
    given(LOGGED, by_leader, CORRECTED).when(VerifyWork(), by=OFFICE).then(WorkVerified())


@pytest.mark.parametrize(
    ("command", "late"),
    [
        # Earlier, longer, another's minutes: not told before.
        (
            CorrectWork(
                started_at=local("2026-03-02 08:00"),
                work=LECTURE,
                shares=(Share(adviser="A-1", minutes=60), Share(adviser="A-2", minutes=90)),
                reason="时间有误",
            ),
            True,
        ),
        (
            CorrectWork(
                started_at=MORNING,
                work=replace(LECTURE, ended_at=NOON),
                shares=(Share(adviser="A-1", minutes=180),),
                reason="时间有误",
            ),
            True,
        ),
        (replace(CORRECT, shares=(Share(adviser="A-2", minutes=60),)), True),
        # Less than was told: nothing is entered late.
        (CORRECT, False),
    ],
)
def test_audit_4_1_what_a_correction_tells_anew_is_marked_late(
    command: CorrectWork,
    late: bool,  # noqa: FBT001
) -> None:
    asked = given(LOGGED, at=local("2026-03-05 09:00")).when(command)
    [corrected] = worklog.decide(asked.state, command, asked.moment)
    assert isinstance(corrected, WorkCorrected)
    assert corrected.late_reason == (command.reason if late else None)
    # Soon after the work nothing is late, whatever is corrected.
    soon = given(LOGGED, at=local("2026-03-02 12:30")).when(command)
    [corrected] = worklog.decide(soon.state, command, soon.moment)
    assert isinstance(corrected, WorkCorrected)
    assert corrected.late_reason is None


def test_the_villages_that_he_serves_are_those_where_his_work_is_taken() -> None:
    """Those of his own appointments first, then those that his firm or team is linked to."""
    always = Span(date(2020, 1, 1))
    own = Stint("440103002001", 1, "A-1", "FIRM-1", None, date(2020, 1, 1), date(2030, 1, 1))
    held = (
        Appointment(division="440103002001", stints=(own,)),
        Appointment(division="440103001", links=(Link("firm", "FIRM-1", always),)),
        Appointment(division="440103003001", links=(Link("team", "TEAM-1", always),)),
        Appointment(division="440103003002", links=(Link("team", "TEAM-9", always),)),
        Appointment(
            division="440103004", links=(Link("firm", "FIRM-1", Span(always.since, always.since)),)
        ),
        Appointment(division="440103004001"),
        Appointment(division=VILLAGE),
    )
    registers = replace(REGISTERS, appointments={one.division: one for one in held})
    found = villages_served("A-1", MORNING, registers)
    assert found == ("440103002001", VILLAGE, "440103003001")
    villages = [code for code in registers.appointments if len(code) == len(VILLAGE)]
    taken = [one for one in villages if serves("A-1", one, MORNING, registers)]
    assert sorted(taken) == sorted(found)
