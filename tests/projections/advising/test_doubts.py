"""The list of doubtful work: what the rules took, and hours told twice that nobody refused."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.advising.worklog import DoubtsCleared, WorkLogged, WorkReturned
from domain.oversight.sample import Frame
from domain.registers.policy import DUTY_POLICY, DutyRules, PolicyPublished, PolicyVersion
from domain.requests.request import ConsultationGiven, RequestDoubtsCleared
from domain.vocabulary import stream_id
from projections.advising import doubts, duty
from projections.advising.doubts import DoubtfulWork
from projections.evaluation import sampling_frame
from projections.requests import workload
from tests.examples import MORNING
from tests.projections.reporting.test_reports import VILLAGE, worked
from tests.projections.viewing import Given, Happening, Viewing, happened, logged

NINE, TEN = UUID(int=9), UUID(int=10)


def found(seen: Viewing, **asked: Any) -> list[DoubtfulWork]:
    known = {"division": "440103", "period": "2026-03", "position": seen.head, **asked}
    return doubts.found(seen.connection, **known)


def taken(entry: Happening, *named: Any) -> Happening:
    assert isinstance(entry.event, WorkLogged)
    return replace(entry, event=replace(entry.event, doubts=named))


def test_a_doubt_stands_until_it_is_cleared_or_the_entry_is_returned(given: Given) -> None:
    seen = given(
        taken(worked(9, "2026-03-10 10:00", ("A-1", 60)), "not_serving"),
        taken(worked(10, "2026-03-11 10:00", ("A-1", 60)), "beyond_day", "not_serving"),
        worked(11, "2026-03-12 10:00", ("A-1", 60)),
    )
    assert {one.stream: one.doubts for one in found(seen)} == {
        NINE: ("not_serving",),
        TEN: ("beyond_day", "not_serving"),
    }
    rows = duty.position(seen.connection, division=VILLAGE, period="2026-03", position=seen.head)
    assert {row.adviser: (row.onsite, row.doubtful, row.doubtful_work) for row in rows} == {
        None: (180, 120, (NINE, TEN)),
        "A-1": (180, 120, (NINE, TEN)),
    }
    cleared = DoubtsCleared(doubts=("not_serving",), reason="代班")
    seen.given(happened(cleared, of=NINE), happened(WorkReturned(reason="超时"), of=TEN))
    assert found(seen) == []
    assert [one.stream for one in found(seen, position=seen.head - 2)] == [NINE, TEN]


def test_hours_told_twice_are_doubtful_though_nobody_refused_them(given: Given) -> None:
    seen = given(
        worked(9, "2026-03-10 10:00", ("A-1", 60)),
        worked(10, "2026-03-10 10:30", ("A-1", 30), ("A-2", 30)),
        worked(11, "2026-03-10 11:30", ("A-2", 60)),
        worked(12, "2026-03-10 11:30", ("A-3", 60)),
    )
    assert [(one.stream, one.doubts, one.overlapping) for one in found(seen)] == [
        (NINE, ("overlap",), (TEN,)),
        (TEN, ("overlap",), (NINE,)),
    ]
    cleared = DoubtsCleared(doubts=("overlap",), reason="同一次服务")
    seen.given(happened(cleared, of=NINE))
    assert NINE not in [one.stream for one in found(seen)]
    assert found(seen, period="2026-04") == []
    assert found(seen, division="440104") == []
    assert {one.day for one in found(seen)} == {date(2026, 3, 10)}


def test_minutes_of_requests_beyond_a_day_are_doubtful_wherever_doubts_show(given: Given) -> None:
    consulted = ConsultationGiven(
        mode="onsite", minutes=480, given_by="chen", adviser="A-1", doubts=("beyond_day",)
    )
    rules = PolicyVersion(
        code=DUTY_POLICY,
        version=1,
        effective_from=date(2020, 1, 1),
        basis="示例",
        duty=DutyRules(requests_count=True),
    )
    published = Happening(PolicyPublished(policy=rules), MORNING, stream_id("policy", DUTY_POLICY))
    seen = given(published, logged(of=NINE), happened(consulted, of=NINE))
    (row,) = found(seen, division="44")
    assert (row.stream, row.of_request, row.doubts) == (NINE, True, ("beyond_day",))
    assert (row.advisers, row.minutes) == (("A-1",), 480)
    owed = duty.position(
        seen.connection, division=row.village, period="2026-03", position=seen.head
    )
    assert [one.doubtful_work for one in owed] == [(NINE,)] * 2
    (told,) = seen.shown_by(workload.report, by="month")
    assert (told.minutes, told.minutes_doubtful) == (480, 480)
    frame = Frame(of="request", division="44", cut_off=seen.head)
    assert sampling_frame.doubted(seen.connection, frame, [str(NINE)]) == (str(NINE),)
    cleared = RequestDoubtsCleared(doubts=("beyond_day",), reason="值班记录可证")
    seen.given(happened(cleared, of=NINE))
    assert found(seen, division="44") == []
    after = Frame(of="request", division="44", cut_off=seen.head)
    assert sampling_frame.doubted(seen.connection, after, [str(NINE)]) == ()
