"""What options say is the JSON that the same struct is read from over HTTP."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
import rich_click as click
from msgspec import Struct

from api.cli.declared.options import body_in, encoded, fields_of, missing, said
from api.serving.commands import ROUTES


class Person(Struct, frozen=True):
    name: str
    phones: tuple[str, ...] = ()


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    kind: Literal["new", "old"]
    by: Person
    day: date
    pieces: int = 0
    urgent: bool | None = None
    counts: dict[str, int] = {}
    answers: dict[str, bool | int | str] = {}
    others: tuple[Person, ...] = ()
    beside: Person | None = None


def parsed(*words: str) -> dict[str, Any]:
    """The JSON of a command line, read as a command reads its own."""
    fields = fields_of(Order)
    command = click.RichCommand(name="order", params=[field.option for field in fields])
    return said(fields, command.make_context("order", list(words)).params, {})


def test_every_kind_of_field_is_said() -> None:
    told = parsed(
        "--kind", "new", "--by.name", "陈小明", "--by.phones", "1", "--by.phones", "2",
        "--day", "2026-03-02", "--pieces", "3", "--no-urgent", "--counts", "a=1", "--counts", "b=2",
        "--answers", "q1=true", "--answers", "q2=7", "--answers", "q3=有=无",
        "--others", '{"name": "李"}', "--beside.name", "王",
    )  # fmt: skip
    assert msgspec.json.decode(encoded(told), type=Order) == Order(
        kind="new",
        by=Person("陈小明", ("1", "2")),
        day=date(2026, 3, 2),
        pieces=3,
        urgent=False,
        counts={"a": 1, "b": 2},
        answers={"q1": True, "q2": 7, "q3": "有=无"},
        others=(Person("李"),),
        beside=Person("王"),
    )


def test_what_is_not_said_is_left_out_and_what_is_needed_is_named() -> None:
    told = parsed("--kind", "old", "--beside.phones", "1")
    assert told == {"kind": "old", "beside": {"phones": ["1"]}}
    assert missing(fields_of(Order), told) == ["--by.name", "--day"]


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--kind", "odd"),
        ("--pieces", "x"),
        ("--others", "{"),
        ("--counts", "a"),
        ("--counts", "a=b"),
    ],
)
def test_what_cannot_be_such_a_value_is_a_misuse(flag: str, value: str) -> None:
    with pytest.raises(click.UsageError) as misused:
        parsed(flag, value)
    assert flag in misused.value.format_message()


def test_options_add_to_a_body_or_replace_what_it_says(tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"kind": "old", "by": {"name": "李", "phones": ["1"]}, "pieces": 2}')
    told = said(fields_of(Order), {"--kind": "new", "--by.name": "陈"}, body_in(str(file)))
    assert told == {"kind": "new", "by": {"name": "陈", "phones": ["1"]}, "pieces": 2}


@pytest.mark.parametrize("text", ["[]", "{", '"x"'])
def test_a_body_that_is_no_object_is_a_misuse(text: str, tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text(text)
    with pytest.raises(click.UsageError, match="--body"):
        body_in(str(file))
    with pytest.raises(click.UsageError, match="--body"):
        body_in(str(tmp_path / "nowhere"))


def test_bytes_that_are_no_text_are_a_misuse() -> None:
    with pytest.raises(click.UsageError, match="UTF-8"):
        encoded({"text": "\udce9"})


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_field_of_every_command_has_one_option_with_its_words(route: Any) -> None:
    fields = fields_of(route.reads)
    flags = [field.flag for field in fields]
    assert len(set(flags)) == len(flags)
    assert {field.path[0] for field in fields} == {
        field.encode_name for field in msgspec.structs.fields(route.reads)
    }
    assert all(field.help for field in fields)
