"""How much work was done: what counts, once, and for whom."""

from datetime import date
from typing import Any, get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.requests.proceedings import MediationSessionHeld
from domain.requests.request import (
    AdviserAssigned,
    ConsultationGiven,
    DuplicateLinked,
    DuplicateUnlinked,
    Reclassified,
    RequestVoided,
)
from projections.asking.asking import By
from projections.requests import workload
from projections.requests.workload import WorkloadRow
from tests.examples import ANSWERED, CONSULTED, ORIGINAL, REOPENED
from tests.projections.viewing import Given, Viewing, happened, logged

COUNTED = WorkloadRow(
    key="ROOM-1",
    services=1,
    duplicates=0,
    closed=0,
    late_entries=0,
    late_services=0,
    reclassified=0,
    reopened=0,
    minutes=0,
    minutes_onsite=0,
    minutes_offsite=0,
    minutes_off_peak=0,
)
CHEN = ConsultationGiven(
    mode="onsite", minutes=20, given_by="chen", adviser="A-1", firm="FIRM-1", team="TEAM-1"
)
LI = replace(CHEN, mode="phone", minutes=5, adviser="A-2", firm="FIRM-2", team=None)
LINKED = DuplicateLinked(original=ORIGINAL, reason="同一件事")
UNLINKED = DuplicateUnlinked(original=ORIGINAL, reason="不是同一件事")
VOIDED = RequestVoided(reason="误")
THIRD = UUID(int=3)


def shown(seen: Viewing, **asked: Any) -> list[WorkloadRow]:
    return seen.shown_by(workload.report, **asked)


def totals(seen: Viewing, *names: str, **asked: Any) -> dict[Any, Any]:
    """These figures by key."""
    rows = shown(seen, **asked)
    assert len({row.key for row in rows}) == len(rows)
    return {row.key: tuple(getattr(row, name) for name in names) for row in rows}


def test_an_empty_log_shows_no_work(given: Given) -> None:
    assert shown(given()) == []
    assert shown(given(), by="adviser") == []


def test_a_service_is_counted_with_its_minutes(given: Given) -> None:
    seen = given(
        logged(late_reason="下乡"),
        happened(CONSULTED, "2026-03-02 10:00"),
        happened(replace(CONSULTED, mode="phone", minutes=7), "2026-03-02 19:00"),
        happened(ANSWERED),
    )
    assert shown(seen) == [
        replace(
            COUNTED,
            closed=1,
            late_entries=1,
            late_services=1,
            minutes=27,
            minutes_onsite=20,
            minutes_offsite=7,
            minutes_off_peak=7,
        )
    ]


def test_b11_5_a_service_with_several_late_steps_is_one_late_service(given: Given) -> None:
    seen = given(
        logged(late_reason="下乡"),
        happened(CONSULTED, "2026-03-02 10:00", late_reason="下乡"),
        happened(ANSWERED, late_reason="下乡"),
    )
    (row,) = shown(seen)
    assert (row.services, row.late_entries, row.late_services) == (1, 3, 1)


def test_reclassified_and_reopened_are_counted(given: Given) -> None:
    changed = Reclassified(from_service="consultation", to_service="mediation", reason="需调解")
    seen = given(
        logged(),
        happened(changed),
        happened(CONSULTED),
        happened(ANSWERED),
        happened(REOPENED),
        happened(ANSWERED),
        happened(REOPENED),
    )
    assert totals(seen, "reclassified", "reopened", "closed", by="service") == {
        "mediation": (1, 2, 0)
    }


def test_a_voided_request_leaves_every_count_but_not_the_past(given: Given) -> None:
    seen = given(logged(), happened(CHEN), logged(of=ORIGINAL), happened(VOIDED))
    for by in ("point", "adviser", "month"):
        assert sum(row.services for row in shown(seen, by=by)) == 1
        assert sum(row.minutes for row in shown(seen, by=by)) == 0
    before = shown(seen, by="adviser", position=seen.head - 1)
    assert [(row.key, row.services, row.minutes) for row in before] == [
        ("A-1", 1, 20),
        (None, 1, 0),
    ]


def test_a_voided_request_that_nobody_knows_takes_nothing_away(given: Given) -> None:
    seen = given(logged(), happened(CHEN), happened(VOIDED, of=THIRD))
    assert totals(seen, "minutes", by="adviser") == {"A-1": (20,)}


def test_a_duplicate_counts_once_until_it_is_unlinked(given: Given) -> None:
    seen = given(
        logged(of=ORIGINAL),
        logged(),
        happened(CONSULTED),
        happened(ANSWERED),
        happened(LINKED),
        happened(UNLINKED),
    )
    figures = ("services", "duplicates", "closed", "minutes")
    assert totals(seen, *figures, position=seen.head - 2) == {"ROOM-1": (2, 0, 1, 20)}
    assert totals(seen, *figures, position=seen.head - 1) == {"ROOM-1": (1, 1, 0, 20)}
    assert totals(seen, *figures) == {"ROOM-1": (2, 0, 1, 20)}


def test_a_service_counts_for_whom_it_stands_with_and_minutes_for_who_gave_them(
    given: Given,
) -> None:
    session = MediationSessionHeld(mediator="M-1", minutes=40, onsite=True)
    seen = given(
        logged(adviser="A-1", firm="FIRM-1", team="TEAM-1"),
        happened(CHEN),
        happened(LI, "2026-03-07 10:00"),
        happened(AdviserAssigned(adviser="A-3", firm="FIRM-2")),
        happened(session),
    )
    minutes = ("services", "minutes", "minutes_onsite", "minutes_offsite", "minutes_off_peak")
    assert totals(seen, *minutes, by="adviser") == {
        "A-1": (0, 20, 20, 0, 0),
        "A-2": (0, 5, 0, 5, 5),
        "A-3": (1, 0, 0, 0, 0),
        None: (0, 40, 40, 0, 0),
    }
    assert totals(seen, *minutes, by="firm") == {
        "FIRM-1": (0, 20, 20, 0, 0),
        "FIRM-2": (1, 5, 0, 5, 5),
        None: (0, 40, 40, 0, 0),
    }
    assert totals(seen, *minutes, by="team") == {
        "TEAM-1": (0, 20, 20, 0, 0),
        None: (1, 45, 40, 5, 5),
    }


def test_what_nobody_is_named_for_is_one_line(given: Given) -> None:
    seen = given(logged(), happened(CONSULTED))
    assert totals(seen, "services", "minutes", by="adviser") == {None: (1, 20)}


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("point", ["ROOM-1", "ROOM-2"]),
        ("division", ["440103001001", "440104001001"]),
        ("town", ["440103001", "440104001"]),
        ("district", ["440103", "440104"]),
        ("service", ["consultation", "mediation"]),
        ("channel", ["counter", "phone"]),
        ("month", ["2026-03", "2026-04"]),
        ("adviser", ["A-1", "A-2"]),
        ("firm", ["F-1", "F-2"]),
        ("team", ["T-1", "T-2"]),
    ],
)
def test_work_is_shown_by_any_key(given: Given, by: By, keys: list[str]) -> None:
    other = {
        "point": "ROOM-2", "division": "440104001001", "service": "mediation", "channel": "phone",
        "adviser": "A-2", "firm": "F-2", "team": "T-2",
    }  # fmt: skip
    seen = given(
        logged("2026-03-31 23:59", adviser="A-1", firm="F-1", team="T-1"),
        logged("2026-04-01 00:00", of=ORIGINAL, **other),
    )
    assert totals(seen, "services", by=by) == dict.fromkeys(keys, (1,))


def test_a_period_holds_its_first_day_and_not_its_last(given: Given) -> None:
    seen = given(
        *(
            logged(at, of=UUID(int=n))
            for n, at in enumerate(["2026-03-01 23:59", "2026-03-02 00:00", "2026-03-03 00:00"])
        )
    )
    period = {"from_": date(2026, 3, 2), "to": date(2026, 3, 3)}
    assert totals(seen, "services", **period) == {"ROOM-1": (1,)}
    assert totals(seen, "services", by="adviser", **period) == {None: (1,)}


def test_work_is_narrowed_to_a_division_service_point_or_adviser(given: Given) -> None:
    seen = given(
        logged(adviser="A-1", firm="FIRM-1"),
        happened(CHEN),
        happened(LI),
        logged(of=ORIGINAL, point="ROOM-2", division="440104001001", service="mediation"),
        happened(CHEN, of=ORIGINAL),
    )
    figures = ("services", "minutes")
    assert totals(seen, *figures, division="440104") == {"ROOM-2": (1, 20)}
    assert totals(seen, *figures, service="mediation", by="adviser") == {"A-1": (1, 20)}
    assert totals(seen, *figures, point="ROOM-1", by="adviser") == {"A-1": (0, 20), "A-2": (1, 5)}
    assert totals(seen, *figures, adviser="A-1", by="adviser") == {"A-1": (1, 40)}
    assert totals(seen, *figures, adviser="A-2") == {"ROOM-1": (1, 5)}


def test_minutes_given_before_a_reclassification_belong_to_the_new_service(given: Given) -> None:
    changed = Reclassified(from_service="consultation", to_service="mediation", reason="需调解")
    seen = given(logged(), happened(CHEN), happened(changed))
    assert totals(seen, "minutes", service="mediation", by="adviser") == {"A-1": (20,)}
    assert totals(seen, "minutes", service="consultation", by="adviser") == {}
    assert totals(seen, "minutes", service="mediation", by="point") == {"ROOM-1": (20,)}


def test_all_keys_together_hold_the_same_work(given: Given) -> None:
    seen = given(
        logged(adviser="A-1", firm="FIRM-1", team="TEAM-1"),
        happened(CHEN),
        happened(LI),
        logged(of=ORIGINAL),
        happened(CONSULTED, of=ORIGINAL),
        logged(of=THIRD),
        happened(CHEN, of=THIRD),
        happened(VOIDED, of=THIRD),
    )
    for by in get_args(By):
        rows = shown(seen, by=by)
        assert sum(row.services for row in rows) == 2
        assert sum(row.minutes for row in rows) == 45


def test_each_position_keeps_its_own_answer(given: Given) -> None:
    seen = given(logged(), happened(CHEN), happened(ANSWERED), happened(REOPENED))
    assert [
        totals(seen, "services", "closed", "minutes", position=position).get("ROOM-1")
        for position in range(1, 7)
    ] == [None, (1, 0, 0), (1, 0, 20), (1, 1, 20), (1, 0, 20), (1, 0, 20)]
