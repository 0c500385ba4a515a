"""What belongs to a point's case file, and whether what was filled in fits its form."""

from datetime import date
from typing import Any, Final

import pytest

from domain.registers.form import Field, Form
from domain.registration.filling_in import check
from domain.scoring.case_file import MASK, belongs, divisions_of, fault_of, stays_of, totals
from domain.scoring.shapes import Entry
from domain.vocabulary import Refused

OLD, NEW = "440103001001", "440104001001"
DAY, LAST = "2026-04-01", "2026-06-01"
ABOUT: Final = {"name": "R0001", "first": "2026-04-01", "last": "2026-06-30"}
STAYS: Final = [(date(2021, 1, 4), OLD), (date(2026, 5, 1), NEW)]


def entry(position: int, topic: str, stream: str = "r", **data: Any) -> Entry:
    return {
        "position": position, "stream": stream, "topic": topic, "occurred_at": 0, "data": data,
    }  # fmt: skip


def test_where_a_point_lay_is_told_by_its_own_entries() -> None:
    entries = [
        entry(1, "point.opened/1", code="R0001", division="1", valid_from="2021-01-04"),
        entry(2, "point.opened/1", "other", code="R0002", division="9", valid_from="2021-01-04"),
        entry(3, "point.moved/1", division="2", valid_from="2026-05-01"),
        entry(4, "point.moved/1", "other", division="8", valid_from="2026-05-01"),
        entry(5, "point.moved/1", division="3", valid_from="2026-05-01"),
    ]
    assert stays_of(entries, "R0001") == [(date(2021, 1, 4), "1"), (date(2026, 5, 1), "3")]


@pytest.mark.parametrize(
    ("first", "last", "there"),
    [
        ("2026-04-01", "2026-04-30", {OLD}),
        ("2026-04-01", "2026-06-30", {OLD, NEW}),
        ("2026-05-01", "2026-05-31", {NEW}),
        ("2019-01-01", "2019-12-31", {OLD}),
    ],
)
def test_a_point_that_moved_lies_where_it_lay_on_the_day(
    first: str, last: str, there: set[str]
) -> None:
    assert divisions_of(STAYS, date.fromisoformat(first), date.fromisoformat(last)) == there


@pytest.mark.parametrize(
    ("fact", "belonging"),
    [
        ({"fact": "service", "point": "R0001", "day": "2026-04-01"}, True),
        ({"fact": "service", "point": "R0001", "day": "2026-03-31"}, False),
        ({"fact": "service", "point": "R0002", "division": NEW, "day": "2026-05-02"}, False),
        ({"fact": "visit", "village": OLD, "day": "2026-04-30"}, True),
        ({"fact": "visit", "village": OLD, "day": "2026-05-01"}, False),
        ({"fact": "visit", "village": NEW, "day": "2026-05-01"}, True),
        ({"fact": "inspection", "point": None, "division": NEW, "day": "2026-06-30"}, True),
        ({"fact": "inspection", "point": None, "division": NEW, "day": "2026-07-01"}, False),
        ({"fact": "rectification", "point": None, "division": None, "day": "2026-05-02"}, False),
        ({"fact": "appointment", "village": OLD, "first": "2025-01-01", "last": DAY}, True),
        ({"fact": "appointment", "village": OLD, "first": "2026-05-02", "last": LAST}, False),
        ({"fact": "quota", "village": NEW, "day": "2026-01-01", "last": "2026-12-31"}, True),
    ],
)  # fmt: skip
def test_what_names_no_point_belongs_by_the_division_it_lay_in(
    fact: dict[str, Any], *, belonging: bool
) -> None:
    assert belongs(fact, ABOUT, STAYS) is belonging


FORM: Final = Form(
    code="check",
    version=1,
    purpose="checklist",
    title="检查表",
    basis="示例",
    fields=(
        Field(code="signed", title="已签", kind="yes_no"),
        Field(code="visits", title="次数", kind="number", required=False),
        Field(code="grade", title="等次", kind="choice", required=False, options={"a": "好"}),
        Field(code="seen_on", title="日期", kind="date", required=False),
        Field(code="words", title="意见", kind="text", required=False),
    ),
)
PLAIN: Final = {
    "fields": [
        {"code": one.code, "kind": one.kind, "required": one.required, "options": one.options}
        for one in FORM.fields
    ]
}


@pytest.mark.parametrize(
    "values",
    [
        {"signed": True},
        {"signed": True, "visits": 3},
        {"signed": True, "visits": "3.5", "grade": "a", "seen_on": "2026-05-01", "words": "好"},
        {},
        {"visits": 3},
        {"signed": 1},
        {"signed": "yes"},
        {"signed": True, "visits": True},
        {"signed": True, "visits": "three"},
        {"signed": True, "grade": "b"},
        {"signed": True, "seen_on": "1 May"},
        {"signed": True, "words": ""},
        {"signed": True, "words": " \u3000"},
        {"signed": True, "seen_on": "2026-02-30"},
        {"signed": True, "grade": 1},
        {"signed": True, "unasked": 1},
    ],
)
def test_what_is_filled_in_is_judged_as_when_it_was_entered(values: dict[str, Any]) -> None:
    try:
        check(FORM, values)
    except Refused:
        assert fault_of(PLAIN, values) is not None
    else:
        assert fault_of(PLAIN, values) is None


def test_what_is_masked_fits() -> None:
    assert fault_of(PLAIN, {"signed": True, "words": MASK, "grade": MASK}) is None


def test_totals_leave_out_the_number_of_a_row() -> None:
    rows = [{"cells": {"number": 1, "visits": 2, "signed": True, "words": "3"}},
            {"cells": {"number": 2, "visits": 3, "signed": False}}]  # fmt: skip
    assert totals({"rows": rows}) == {"rows": 2, "visits": 5, "signed": 1}
