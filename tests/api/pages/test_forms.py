"""Forms from declarations: what is drawn, what is read, how errors are said."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest

from api.pages.forms import Field, Group, Part, errors_of, parts_of, read
from api.pages.tongue import LANGUAGES, TONGUES
from api.serving.commands import ROUTES
from api.serving.questions import QUESTIONS
from api.web.problems import FieldProblem
from domain.advising.worklog import LogWork
from domain.requests.request_commands import CloseRequest, LogRequest

ZH: Final = TONGUES["zh"]
NOW: Final = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)


def fields(parts: tuple[Part, ...]) -> Iterator[Field]:
    for one in parts:
        if isinstance(one, Group):
            yield from fields(one.parts)
        else:
            yield one


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_every_filter_can_be_drawn_with_a_label_for_each_field(
    language: Any,
) -> None:
    tongue = TONGUES[language]
    for route in ROUTES:
        drawn = list(fields(parts_of(route.reads, tongue, owners=(route.command.__name__,))))
        assert all(one.label for one in drawn), route.name
        assert len({one.id for one in drawn}) == len(drawn), route.name
    for question in QUESTIONS:
        assert all(
            one.label for one in fields(parts_of(question.query, tongue, owners=(question.name,)))
        )


def test_what_is_typed_becomes_the_body_that_the_api_takes() -> None:
    form = {
        "point": [" ROOM-1 "],
        "channel": ["counter"],
        "service": ["consultation"],
        "subject": ["拖欠工资"],
        "visitor.phone": ["１３８ 0000-1234"],
        "detail": ["  "],
    }
    found = read(LogRequest, form, ZH)
    assert found.errors == {}
    assert found.body == {
        "point": "ROOM-1",
        "channel": "counter",
        "service": "consultation",
        "subject": "拖欠工资",
        "visitor": {"phone": "13800001234"},
    }
    msgspec.convert(found.body, LogRequest)


def test_rows_are_read_in_order_and_empty_ones_are_left_out() -> None:
    form = {
        "shares.0.adviser": ["A-1"],
        "shares.0.minutes": ["３０"],
        "shares.2.adviser": ["A-2"],
        "shares.2.minutes": ["15"],
        "shares.3.adviser": [" "],
    }
    body = read(LogWork, form, ZH).body
    assert body["shares"] == [{"adviser": "A-1", "minutes": 30}, {"adviser": "A-2", "minutes": 15}]


def test_a_form_drawn_again_keeps_everything_and_offers_more_rows() -> None:
    form = {"shares.4.adviser": ["A-9"]}
    drawn = {one.name: one for one in fields(parts_of(LogWork, ZH, form=form))}
    assert drawn["shares.4.adviser"].value == "A-9"
    assert "shares.7.adviser" in drawn


def test_nobody_makes_a_form_of_a_million_rows() -> None:
    drawn = list(fields(parts_of(LogWork, ZH, form={"shares.1000000.adviser": ["x"]})))
    assert len(drawn) < 100


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("point", "", "要填服务点"),
        ("subject", "字" * 2001, "最多2000个字，现在是2001个"),
    ],
)
def test_an_error_says_the_rule_and_what_was_given(name: str, given: str, said: str) -> None:
    assert read(LogRequest, {name: [given]}, ZH).errors[name] == said


def test_what_is_missing_is_said_in_both_languages() -> None:
    assert read(CloseRequest, {}, ZH).errors == {"kind": "要填办结方式"}
    assert read(CloseRequest, {}, TONGUES["en"]).errors["kind"].endswith("is missing")


def test_paths_of_the_api_find_their_fields() -> None:
    problems = (FieldProblem("shares[1].adviser", "Expected `str` of length >= 1"),)
    assert errors_of(problems, ZH) == {"shares.1.adviser": "写得太短"}


def test_an_unknown_choice_is_told_by_the_server_and_not_dropped() -> None:
    found = read(CloseRequest, {"kind": ["nonsense"]}, ZH)
    assert found.body == {"kind": "nonsense"}
