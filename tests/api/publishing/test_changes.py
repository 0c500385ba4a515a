"""A publication tells what it adds and what it takes away."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from api.publishing.changes import changes, replaced_years
from api.publishing.days import Notice, Span, following
from domain.registers.form import Form
from domain.worktime.calendar import TimeLimit
from ledger.founding.shipped import shipped_calendars, shipped_forms, shipped_policies

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def notice(year: int) -> Notice:
    span = Span(first=date(year, 1, 1), last=date(year, 1, 3), name="新年")
    return Notice(year=year, off=(span,))


@pytest.mark.parametrize("calendar", [one.calendar for one in shipped_calendars()])
def test_b11_3_the_days_of_a_published_year_are_not_taken_away_unnoticed(calendar: Any) -> None:
    for year in calendar.years:
        after = following(calendar, notice(year), NOW)
        expected = [] if year in calendar.provisional_years else [year]
        assert replaced_years(calendar, after) == expected
        added, removed = changes(calendar, after)
        assert [one for one in removed if one.startswith("holidays: ") and f"{year}-10" in one]
        assert any(one.startswith(f"holidays: {year}-01-01") for one in added)
    assert replaced_years(calendar, following(calendar, notice(calendar.last_year + 1), NOW)) == []


def test_b11_3_a_limit_that_vanishes_and_a_column_that_is_changed_are_told() -> None:
    policy = max(
        (one.policy for one in shipped_policies() if one.policy.limits), key=lambda p: p.version
    )
    key = next(iter(policy.limits))
    fewer = {name: limit for name, limit in policy.limits.items() if name != key}
    added, removed = changes(policy, replace(policy, limits=fewer))
    assert added == ()
    assert {one.rpartition(".")[0] for one in removed} == {f"limits.{key}"}
    longer = {**policy.limits, key: TimeLimit(amount=99, unit="working_day")}
    added, removed = changes(policy, replace(policy, limits=longer))
    assert f"limits.{key}.amount: 99" in added
    form: Form = shipped_forms()[0].form
    field = replace(form.fields[0], title="另一个标题")
    added, removed = changes(form, replace(form, fields=(field, *form.fields[1:])))
    assert added == (f"fields[{field.code}].title: 另一个标题",)
    assert removed == (f"fields[{field.code}].title: {form.fields[0].title}",)
    assert changes(form, form) == ((), ())
