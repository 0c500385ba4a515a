"""A matter counts once over its group as it stands; a service that both a request and the work log
tell counts once, with its minutes."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.advising.worklog import WorkReturned, WorkWithdrawn
from domain.requests.request import DuplicateLinked, DuplicateUnlinked, RequestVoided
from projections.requests import response_times, workload
from tests.examples import ANSWERED, CONSULTED
from tests.projections.reporting.test_reports import worked
from tests.projections.viewing import Given, Happening, Viewing, happened, logged

A, B, C, D = (UUID(int=number) for number in (1, 2, 3, 4))
VOIDED: Final = RequestVoided(reason="误录")
CHEN: Final = replace(CONSULTED, adviser="A-1", firm="FIRM-1")
"""20 minutes on site."""


def linked(one: UUID, to: UUID) -> Happening:
    return happened(DuplicateLinked(original=to, reason="同一件事"), "2026-03-03 09:00", of=one)


def unlinked(one: UUID, to: UUID) -> Happening:
    return happened(DuplicateUnlinked(original=to, reason="不是"), "2026-03-03 09:00", of=one)


def voided(one: UUID) -> Happening:
    return happened(VOIDED, "2026-03-04 09:00", of=one)


def counted(seen: Viewing, **asked: Any) -> tuple[int, int]:
    """Services and duplicates; response times say the same."""
    (row,) = seen.shown_by(workload.report, **asked)
    (times,) = seen.shown_by(response_times.report, **asked)
    assert (times.logged, times.duplicates) == (row.services, row.duplicates)
    assert times.open + times.closed == times.logged
    assert times.overdue <= times.open
    return row.services, row.duplicates


def test_f6_a_duplicate_of_a_void_request_counts_itself(given: Given) -> None:
    seen = given(logged(of=A), logged(of=B), linked(A, B))
    assert counted(seen) == (1, 1)
    seen.given(voided(B))
    assert counted(seen) == (1, 0)
    assert counted(seen, position=seen.head - 1) == (1, 1)


def test_f6_a_void_duplicate_takes_nothing_with_it(given: Given) -> None:
    assert counted(given(logged(of=A), logged(of=B), linked(A, B), voided(A))) == (1, 0)


def test_f6_a_chain_is_one_group_whatever_of_it_is_void(given: Given) -> None:
    seen = given(logged(of=A), logged(of=B), logged(of=C), linked(A, B), linked(B, C))
    assert counted(seen) == (1, 2)
    seen.given(voided(C))
    assert counted(seen) == (1, 1)
    seen.given(voided(B))
    assert counted(seen) == (1, 0)
    seen.given(unlinked(A, B))
    assert counted(seen) == (1, 0)


def test_f6_a_circle_counts_once(given: Given) -> None:
    seen = given(logged(of=A), logged(of=B), linked(A, B), linked(B, A))
    assert counted(seen) == (1, 1)


def test_the_one_that_the_others_are_linked_to_counts(given: Given) -> None:
    seen = given(
        logged(of=A, service="mediation"),
        logged(of=B),
        logged(of=C, service="mediation"),
        linked(A, B),
        linked(C, B),
    )
    rows = seen.shown_by(workload.report, by="service")
    assert [(row.key, row.services, row.duplicates) for row in rows] == [
        ("consultation", 1, 0),
        ("mediation", 0, 2),
    ]


def test_f6_duplicates_are_neither_open_nor_overdue_in_response_times(given: Given) -> None:
    seen = given(logged(of=A), logged(of=B), linked(A, B), happened(ANSWERED, of=B))
    (times,) = seen.shown_by(response_times.report)
    assert (times.logged, times.closed, times.open, times.duplicates) == (1, 1, 0, 1)


# --- requests and the work log

MARCH: Final = {"from_": date(2026, 3, 1), "to": date(2026, 4, 1)}


def figures(seen: Viewing, **asked: Any) -> dict[Any, tuple[int, int, int]]:
    rows = seen.shown_by(workload.report, **asked)
    return {row.key: (row.services, row.visits, row.minutes) for row in rows}


def test_audit_4_2_the_workload_has_the_work_log_in_it(given: Given) -> None:
    seen = given(
        logged(adviser="A-1", firm="FIRM-1", of=A),
        happened(CHEN, of=A),
        worked(8, "2026-03-10 10:00", ("A-1", 40), ("A-2", 20)),
        worked(9, "2026-03-10 19:00", ("A-1", 60), service="lecture", late="下乡"),
    )
    assert figures(seen, by="adviser") == {"A-1": (3, 2, 120), "A-2": (1, 1, 20)}
    assert figures(seen, by="month") == {"2026-03": (3, 2, 140)}
    assert figures(seen, by="service") == {"consultation": (2, 1, 80), "lecture": (1, 1, 60)}
    assert figures(seen, by="division") == {"440103001001": (3, 2, 140)}
    assert figures(seen, by="channel") == {"counter": (1, 0, 20), "visit": (2, 2, 120)}
    (row,) = seen.shown_by(workload.report, by="month")
    assert (row.minutes_onsite, row.minutes_off_peak, row.late_entries) == (140, 60, 1)


def test_audit_4_2_what_a_request_and_the_work_log_tell_is_one_service(given: Given) -> None:
    entry = worked(8, "2026-03-02 10:00", ("A-1", 45), request=A)
    seen = given(logged(adviser="A-1", firm="FIRM-1", of=A), happened(CHEN, of=A), entry)
    assert figures(seen, by="adviser") == {"A-1": (1, 0, 45)}
    assert figures(seen, position=seen.head - 1) == {"ROOM-1": (1, 0, 20)}


def test_minutes_of_others_for_the_request_stay(given: Given) -> None:
    li = replace(CHEN, adviser="A-2", minutes=5)
    entry = worked(8, "2026-03-02 10:00", ("A-1", 45), request=A)
    seen = given(logged(of=A), happened(CHEN, of=A), happened(li, of=A), entry)
    assert figures(seen, by="adviser") == {"A-1": (0, 0, 45), "A-2": (1, 0, 5)}


@pytest.mark.parametrize("unmade", [WorkWithdrawn(reason="误"), WorkReturned(reason="不完整")])
def test_what_the_work_log_takes_back_the_request_tells_again(given: Given, unmade: Any) -> None:
    entry = worked(8, "2026-03-02 10:00", ("A-1", 45), request=A)
    gone = happened(unmade, "2026-03-05 09:00", of=UUID(int=8))
    seen = given(logged(adviser="A-1", of=A), happened(CHEN, of=A), entry, gone)
    assert figures(seen, by="adviser") == {"A-1": (1, 0, 20)}


@pytest.mark.parametrize("request_there", [True, False])
def test_an_entry_whose_request_is_void_or_not_there_is_a_service_itself(
    given: Given,
    request_there: bool,  # noqa: FBT001
) -> None:
    entry = worked(8, "2026-03-02 10:00", ("A-1", 45), request=A)
    before = [logged(of=A), happened(CHEN, of=A), voided(A)] if request_there else []
    assert figures(given(*before, entry), by="adviser") == {"A-1": (1, 1, 45)}


def test_two_groupings_cross_and_filters_narrow(given: Given) -> None:
    seen = given(
        logged(adviser="A-1", of=A, window="W-1", first_contact="clerk-9"),
        happened(CHEN, of=A),
        logged("2026-04-02 09:00", adviser="A-1", of=B, window="W-2"),
        worked(8, "2026-04-10 10:00", ("A-1", 60)),
    )
    crossed = seen.shown_by(workload.report, by="adviser", crossed_by="month")
    assert [(row.key, row.crossed, row.services, row.minutes) for row in crossed] == [
        ("A-1", "2026-03", 1, 20),
        ("A-1", "2026-04", 2, 60),
    ]
    assert figures(seen, window="W-1") == {"ROOM-1": (1, 0, 20)}
    assert figures(seen, officer="clerk-9") == {"ROOM-1": (1, 0, 20)}
    assert figures(seen, adviser="A-1", by="month", **MARCH) == {"2026-03": (1, 0, 20)}
    assert figures(seen, by="window") == {
        "ROOM-1 W-1": (1, 0, 20), "ROOM-1 W-2": (1, 0, 0), None: (1, 1, 60),
    }  # fmt: skip
    assert figures(seen, by="officer") == {
        "chen": (1, 1, 60), "clerk-1": (1, 0, 0), "clerk-9": (1, 0, 20),
    }  # fmt: skip
