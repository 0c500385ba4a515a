"""Scopes: ranges of divisions, and every table with rows about people read through one."""

import re
from pathlib import Path

import pytest

from domain.jurisdiction import Reach
from domain.moment import Registers
from projections.all_views import STORED
from projections.asking.scope import NOTHING, OPEN, Reader, prefix_range, scope_of, within

HERE = Path(__file__).parents[3]
NOBODY = Registers(points={}, advisers={}, calendars={}, policies={})


@pytest.mark.parametrize(
    ("prefix", "first", "last", "beyond"),
    [
        ("4401", "4401", "440199999999", "4402"),
        ("440109", "440109", "440109001101", "440110"),
        ("4499", "4499", "449999", "45"),
    ],
)
def test_a_prefix_is_a_range(prefix: str, first: str, last: str, beyond: str) -> None:
    lo, hi = prefix_range(prefix)
    assert lo <= first < hi
    assert lo <= last < hi
    assert not lo <= beyond < hi
    assert not lo <= prefix[:-1] < hi


@pytest.mark.parametrize("prefix", ["", "9", "99"])
def test_no_prefix_is_a_range_that_holds_nothing(prefix: str) -> None:
    lo, hi = prefix_range(prefix)
    assert not any(lo <= one < hi for one in ("", "4401", "99", "999"))


def test_a_scope_without_anything_holds_nothing() -> None:
    made = scope_of(Reach(), NOBODY)
    assert (made.lo, made.hi, made.around_lo, made.around_hi) == ("", "", "", "")
    assert NOTHING.marks == ()
    assert Reader.scope == NOTHING


def test_every_table_that_is_named_is_read_within_the_scope_or_open_for_a_reason() -> None:
    """A new question over rows has a scope by being a question: nothing has to be remembered."""
    stored = {view.NAME for view in STORED}
    named = {
        name
        for folder in ("projections", "api")
        for file in (HERE / folder).rglob("*.py")
        for name in re.findall(r"\b(?:FROM|JOIN) views\.([a-z_]+)", file.read_text("utf-8"))
    }
    assert {"journal", "complaints"} <= named
    assert named - stored <= set(OPEN) | {"training_credits"}
    for table in stored - set(OPEN):
        sql, parameters = within(f"SELECT FROM views.{table} x", {}, _reader())
        assert "t.lies_in >= %(scope_lo)s" in sql
        assert sql.endswith(") x")
        assert parameters["scope_marks"] == []


def test_tables_of_people_have_the_columns_that_a_scope_asks() -> None:
    for view in STORED:
        if view.NAME not in OPEN:
            assert "lies_in text, whose text[]" in re.sub(r"\s+", " ", view.TABLES), view.NAME


def test_the_web_asks_rows_on_connections_of_readers_only() -> None:
    """Whatever else would ask `views.` with a cursor of its own would ask without a scope."""
    for file in (HERE / "api").rglob("*.py"):
        if file.parts[len(HERE.parts) + 1] in ("cli", "reactions", "bundle", "demo"):
            continue
        text = file.read_text("utf-8")
        asked = set(re.findall(r"\b(?:FROM|JOIN) views\.([a-z_]+)", text))
        assert asked <= set(OPEN), (file, asked)


def _reader() -> Reader:
    return Reader.__new__(Reader)
