"""Documents to be published: every fault with its line, its place and what is allowed there."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.publishing.document import Document, DocumentWrong, faults, read_document, written
from domain.registers.form import Form
from domain.registers.policy import PolicyVersion
from domain.worktime.calendar import Calendar
from ledger.founding.shipped import shipped_calendars, shipped_forms, shipped_policies

FORM = """\
{
  "code": "th-check",
  "version": 1,
  "purpose": "checklst",
  "title": "检查表",
  "basis": "本区",
  "fields": [
    {"code": "clean", "title": "整洁", "kind": "yes_no"},
    {"code": "staff",
     "title": "人数",
     "kind": "numbr", "requird": false}
  ]
}
"""
POLICY = """\
code = "service-limits"
version = 3
effective_from = 2027-01-01
basis = "本区"

[limits."legal_aid/clos"]
amount = 5
unit = "working_day"

[limits."consultation/close"]
amount = "5"
unit = "working_dy"

[duty]
max_villages_per_adviser = -1
"""


def document(folder: Path, name: str, text: str) -> Document:
    (folder / name).write_text(text, "utf-8")
    return read_document(folder / name)


def as_json(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


def told(found: Document, kind: Any) -> dict[tuple[int, str], str]:
    return {(found.line(place), written(place)): what for place, what in faults(found.value, kind)}


def test_every_fault_of_a_form_has_its_line_and_what_is_allowed(tmp_path: Path) -> None:
    found = told(document(tmp_path, "form.json", FORM), Form)
    assert list(found) == [(4, "purpose"), (11, "fields[1].kind"), (11, "fields[1].requird")]
    assert "one of checklist, report" in found[4, "purpose"]
    assert "one of yes_no, number, text, date, choice" in found[11, "fields[1].kind"]
    assert "perhaps required" in found[11, "fields[1].requird"]


def test_audit_5_7_a_wrong_limit_of_a_policy_is_told_in_words_and_no_pattern(
    tmp_path: Path,
) -> None:
    found = told(document(tmp_path, "policy.toml", POLICY), PolicyVersion)
    assert list(found) == [
        (6, "limits.legal_aid/clos"),
        (11, "limits.consultation/close.amount"),
        (12, "limits.consultation/close.unit"),
        (15, "duty.max_villages_per_adviser"),
    ]
    assert (
        "a service and the name of a limit, as legal_aid/close" in found[6, "limits.legal_aid/clos"]
    )
    assert "hour, calendar_day, working_day" in found[12, "limits.consultation/close.unit"]
    assert not any(re.search(r"\\A|regex", what) for what in found.values())


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Calendar, [one.calendar for one in shipped_calendars()]),
        (PolicyVersion, [one.policy for one in shipped_policies()]),
        (Form, [one.form for one in shipped_forms()]),
    ],
    ids=["calendar", "policy", "form"],
)
def test_nothing_is_wrong_with_what_is_shipped(kind: Any, values: list[Any]) -> None:
    for one in values:
        assert list(faults(as_json(one), kind)) == []


@pytest.mark.parametrize("change", ["missing", "unknown", "kind", "range"])
def test_a_fault_anywhere_in_a_calendar_is_found(change: str) -> None:
    value = as_json(shipped_calendars()[0].calendar)
    match change:
        case "missing":
            del value["zone"]
        case "unknown":
            value["holidais"] = []
        case "kind":
            value["holidays"][1][0] = "spring"
        case "range":
            value["weekday_periods"][2][0][0] = 5000
    ((place, _),) = faults(value, Calendar)
    assert written(place) == {
        "missing": "the whole", "unknown": "holidais", "kind": "holidays[1][0]",
        "range": "weekday_periods[2][0][0]",
    }[change]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.json", '{\n "a": 1,\n "b" 2\n}', "a.json:3: no JSON"),
        ("a.json", '{"a": 1, "a": 2}', "'a' is given twice"),
        (
            "a.json",
            '{\n"b": {"a": 1},\n"c": {"a": 1,\n"a": 2}}',
            "a.json:4: c.a: 'a' is given twice",
        ),
        ("a.toml", "a = 1\nb =\n", "line 2"),
        ("a.toml", "a = 1\na = 2\n", "no TOML"),
    ],
)
def test_what_is_no_document_is_told_with_its_line(
    name: str, text: str, why: str, tmp_path: Path
) -> None:
    with pytest.raises(DocumentWrong, match=re.escape(why)):
        document(tmp_path, name, text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3)
    ),
    max_leaves=10,
)


def lines_of(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Places of all that has a line of its own where one is written on each."""
    found = [place] if place else []
    if isinstance(value, dict):
        return found + [one for key, part in value.items() for one in lines_of(part, (*place, key))]
    if isinstance(value, list):
        return found + [
            one for number, part in enumerate(value) for one in lines_of(part, (*place, number))
        ]
    return found


@given(value=st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=4))
def test_every_part_of_any_json_has_the_line_it_is_written_on(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]
) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    # Each part begins a line, except the empty whole: in the order in which they are written.
    found = document(tmp_path_factory.mktemp("json"), "a.json", text)
    expected = 1
    written_on = {}
    for place in lines_of(value):
        expected += 1
        while text.split("\n")[expected - 1].strip() in ("}", "]", "},", "],"):
            expected += 1
        written_on[place] = expected
    assert {place: found.line(place) for place in written_on} == written_on


@pytest.mark.parametrize("name", ["a.json", "a.toml"])
def test_b11_9_a_column_is_found_by_its_code_and_not_by_what_else_says_the_same(
    name: str, tmp_path: Path
) -> None:
    fields = [
        {"code": "point", "title": "number", "kind": "number"},
        {"code": "number", "title": "point", "kind": "number"},
    ]
    if name.endswith("json"):
        text = json.dumps({"fields": fields, "sections": fields[:1]}, indent=0)
        lines = {"point": [4, 16], "number": [9]}
    else:
        tables = [("fields", fields[0]), ("fields", fields[1]), ("sections", fields[0])]
        text = "".join(
            f"[[{table}]]\n" + "".join(f'{key} = "{value}"\n' for key, value in one.items())
            for table, one in tables
        )
        lines = {"point": [2, 10], "number": [6]}
    found = document(tmp_path, name, text)
    assert {one: found.lines_of(one) for one in lines} == lines
