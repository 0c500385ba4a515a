"""Texts as people type them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages import typed
from api.pages.tongue import TONGUES, ZONE

NOW = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)
"""09:41 in China."""
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23", TODAY),
        ("20261123", TODAY),
        ("2026/11/3", date(2026, 11, 3)),
        ("2026年11月23日", TODAY),
        ("11-23", TODAY),
        ("1123", TODAY),
        ("１１２３", TODAY),
        (" 3-05 ", date(2026, 3, 5)),
        ("305", date(2026, 3, 5)),
    ],
)
def test_a_day_is_read_however_it_is_written(text: str, expected: date) -> None:
    assert typed.day(text, TODAY) == expected


def test_a_day_without_a_year_far_ahead_was_last_year() -> None:
    assert typed.day("12-30", date(2027, 1, 4)) == date(2026, 12, 30)


@pytest.mark.parametrize("text", ["", "13-40", "2026-02-30", "明天", "1", "12345", "2026-11-23x"])
def test_what_is_no_day_is_not_read(text: str) -> None:
    with pytest.raises(typed.NotRead):
        typed.day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0940", "2026-11-23 09:40"),
        ("9:40", "2026-11-23 09:40"),
        ("９：４０", "2026-11-23 09:40"),
        ("11-22 1730", "2026-11-22 17:30"),
        ("2026-11-20 08:00", "2026-11-20 08:00"),
        ("1122 0800", "2026-11-22 08:00"),
        ("9时40分", "2026-11-23 09:40"),
    ],
)
def test_an_instant_is_read_as_the_clock_in_china_shows_it(text: str, expected: str) -> None:
    assert TONGUES["zh"].when(typed.instant(text, NOW)) == expected


@pytest.mark.parametrize("text", ["", "25:00", "09:61", "九点", "11-31 0900", "2026-11-23"])
def test_what_is_no_instant_is_not_read(text: str) -> None:
    with pytest.raises(typed.NotRead):
        typed.instant(text, NOW)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_what_a_page_shows_can_be_typed_again(local: datetime) -> None:
    instant = local.replace(second=0, microsecond=0, tzinfo=ZONE)
    assert typed.instant(TONGUES["zh"].when(instant), NOW) == instant


@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_reader(text: str) -> None:
    for read in (
        lambda: typed.day(text, TODAY),
        lambda: typed.instant(text, NOW),
        lambda: typed.number(text),
    ):
        try:
            read()
        except typed.NotRead:
            continue


@pytest.mark.parametrize(
    ("text", "expected"), [("１２", 12), (" 1,200 ", 1200), ("-3", -3), ("0", 0)]
)
def test_numbers(text: str, expected: int) -> None:
    assert typed.number(text) == expected


@pytest.mark.parametrize("text", ["", "1.5", "三", "1e5", "9" * 19])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(typed.NotRead):
        typed.number(text)


def test_a_phone_is_written_without_blanks_and_dashes() -> None:
    assert typed.phone("１３８ 0000-1234") == "13800001234"
