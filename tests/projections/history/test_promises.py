"""What was promised, and what became of it: requests and complaints from their events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from domain.complaints import complaint
from domain.complaints.record import ComplaintExtended, ComplaintResumed
from domain.promises.promise import PromiseName
from domain.registers.policy import LIMITS_POLICY, Policy
from domain.requests import request
from domain.requests.proceedings import LegalAidLawyerAssigned
from domain.requests.request import RequestVoided, SupplementReceived
from domain.vocabulary import Event
from ledger.log.codec import Recorded
from projections.history.promises import PromiseTold, promises_of
from tests.complaints import (
    ANSWER,
    ANSWERED,
    PAUSED,
    RULED,
    UNDER_INVESTIGATION,
    UNDER_REVIEW,
    WITH_CLOSE,
    WITHDRAWN,
)
from tests.domain.requests.test_proceedings import (
    AID_LIMITS,
    ASSIGN,
    EXTENDED,
    OBJECTED,
    PROMISED,
    REFUSED,
    REVIEWED,
)
from tests.examples import ANSWERED as REQUEST_ANSWERED
from tests.examples import (
    APPLIED,
    CLERK,
    CLOSE,
    CONSULTED,
    FIRST_RESPONSE,
    LOGGED,
    MORNING,
    NOON,
    REGISTERS,
    REOPENED,
    WAITING,
    local,
)

STREAM = UUID(int=1)


def recorded(*events: Event, at: datetime = NOON) -> list[Recorded]:
    """The events of one stream, each an hour after the one before."""
    return [
        Recorded(
            originator_id=STREAM,
            originator_version=number,
            event=event,
            event_id=UUID(int=number),
            command_id=UUID(int=number),
            occurred_at=at + timedelta(hours=number - 1),
            by=CLERK,
        )
        for number, event in enumerate(events, start=1)
    ]


def of_request(*events: Event) -> list[PromiseTold]:
    return promises_of(request.KIND, recorded(*events, at=MORNING), REGISTERS)


def of_complaint(*events: Event) -> list[PromiseTold]:
    return promises_of(complaint.KIND, recorded(*events), RULED)


def outcomes(told: Sequence[PromiseTold]) -> list[tuple[PromiseName, int, str | None]]:
    """Name, round and how it ended; None: it runs."""
    return [
        (one.name, one.round, "met" if one.met_at else "stopped" if one.stopped_at else None)
        for one in told
    ]


def explained(told: PromiseTold) -> datetime:
    """The due moment that the explanation ends with."""
    return local(told.explanation[-1].text.removeprefix("届满："))


def test_what_promises_nothing_has_no_promises() -> None:
    assert of_request() == of_complaint() == promises_of("point", [], REGISTERS) == []


def test_a_request_keeps_its_promises_by_serving_and_by_closing() -> None:
    assert outcomes(of_request(LOGGED)) == [("first_response", 1, None), ("close", 1, None)]
    first, close = of_request(LOGGED, CONSULTED, REQUEST_ANSWERED)
    assert (first.name, first.due, first.met_at) == (
        "first_response", FIRST_RESPONSE.due, local("2026-03-02 10:00"),
    )  # fmt: skip
    assert (close.name, close.due, close.met_at) == (
        "close", CLOSE.due, local("2026-03-02 11:00"),
    )  # fmt: skip
    assert (close.policy, close.calendar) == ("service-limits@1", "gz-office@1")
    skipped = [f"{step.first}" for step in close.explanation if step.kind == "skipped"]
    assert skipped == ["2026-03-07", "2026-03-08", "2026-03-14", "2026-03-15"]


def test_a_request_that_falls_away_stops_its_promises() -> None:
    withdrawn = replace(REQUEST_ANSWERED, kind="withdrawn")
    stopped = [("first_response", 1, "stopped"), ("close", 1, "stopped")]
    assert outcomes(of_request(LOGGED, withdrawn)) == stopped
    assert outcomes(of_request(LOGGED, RequestVoided(reason="误录"))) == stopped
    voided = RequestVoided(reason="误录")
    assert outcomes(of_request(LOGGED, CONSULTED, REQUEST_ANSWERED, voided)) == [
        ("first_response", 1, "met"),
        ("close", 1, "met"),
    ]


def test_a_reopened_request_keeps_what_the_first_round_came_to() -> None:
    again = replace(REOPENED, promises=(replace(CLOSE, round=2),))
    assert outcomes(of_request(LOGGED, CONSULTED, REQUEST_ANSWERED, again)) == [
        ("first_response", 1, "met"),
        ("close", 1, "met"),
        ("close", 2, None),
    ]


def test_a_pause_of_a_request_stands_in_the_explanation() -> None:
    *_, waiting = of_request(LOGGED, WAITING)
    assert waiting.paused_since == NOON
    resumed = SupplementReceived(
        resumed_at=local("2026-03-04 10:00"),
        promises=(replace(CLOSE, due=local("2026-03-18 18:00")),),
    )
    (*_, close) = of_request(LOGGED, CONSULTED, WAITING, resumed)
    assert (close.name, close.paused_since) == ("close", None)
    (paused,) = (step for step in close.explanation if step.kind == "paused")
    assert (f"{paused.first}", f"{paused.last}") == ("2026-03-03", "2026-03-04")
    assert explained(close) == close.due


def test_a_complaint_tells_every_promise_of_every_step() -> None:
    told = of_complaint(*WITH_CLOSE)
    assert outcomes(told) == [
        ("acknowledge", 1, "met"), ("assign", 1, "met"), ("return", 1, "met"), ("answer", 1, "met"),
    ]  # fmt: skip
    assert {one.name: one.met_at for one in told}["answer"] == ANSWERED.at
    *_, review = of_complaint(*UNDER_REVIEW)
    assert (review.name, review.met_at, review.stopped_at) == ("review", None, None)


def test_a_complaint_that_is_withdrawn_stops_what_ran() -> None:
    told = of_complaint(*UNDER_INVESTIGATION, WITHDRAWN)
    assert outcomes(told)[-1] == ("answer", 1, "stopped")
    assert told[-1].stopped_at == WITHDRAWN.at


def test_pause_and_extension_of_a_complaint_stand_in_the_explanation() -> None:
    (*_, paused) = of_complaint(*UNDER_INVESTIGATION, PAUSED)
    assert (paused.name, paused.paused_since) == ("answer", PAUSED.at)
    resumed = ComplaintResumed(
        at=local("2026-03-04 09:00"),
        promises=(replace(ANSWER, due=local("2026-03-25 18:00")),),
    )
    extended = ComplaintExtended(
        promise="answer",
        amount=5,
        reason="案情复杂",
        approved_by="officer-1",
        role="supervisor",
        notified="phone",
        at=local("2026-03-04 10:00"),
        promises=(replace(ANSWER, due=local("2026-04-01 18:00")),),
    )
    (*_, answer) = of_complaint(*UNDER_INVESTIGATION, PAUSED, resumed, extended)
    assert answer.paused_since is None
    assert explained(answer) == answer.due
    texts = [step.text for step in answer.explanation]
    assert "延期：5个工作日" in texts
    assert "暂停：补正材料" in texts


def test_the_days_to_assign_somebody_are_told_after_the_request_was_closed() -> None:
    aid = replace(REGISTERS, policies={LIMITS_POLICY: Policy((AID_LIMITS,))})

    def told(*events: Event) -> list[PromiseTold]:
        return promises_of(request.KIND, recorded(*events, at=MORNING), aid)

    closed = (LOGGED, APPLIED, PROMISED, REQUEST_ANSWERED)
    *_, assign = told(*closed)
    assert (assign.name, assign.met_at, assign.stopped_at) == ("assign", None, None)
    assert explained(assign) == assign.due == ASSIGN.due
    *_, kept = told(*closed, LegalAidLawyerAssigned(lawyer="L-1"))
    assert (kept.name, kept.met_at, kept.in_time) == ("assign", local("2026-03-02 13:00"), True)
    *_, stopped = told(*closed, RequestVoided(reason="误录"))
    assert (stopped.name, stopped.stopped_at) == ("assign", local("2026-03-02 13:00"))


def test_the_review_of_a_refusal_is_told_as_kept_when_it_was_decided() -> None:
    aid = replace(REGISTERS, policies={LIMITS_POLICY: Policy((AID_LIMITS,))})
    events = recorded(LOGGED, APPLIED, REFUSED, OBJECTED, REVIEWED, at=MORNING)
    review = next(one for one in promises_of(request.KIND, events, aid) if one.name == "review")
    assert (review.in_time, explained(review)) == (True, review.due)


def test_more_time_stands_in_the_explanation_of_a_request() -> None:
    longer = replace(EXTENDED, amount=5, promises=(replace(CLOSE, due=local("2026-03-23 18:00")),))
    (*_, close) = of_request(LOGGED, CONSULTED, longer)
    assert [step.text for step in close.explanation if step.kind == "extended"] == [
        "延期：5个工作日"
    ]
    assert explained(close) == close.due == local("2026-03-23 18:00")
    (*_, kept) = of_request(LOGGED, CONSULTED, longer, REQUEST_ANSWERED)
    assert (kept.met_at is not None, explained(kept)) == (True, kept.due)
