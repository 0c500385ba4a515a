"""After the answer: review, re-review, final; each decided by another unit."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from domain.complaints.complaint_commands import (
    ClockStandsStill,
    StepNotPossible,
    UnitIsComplainedOf,
)
from domain.complaints.record import (
    ComplaintPaused,
    ComplaintResumed,
    PauseComplaint,
    ResumeComplaint,
)
from domain.complaints.review import (
    AskReview,
    ComplaintFinalized,
    DecideReview,
    FinalizeComplaint,
    NotTheReviewer,
    ReReviewIsLast,
    ReviewAsked,
    ReviewerNotIndependent,
    ReviewsExhausted,
    ReviewStillPossible,
    ReviewTooLate,
)
from domain.vocabulary import Event
from tests.complaints import (
    ANSWERED,
    CLOSED,
    HANDLER,
    RE_REVIEWER,
    REGISTERED_AGAINST_POINT,
    REVIEW,
    REVIEWED,
    REVIEWER,
    REVIEWING,
    SATISFIED,
    UNDER_REVIEW,
    WITH_ANSWER,
    WITH_CLOSE,
    WITH_REVIEW,
    given,
    promise,
)
from tests.examples import NOON, local

ASK = AskReview(to="4401", ground="未道歉")
UPHOLD = DecideReview(decision="upheld", opinion="原处理意见适当", basis="信访工作条例第三十五条")
SECOND_REVIEW = replace(REVIEW, round=2)
RE_REVIEWING = replace(REVIEWING, level=2, to="44", promises=(SECOND_REVIEW,))
RE_REVIEWED = replace(REVIEWED, level=2, unit="44", decided_by="reviewer-2", review_until=None)
WITH_BOTH = (*WITH_REVIEW, RE_REVIEWING, RE_REVIEWED)
LAST_DAY = local("2026-04-01 18:00")
TOO_LATE = local("2026-04-01 18:01")

# --- asking


@pytest.mark.parametrize("history", [WITH_CLOSE, WITH_ANSWER])
def test_a_review_is_promised_when_it_is_asked_for(history: tuple[Event, ...]) -> None:
    after = given(*history).when(ASK).then(REVIEWING)
    assert after.promises == (REVIEW,)
    assert after.answers == (ANSWERED,)


def review_asked(at: datetime) -> ReviewAsked:
    """In April, by the second version of the rules: thirty days end on 1 May."""
    promised = replace(promise("review", "2026-05-01 18:00", at), policy="service-limits@2")
    return replace(REVIEWING, at=at, promises=(promised,))


def test_a_review_is_asked_for_until_the_day_the_person_was_told() -> None:
    given(*WITH_CLOSE, at=LAST_DAY).when(ASK).then(review_asked(LAST_DAY))
    given(*WITH_CLOSE, at=TOO_LATE).when(ASK).refused(ReviewTooLate)


def test_without_a_limit_a_review_may_be_asked_for_at_any_time() -> None:
    unlimited = replace(ANSWERED, review_until=None)
    history = given(*WITH_ANSWER[:-1], unlimited, SATISFIED, CLOSED, at=TOO_LATE)
    history.when(ASK).then(review_asked(TOO_LATE))


def test_what_is_not_answered_is_not_reviewed() -> None:
    given(*WITH_ANSWER[:-1]).when(ASK).refused(StepNotPossible)


def test_who_handled_it_does_not_review_it() -> None:
    given(*WITH_CLOSE).when(replace(ASK, to="STATION-1")).refused(ReviewerNotIndependent)


def test_who_reviewed_it_does_not_re_review_it() -> None:
    given(*WITH_REVIEW).when(ASK).refused(ReviewerNotIndependent)


def test_the_point_complained_of_does_not_review_it() -> None:
    history = given(REGISTERED_AGAINST_POINT, *WITH_CLOSE[1:])
    history.when(replace(ASK, to="ROOM-1"), by=HANDLER).refused(UnitIsComplainedOf)


def test_after_a_review_a_re_review_is_asked_for_and_has_a_promise_of_its_own() -> None:
    after = given(*WITH_REVIEW).when(replace(ASK, to="44")).then(RE_REVIEWING)
    assert after.promises == (SECOND_REVIEW,)
    assert REVIEW in [one.promise for one in after.results]


def test_after_a_re_review_nothing_is_asked_for() -> None:
    given(*WITH_BOTH).when(replace(ASK, to="440106")).refused(ReviewsExhausted)


# --- deciding


def test_a_review_is_decided_and_keeps_its_promise() -> None:
    after = given(*UNDER_REVIEW).when(UPHOLD, by=REVIEWER).then(REVIEWED)
    assert (after.results[-1].promise, after.results[-1].in_time) == (REVIEW, True)
    assert (after.stage, after.reviews.decided) == ("review_decided", (REVIEWED,))


def test_only_the_unit_asked_decides() -> None:
    given(*UNDER_REVIEW).when(UPHOLD, by=HANDLER).refused(NotTheReviewer)


def test_what_is_sent_back_is_answered_anew_in_a_round_of_its_own() -> None:
    promises = (
        promise("acknowledge", "2026-03-03 18:00", round=2),
        promise("answer", "2026-03-23 18:00", round=2),
    )
    back = replace(REVIEWED, decision="sent_back", review_until=None, promises=promises)
    after = given(*UNDER_REVIEW).when(replace(UPHOLD, decision="sent_back"), by=REVIEWER).then(back)
    assert (after.stage, after.round, after.promises) == ("investigating", 2, promises)
    assert after.answers == (ANSWERED,)


def test_a_re_review_is_the_last_word() -> None:
    history = given(*WITH_REVIEW, RE_REVIEWING)
    back = replace(UPHOLD, decision="sent_back")
    history.when(back, by=RE_REVIEWER).refused(ReReviewIsLast)
    after = history.when(UPHOLD, by=RE_REVIEWER).then(RE_REVIEWED)
    assert [one.promise.round for one in after.results if one.promise.name == "review"] == [1, 2]


# --- a hearing stops the clock

HEARING = ComplaintPaused(cause="hearing", at=NOON)


def test_the_time_of_a_hearing_is_not_counted() -> None:
    after = given(*UNDER_REVIEW).when(PauseComplaint(cause="hearing"), by=REVIEWER).then(HEARING)
    assert after.pause == HEARING
    resumed_at = local("2026-03-04 12:00")
    later = promise("review", "2026-04-03 18:00")
    history = given(*UNDER_REVIEW, HEARING, at=resumed_at)
    history.when(ResumeComplaint(), by=REVIEWER).then(
        ComplaintResumed(at=resumed_at, promises=(later,))
    )
    history.when(ResumeComplaint(), by=HANDLER).refused(NotTheReviewer)
    history.when(UPHOLD, by=REVIEWER).refused(ClockStandsStill)


# --- final

FINALIZE = FinalizeComplaint(reason="复核完毕")
FINAL = ComplaintFinalized(reason="复核完毕", at=NOON)


def test_after_the_re_review_it_is_final() -> None:
    assert given(*WITH_BOTH).when(FINALIZE).then(FINAL).stage == "final"


@pytest.mark.parametrize("history", [WITH_CLOSE, WITH_REVIEW])
def test_it_is_final_when_nobody_asked_in_time(history: tuple[Event, ...]) -> None:
    given(*history, at=LAST_DAY).when(FINALIZE).refused(ReviewStillPossible)
    given(*history, at=TOO_LATE).when(FINALIZE).then(replace(FINAL, at=TOO_LATE))


def test_where_no_end_is_set_it_is_not_final_before_the_re_review() -> None:
    unlimited = replace(ANSWERED, review_until=None)
    history = given(*WITH_ANSWER[:-1], unlimited, SATISFIED, CLOSED, at=TOO_LATE)
    history.when(FINALIZE).refused(ReviewStillPossible)


def test_what_is_final_stays_so() -> None:
    given(*WITH_BOTH, FINAL).when(replace(ASK, to="440106")).refused(StepNotPossible)
