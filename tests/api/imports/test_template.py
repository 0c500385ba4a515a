"""Templates: what they say is allowed is taken, and an example that is left in adds nothing."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from api.imports import kinds_of_registers, kinds_of_work, labels
from api.imports.cells import choice
from api.imports.kind import Kind
from api.imports.kinds import KINDS
from api.imports.sheet import folded, read_table, sheet_names
from api.imports.template import write_template, write_workbook_template
from api.words import named
from api.words.choices import CHOICES, zh
from domain.complaints import record
from domain.registers import appointment, point
from domain.requests import request
from domain.vocabulary import Service


def knows(kind: Kind) -> Callable[[str], bool]:
    names = {folded(name) for one in kind.columns for name in (one.name, one.heading, *one.also)}
    return lambda heading: folded(heading) in names


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_template_is_a_list_without_rows(kind: Kind, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"{kind.name}{suffix}"
    write_template(kind, file)
    table = read_table(file, knows(kind))
    assert table.headings == tuple(one.heading for one in kind.columns)
    assert table.rows == ()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_example_is_allowed_and_every_heading_names_one_column(kind: Kind) -> None:
    for one in kind.columns:
        assert one.example or not one.required, one.name
        if one.example:
            one.reads.read(one.example)
    names = [
        folded(name)
        for one in kind.columns
        for name in dict.fromkeys((one.name, one.heading, *one.also))
    ]
    assert len(names) == len(set(names)), "a heading of two columns"
    assert set(kind.key) <= {one.name for one in kind.columns}


def test_a_heading_that_is_the_word_of_its_field_is_not_given_again() -> None:
    """Two homes of a word come to contradict each other."""
    given = [
        (words["name"], words["heading"])
        for module in (kinds_of_registers, kinds_of_work)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        for words in [{one.arg: getattr(one.value, "value", None) for one in node.keywords}]
        if words.keys() >= {"name", "heading"}
    ]
    assert len(given) > 40
    assert [name for name, heading in given if named(str(name)) == heading] == []


def test_a_label_of_a_list_is_the_label_that_is_shown() -> None:
    """`online_post` was two things in two places."""
    shown = {value: zh(label) for value, label in CHOICES["service"].items()}
    assert {value: words[0] for value, words in labels.SERVICES.items()} == shown
    for written in ("网上留言咨询", "网络留言咨询", "网络舆情处置"):
        assert choice(labels.SERVICES).read(written) == "online_post"


def test_every_choice_of_the_domain_has_its_label() -> None:
    for found, values in (
        (labels.POINT_KINDS, point.PointKind), (labels.SERVICES, Service),
        (labels.REQUEST_CHANNELS, request.Channel), (labels.COMPLAINT_CHANNELS, record.Channel),
        (labels.ASPECTS, record.Aspect), (labels.CONCERNS, record.Concern),
        (labels.OUTCOMES, record.Outcome), (labels.MODES, request.Mode),
        (labels.CLIENTS, request.ClientCategory), (labels.OPINIONS, appointment.Opinion),
    ):  # fmt: skip
        assert set(found) == set(get_args(values))
        said = [word for words in found.values() for word in words]
        assert len(said) == len(set(said)), "a word for two values"


def test_a_workbook_has_a_sheet_for_each_list(tmp_path: Path) -> None:
    file = tmp_path / "workbook.xlsx"
    write_workbook_template(KINDS.values(), file)
    assert sheet_names(file) == [*(one.sheet for one in KINDS.values()), "说明"]
    for kind in KINDS.values():
        table = read_table(file, knows(kind), kind.sheet)
        assert (len(table.headings), table.rows) == (len(kind.columns), ())
